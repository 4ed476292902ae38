"""Columns that name a person or a thing with several rows each: left out, and told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.cures import cures_of
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.cured import cured

random = np.random.default_rng(2)
ROWS = 120
CODES = [13 + 4 * (n // 4) for n in range(ROWS)]  # 13, 13, 13, 13, 17, ...
BOTH_SIDES = "so scores say little about new ones"
LEFT_OUT = "identifier of a person or thing"


def prepared_of(name: str, cells: object, spec: DataSpec | None = None) -> Prepared:
    frame = pd.DataFrame({name: cells, "year": [1990 + n % 4 for n in range(ROWS)]})
    frame["size"], frame["price"] = random.normal(5, 1, (2, ROWS)).round(3)
    content = frame.to_csv(index=False).encode()
    return prepare(read_table(content, "own.csv"), spec or DataSpec(test=0.2))


def inputs(prepared: Prepared) -> list[str]:
    return [feature.name for feature in prepared.features]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("id", CODES),
        ("Subject", CODES),
        ("patient_id", CODES),
        ("firm", CODES),
        ("state", CODES),
        ("District", CODES),
        ("event", CODES),
        ("inst", CODES),
        ("nr", CODES),
        ("family id", CODES),
        ("distid", CODES),
        ("school", CODES),
        ("idperson", CODES),
        ("customer", [f"c{n // 4}" for n in range(ROWS)]),
        ("Household", random.permutation(CODES)),
        ("id", [None, *CODES[1:]]),
    ],
)
def test_repeated_ids_are_left_out_and_told_with_both_ways_out(name: str, cells: object) -> None:
    spec = DataSpec(test=0.2)
    prepared = prepared_of(name, cells)
    assert inputs(prepared) == ["year", "size"]
    left, sides = (
        next(note for note in prepared.told if words in str(note))
        for words in (LEFT_OUT, BOTH_SIDES)
    )
    (use,), (together,) = cures_of(left), cures_of(sides)
    used = prepared_of(name, cells, cured(spec, use))
    assert name in inputs(used)
    assert not any(LEFT_OUT in note for note in used.notes)
    grouped = prepared_of(name, cells, cured(spec, together))
    assert not any(BOTH_SIDES in note for note in grouped.notes)
    codes = pd.Series(list(cells)).fillna(-1).to_numpy()  # type: ignore[call-overload]
    assert not {*codes[grouped.split.train]} & {*codes[grouped.split.validation]}


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("station", [500 * (1 + n // 4) for n in range(ROWS)]),  # how far it is
        ("age", CODES),  # not called so
        ("paid", CODES),
        ("covid", CODES),
        ("acid", CODES),
        ("rank", CODES),
        ("row number", CODES),
        ("index", CODES),
        ("subject", [1, 2] * (ROWS // 2)),  # codes of two
        ("firm", [0.5 * n for n in CODES]),  # measured
        ("company", [f"brand {n % 4}" for n in range(ROWS)]),  # few words
        ("machine", [f"m{n % 2}" for n in range(ROWS)]),
    ],
)
def test_other_columns_stay(name: str, cells: object) -> None:
    prepared = prepared_of(name, cells)
    assert name in inputs(prepared)
    assert not any(LEFT_OUT in note or BOTH_SIDES in note for note in prepared.notes)


def test_ids_of_single_rows_are_names_of_rows_as_before() -> None:
    prepared = prepared_of("id", [3 * n for n in range(ROWS)])
    assert 'Left out as row identifiers: "id".' in prepared.notes


def test_the_only_column_to_learn_from_stays() -> None:
    text = "id,price\n" + "".join(f"{n // 4},{n * 7 % 31}.5\n" for n in range(ROWS))
    assert inputs(prepare(read_table(text.encode(), "own.csv"), DataSpec())) == ["id"]


def test_a_split_by_time_and_one_without_held_out_rows_have_no_sides() -> None:
    every = prepared_of("id", CODES, DataSpec(validation=0.0, test=0.0))
    assert not any(BOTH_SIDES in note for note in every.notes)
    assert any(LEFT_OUT in note for note in every.notes)


def test_an_id_that_is_chosen_as_target_or_category_is_used() -> None:
    assert prepared_of("id", CODES, DataSpec(target=("id",))).targets == ("id",)
    spec = DataSpec(preparation=DataSpec().preparation.with_column("id", kind="category"))
    assert "id" in inputs(prepared_of("id", CODES, spec))


def test_an_id_that_seldom_comes_twice_is_left_out_all_the_same() -> None:
    rows = [f"{n // 10 * 9 + min(n % 10, 8)},{n % 7}.5,{n % 11}.25" for n in range(60)]
    found = prepare(read_table(("id,x,y\n" + "\n".join(rows)).encode(), "x.csv"), DataSpec())
    assert [feature.column for feature in found.features] == ["x"]


@pytest.mark.parametrize("name", ["zipcode", "bcode", "cowcode2", "PLZ"])
def test_codes_are_categories_until_they_are_said_to_be_amounts(name: str) -> None:
    text = f"{name},x,y\n" + "".join(f"{9000 + n % 25},{n % 7}.5,{n % 11}.25\n" for n in range(75))
    spec, table = DataSpec(data="own"), read_table(text.encode(), "x.csv")
    found = prepare(table, spec)
    assert found.features[0].kind == "category"
    (note,) = [note for note in found.told if "called a code" in str(note)]
    (cure,) = cures_of(note)
    again = prepare(table, cured(spec, cure))
    assert again.features[0].kind == "number"
    assert not any("called a code" in text for text in again.notes)


def test_decimals_called_a_code_are_numbers() -> None:
    text = "code,x,y\n" + "".join(f"{n}.5,{n % 7}.5,{n % 11}.25\n" for n in range(40))
    assert prepare(read_table(text.encode(), "x.csv"), DataSpec()).features[0].kind == "number"
