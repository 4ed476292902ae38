"""What is particular to Parquet."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec

ROWS = 40


def opened(columns: dict[str, Any]) -> Table:
    out = io.BytesIO()
    more = {"x": [n % 7 for n in range(ROWS)], "y": ["up", "down"] * (ROWS // 2)}
    pq.write_table(pa.table({**columns, **more}), out)
    return read_table(out.getvalue(), "x.parquet")


def test_an_empty_text_is_missing_as_in_a_csv() -> None:
    table = opened({"city": ["Ulm", ""] * (ROWS // 2), "size": ["1,5", "2,5", "", "4"] * 10})
    assert table.frame["city"].isna().sum() == ROWS / 2
    found = find_columns(table, DataSpec())
    assert [c.kind for c in found.columns] == ["boolean", "number", "number", "category"]
    assert found.frame["size"].dropna().unique().tolist() == [1.5, 2.5, 4]


def test_enormous_decimals_are_called_so() -> None:
    cells = pa.array([Decimal(10) ** 40 + n for n in range(ROWS)], pa.decimal256(50, 0))
    notes = prepare(opened({"huge": cells}), DataSpec()).notes
    assert 'Left out because their numbers are infinite or beyond 1e37: "huge".' in notes


def test_the_labels_of_pandas_rows_are_left_out() -> None:
    frame = pd.DataFrame({"x": [n % 7 for n in range(ROWS)], "y": ["up", "down"] * (ROWS // 2)})
    out = io.BytesIO()
    frame[frame["x"] > 2].to_parquet(out)
    table = read_table(out.getvalue(), "x.parquet")
    kinds = {column.name: column.kind for column in find_columns(table, DataSpec()).columns}
    assert kinds["__index_level_0__"] == "identifier"
    assert 'as row identifiers: "__index_level_0__"' in " ".join(prepare(table, DataSpec()).notes)


def test_a_time_zone_is_told() -> None:
    days = pd.date_range("2024-01-01", periods=ROWS, tz="Europe/Berlin")
    table = opened({"day": days, "utc": days.tz_convert("UTC")})
    assert table.notes == ('Times with a time zone were converted to UTC: "day".',)
    assert table.frame["day"].iloc[0] == pd.Timestamp("2023-12-31 23:00")


def test_times_of_day_and_durations_are_hours() -> None:
    times = [datetime.time(n % 24, 30) for n in range(ROWS)]
    table = opened({"at": times, "took": [datetime.timedelta(minutes=n) for n in range(ROWS)]})
    assert table.frame["at"].iloc[:2].tolist() == [0.5, 1.5]
    assert table.frame["took"].iloc[30] == 0.5
    assert table.notes == ('Times were read as hours: "at", "took".',)
