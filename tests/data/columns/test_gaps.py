"""What counts as missing in a column beyond empty cells: marks such as ?, and chosen codes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import (
    Prepared,
    Preprocessor,
    prepared_to_json,
    preprocessor_from_json,
)
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation, Reading

ROWS = 120
MARKS = (
    *("?", "-", "--", ".", "..", "n/a", "N/A", "#N/A", "n.a.", "(blank)", "none", "NONE", "(none)"),
    *(
        "#DIV/0!",
        "#VALUE!",
        "\\N",
        "<null>",
        "[null]",
        "???",
        "—",
        "k.A.",
        "Null",
        "nil",
        "no data",
    ),
)


def csv(*cells: str, column: str = "work") -> bytes:
    """Return a table with a column whose cells repeat, and a target."""
    rows = (f"{n * 37 % 101},{cells[n % len(cells)]},{n / 7:.2f}\n" for n in range(ROWS))
    return f"age,{column},pay\n{''.join(rows)}".encode()


def prepared(
    content: bytes, *columns: ColumnChoice, words: Any = "missing", **choices: Any
) -> Prepared:
    preparation = Preparation(reading=Reading(words=words), columns=columns)
    return prepare(
        read_table(content, "x.csv", preparation.reading),
        DataSpec(preparation=preparation, **choices),
    )


def known_of(found: Prepared) -> Preprocessor:
    return preprocessor_from_json(prepared_to_json(found))


def levels(found: Prepared, name: str = "work") -> tuple[str, ...]:
    return next(f.levels for f in found.features if f.name == name)


def predicted(known: Preprocessor, text: str) -> list[list[float]]:
    rows = read_rows(text.encode(), "new.csv", known.features, known.text_format)
    return known.raw(rows.cells).tolist()


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_missing_in_a_column_of_text(mark: str) -> None:
    found = prepared(csv("private", "gov", mark, "self"))
    assert levels(found) == ("gov", "private", "self")
    assert np.isnan(found.raw[:, 1]).sum() == ROWS / 4
    told = " ".join(found.notes)
    assert mark in told
    assert "as missing" in told
    assert '"work"' in told
    known = known_of(found)
    (one, two) = predicted(known, f"age,work\n1,{mark}\n1,self\n")
    assert np.isnan(one[1])
    assert two[1] == 2


@pytest.mark.parametrize("mark", ["?", "-", ".", "n/a", "(blank)"])
def test_a_mark_is_no_class_of_the_target(mark: str) -> None:
    found = prepared(csv("private", "gov", mark), target=("work",))
    assert found.classes == ("gov", "private")
    assert len(found.x) == ROWS * 2 / 3
    assert "40 rows had no target" in " ".join(found.notes)


@pytest.mark.parametrize("mark", ["?", "-", ".", "none", "(blank)"])
def test_a_mark_is_missing_among_numbers_dates_and_booleans(mark: str) -> None:
    for cells in (["1.5", "2", "7"], ["2024-01-05", "2024-02-07", "2023-05-07"], ["yes", "no"]):
        found = prepared(csv(*cells * 2, mark))
        assert "is not a" not in " ".join(found.notes)
        assert "are not a" not in " ".join(found.notes)
        assert np.isnan(found.raw[:, 1]).sum() == ROWS // (2 * len(cells) + 1)
        again = known_of(found).raw(read_table(csv(*cells * 2, mark), "x.csv").frame)
        np.testing.assert_array_equal(again, found.raw)


def test_all_columns_are_told_in_one_note() -> None:
    rows = "".join(f"{'?ab'[n % 3]},{['-', 'c', 'd'][n % 3]},{n}\n" for n in range(60))
    told = [n for n in prepared(f"p,q,y\n{rows}".encode()).notes if "contain" in n]
    assert told == [
        '40 cells contain "-", "?" and count as missing: "p", "q". If that is a value, set '
        '"NA, null, None" to "are values".'
    ]


@pytest.mark.parametrize("mark", ["?", "-", ".", "(blank)"])
def test_marks_are_values_where_that_was_chosen_for_the_table_or_for_the_column(mark: str) -> None:
    content = csv("private", "gov", mark, "self")
    for found in (
        prepared(content, words="keep"),
        prepared(content, ColumnChoice(name="work", words="keep")),
    ):
        assert set(levels(found)) == {"gov", "private", "self", mark}
        assert "as missing" not in " ".join(found.notes)
        known = known_of(found)
        (one,) = predicted(known, f"age,work\n1,{mark}\n")
        assert one[1] == levels(found).index(mark)


def test_a_rare_mark_that_is_a_value_is_one_of_the_rest_at_prediction_too() -> None:
    choice = ColumnChoice(name="work", words="keep", levels=2)
    found = prepared(csv("private", "private", "gov", "gov", "self", "?"), choice)
    assert levels(found) == ("gov", "private", "other")
    assert predicted(known_of(found), "age,work\n1,?\n") == [[1, 2]]


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["+", "-"], "-"),  # strand of a gene
        (["+", "-", "."], "-"),
        (["++", "+", "0", "-", "--"], "--"),
        (["+/-", "+", "-"], "-"),
        (["mild", "severe", "none"], "none"),
        (["none", "basic", "full"], "none"),
        (["None", "Low", "High"], "None"),
        (["none", "1-2 times", "many"], "none"),
        (["none", "1 to 5", "more than 10"], "none"),
        (["none", "enriched", "100%"], "none"),
        (["***", "**", "*", "."], "."),  # marks of significance
        (["crack", "none"], "none"),
        (["x", "-"], "-"),
    ],
)
def test_a_mark_that_belongs_to_the_other_values_is_one(cells: list[str], mark: str) -> None:
    assert mark in levels(prepared(csv(*cells)))
    assert mark in prepared(csv(*cells), target=("work",)).classes


def test_a_dot_beside_strands_is_missing() -> None:
    assert levels(prepared(csv("+", "-", "."))) == ("+", "-")


def test_a_mark_that_would_be_a_value_can_be_missing() -> None:
    choice = ColumnChoice(name="work", words="missing")
    assert levels(prepared(csv("mild", "severe", "none"), choice)) == ("mild", "severe")


@pytest.mark.parametrize(
    "cells",
    [
        ["Na", "K", "Ca"],
        ["nd", "sd", "mn"],
        ["unknown", "private", "gov"],
        ["a?", "b", "c"],
        ["no", "maybe", "often"],
        ["*", "a", "b"],
        ["0", "A", "B"],
        ["missing", "found", "dead"],
    ],
)
def test_what_is_a_value_stays_one(cells: list[str]) -> None:
    assert sorted(levels(prepared(csv(*cells)))) == sorted(cells)


def test_codes_that_were_chosen_are_missing_in_every_kind_of_column() -> None:
    days = [f"2024-01-{n % 28 + 1:02}" if n % 3 else "9999-12-31" for n in range(ROWS)]
    frame = pd.DataFrame(
        {
            "whole": [n % 50 if n % 4 else -999 for n in range(ROWS)],
            "size": [n / 8 if n % 5 else 99.0 for n in range(ROWS)],
            "text": [["a", "b", "unknown", "9"][n % 4] for n in range(ROWS)],
            "day": days,
            "y": [n % 7 + n / 10 for n in range(ROWS)],
        }
    )
    content = frame.to_csv(index=False).encode()
    choices = {"whole": ("-999",), "size": ("99", "-1"), "text": ("unknown", "9")}
    choices |= {"day": ("9999-12-31",)}
    found = prepared(content, *(ColumnChoice(name=n, missing_codes=c) for n, c in choices.items()))
    gaps = np.isnan(found.raw).sum(0)
    assert [gaps[n] for n in range(4)] == [ROWS / 4, ROWS / 5, ROWS / 2, ROWS / 3]
    assert (found.features[0].low, found.features[1].high) == (0, 119 / 8)
    assert found.features[2].levels == ("a", "b")
    known = known_of(found)
    np.testing.assert_array_equal(known.raw(read_table(content, "x.csv").frame), found.raw)
    (cells,) = predicted(known, "whole,size,text,day\n-999.0,99,unknown,9999-12-31\n")
    assert np.isnan(cells).all()
    assert "as you chose" in " ".join(found.notes)


def test_codes_of_the_target_leave_out_rows() -> None:
    content = csv("1", "2", "3", "-9")
    found = prepared(content, ColumnChoice(name="work", missing_codes=("-9",)), target=("work",))
    assert found.classes == ("1", "2", "3")
    assert len(found.x) == ROWS * 3 / 4


def test_parquet_is_read_by_the_same_list() -> None:
    frame = pd.read_csv(io.BytesIO(csv("private", "gov", "?", "self")))
    assert levels(prepared(frame.to_parquet())) == ("gov", "private", "self")


def test_a_choice_of_the_version_before_has_no_codes() -> None:
    old = Preparation.model_validate_json('{"columns":[{"name":"a","kind":"number"}]}')
    assert (old.columns[0].missing_codes, old.columns[0].words) == ((), "auto")


def test_na_is_a_value_in_the_column_for_which_that_was_chosen() -> None:
    lands, homes = ("DE", "NA", "FR"), ("a", "NA", "b")
    rows = "".join(f"{lands[n % 3]},{homes[n % 3]},{n}\n" for n in range(60))
    choice = ColumnChoice(name="land", words="keep")
    table = read_table(f"land,home,y\n{rows}".encode(), "x.csv", None, ["land"])
    found = prepare(table, DataSpec(preparation=Preparation(columns=(choice,))))
    assert (levels(found, "land"), levels(found, "home")) == (("DE", "FR", "NA"), ("a", "b"))
    assert '20 cells in "home" contain "NA"' in " ".join(found.notes)
    (one,) = predicted(known_of(found), "land,home\nNA,NA\n")
    assert one[0] == 2
    assert np.isnan(one[1])
