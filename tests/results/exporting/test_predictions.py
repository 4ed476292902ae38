"""The file of predictions holds a table's own rows, in its order, to the letter."""

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared_file import read_prepared, write_prepared
from mlpdash.data.uploads import keep
from mlpdash.results.exporting import predictions as exporting
from mlpdash.results.exporting.predictions import predictions
from mlpdash.specs import DataSpec

LINES = [f"{1000 + n},{('NA', ' DE', 'FR')[n % 3]},{n}.10,{n}" for n in range(30)]
LINES[4] = "1004,NA,4.10,"  # it has no target
TEXT = "id;code;x;y\n" + "\n".join(LINES).replace(",", ";") + "\n"


def test_rows_without_a_target_are_left_out_and_all_columns_go_out_as_they_came(
    tmp_path: Path,
) -> None:
    spec = DataSpec(data=keep(TEXT.encode(), "own.csv"), target=("y",), task="regression")
    made = prepare(load(spec), spec)
    write_prepared(tmp_path / "file", made)
    prepared = read_prepared(tmp_path / "file")
    assert prepared is not None
    outputs = np.arange(29.0)[:, None]
    header, *lines = csv.reader(io.StringIO(predictions(prepared, outputs, spec).decode()))
    assert header[:4] == ["id", "code", "x", "y"]
    came = [line.split(",") for n, line in enumerate(LINES) if n != 4]
    assert [line[:4] for line in lines] == came
    predicted = header.index("predicted")
    assert [float(line[predicted]) for line in lines] == outputs[:, 0].tolist()
    actual = header.index("actual")
    assert [float(line[actual]) for line in lines] == [float(line[3]) for line in came]
    found = pq.read_table(io.BytesIO(predictions(prepared, outputs, spec, parquet=True)))
    assert found["code"].to_pylist() == [line[1] for line in came]
    assert found["id"].to_pylist() == [int(line[0]) for line in came]


def test_a_table_of_too_many_cells_leaves_its_columns_out(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = DataSpec(data=keep(TEXT.encode(), "own.csv"), target=("y",))
    prepared = prepare(load(spec), spec)
    monkeypatch.setattr(exporting, "MOST_CELLS", 100)
    content = predictions(prepared, np.arange(29.0)[:, None], spec).decode()
    assert content.partition("\n")[0].startswith("row,part,actual,predicted")
