"""`python -m mlpdash predict`: what it writes where, and what it says of odd rows."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlpdash
from mlpdash.cli.main import main
from mlpdash.data.load import load, starting_point
from mlpdash.results.predicting import Predictor
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from tests.one_net import one_net

ROOT = Path(__file__).parents[2]
FRAME = load(starting_point("iris").data).frame


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("runs") / "iris"
    run_headless(one_net("iris").changed(epochs=2), out=folder)
    return Store(folder)


@pytest.fixture
def bundle(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "iris.mlpdash"
    path.write_bytes(exported("bundle", nets_of(store)))
    return path


def write(frame: pd.DataFrame, path: Path) -> str:
    frame.to_csv(path, index=False)
    return str(path)


@pytest.mark.slow
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
    assert set(found["note"]) == {"=1+1"}  # the person's own


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


# -- rows are read as the table was -----------------------------------------------------------


def bundle_from(content: bytes, folder: Path, *flags: str) -> Path:
    """Train on a file by the command line, and take the bundle."""
    (folder / "table.csv").write_bytes(content)
    words = [str(folder / "table.csv"), "--epochs", "1", "--out", str(folder / "run"), *flags]
    assert main(["train", *words, "--json"]) == 0
    path = folder / "net.mlpdash"
    path.write_bytes(exported("bundle", nets_of(Store(folder / "run"))))
    return path


def predicted(
    path: Path, content: bytes, capsys: pytest.CaptureFixture[str], *flags: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows with predictions, and what is said on stderr."""
    (path.parent / "rows.csv").write_bytes(content)
    capsys.readouterr()
    assert main(["predict", str(path), str(path.parent / "rows.csv"), *flags]) == 0
    said = capsys.readouterr()
    return pd.read_csv(
        StringIO(said.out), keep_default_na=False, dtype="str"
    ), said.err.splitlines()


def table(head: str, *cells: str) -> bytes:
    rows = (f"{cells[n % len(cells)]},{n % 7}.5" for n in range(60))
    return "\n".join([f"{head},y", *rows]).encode()


def test_one_input_alone_is_predicted_and_its_total_is_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bundle_from(table("x", *map(str, range(60))), tmp_path, "--target", "y")
    found, said = predicted(path, b"x\n1\noops\nTotal\n", capsys)
    assert found["x"].tolist() == ["1", "oops", "Total"]
    assert said == [
        'In "x" 2 cells are not a number and count as missing, the first in row 2: "oops".',
        '2 rows have no "x"; the typical value was taken.',
    ]


def test_the_words_and_the_encoding_of_the_training_table_hold_for_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = table("größe", "NA", "DE", "FR").decode().encode("cp1252")
    flags = ("--target", "y", "--words", "keep", "--encoding", "cp1252")
    path = bundle_from(content, tmp_path, *flags)
    found, said = predicted(path, "größe\nNA\nDE\nIT\n".encode("cp1252"), capsys)
    assert found["größe"].tolist() == ["NA", "DE", "IT"]
    assert said[1:] == ['1 row has a "größe" that the net was not trained on.']
    assert "cp1252" in said[0]


def test_an_encoding_can_be_given_for_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bundle_from(table("größe", "a", "b"), tmp_path, "--target", "y")
    content = "größe\na\nb\n".encode("cp1252")
    (tmp_path / "rows.csv").write_bytes(content)
    assert main(["predict", str(path), str(tmp_path / "rows.csv")]) == 2
    assert "Choose its encoding" in capsys.readouterr().err
    found, _said = predicted(path, content, capsys, "--encoding", "cp1252")
    assert found["größe"].tolist() == ["a", "b"]


def test_the_table_itself_is_predicted_without_a_word_of_doubt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = table("c,when", "TRUE,13/01/2024", "FALSE,02/12/2024", "UNKNOWN,03/03/2024")
    path = bundle_from(content, tmp_path, "--target", "y")
    found, said = predicted(path, content, capsys)
    assert len(found) == 60
    assert said == []
    some, said = predicted(path, b"c,when\nTRUE,2024-02-01\nFALSE,13/01/2024\n", capsys)
    assert said == []
    assert some["c"].tolist() == ["TRUE", "FALSE"]


def test_python_warns_of_cells_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = mlpdash.load(bundle_from(table("x", *map(str, range(60))), tmp_path, "--target", "y"))
    assert isinstance(net, Predictor)
    with pytest.warns(UserWarning, match='"x" 1 cell is not a number .* in row 2: "oops"'):
        values = net.predict(pd.DataFrame({"x": ["1", "oops"]}))
    assert values[0] == net.predict(pd.DataFrame({"x": [1]}))[0]
