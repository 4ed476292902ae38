"""`python -m mlpdash predict`: what it writes where, and what it says of odd rows."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlpdash.__main__ import main
from mlpdash.data.datasets import load, starting_point
from mlpdash.runs.bundle import bundle_of_run
from mlpdash.runs.headless import run_headless
from mlpdash.runs.nets import predictor_of_run
from mlpdash.runs.store import Store

ROOT = Path(__file__).parents[1]
FRAME = load(starting_point("iris").data).frame


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("runs") / "iris"
    run_headless(starting_point("iris").changed(epochs=2), out=folder)
    return Store(folder)


@pytest.fixture
def bundle(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "iris.mlpdash"
    path.write_bytes(bundle_of_run(store))
    return path


def write(frame: pd.DataFrame, path: Path) -> str:
    frame.to_csv(path, index=False)
    return str(path)


def test_a_process_of_its_own_writes_rows_and_predictions(
    bundle: Path, store: Store, tmp_path: Path
) -> None:
    rows = FRAME.iloc[::-1, ::-1].assign(note="=1+1")
    words = ["predict", str(bundle), write(rows, tmp_path / "rows.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "mlpdash", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found = pd.read_csv(StringIO(done.stdout))
    expected = predictor_of_run(store).rows(rows)
    np.testing.assert_array_equal(found.filter(like="probability"), expected.mean)
    assert found["predicted species"].tolist() == expected.values.tolist()
    assert found["species"].tolist() == rows["species"].tolist()
    assert set(found["note"]) == {"'=1+1"}


def test_predictions_go_into_a_file_and_odd_rows_are_counted(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = FRAME.copy()
    rows.loc[:4, "petal width"] = np.nan
    out = tmp_path / "out.csv"
    words = [str(bundle), write(rows, tmp_path / "rows.csv"), "--out", str(out)]
    assert main(["predict", *words]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == '5 rows have no "petal width"; the typical value was taken.\n'
    table = pd.read_csv(out)
    assert len(table) == 150
    assert main(["predict", *words[:-1], str(tmp_path / "out.parquet")]) == 0
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out.parquet"), table, check_dtype=False
    )


def test_a_mistake_is_one_sentence_and_status_2(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write(FRAME, tmp_path / "rows.csv")
    few = write(FRAME[["species", "petal width"]], tmp_path / "few.csv")
    for words, said in (
        ([str(bundle), few], "lacks 3 of the columns"),
        ([str(bundle), str(tmp_path / "none.csv")], "cannot be opened"),
        ([str(tmp_path / "none.mlpdash"), rows], "is not a file"),
        ([rows, rows], "not a bundle"),
        ([str(bundle), rows, "--out", str(tmp_path)], "cannot be opened"),
    ):
        assert main(["predict", *words]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
