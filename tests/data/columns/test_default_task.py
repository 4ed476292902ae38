"""Whether numbers are classes, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.default_task import task_of_numbers
from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec

ROWS = 60
CASES = [
    # always classes: two values
    ([0, 1], "two different values"),
    ([1, 2], "two different values"),
    ([4, 7_000_000], "two different values"),
    ([-1, 1], "two different values"),
    ([0.5, 2.25], "two different values"),
    # codes
    ([0, 1, 2], "codes"),
    ([1, 2, 3, 4], "codes"),
    ([1, 2, 3, 5], "codes"),  # one left out
    (list(range(10)), "codes"),
    ([1, 2, 3, 4, 5, 7], "codes"),
    # amounts and counts
    ([0, 3, 5, 10, 30, 1825], "leave out"),
    ([0, 1, 5], "leave out"),
    ([1, 3, 5], "leave out"),
    (list(range(11)), "more than 10"),
    ([200 * n for n in range(20)], "more than 10"),
    ([3, 4, 5, 6, 7, 8], "do not begin"),
    ([1990, 1991, 1992], "do not begin"),
    ([-1, 0, 1], "do not begin"),
    ([2, 3, 4], "do not begin"),
    ([0, 0.5, 1], "decimals"),
    ([1, 1.5, 2, 2.5], "decimals"),
]


@pytest.mark.parametrize(("values", "why"), CASES)
def test_the_task_follows_the_values_and_it_is_said_why(values: list[float], why: str) -> None:
    cells = [values[n % len(values)] for n in range(ROWS)]
    frame = pd.DataFrame({"a": np.linspace(0, 1, ROWS).round(3) ** 2, "b": cells})
    table = read_table(frame.to_csv(index=False).encode(), "x.csv")
    prepared = prepare(table, DataSpec(target=("b",)))
    task = "classification" if why in ("two different values", "codes") else "regression"
    assert prepared.task == task
    assert why in prepared.notes[0]


def test_numbers_that_come_once_are_no_codes() -> None:
    assert task_of_numbers(pd.Series([0, 1, 2, 3, 4, 5])) == (
        "regression",
        "most of its numbers come once",
    )


def test_gaps_and_values_that_come_late_count() -> None:
    late = pd.Series([0.0, 1.0, np.nan] * 500 + [40.0])
    assert task_of_numbers(late)[0] == "regression"
    assert task_of_numbers(late[:-1])[0] == "classification"


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_person_may_turn_it(task: str) -> None:
    frame = pd.DataFrame({"a": np.linspace(0, 1, ROWS), "b": [0, 3, 30] * (ROWS // 3)})
    table = read_table(frame.to_csv(index=False).encode(), "x.csv")
    prepared = prepare(table, DataSpec(target=("b",), task=task))
    assert prepared.task == task
    assert "since" not in prepared.notes[0]
