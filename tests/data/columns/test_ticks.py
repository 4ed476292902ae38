"""Columns of a tick or nothing are yes and no."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import (
    Prepared,
    prepared_to_json,
    preprocessor_from_json,
)
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec

ROWS = 120


def csv(*cells: str) -> bytes:
    rows = (f"{n * 37 % 101},{cells[n % len(cells)]},{n / 7:.2f}\n" for n in range(ROWS))
    return f"size,flag,pay\n{''.join(rows)}".encode()


def prepared(content: bytes, **choices: Any) -> Prepared:
    return prepare(read_table(content, "x.csv"), DataSpec(**choices))


@pytest.mark.parametrize(
    "cells",
    [
        *(["x", "", ""], ["X", "", "x"], ["1", "", ""], ["1.0", ""], ["yes", ""], ["True", "", ""]),
        *(["✓", ""], ["*", "", ""], ["x", "", "-"], ["ja", ""], ["crack", "", ""], ["x", "NA"]),
    ],
)
def test_a_tick_or_nothing_is_yes_or_no(cells: list[str]) -> None:
    found = prepared(csv(*cells))
    no = ("", "-", "NA")
    np.testing.assert_array_equal(
        found.raw[:, 1], [float(cells[n % len(cells)] not in no) for n in range(ROWS)]
    )
    assert found.features[1].names_out == ("flag",)  # no gaps to be marked
    assert 'Empty cells were read as no, the others as yes: "flag".' in found.notes
    known = preprocessor_from_json(prepared_to_json(found))
    again = known.raw(read_table(csv(*cells), "x.csv").frame)
    np.testing.assert_array_equal(again, found.raw)
    for rows, expected in (
        (f"size,flag\n1,{cells[0]}\n2,\n", [1, 0]),
        ("size,flag\n1,\n2,\n", [0, 0]),  # nothing but gaps
        (f"size,flag\n1,{cells[0]}\n2,{cells[0]}\n", [1, 1]),
        (f"size,flag\n1,no\n2,{cells[0]}\n", [0, 1]),
    ):
        new = read_rows(rows.encode(), "new.csv", known.features, known.text_format)
        cells_read, unread = known.cells(new.cells)
        assert cells_read[:, 1].tolist() == expected
        assert unread == {}


@pytest.mark.parametrize("cells", [["x", ""], ["1", "", ""], ["yes", ""]])
def test_a_tick_or_nothing_can_be_predicted(cells: list[str]) -> None:
    found = prepared(csv(*cells), target=("flag",))
    assert (found.task, set(found.classes)) == ("classification", {"no", cells[0]})
    assert len(found.x) == ROWS
    known = preprocessor_from_json(prepared_to_json(found))
    np.testing.assert_array_equal(known.y(read_table(csv(*cells), "x.csv").frame), found.y)
    assert prepared(csv(*cells), target=("flag",), task="regression").task == "regression"


def test_a_boolean_or_nothing_is_yes_or_no() -> None:
    frame = pd.DataFrame(
        {"flag": [True, None, None] * 20, "x": range(60), "y": [n / 7 for n in range(60)]}
    )
    found = prepare(Table(frame, "x"), DataSpec())
    assert found.raw[:3, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    "cells",
    [["USA"] * 9 + [""], ["no", "", ""], ["5", "", ""], ["2024-01-05", "", ""], ["x", "?"]],
)
def test_one_value_whose_absence_does_not_mean_no_is_left_out_with_the_true_reason(
    cells: list[str],
) -> None:
    table = read_table(csv(*cells), "x.csv")
    assert find_columns(table, DataSpec()).columns[1].kind == "constant"
    told = prepare(table, DataSpec()).notes
    assert 'Left out because they have one value, or none: "flag".' in told


def test_one_value_in_every_row_is_the_same_in_every_row() -> None:
    told = prepared(csv("x")).notes
    assert 'Left out because they are the same in every row: "flag".' in told
