"""Blanks around text do not make other values of it."""

from __future__ import annotations

import pandas as pd

from mlpdash.data.prepare import prepare
from mlpdash.data.reading.blanks import stripped
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Reading


def rows(*cells: str) -> bytes:
    text = "x,y,z\n" + "".join(f"{n % 7},{cells[n % len(cells)]},{n % 5}\n" for n in range(40))
    return text.encode()


def test_padded_classes_are_the_same_classes_and_it_is_said() -> None:
    table = read_table(rows("up", "down", "up ", "\u00a0down"), "x.csv")
    assert set(table.frame["y"]) == {"up", "down"}
    assert 'so "up " is the same as "up": "y".' in " ".join(table.notes)
    assert prepare(table, DataSpec(target=("y",))).classes == ("down", "up")


def test_nothing_is_said_where_no_values_become_one() -> None:
    table = read_table(rows("up ", "down "), "x.csv")
    assert set(table.frame["y"]) == {"up", "down"}
    assert table.notes == ()


def test_padded_postcodes_keep_their_zeros() -> None:
    table = read_table(rows("01067 ", "01069 ", "99999 "), "x.csv")
    prepared = prepare(table, DataSpec(target=("z",)))
    feature = next(f for f in prepared.features if f.name == "y")
    assert feature.levels == ("01067", "01069", "99999")
    assert 'Leading zeros were kept, so these are categories, not numbers: "y".' in prepared.notes


def test_quoted_blanks_before_a_zero_do_not_make_a_number() -> None:
    found = read_table(rows('" 01067"', '" 01069"'), "x.csv").frame["y"]
    assert set(found) == {"01067", "01069"}


def test_cells_of_nothing_but_blanks_are_missing() -> None:
    table = read_table(rows("up", "down", "\u00a0", "NA "), "x.csv")
    assert table.frame["y"].isna().sum() == 20
    kept = read_table(rows("up", "down", "NA "), "x.csv", Reading(words="keep"))
    assert set(kept.frame["y"]) == {"up", "down", "NA"}


def test_numbers_and_clean_text_stay_as_they_are() -> None:
    frame = pd.DataFrame({"x": [1, 2], "text": ["a b", None]})
    assert stripped(frame)[0] is frame
