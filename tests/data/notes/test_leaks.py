"""Repeated rows and columns that give the target away are pointed out, and no others."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.cells.cells import Floats
from mlpdash.data.load import load, starting_point
from mlpdash.data.notes.leaks import repeated_rows
from mlpdash.data.notes.one_column_scores import leaking_columns
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.number import Number
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from tests.lines_run import lines_run

ROWS = 400
random = np.random.default_rng(5)
PLAIN = pd.DataFrame({f"x{n}": random.normal(size=ROWS) for n in range(3)})
NUMBER = Number("", 0, mean=0, scale=1, typical=0, low=0, high=1)
CATEGORY = Category("", 0, typical=0, levels=("a",))
KIND = np.where(PLAIN["x0"] + random.normal(size=ROWS) > 0, "a", "b")


def notes(frame: pd.DataFrame, *targets: str) -> str:
    spec = DataSpec(validation=0.2, test=0.2, target=targets or ("y",))
    return " ".join(prepare(Table(frame, "own.csv"), spec).notes)


def test_rows_that_come_twice_are_counted_exactly() -> None:
    frame = pd.concat([PLAIN.assign(y=KIND)] * 2, ignore_index=True)
    spec = DataSpec(validation=0.2, test=0.2, target=("y",))
    found = prepare(Table(frame, "own.csv"), spec)
    held_out = np.concatenate([found.split.validation, found.split.test])
    rows = {n % ROWS for n in found.split.train.tolist()}
    expected = sum(n % ROWS in rows for n in held_out.tolist())
    assert repeated_rows(found.x, found.y, found.split) == expected > 100
    assert f"{expected} validation or test rows are also training rows" in " ".join(found.notes)


@pytest.mark.parametrize(
    "leak",
    [
        np.where(KIND == "a", 0.3, 7.9) + random.normal(size=ROWS) * 0.01,
        np.where(KIND == "a", "red", "blue"),
    ],
)
def test_a_column_that_knows_the_class_is_named(leak: np.ndarray) -> None:
    assert 'almost determines the target: "leak"' in notes(PLAIN.assign(leak=leak, y=KIND))


def test_a_column_that_knows_the_number_is_named() -> None:
    y = random.normal(size=ROWS)
    assert 'almost determines the target: "leak"' in notes(PLAIN.assign(leak=3 - 9 * y, y=y))


PRICE = np.exp(random.normal(12, 1, ROWS))


@pytest.mark.parametrize(
    "leak",
    [
        np.log(PRICE),
        -(PRICE**3),
        np.round(PRICE, -3),
        np.log(PRICE) + random.normal(size=ROWS) * 0.01,
    ],
)
def test_a_column_in_the_order_of_the_number_is_named(leak: np.ndarray) -> None:
    assert 'almost determines the target: "leak"' in notes(PLAIN.assign(leak=leak, y=PRICE))
    noisy = np.log(PRICE) + random.normal(size=ROWS) * 0.3
    assert "determines the target" not in notes(PLAIN.assign(noisy=noisy, y=PRICE))


def test_levels_that_know_the_number_are_named() -> None:
    city = random.integers(0, 12, ROWS)
    y = random.normal(size=12)[city] + random.normal(size=ROWS) * 0.01
    leak = pd.Series(city).map("town {}".format)
    assert 'almost determines the target: "leak"' in notes(PLAIN.assign(leak=leak, y=y))
    y = y + random.normal(size=ROWS)
    assert "determines the target" not in notes(PLAIN.assign(leak=leak, y=y))


def test_mostly_zeros_are_judged_by_the_rest() -> None:
    y = np.where(random.random(ROWS) < 0.9, 0.0, random.normal(5, 1, ROWS)).round(3)
    found = notes(PLAIN.assign(leak=y * 2 + random.normal(size=ROWS) * 1e-6, y=y))
    assert 'almost determines the target: "leak"' in found
    assert "determines the target" not in notes(PLAIN.assign(leak=y != 0, y=y))


@pytest.mark.parametrize(("rows", "every"), [(400, 33), (6_000, 33), (60_000, 1_500)])
def test_a_flag_of_a_rare_class_is_named(rows: int, every: int) -> None:
    fraud = np.arange(rows) % every == 0
    frame = pd.DataFrame({f"x{n}": random.normal(size=rows) for n in range(3)})
    y = np.where(fraud, "fraud", "fine")
    late = fraud ^ (random.random(rows) < 0.002)
    assert 'almost determines the target: "flag"' in notes(frame.assign(flag=late, y=y))
    assert 'almost determines the target: "flag"' in notes(
        frame.assign(flag=np.where(fraud, 9.5, 0) + frame["x0"], y=y)
    )
    often = fraud | (random.random(rows) < 0.2)
    assert "determines the target" not in notes(frame.assign(flag=often, y=y))
    assert "determines the target" not in notes(frame.assign(flag="always", y=y))


def test_a_gap_that_only_one_class_has_is_named() -> None:
    refund = np.where(KIND == "a", PLAIN["x2"], np.nan)
    assert 'almost determines the target: "refund"' in notes(PLAIN.assign(refund=refund, y=KIND))


def test_codes_of_classes_are_named_whatever_their_order() -> None:
    code = np.array([3, 7, 1, 9, 8])  # odd are the second and the fourth
    kind = random.integers(0, 5, ROWS)
    y = pd.Series(kind % 2).map({0: "even", 1: "odd"})
    assert 'almost determines the target: "code"' in notes(PLAIN.assign(code=code[kind], y=y))
    middle = np.where(KIND == "a", random.random(ROWS), random.choice([-2, 3], ROWS))
    middle = middle + random.random(ROWS) / 10
    assert 'almost determines the target: "middle"' in notes(PLAIN.assign(middle=middle, y=KIND))


def test_each_of_several_targets_is_judged() -> None:
    low, high = random.normal(size=(2, ROWS))
    frame = PLAIN.assign(copy=high**3, low=low, high=high)
    found = notes(frame, "low", "high")
    assert 'One column alone almost determines "high": "copy"' in found
    assert 'almost determines "low"' not in found


def test_several_columns_are_one_sentence() -> None:
    found = notes(PLAIN.assign(one=-PRICE, two=PRICE**2, y=PRICE))
    assert 'Each of these columns alone almost determines the target: "one", "two"' in found


def test_few_rows_and_one_input_are_judged_too() -> None:
    assert 'almost determines the target: "leak"' in notes(
        pd.DataFrame({"leak": PRICE**2, "y": PRICE})
    )
    few = PRICE[:24]
    assert 'almost determines the target: "leak"' in notes(
        pd.DataFrame({"leak": few * 2, "y": few})
    )
    assert "determines the target" not in notes(pd.DataFrame({"x": few[:6] * 2, "y": few[:6]}))


@pytest.mark.parametrize("rows", [6, 10, 16, 30, 60])
@pytest.mark.parametrize("columns", [1, 30, 3_000])
def test_noise_is_never_suspected(rows: int, columns: int) -> None:
    random = np.random.default_rng(rows * columns)
    targets = {
        "numbers": random.standard_cauchy((rows, 2)).astype(np.float32),
        "one": (np.arange(rows)[:, None] == 3).astype(np.float32),
        "two": np.arange(rows) % 2,
        "rare": (np.arange(rows) < 4).astype(np.int64),
    }
    for y in targets.values():
        for raw, one in (
            (random.standard_cauchy((rows, columns)), NUMBER),
            (random.integers(0, 2, (rows, columns)).astype(float), NUMBER),
            (random.integers(0, rows // 2, (rows, columns)).astype(float), CATEGORY),
        ):
            features = [replace(one, name=f"x{n}") for n in range(columns)]
            assert not any(leaking_columns(raw, y, features, np.arange(rows)))


def test_of_ten_thousand_columns_a_few_rows_are_looked_at_many_columns_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = random.normal(size=(1_000, 10_000))
    features = [replace(NUMBER, name=f"x{n}") for n in range(10_000)]
    raw[:, 77] = np.arange(1_000)
    look = partial(leaking_columns, raw, np.arange(1_000) // 500, features, np.arange(1_000))
    assert look() == [["x77"]]
    sizes, argsort = [], np.argsort

    def counted(values: Floats, axis: int = -1, kind: Any = None) -> Any:
        sizes.append(values.size)
        return argsort(values, axis, kind)

    monkeypatch.setattr(np, "argsort", counted)
    assert lines_run(look) < 10 * len(features)
    assert sum(sizes) < raw.size / 4


def test_honest_columns_are_not_suspected() -> None:
    assert "determines the target" not in notes(
        PLAIN.assign(y=KIND, c=random.choice(list("abc"), ROWS))
    )
    names = PLAIN.assign(y=KIND, c=[f"n{n % 150}" for n in range(ROWS)])
    assert "determines the target" not in notes(names)


@pytest.mark.parametrize("name", ["iris", "diabetes", "temperature"])
def test_no_column_of_the_samples_is_suspected(name: str) -> None:
    spec = starting_point(name).data
    found = prepare(load(spec), spec)
    assert leaking_columns(found.raw, found.y, found.features, found.split.train) == [[]]
    assert CATALOGUE[name].title


dealt = np.random.default_rng(8)


def coarse(rows: int) -> pd.DataFrame:
    """Return a table of few distinct rows, as people on a ship."""
    rank = dealt.integers(0, 4, rows)
    sex = dealt.integers(0, 2, rows)
    return pd.DataFrame(
        {
            "rank": np.array(["1st", "2nd", "3rd", "crew"])[rank],
            "sex": np.array(["f", "m"])[sex],
            "age": np.where(dealt.random(rows) < 0.1, "child", "adult"),
            "y": np.where(dealt.random(rows) < 0.2 + 0.5 * (1 - sex) - 0.05 * rank, "yes", "no"),
        }
    )


SURVEY = pd.DataFrame(dealt.integers(1, 4, (600, 5)), columns=list("abcde")).assign(
    y=dealt.integers(0, 2, 600)
)
COUNTS = pd.DataFrame({"x": dealt.integers(0, 15, 500), "y": dealt.integers(0, 15, 500) * 1.5})
LETTERS = pd.DataFrame(
    np.clip(dealt.normal(7, 1, (3000, 4)).round(), 0, 15), columns=list("abcd")
).assign(y=np.array(list("PQRS"))[dealt.integers(0, 4, 3000)])


@pytest.mark.parametrize("frame", [coarse(2000), coarse(200), SURVEY, COUNTS, LETTERS])
def test_rows_of_a_coarse_table_agree_by_chance(frame: pd.DataFrame) -> None:
    assert "also training rows" not in notes(frame)


@pytest.mark.parametrize("copied", [9, 40])
@pytest.mark.parametrize(
    "frame",
    [
        PLAIN.assign(y=KIND),
        coarse(ROWS).assign(weight=dealt.normal(70, 9, ROWS).round(2)),  # one fine column
        coarse(ROWS).assign(weight=np.arange(ROWS) * 17 % 4001),
        PLAIN.round(1).assign(y=dealt.normal(size=ROWS).round(2)),
    ],
)
def test_copies_are_told_also_beside_coarse_columns(frame: pd.DataFrame, copied: int) -> None:
    assert "also training rows" not in notes(frame)
    assert "also training rows" in notes(
        pd.concat([frame, *[frame[:copied]] * 3], ignore_index=True)
    )
