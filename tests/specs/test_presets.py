"""The worked examples reach what they say, with three seeds of training each."""

import functools
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mlpdash.cli.main import main
from mlpdash.data.load import default_pace, starting_point
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.runs.worker.session import Session
from mlpdash.specs import Experiment, format_text, parse_text
from mlpdash.specs.presets import PRESETS
from mlpdash.training.loop.evaluate import Scores, evaluate, validation_every
from mlpdash.training.loop.setup import rows_of
from tests.data.sets.idx_files import clothes, put, serving_files

ROOT = Path(__file__).parents[2]
SEEDS = (0, 3, 7)
NOISE_VARIANCE = 9.0  # of sample_data/make_temperature.py


def scores(session: Session, part: str) -> Scores:
    rows = rows_of(session.prepared, part, "cpu")
    learner = session.learner
    loss = session.experiment.train.loss
    return evaluate(learner.net, rows, learner.scoring.scale, loss=loss, batch=max(1, len(rows.x)))


@functools.cache
def trained(name: str, seed: int) -> tuple[Session, float]:
    """Train a preset to its end; return the session, and the training loss it began with."""
    session = Session(PRESETS[name].experiment().changed(seed=seed))
    first = float(scores(session, "train").loss[0])
    while (progress := session.advance()) is not None:
        assert not progress.diverged
    return session, first


def loss_of(name: str, seed: int, part: str = "train") -> float:
    return float(scores(trained(name, seed)[0], part).loss[0])


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_where_it_comes_from_and_what_it_reaches(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert preset.title
    assert preset.story.endswith(".")
    assert preset.reaches.endswith(".")
    assert preset.data in CATALOGUE
    assert set(preset.compare) <= set(PRESETS) - {name}
    for other in preset.compare:
        assert name in PRESETS[other].compare


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_written_down_and_read_back(name: str) -> None:
    flat = PRESETS[name].experiment().flat()
    texts = {field: format_text(field, value) for field, value in flat.items()}
    back = Experiment().changed(**{f: parse_text(f, text) for f, text in texts.items()})
    assert back == PRESETS[name].experiment()


@pytest.mark.parametrize("name", [name for name in PRESETS if name in CATALOGUE])
def test_a_set_of_the_same_name_starts_as_the_preset(name: str) -> None:
    assert starting_point(name) == PRESETS[name].experiment()
    assert default_pace(name) == PRESETS[name].pace


def test_the_issues_examples_are_all_there() -> None:
    issue = "two-gaussians line temperature two-layer fashion-mnist polynomial digits"
    assert set(issue.split()) <= set(PRESETS) & set(CATALOGUE)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_two_gaussians_are_told_apart(seed: int) -> None:
    session, first = trained("two-gaussians", seed)
    assert first == pytest.approx(0.7, abs=0.2)
    found = scores(session, "train")
    assert found.loss[0] < 0.05
    assert found.metric[0] >= 0.98


@pytest.mark.slow
def test_two_gaussians_are_the_experiment_that_was_published() -> None:
    session, _first = trained("two-gaussians", SEEDS[0])
    assert (session.learner.net.sizes, session.learner.step) == ((2, 5, 5, 2), 10_000)
    assert len(session.prepared.split.train) == len(session.prepared.x) == 200
    upper = session.prepared.raw[session.prepared.y == 1]
    assert upper.mean(axis=0) == pytest.approx([2, 2], abs=0.3)
    assert upper.std(axis=0) == pytest.approx([1, 1], abs=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_before_cross_entropy_stalls_although_the_classes_are_told_apart(
    seed: int,
) -> None:
    session, first = trained("two-gaussians-published", seed)
    found = scores(session, "train")
    assert first == pytest.approx(0.7, abs=0.1)
    assert math.log(1 + 1 / math.e) < found.loss[0] < 0.36
    assert found.metric[0] >= 0.98
    assert loss_of("two-gaussians", seed) < found.loss[0] / 6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_line_is_found(seed: int) -> None:
    session, first = trained("line", seed)
    assert session.learner.step == 1_000
    assert first > 50
    assert loss_of("line", seed) < 1e-4
    at_ten = session.learner.net.forward(torch.tensor([[10.0]])).item()
    assert at_ten == pytest.approx(21, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["temperature", "temperature-by-hand"])
@pytest.mark.parametrize("seed", SEEDS)
def test_temperature_comes_near_its_noise(name: str, seed: int) -> None:
    session, first = trained(name, seed)
    actual = session.prepared.y[session.prepared.split.train].astype(np.float64)
    assert session.learner.net.sizes == (13, 128, 1)
    assert first == pytest.approx((actual**2).mean(), rel=0.05)
    assert first > 3_000
    assert loss_of(name, seed) < 1.5 * NOISE_VARIANCE
    assert session.prepared.time is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_two_layers_learn_random_numbers_by_heart(seed: int) -> None:
    session, first = trained("two-layer", seed)
    assert (session.prepared.x.shape, session.prepared.outputs) == ((64, 1_000), 10)
    assert session.learner.step == 500
    assert not any(bias.any() for bias in session.learner.net.biases)
    assert first > 64 * 10 * 0.8  # the sum over rows and outputs
    assert loss_of("two-layer", seed) < 1e-3 * first


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_validation_loss_of_the_cubic_turns_up_and_is_brought_down(seed: int) -> None:
    session, _first = trained("polynomial", seed)
    split = session.prepared.split
    assert [len(part) for part in (split.train, split.validation, split.test)] == [20, 100, 0]
    seen = session.curves.scores.since(-1, 0)[1]["loss_validation"]
    lowest, last = float(np.nanmin(seen)), loss_of("polynomial", seed, "validation")
    assert loss_of("polynomial", seed) < 0.01
    assert lowest < 1.2
    assert last > 1.6 * lowest  # it turned up
    assert loss_of("polynomial-weight-decay", seed, "validation") < 0.8 * last
    stopped, _first = trained("polynomial-early-stopping", seed)
    assert loss_of("polynomial-early-stopping", seed, "validation") < 0.7 * last
    assert stopped.learner.epoch < 1_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_digits_are_read(seed: int) -> None:
    session, _first = trained("digits", seed)
    assert session.learner.net.sizes == (64, 64, 10)
    assert scores(session, "test").metric[0] >= 0.96
    assert len(session.prepared.split.test) == 359


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_clothes_are_told_apart_on_files_that_look_alike(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, clothes(6_000, 1_000))
    monkeypatch.setenv("MLPDASH_DATA", str(tmp_path))
    small = replace(CATALOGUE["fashion-mnist"], given_test=1_000)
    monkeypatch.setitem(CATALOGUE, "fashion-mnist", small)
    session, first = trained("fashion-mnist", seed)
    assert session.learner.net.sizes == (784, 256, 10)
    assert first == pytest.approx(math.log(10), abs=0.3)
    assert session.learner.step == 10 * math.ceil(6_000 / 256)
    assert scores(session, "validation").metric[0] > 0.95
    seen = session.curves.scores.since(-1, 0)[1]
    assert np.isfinite(seen["metric_train"]).all()
    assert np.isfinite(seen["metric_validation"]).all()
    assert seen["validation_x"][-1] == 10


def test_of_the_real_clothes_every_epoch_shows_both_accuracies() -> None:
    parameters = 784 * 256 + 256 + 256 * 10 + 10
    assert validation_every(parameters, 60_000, 256, 10_000 + 1_000) == 1


def test_a_preset_is_trained_by_name_and_flags_override_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("train", "polynomial-weight-decay", "--epochs", "3", "--hidden", "5", "--json")
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["epochs"] == 3
    assert result["parameters"] == 2 * 5 + 6
    kept = json.loads((Path(result["run"]) / "experiment.json").read_text(encoding="utf-8"))
    assert (
        kept["train"]["weight_decay"] == PRESETS["polynomial-weight-decay"].choices["weight_decay"]
    )


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(PRESETS)
    assert all(row["story"] and row["reaches"] for row in rows)
    assert main(["presets"]) == 0
    assert "two-gaussians-published" in capsys.readouterr().out


@pytest.mark.slow
def test_a_set_that_is_not_here_is_downloaded_before_training(tmp_path: Path) -> None:
    files = clothes(60, 20)
    with serving_files(files) as mirror:
        program = (
            "import sys, hashlib\n"
            "from dataclasses import replace\n"
            "from mlpdash.cli.main import main\n"
            "from mlpdash.data.sets import fetching\n"
            "from mlpdash.data.sets.catalogue import CATALOGUE\n"
            "source = fetching.SOURCES['fashion-mnist']\n"
            f"sums = { ({n: hash_of(c) for n, c in files.items()})!r}\n"
            "known = tuple(replace(f, checksum=sums[f.name]) for f in source.files)\n"
            "fetching.SOURCES['fashion-mnist'] = replace(source, files=known)\n"
            "CATALOGUE['fashion-mnist'] = replace(CATALOGUE['fashion-mnist'], given_test=20)\n"
            "sys.exit(main(['train', 'fashion-mnist', '--epochs', '1', '--json']))\n"
        )
        home = {"MLPDASH_HOME": str(tmp_path), "MLPDASH_FASHION_MNIST_URL": mirror.url}
        for asked in (4, 4):  # the second time it is here
            done = subprocess.run(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=os.environ | home,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["validation"]["accuracy"] >= 0
            assert len(mirror.asked) == asked


def hash_of(content: bytes) -> str:
    import hashlib

    return "md5:" + hashlib.md5(content).hexdigest()


def test_a_set_that_cannot_be_had_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_files({}) as empty:
        monkeypatch.setenv("MLPDASH_CALIFORNIA_URL", empty.url)
        assert main(["train", "california-housing"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("California housing could not be downloaded from http")
    assert said.err.count("\n") == 1
