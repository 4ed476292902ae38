"""Tables are read back by pandas, and hold nothing that a spreadsheet would compute."""

import io
import math

import numpy as np
import pandas as pd

from mlpdash.results.exporting.tables import (
    as_csv,
    as_parquet,
    beside,
    history_table,
    metrics_table,
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


def test_rows_keep_their_columns_beside_the_predictions() -> None:
    rows = pd.DataFrame({"a": [1, 2], "predicted a": [3, 4]}, index=[7, 9])
    found = beside(rows, pd.DataFrame({"predicted a": [5, 6]}))
    assert found.to_dict("list") == {
        "a": [1, 2],
        "predicted a": [3, 4],
        "predicted a (net)": [5, 6],
    }


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
