"""Which columns of numbers are made of others, and which are settings of an experiment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.derived import derived_columns, sets_of_flags
from mlpdash.data.columns.design import crossed_columns
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec

ROWS = 120
random = np.random.default_rng(7)
A, B = np.exp(random.normal(2, 1, (2, ROWS)))
FLAG = (np.arange(ROWS) % 3 == 0).astype(float)
GAPS = np.where(np.arange(ROWS) % 7 == 0, np.nan, A)
MADE = {
    "ln": np.log(A),
    "log10": np.log10(A),
    "log of one more": np.log1p(A),
    "as float32": np.log(A).astype(np.float32).astype(float),
    "square": A**2,
    "product": A * B,
    "dummy times number": FLAG * A,
    "ratio": A / B,
    "sum": A + B,
    "difference": B - A,
    "ratio the other way round": B / A,
    "other unit": 2.54 * A + 1,
    "with gaps": np.log(GAPS),
}


def target_of(**columns: object) -> str:
    return find_columns(Table(pd.DataFrame(columns), "x.csv"), DataSpec()).targets[0]


@pytest.mark.parametrize("kind", MADE)
def test_a_function_of_other_columns_is_found_wherever_it_was_made(kind: str) -> None:
    cells = np.column_stack([A, B, FLAG, random.normal(size=ROWS), MADE[kind]])
    assert derived_columns(cells) == {4}
    noisy = cells.copy()
    noisy[:, 4] *= random.normal(1, 0.01, ROWS)
    assert derived_columns(noisy) == set()


def test_a_logarithm_follows_from_the_number_behind_it() -> None:
    assert derived_columns(np.column_stack([np.log(A), B, A])) == {0}


def test_columns_that_agree_in_few_rows_are_not_told_to_be_made() -> None:
    rare = np.zeros(ROWS)
    rare[:2] = 1
    assert derived_columns(np.column_stack([rare, rare, A])) == set()
    assert derived_columns(np.column_stack([A, np.log(A)])[:8]) == set()


def test_dummies_of_one_thing_are_found_and_others_are_not() -> None:
    kind = random.integers(0, 5, ROWS)
    dummies = np.column_stack([kind == k for k in range(4)]).astype(float)
    apart = random.integers(0, 2, (ROWS, 3)).astype(float)
    assert sets_of_flags(np.column_stack([A, dummies, apart])) == {1, 2, 3, 4}


def test_settings_are_crossed_and_what_is_measured_is_not() -> None:
    frame = pd.DataFrame({"heat": np.tile([10, 20, 30], 8), "salt": np.repeat([0, 1, 2, 5], 6)})
    frame["growth"] = random.integers(0, 5, 24)
    assert crossed_columns(frame, list(frame)) == {"heat", "salt"}
    assert crossed_columns(frame.iloc[:-1], list(frame)) == set()
    assert target_of(**{name: frame[name] for name in ("growth", "heat", "salt")}) == "growth"


@pytest.mark.parametrize("kind", MADE)
def test_what_is_made_of_others_is_no_target(kind: str) -> None:
    noise = random.normal(size=ROWS)
    assert target_of(v=A, w=B, flag=FLAG, u=noise, made=MADE[kind]) == "v"


def test_what_is_the_same_for_a_place_is_no_target() -> None:
    place = np.repeat(np.arange(11, 71), 2)
    mean = np.repeat(random.normal(size=60), 2)
    assert target_of(county=place, v=A, w=B, mean=mean) == "v"
    assert target_of(thing=place, v=A, w=B, mean=random.normal(size=ROWS)) == "mean"


def test_whether_a_number_is_above_some_value_is_no_target() -> None:
    noise = random.normal(size=ROWS)
    assert target_of(v=A, w=B, u=noise, high=(B > 7).astype(int)) == "v"
    assert target_of(v=A, w=B, u=noise, high=(B * np.exp(noise) > 7).astype(int)) == "high"


@pytest.mark.parametrize(
    ("names", "target"),
    [
        ("growth,num5_17,num18_64", "growth"),
        ("a,kidslt6,b,kidsge6", "a"),
        ("sex,earn74,earn78,age,earn75", "earn78"),
        ("sex,faminc,b,fatheduc,meduc", "b"),
        ("a,b,avgsal,c", "avgsal"),
        ("a,b,colgpa,c", "colgpa"),
        ("educ,male,a,b,age", "b"),
    ],
)
def test_names_tell_of_groups_years_and_families(names: str, target: str) -> None:
    cells = {name: random.normal(9, 2, ROWS) for name in names.split(",")}
    assert target_of(**cells) == target


def test_an_amount_that_often_is_nothing_is_a_likely_target() -> None:
    smoked = np.where(FLAG > 0, random.integers(1, 30, ROWS), 0)
    assert target_of(sex=FLAG, v=A, smoked=smoked, w=B, age=A + B) == "smoked"
    assert target_of(sex=FLAG, v=A, smoked=smoked + 1, w=B, age=A + B) != "smoked"
