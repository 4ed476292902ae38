"""Bundles: what comes out is what went in, and a stranger's can do no harm."""

import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.table import TextFormat
from mlpdash.data.uploads import keep
from mlpdash.errors import BundleError, DataError, MlpDashError, RunError
from mlpdash.results.judging.conformal import margins_of
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of, opened
from mlpdash.runs.bundles import archive, unpacking
from mlpdash.runs.bundles.bundle import open_bundle, read_bundle, write_bundle
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from tests.one_net import one_net

ROOT = Path(__file__).parents[3]
LOADER = """
import sys
import mlpdash, pandas, numpy
found = mlpdash.load(sys.argv[1])
numpy.save(sys.argv[3], found.rows(pandas.read_json(sys.argv[2])).each)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("runs") / "iris"
    run_headless(one_net("iris").changed(epochs=3), out=folder)
    return Store(folder)


@pytest.fixture(scope="module")
def content(run: Store) -> bytes:
    return exported("bundle", nets_of(run))


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# -- what comes out is what went in -----------------------------------------------------------


@pytest.mark.slow
def test_a_fresh_process_predicts_the_same_bits_as_the_engine(
    content: bytes, tmp_path: Path
) -> None:
    experiment = one_net("iris").changed(epochs=3)
    table = load(experiment.data)
    prepared = prepare(table, experiment.data)
    learner = learner_for(prepared, experiment)
    for _progress in train(learner):
        pass
    with torch.inference_mode():
        logits = learner.net.forward(torch.from_numpy(prepared.x))
    expected = torch.softmax(logits.double(), -1).numpy()

    path, rows, out = tmp_path / "iris.mlpdash", tmp_path / "rows.json", tmp_path / "out.npy"
    path.write_bytes(content)
    table.frame.iloc[:, ::-1].to_json(rows)
    subprocess.run([sys.executable, "-c", LOADER, path, rows, out], cwd=ROOT, check=True)
    np.testing.assert_array_equal(np.load(out), expected)


def test_a_bundle_says_what_was_chosen_and_writes_itself_again(run: Store, content: bytes) -> None:
    found = open_bundle(content)
    assert found.kind == "run"
    assert found.experiment == run.current()
    assert found.predictor.preprocessor == predictor_of_run(run).preprocessor
    assert write_bundle(found) == content


@pytest.mark.parametrize(
    "choices",
    [
        {"activations": ("prelu", "gelu"), "hidden": (5, 4), "nets": 2},
        {"bias": False, "activation": "silu"},
        {"hidden": (), "bias": False},
    ],
    ids=["slopes", "no biases", "linear"],
)
def test_nets_of_every_kind_come_back_to_the_last_bit(
    choices: dict[str, Any], tmp_path: Path
) -> None:
    run_headless(one_net("iris").changed(epochs=2, **choices), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    predictor = predictor_of_run(store)
    found = open_bundle(exported("bundle", nets_of(store))).predictor
    assert found.net.layout == predictor.net.layout
    assert torch.equal(found.net.flat, predictor.net.flat)
    x = opened(store).prepared.x
    np.testing.assert_array_equal(found.each(x), predictor.each(x))


def test_engineered_inputs_come_back(tmp_path: Path) -> None:
    inputs = {"inputs": ("x1", "x1*x2", "sin(x2)")}
    run_headless(one_net("xor").changed(epochs=2, **inputs), out=tmp_path / "run")
    found = open_bundle(exported("bundle", nets_of(Store(tmp_path / "run")))).predictor
    table = load(Store(tmp_path / "run").experiment.data)
    run = opened(Store(tmp_path / "run"))
    rows = run.prepared.split.train
    np.testing.assert_array_equal(found.rows(table.frame).mean[rows], run.outputs[rows])


def test_a_bundle_says_how_its_table_was_written(tmp_path: Path) -> None:
    text = "größe;y\n" + "".join(f"{n},5;{n}\n" for n in range(40))
    reading = {"reading": {"encoding": "cp1252", "words": "keep"}}
    experiment = one_net(keep(text.encode("cp1252"), "x.csv"))
    run_headless(experiment.changed(epochs=1, preparation=reading), out=tmp_path / "run")
    content = exported("bundle", nets_of(Store(tmp_path / "run")))
    known = open_bundle(content).predictor.preprocessor
    assert known.text_format == TextFormat("cp1252", ";", True, "keep", ",")

    members = members_of(content)  # as they were before bundles said it
    statistics = json.loads(members["preprocessor.json"])
    del statistics["text_format"]
    older = archive.pack({**members, "preprocessor.json": json.dumps(statistics).encode()})
    found = open_bundle(older).predictor.preprocessor
    assert found.features == known.features
    assert found.text_format == TextFormat("cp1252", words="keep")

    statistics["text_format"] = {"delimiter": "x"}
    damaged = archive.pack({**members, "preprocessor.json": json.dumps(statistics).encode()})
    with pytest.raises(BundleError, match="preprocessor"):
        open_bundle(damaged)


def test_margins_come_along_and_are_those_of_the_held_out_rows(run: Store, content: bytes) -> None:
    margins = open_bundle(content).predictor.margins
    one = opened(run)
    assert margins == margins_of(one.prepared, one.outputs)
    assert margins is not None
    assert (margins.part, margins.rows) == ("validation", 30)


def test_a_bundle_can_be_had_when_the_table_is_gone(
    run: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_spec: object) -> None:
        raise DataError("the table is gone.")

    monkeypatch.setattr("mlpdash.runs.disk.rows.prepared_of", gone)
    found = open_bundle(exported("bundle", nets_of(run))).predictor
    assert found.margins is None
    assert torch.equal(found.net.flat, predictor_of_run(run).net.flat)


def test_a_bundle_that_somebody_packed_again_still_opens(content: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members_of(content).items():
            archive.writestr(name, data)
    assert write_bundle(open_bundle(packed.getvalue())) == content


def test_a_run_without_weights_or_with_anothers_is_one_sentence(run: Store, tmp_path: Path) -> None:
    empty = Store.create_at(tmp_path / "new", run.experiment, "")
    with pytest.raises(RunError, match="has no weights yet"):
        exported("bundle", nets_of(empty))
    other = Store.create_at(tmp_path / "other", run.experiment.changed(hidden=(3,)), "")
    snapshot = run.latest_snapshot()
    assert snapshot is not None
    other.write_snapshot(1, snapshot.tensors, snapshot.meta)
    other.write_preprocessor(run.read_preprocessor())
    with pytest.raises(RunError, match="do not fit"):
        exported("bundle", nets_of(other))


# -- a stranger's bundle ----------------------------------------------------------------------


def refused(content: bytes, words: str) -> None:
    """Check that opening ends in one sentence that holds the words."""
    with pytest.raises(BundleError, match=words) as caught:
        open_bundle(content)
    assert isinstance(caught.value, MlpDashError)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


class Evil:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.system, ("touch evil",)


def test_a_pickle_under_another_name_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(pickle.dumps(Evil()), "not a bundle")
    content = io.BytesIO()
    torch.save({"weight": torch.zeros(2), "evil": Evil()}, content)
    refused(content.getvalue(), "not a bundle")
    assert not (tmp_path / "evil").exists()


def test_every_truncation_is_one_sentence(content: bytes) -> None:
    for length in range(0, len(content), 37):
        with pytest.raises(BundleError):
            open_bundle(content[:length])


def test_every_changed_byte_is_one_sentence_or_harmless(content: bytes) -> None:
    for place in range(0, len(content), 11):
        changed = bytearray(content)
        changed[place] ^= 0x41
        try:
            open_bundle(bytes(changed))
        except MlpDashError as mistake:
            assert str(mistake).endswith(".")  # noqa: PT017 - most are refused, some are harmless


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil", "a/b", "evil.pkl", "bundle.json/"])
def test_a_member_with_another_name_is_refused(content: bytes, name: str) -> None:
    refused(archive.pack({**members_of(content), name: b"{}"}), "it holds")


def test_a_member_that_is_there_twice_is_refused(content: bytes) -> None:
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as again, pytest.warns(UserWarning, match="Duplicate"):
        again.writestr("bundle.json", b"{}")
    refused(packed.getvalue(), '" twice')


def test_a_link_is_refused(content: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members_of(content).items():
            one = zipfile.ZipInfo(name)
            if name == "weights.safetensors":
                one.external_attr, data = 0o120777 << 16, b"/etc/passwd"
            archive.writestr(one, data)
    refused(packed.getvalue(), "link")


def packed_as(method: int, member: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("bundle.json", b"{}")
        archive.writestr("weights.safetensors", member)
    return content.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_bomb_is_refused_before_it_is_read(
    method: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed_as(method, bytes(20_000_000))
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # reading would fail otherwise than said
    refused(bomb, "would unpack to 20 MB")


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = packed_as(zipfile.ZIP_DEFLATED, bytes(1_000_000))
    lying = bomb.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    assert lying != bomb
    refused(lying, "cannot be unpacked")


def test_a_zip_with_a_huge_table_of_contents_is_refused_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = archive.pack({str(n): b"" for n in range(1_000)})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    refused(many, "1,000 files")


def test_a_file_beyond_the_limit_is_refused_unread(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000)
    refused(content, "the limit is")
    path = tmp_path / "large.mlpdash"
    path.write_bytes(content)
    monkeypatch.setattr(Path, "read_bytes", None)
    with pytest.raises(BundleError, match="the limit is"):
        read_bundle(path)


@pytest.mark.parametrize("path", ["nothing.mlpdash", "."])
def test_what_is_no_file_is_one_sentence(path: str, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is not a file"):
        read_bundle(tmp_path / path)


def with_json(content: bytes, name: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    members = members_of(content)
    value = json.loads(members[name])
    change(value)
    return archive.pack({**members, name: json.dumps(value).encode()})


def test_another_version_is_named(content: bytes) -> None:
    later = with_json(content, "bundle.json", lambda head: head.update(version=3, new="thing"))
    refused(later, "of version 3, and this mlpdash reads version 2")


CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "kind": ("bundle.json", lambda b: b.update(kind="pickle")),
    "hidden": ("bundle.json", lambda b: b["nets"].update(hidden=[10**9])),
    "members": ("bundle.json", lambda b: b["nets"].update(members=10**7)),
    "activation": ("bundle.json", lambda b: b["nets"].update(activations=["__import__"])),
    "activations": ("bundle.json", lambda b: b["nets"].update(activations=["relu", "relu"])),
    "bias": ("bundle.json", lambda b: b["nets"].update(bias=False)),
    "slope": ("bundle.json", lambda b: b["nets"].update(activations=["prelu"])),
    "no level": ("bundle.json", lambda b: b["margins"].update(level=1.5)),
    "no part": ("bundle.json", lambda b: b["margins"].update(part="train")),
    "no width": ("bundle.json", lambda b: b["margins"].update(widths=[])),
    "negative width": ("bundle.json", lambda b: b["margins"].update(widths=[-1.0])),
    "infinite width": ("bundle.json", lambda b: b["margins"].update(widths=[float("inf")])),
    "terms": (
        "preprocessor.json",
        lambda p: p["features"][0].update(terms=[{"name": "__import__", "mean": 0, "scale": 1}]),
    ),
    "link": ("bundle.json", lambda b: b["nets"].update(link="identity")),
    "dtype": ("bundle.json", lambda b: b["nets"].update(dtype="float64")),
    "width": ("preprocessor.json", lambda p: p["features"][-1].update(stop=10**12)),
    "overlap": ("preprocessor.json", lambda p: p["features"][1].update(start=0)),
    "order": ("preprocessor.json", lambda p: p["features"].reverse()),
    "scale": ("preprocessor.json", lambda p: p["features"][0].update(scale=0)),
    "mean": ("preprocessor.json", lambda p: p["features"][0].update(mean="much")),
    "infinite": ("preprocessor.json", lambda p: p["features"][0].update(typical=float("inf"))),
    "classes": ("preprocessor.json", lambda p: p.update(classes=["a"])),
    "no features": ("preprocessor.json", lambda p: p.update(features=[])),
    "preprocessor version": ("preprocessor.json", lambda p: p.update(version=99)),
    "experiment": ("experiment.json", lambda e: e["train"].update(lr=-1)),
    "strange entry": ("experiment.json", lambda e: e.update(command="rm")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_fit_together_is_refused(name: str, content: bytes) -> None:
    refused(with_json(content, *CHANGES[name]), "damaged")


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b'{"a": 1e999}'])
@pytest.mark.parametrize("name", ["bundle.json", "preprocessor.json", "experiment.json"])
def test_a_member_that_is_no_such_json_is_refused(name: str, text: bytes, content: bytes) -> None:
    refused(archive.pack({**members_of(content), name: text}), "damaged")


TENSORS: dict[str, Callable[[dict[str, np.ndarray]], object]] = {
    "missing": lambda t: t.pop("0.weight"),
    "further": lambda t: t.update(evil=np.zeros(3, np.float32)),
    "shape": lambda t: t.update({"0.bias": t["0.bias"][:, :-1].copy()}),
    "transposed": lambda t: t.update({"0.weight": t["0.weight"].transpose(0, 2, 1).copy()}),
    "type": lambda t: t.update({"0.bias": t["0.bias"].astype(np.float64)}),
    "not a number": lambda t: t["0.bias"].fill(np.nan),
}


@pytest.mark.parametrize("name", TENSORS)
def test_weights_that_do_not_fit_are_refused(name: str, content: bytes) -> None:
    members = members_of(content)
    tensors = {k: v.copy() for k, v in load_tensors(members["weights.safetensors"]).items()}
    TENSORS[name](tensors)
    changed = archive.pack({**members, "weights.safetensors": save_tensors(tensors)})
    refused(changed, "its weights")


@pytest.mark.parametrize("member", [b"", b"\xff" * 8, struct.pack("<Q", 2**60) + b"{}"])
def test_weights_that_are_no_safetensors_are_refused(member: bytes, content: bytes) -> None:
    refused(archive.pack({**members_of(content), "weights.safetensors": member}), "damaged")


def test_a_bundle_lacks_nothing_and_holds_nothing_else(content: bytes) -> None:
    members = members_of(content)
    for name in members:
        rest = {k: v for k, v in members.items() if k != name}
        refused(archive.pack(rest), "damaged")
    refused(archive.pack({**members, "estimator.json": b"{}"}), "it should hold")


def test_the_limits_name_every_member(content: bytes) -> None:
    assert set(members_of(content)) | {"estimator.json"} == set(unpacking.LIMITS)
