"""A column may have any name, all the way from a file to its exports."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlpdash.cli.main import main
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of
from mlpdash.runs.disk.store import Store
from tests.scripts import run_here, unpack

NAMES = [
    *("self", "frame", "columns", "index", "name", "axis", "key", "other", "data", "copy"),
    *("lambda", "None", "class", "__class__", "DataFrame", "np", "torch", "x", "y", "net"),
    *("a.b", "a b", 'a "quoted" name', "back\\slash", "{brace}", "%s", "100 %", "größe", "-", "0"),
    *("row", "part", "predicted", "mean", "level_0", "weight", "label", "target", "inputs", "rows"),
]
TARGET = "kwargs"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a column of each name: numbers, and words with blanks around them."""
    random = np.random.default_rng(0)
    words = np.array(["no", " yes", "yes ", "perhaps"])
    cells = {
        name: random.normal(size=60).round(3) if number % 2 else words[random.integers(4, size=60)]
        for number, name in enumerate(NAMES)
    }
    cells[TARGET] = np.array(["deny", "allow"])[random.integers(2, size=60)]
    path = tmp_path_factory.mktemp("table") / "table.csv"
    pd.DataFrame(cells).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a home that knows the table, and the folder of a run on it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLPDASH_HOME", str(home))
        more = ["--target", TARGET, "--epochs", "2", "--folds", "off", "--out", str(home / "run")]
        assert main(["train", str(table), *more]) == 0
    return home, home / "run"


@pytest.fixture
def store(trained: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MLPDASH_HOME", str(trained[0]))
    return Store(trained[1])


def test_its_inputs_are_all_columns_but_the_target(store: Store) -> None:
    known = nets_of(store).predictor.preprocessor
    assert {feature.column for feature in known.features} == set(NAMES)
    assert known.targets == (TARGET,)


def test_rows_are_predicted_from_a_bundle_and_keep_their_columns(
    table: Path, store: Store, tmp_path: Path
) -> None:
    bundle, out = tmp_path / "net.mlpdash", tmp_path / "out.csv"
    bundle.write_bytes(exported("bundle", nets_of(store)))
    assert main(["predict", str(bundle), str(table), "--out", str(out)]) == 0
    found = pd.read_csv(out)
    kept = [name.removeprefix("'") for name in found.columns]  # a spreadsheet would compute "-"
    assert kept[: len(NAMES) + 1] == [*NAMES, TARGET]
    expected = nets_of(store).predictor.rows(pd.read_csv(table)).values
    assert found[f"predicted {TARGET}"].tolist() == expected.tolist()


def test_an_exported_script_trains_the_same_net(store: Store, tmp_path: Path) -> None:
    for style in ("tensors", "module", "sequential"):
        folder = unpack(exported(f"script-{style}", nets_of(store)), tmp_path / style)
        losses, _said = run_here(folder)
        assert losses == pytest.approx(store.read_history()["loss_train"].tolist(), rel=1e-4)


def test_an_onnx_graph_describes_its_inputs(store: Store) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported("onnx", nets_of(store))))
    described = [name for name in archive.namelist() if name.endswith(".json")]
    inputs = json.loads(archive.read(described[0]))["inputs"]
    assert {one["column"] for one in inputs} == set(NAMES)


def test_results_are_told(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", str(store.folder)]) == 0
    assert "12 test rows" in capsys.readouterr().out
