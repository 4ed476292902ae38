"""Tables are read back by pandas, and hold nothing that a spreadsheet would compute."""

import csv
import datetime
import decimal
import io
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mlpdash.data.reading.as_given import Given
from mlpdash.results.exporting.tables import (
    as_csv,
    as_parquet,
    csv_beside,
    history_table,
    metrics_table,
    parquet_beside,
)
from mlpdash.runs.disk.history import Row, records

FRAME = pd.DataFrame(
    {
        "x": [0.1, np.nan, -1 / 3],
        "name": ['=HYPERLINK("http://example.org")', "plain, with a comma", None],
        "=1+1": ["@SUM(A1)", "+49", "\tx"],
    }
)


def test_numbers_read_back_the_same_from_csv_and_parquet() -> None:
    np.testing.assert_array_equal(pd.read_csv(io.BytesIO(as_csv(FRAME)))["x"], FRAME["x"])
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(as_parquet(FRAME))), FRAME)


def test_no_cell_of_a_csv_begins_a_formula() -> None:
    read = pd.read_csv(io.BytesIO(as_csv(FRAME)), keep_default_na=False)
    texts = [*map(str, read), *map(str, read["name"]), *map(str, read["'=1+1"])]
    assert not [text for text in texts if text[:1] in tuple("=+-@\t\r")]
    assert read["name"][1] == "plain, with a comma"


def test_no_prediction_hides_a_column_of_the_rows() -> None:
    rows = Given(pa.table({"a": ["1", "2"], "predicted a": ["3", "4"]}))
    more = pd.DataFrame({"predicted a": [5, 6]}, index=[7, 9])
    assert csv_beside(rows, more) == b"a,predicted a,predicted a (net)\n1,3,5\n2,4,6\n"
    names = pq.read_table(io.BytesIO(parquet_beside(rows, more))).column_names
    assert names == ["a", "predicted a", "predicted a (net)"]


def test_text_goes_out_to_the_letter_and_only_what_is_ours_is_defused() -> None:
    cells = ["NA", "1.10", " x ", '"', "a,b", "a\nb", "=1+1", "1e5", "\r", None, "007", "null"]
    rows = Given(pa.table({"a": cells, "-": cells}))
    content = csv_beside(rows, pd.DataFrame({"predicted": ["=c"] * len(cells)}))
    header, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    assert header == ["a", "-", "predicted"]
    assert lines == [[cell or "", cell or "", "'=c"] for cell in cells]


def test_text_becomes_numbers_in_parquet_only_where_nothing_is_lost() -> None:
    columns: dict[str, list[str | None]] = {
        "whole": ["-1", "20", None],
        "decimal": ["1.10", "-2e5", None],
        "zeros": ["01", "2", "3"],
        "long": ["12345678901234567890", "1", "2"],
        "digits": ["0.12345678901234567", "1", "2"],
        "words": ["1", "NA", "2"],
        "nothing": [None, None, None],
    }
    rows = Given(pa.table({n: pa.array(c, pa.string()) for n, c in columns.items()}))
    found = pq.read_table(io.BytesIO(parquet_beside(rows, pd.DataFrame({"p": [1, 2, 3]}))))
    assert found["whole"].to_pylist() == [-1, 20, None]
    assert found["decimal"].to_pylist() == [1.1, -2e5, None]
    for name in ("zeros", "long", "digits", "words", "nothing"):
        assert found[name].to_pylist() == columns[name]


def test_types_and_nulls_of_parquet_go_out_as_they_came() -> None:
    moment = datetime.datetime(2024, 5, 1, 12, 30, tzinfo=datetime.UTC)
    came = pa.table(
        {
            "id": pa.array([1, None, 3], pa.int32()),
            "text": pa.array(["1", "NA", None]),
            "when": pa.array([moment, None, moment], pa.timestamp("us", "Europe/Berlin")),
            "price": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.00")]),
            "level": pa.array(["a", None, "b"]).dictionary_encode(),
            "list": pa.array([[1], None, [2, 3]]),
            "float": pa.array([1.5, float("nan"), None]),
        }
    )
    rows = Given(came, is_text=False)
    found = pq.read_table(io.BytesIO(parquet_beside(rows, pd.DataFrame({"p": [1, 2, 3]}))))
    assert found.schema.types[:-1] == came.schema.types
    assert repr(found.drop_columns("p").to_pylist()) == repr(came.to_pylist())
    lines = csv_beside(rows, pd.DataFrame({"p": [1, 2, 3]})).decode().splitlines()
    assert lines[1].startswith("1,1,")
    assert lines[2] == ",NA,,,,,nan,2"
    assert '"[2, 3]",,3' in lines[3]


def test_the_history_is_a_table_without_its_checksums() -> None:
    table = history_table(records([Row(1, 10, loss_train=0.5), Row(2, 20, loss_train=0.25)]))
    assert table["epoch"].tolist() == [1, 2]
    assert table["loss_train"].tolist() == [0.5, 0.25]
    assert table["loss_validation"].isna().all()
    assert "crc" not in table


def test_metrics_are_rows_of_the_net_its_targets_and_the_baselines() -> None:
    def score(value: float, low: float = math.nan, high: float = math.nan) -> dict[str, float]:
        return {"value": value, "low": low, "high": high}

    document = {
        "targets": ["u", "v"],
        "judged_on": "test",
        "net": {
            "test": {
                "scores": {"rmse": score(2.0, 1.0, 3.0)},
                "targets": [{"rmse": score(1.5)}, {"rmse": score(2.5)}],
            },
            "train": {"scores": {"rmse": score(1.0)}},
        },
        "baselines": [{"name": "linear", "scores": {"rmse": 4.0}}],
    }
    table = metrics_table(document)
    assert table.iloc[:, :5].to_numpy().tolist() == [
        ["net", "test", "", "rmse", 2.0],
        ["net", "test", "u", "rmse", 1.5],
        ["net", "test", "v", "rmse", 2.5],
        ["net", "train", "", "rmse", 1.0],
        ["linear", "test", "", "rmse", 4.0],
    ]
    assert table["low"].tolist()[0] == 1.0
    assert table[["low", "high"]].isna().sum().tolist() == [4, 4]
    assert table["high"].dtype == "float64"
