"""Repeated rows and columns that give the target away are pointed out, and no others."""

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.datasets import CATALOGUE, load, starting_point
from mlpdash.data.preparing import prepare
from mlpdash.data.suspicions import repeated_rows, telling_columns
from mlpdash.data.tables import Table
from mlpdash.specs import DataSpec

ROWS = 400
random = np.random.default_rng(5)
PLAIN = pd.DataFrame({f"x{n}": random.normal(size=ROWS) for n in range(3)})
KIND = np.where(PLAIN["x0"] + random.normal(size=ROWS) > 0, "a", "b")


def notes(frame: pd.DataFrame) -> str:
    spec = DataSpec(validation=0.2, test=0.2, target=("y",))
    return " ".join(prepare(Table(frame, "own.csv"), spec).notes)


def test_rows_that_come_twice_are_counted_exactly() -> None:
    frame = pd.concat([PLAIN.assign(y=KIND)] * 2, ignore_index=True)
    spec = DataSpec(validation=0.2, test=0.2, target=("y",))
    found = prepare(Table(frame, "own.csv"), spec)
    held_out = np.concatenate([found.split.validation, found.split.test])
    rows = {n % ROWS for n in found.split.train.tolist()}
    expected = sum(n % ROWS in rows for n in held_out.tolist())
    assert repeated_rows(found.x, found.y, found.split) == expected > 100
    assert f"{expected} held-out rows also stand among the training rows" in " ".join(found.notes)


@pytest.mark.parametrize(
    "leak",
    [
        np.where(KIND == "a", 0.3, 7.9) + random.normal(size=ROWS) * 0.01,
        np.where(KIND == "a", "red", "blue"),
    ],
)
def test_a_column_that_knows_the_class_is_named(leak: np.ndarray) -> None:
    assert 'gives the target away: "leak"' in notes(PLAIN.assign(leak=leak, y=KIND))


def test_a_column_that_knows_the_number_is_named() -> None:
    y = random.normal(size=ROWS)
    assert 'gives the target away: "leak"' in notes(PLAIN.assign(leak=3 - 9 * y, y=y))


def test_honest_columns_are_not_suspected() -> None:
    assert "target away" not in notes(PLAIN.assign(y=KIND, c=random.choice(list("abc"), ROWS)))
    names = PLAIN.assign(y=KIND, c=[f"n{n % 150}" for n in range(ROWS)])
    assert "target away" not in notes(names)


@pytest.mark.parametrize("name", ["iris", "diabetes", "temperature"])
def test_no_column_of_the_samples_is_suspected(name: str) -> None:
    spec = starting_point(name).data
    found = prepare(load(spec), spec)
    assert telling_columns(found.raw, found.y, found.features, found.split.train) == []
    assert CATALOGUE[name].title
