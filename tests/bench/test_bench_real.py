"""The sweep over a folder of tables: both readings are compared, and no failure goes unseen."""

import json

import pandas as pd
import pytest

from mlpdash.bench import real
from mlpdash.bench.real_table import differences, examine, read_by_pandas
from mlpdash.cli.main import main
from mlpdash.data.reading import read

HOUSES = "id,area,rooms,price\n" + "".join(
    f"h{n},{40 + 3 * n % 50},{1 + n % 4},{1000.5 + 37 * n % 211}\n" for n in range(40)
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "houses.csv").write_text(HOUSES)
    (tmp_path / "page.csv").write_text("<html><body>no table</body></html>")
    return tmp_path


@pytest.fixture(autouse=True)
def one_core(monkeypatch):
    """Start one process at a time, since each has to import pandas."""
    monkeypatch.setattr(real.os, "cpu_count", lambda: 1)


def test_what_the_product_decided_is_told(folder):
    row = examine(folder / "a" / "houses.csv")
    assert (row["state"], row["rows"], row["columns"]) == ("opened", 40, 4)
    assert (row["target"], row["task"]) == (["price"], "regression")
    assert row["kinds"] == {
        "id": "identifier",
        "area": "number",
        "rooms": "number",
        "price": "number",
    }
    assert row["left_out"] == {"id": "left out: row identifier"}
    assert (row["pandas_rows"], row["pandas_columns"], row["differs"]) == (40, 4, [])
    assert (
        'To be predicted: "price", as a number since it has decimals; chosen for its name, before '
        '"area", "rooms".'
    ) in row["notes"]


def test_what_is_no_table_is_refused_with_its_sentence(folder):
    row = examine(folder / "page.csv")
    assert row["state"] == "refused"
    assert row["message"] == '"page.csv" is not a CSV but an HTML page.'


def test_what_nobody_foresaw_is_a_crash_with_its_traceback(folder, monkeypatch):
    def broken(*_anything):
        raise KeyError("area")

    monkeypatch.setattr(read, "find_layout", broken)
    row = examine(folder / "a" / "houses.csv")
    assert row["state"] == "crashed"
    assert row["message"].endswith("KeyError: 'area'\n")


def test_a_row_that_the_product_leaves_out_is_a_difference(tmp_path):
    (tmp_path / "sums.csv").write_text("shop,sold\nnorth,1\nsouth,2\nwest,4\nTotal,7\n")
    row = examine(tmp_path / "sums.csv")
    assert row["differs"] == ["3 rows, pandas 4"]


def test_other_names_and_other_kinds_are_differences():
    ours = pd.DataFrame({"a": [1, 2], "b": ["1", "2"], "column 3": [1, 2]})
    theirs = pd.DataFrame({"a ": [1, 2], "B": [1, 2], "Unnamed: 2": [1, 2]})
    assert differences(ours, theirs, {"b": "category"}) == [
        '"b", pandas "B"',
        '"b" is a category, in pandas numbers',
    ]
    assert differences(ours, theirs[["a "]], {}) == ["3 columns, pandas 1"]


def test_pandas_reads_a_file_without_names_as_a_person_would_have_it():
    assert len(read_by_pandas(b"1.5,2,x\n2.5,3,y\n", ".data")) == 2
    assert list(read_by_pandas(b"a;b\n1;2\n3;4\n", ".txt").columns) == ["a", "b"]
    assert list(read_by_pandas("größe,x\n1,2\n".encode("latin-1"), ".csv").columns) == [
        "größe",
        "x",
    ]


def test_a_sample_is_the_same_for_a_seed_and_takes_at_most_40_of_a_package():
    paths = [f"large/{n}.csv" for n in range(500)] + [f"small/{n}.csv" for n in range(30)]
    sample = real.drawn(paths, 60, 0)
    assert len(set(sample)) == 60
    assert sum(path.startswith("large/") for path in sample) <= 40
    assert sample == real.drawn(paths, 60, 0) != real.drawn(paths, 60, 1)
    assert len(real.drawn(paths, 200, 0)) == 70


@pytest.mark.slow
def test_a_table_that_ends_its_process_does_not_end_the_sweep(folder, capfd):
    found = real.measure(folder, ["gone.csv", "a/houses.csv", "page.csv"])
    assert [row["state"] for row in found["rows"]] == ["crashed", "opened", "refused"]
    assert found["counts"] == {"opened": 1, "refused": 1, "crashed": 1, "hung": 0, "differ": 0}
    assert real.failed(found)
    assert "FileNotFoundError" in capfd.readouterr().err
    assert "crashed: gone.csv: the process ended" in real.as_text(found)


def test_a_table_that_takes_too_long_is_told_as_hung(folder):
    found = real.measure(folder, ["a/houses.csv"], seconds=0.01)
    (row,) = found["rows"]
    assert (row["state"], row["message"]) == ("hung", "was not done after 0.01 seconds")
    assert real.failed(found)


@pytest.mark.slow
def test_command_lists_the_tables_and_counts_them(folder, capsys):
    assert main(["bench", "--real", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a/houses.csv: 40 rows, 4 columns, ")
    assert "  predicts price (regression)" in lines
    assert "  id: left out: row identifier" in lines
    assert lines[-2] == 'refused: page.csv: "page.csv" is not a CSV but an HTML page.'
    assert lines[-1] == ("2 tables: 1 opened, 1 refused, 0 crashed, 0 hung; 0 differ from pandas")


@pytest.mark.slow
def test_command_reads_a_sample_and_prints_one_document(folder, capsys):
    assert main(["bench", "--real", str(folder), "--draw", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["table"] for row in document["rows"]] == real.drawn(real.tables_in(folder), 1, 0)


@pytest.mark.slow
def test_command_fails_where_a_table_crashed(folder, monkeypatch, capfd):
    monkeypatch.setattr(real, "tables_in", lambda _folder: ["gone.csv"])
    assert main(["bench", "--real", str(folder)]) == 1
    capfd.readouterr()


def test_a_folder_without_files_is_a_mistake(tmp_path, capsys):
    assert main(["bench", "--real", str(tmp_path)]) == 2
    assert "there are no files in" in capsys.readouterr().err
