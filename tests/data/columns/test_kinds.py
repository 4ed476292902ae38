"""How the text of a column is read, what is said about it, and choices that fit nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.cells.cells import dates
from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.kinds import profile_column
from mlpdash.data.columns.profile import ColumnProfile
from mlpdash.data.notes.remarks import about_columns
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import prepared_to_json, preprocessor_from_json
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

ROWS = 60
DAYS = pd.date_range("2023-01-05 03:05", periods=ROWS, freq="31h")


def seen(cells: Any, decimal: Any = ".", **choices: Any) -> ColumnProfile:
    values = pd.Series(list(cells), name="c")
    return profile_column(values, ColumnChoice(name="c", **choices), decimal)


def notes_on(cells: Any, **choices: Any) -> list[str]:
    """Return what is said of a column "c", learned from or not."""
    table = table_of(cells)
    columns = (ColumnChoice(name="c", **choices),) if choices else ()
    spec = DataSpec(preparation=Preparation(columns=columns))
    notes = about_columns(table, find_columns(table, spec), spec)[1:]  # without the target's
    return [note for note in map(str, notes) if '"c"' in note]


def table_of(cells: Any) -> Table:
    repeated = [cells[n % len(cells)] for n in range(ROWS)]
    more = {"x": [n % 7 for n in range(ROWS)], "y": ["up", "down"] * (ROWS // 2)}
    return Table(pd.DataFrame({"c": repeated, **more}), "x.csv")


@pytest.mark.parametrize(
    "form",
    [
        *("%Y-%m-%d %I:%M %p", "%d.%m.%Y %H:%M +02:00", "%d-%b-%y", "%d %b %Y", "%b %d, %Y"),
        *("%a, %d %b %Y", "%A, %d.%m.%Y", "%a %b %d %H:%M:%S %Y", "%d%b%Y", "%Y-%m", "%b-%y"),
        *("%d/%b/%Y:%H:%M:%S +0000", "%Y/%m/%d %H:%M"),
    ],
)
def test_dates_are_dates(form: str) -> None:
    found = seen(DAYS.strftime(form))
    assert (found.kind, found.unfit) == ("date", 0)


def test_dates_in_other_languages_are_dates() -> None:
    assert seen([f"{n % 28 + 1} février 2023" for n in range(ROWS)]).kind == "date"
    assert seen([f"{n % 28 + 1}. März 2023" for n in range(ROWS)]).kind == "date"


def test_what_only_looks_like_dates_stays_text() -> None:
    assert seen(["2010-11", "2009-10", "2011-12"] * 20).kind == "category"  # seasons
    assert seen(["2024-13-45", "2024-44-01", "2023-77-12"] * 20).kind == "category"
    assert seen(["March", "May", "June"] * 20).kind == "category"
    assert seen(["May 24", "May 25"] * 20).kind == "category"
    assert seen([f"SET-{n % 20:02}" for n in range(ROWS)]).kind == "category"


def test_iso_and_day_first_dates_are_read_in_one_column() -> None:
    cells = [day.strftime(["%Y-%m-%d", "%d/%m/%Y"][n % 2]) for n, day in enumerate(DAYS)]
    frame = pd.DataFrame({"c": cells, "x": range(ROWS), "y": ["up", "down"] * (ROWS // 2)})
    found = find_columns(Table(frame, "x.csv"), DataSpec())
    assert found.frame["c"].tolist() == DAYS.normalize().tolist()


def test_an_offset_from_utc_is_told_and_utc_itself_is_not() -> None:
    told = 'Times with an offset from UTC were converted to UTC: "c".'
    mixed = [f"{day:%Y-%m-%dT%H:%M}{'+01:00' if n % 2 else '+02:00'}" for n, day in enumerate(DAYS)]
    assert told in notes_on(mixed)
    assert told in notes_on([f"{day:%d.%m.%Y %H:%M} +02:00" for day in DAYS])
    assert notes_on([f"{day:%Y-%m-%dT%H:%M}Z" for day in DAYS]) == []


def test_numbers_like_20230105_are_offered_as_dates() -> None:
    cells = [int(day) for day in DAYS.strftime("%Y%m%d")]
    assert 'such as 20230105; choose "date" if they are' in notes_on(cells)[0]
    found = find_columns(
        table_of(cells),
        DataSpec(preparation=Preparation(columns=(ColumnChoice(name="c", kind="date"),))),
    )
    assert found.frame["c"].tolist() == DAYS.normalize().tolist()
    assert seen([20_000_000 + 7 * n for n in range(ROWS)]).doubts == ()


@pytest.mark.parametrize(
    "forms",
    [
        *(("%d.%m.%Y %H:%M",), ("%m/%d/%y %I:%M %p", "%Y-%m-%d %H:%M")),
        *(("%d %b %Y %H:%M:%S", "%b %d, %Y %H:%M"), ("%Y-%m-%d %I:%M %p",)),
    ],
)
def test_many_dates_are_read_like_few(forms: tuple[str, ...]) -> None:
    many = pd.date_range("2023-01-05 03:05", periods=3_000, freq="317min")
    cells = [day.strftime(forms[n % len(forms)]) for n, day in enumerate(many)]
    cells[7] = "31.02.2024 10:00"
    found = profile_column(pd.Series(cells), ColumnChoice(name="c"), ".")
    assert (found.kind, found.unfit, found.first[0]) == ("date", 1, 8)
    at_once = dates(pd.Series(cells), found.form)
    few = [dates(pd.Series([cell]), found.form)[0] for cell in cells[:200]]
    np.testing.assert_array_equal(at_once[:200], few)
    assert at_once[-1] == np.datetime64(many[-1])


@pytest.mark.parametrize(
    "cells",
    [
        [int(day) for day in DAYS.strftime("%Y%m%d")],
        [1_672_876_800 + 86_400 * n for n in range(ROWS)],
        [1_672_876_800_000 + 86_400_000 * n for n in range(ROWS)],
    ],
)
def test_a_date_of_numbers_is_read_again_in_prediction(cells: list[int]) -> None:
    columns = (ColumnChoice(name="c", kind="date"),)
    table = table_of(cells)
    prepared = prepare(table, DataSpec(preparation=Preparation(columns=columns)))
    assert {f.name for f in prepared.features} >= {"c: month", "c: weekday"}
    again = preprocessor_from_json(prepared_to_json(prepared))
    np.testing.assert_array_equal(again.x(table.frame), prepared.x)
    as_text = table.frame.assign(c=table.frame["c"].astype(str).astype("str"))
    np.testing.assert_array_equal(again.x(as_text), prepared.x)


def test_times_of_day_are_hours_and_it_is_said() -> None:
    table = table_of(["14:30", "07:15", "00:00"])
    prepared = prepare(table, DataSpec())
    assert 'Times were read as hours, so 14:30 is 14.5: "c".' in prepared.notes
    feature = next(f for f in prepared.features if f.name == "c")
    assert (feature.kind, feature.low, feature.high) == ("number", 0, 14.5)
    again = preprocessor_from_json(prepared_to_json(prepared))
    np.testing.assert_array_equal(again.x(table.frame), prepared.x)


def test_times_of_day_can_be_predicted() -> None:
    spec = DataSpec(target=("c",))
    cells = [f"{n % 24:02}:{n:02}" for n in range(ROWS)]
    assert find_columns(table_of(cells), spec).task == "regression"


def test_scores_are_no_times() -> None:
    assert seen(["3:2", "1:0", "2:2"] * 20).kind == "category"
    assert seen(["99:30", "31:28", "40:12"] * 20).kind == "category"


@pytest.mark.parametrize(
    ("cells", "kind", "words"),
    [
        (["x", "y", "z"], "date", 'No cell of "c" is a date'),
        ([1, 2, 3], "date", 'No cell of "c" is a date'),
        (["x", "y", "z"], "number", 'No cell of "c" is a number'),
        (["2024-01-05", "2024-02-06"], "number", 'No cell of "c" is a number'),
        (["Ulm", "Bonn", "Jena"], "boolean", '"c" does not hold yes and no'),
        ([1, 2, 3], "boolean", '"c" does not hold yes and no'),
    ],
)
def test_a_kind_that_fits_no_cell_is_told_and_not_followed(
    cells: list[Any], kind: Any, words: str
) -> None:
    assert words in " ".join(notes_on(cells, kind=kind))
    assert seen(cells * 20, kind=kind).kind == seen(cells * 20).kind


def test_a_choice_that_is_not_followed_is_told_of_a_column_that_is_left_out_too() -> None:
    names = [f"name {n}" for n in range(ROWS)]
    assert 'No cell of "c" is a number, so it was not read as one.' in notes_on(
        names, kind="number"
    )


def test_a_decimal_mark_for_a_column_of_words_is_not_followed() -> None:
    assert 'No cell of "c" is a number' in " ".join(notes_on(["x", "y"], decimal="comma"))
    assert "changes nothing" in " ".join(notes_on([1.5, 2.5], decimal="comma"))
    assert notes_on([1.5, 2.5], decimal="point") == []


def test_a_column_like_an_id_can_be_chosen_as_numbers() -> None:
    frame = pd.Series([f"${n:,}" for n in range(1000, 1060)], name="Order ID")
    assert profile_column(frame, ColumnChoice(name="c"), ".").kind == "identifier"
    assert profile_column(frame, ColumnChoice(name="c", kind="number"), ".").kind == "number"


def test_numbers_of_several_units_are_pointed_out() -> None:
    assert 'different units, "€", "£", "$", and were' in notes_on(["$5", "€7", "£3"])[1]
    assert 'different units, "%", "none", and were' in notes_on(["45 %", "0.45", "0.5"])[1]
    assert len(notes_on(["$5", "7", "$3"])) == 1
    assert len(notes_on(["45 %", "0.45 %", "0.5%"])) == 1


def test_the_decimal_mark_is_named() -> None:
    assert "numbers with a decimal comma" in notes_on(["0,750", "0,125", "1,250"])[0]
    assert "numbers with a decimal point" in notes_on(["$5.50", "$1.25"])[0]


@pytest.mark.parametrize(("decimal", "first"), [(",", 1234), (".", 1.234)])
def test_a_mark_that_can_mean_both_is_read_as_elsewhere_and_told(
    decimal: Any, first: float
) -> None:
    cells = pd.Series(["1.234", "999", "12.500"] * 20, name="c")
    found = profile_column(cells, ColumnChoice(name="c"), decimal)
    assert (found.form, found.doubts, found.examples) == (
        f"decimal {decimal}",
        ("mark",),
        ("1.234",),
    )
    frame = table_of(["1.234", "999", "12.500"]).frame
    columns = find_columns(Table(frame, "x.csv", decimal=decimal), DataSpec())
    assert columns.frame["c"].iloc[0] == first
    chosen = profile_column(cells, ColumnChoice(name="c", decimal="point"), decimal)
    assert chosen.form == "decimal ."
    assert seen(["1.234", "1.5"] * 20).doubts == ()


def test_north_and_south_are_not_yes_and_no() -> None:
    assert seen(["N", "S"] * 20).kind == "category"
    assert seen(["N", "S"] * 20, kind="boolean").kind == "boolean"
    assert seen(["Y", "J", "N"] * 20).kind == "category"
    assert seen(["Y", "N"] * 20).kind == "boolean"
    assert seen(["S", "N", "sim"] * 20).kind == "boolean"
    assert seen(["yes", "ja", "no", "nein"] * 20).kind == "boolean"


CHROMOSOMES = [*map(str, range(1, 23)), "X", "Y"]
AGES = [*map(str, range(45, 65)), "65+"]
MEASURED = [f"{n / 7:.3f}" for n in range(36)]
WRITTEN = [f"about {n}" for n in range(24)]


@pytest.mark.parametrize(
    "cells", [CHROMOSOMES * 3, ["K", *map(str, range(1, 13))] * 3, [*AGES, "65+"], ["a", "b"] * 9]
)
def test_a_word_that_comes_back_among_few_values_makes_a_category(cells: list[str]) -> None:
    assert seen(cells).kind == "category"
    assert seen(cells, kind="category").kind == "category"


def test_a_word_may_come_back_late() -> None:
    numbers = [str(n % 20) for n in range(2_500)]
    assert seen([*numbers, "x"]).kind == "number"
    assert seen([*numbers, "x", *numbers, "x"]).kind == "category"


def test_names_of_which_some_come_back_are_categories() -> None:
    names = [f"name {n}" for n in range(28)]
    assert seen(names).kind == "identifier"
    assert seen([*names, "name 3"]).kind == "category"
    assert seen([*names, "name 28", "name 29", "name 30", "name 3"]).kind == "identifier"


def test_ranges_are_levels_in_the_order_of_their_numbers() -> None:
    prepared = prepare(table_of(["65+", "100+", "<5", "5-9", "10-14"]), DataSpec())
    feature = next(f for f in prepared.features if f.name == "c")
    assert feature.levels == ("<5", "5-9", "10-14", "65+", "100+")
    again = preprocessor_from_json(prepared_to_json(prepared))
    assert again == prepared.preprocessor


@pytest.mark.parametrize("mark", ["?", "-", "--", ".", "n.a.", "(blank)", "none"])
def test_a_mark_that_nothing_is_there_is_no_word(mark: str) -> None:
    found = seen([*map(str, range(1, 11)), mark] * 5)
    assert (found.kind, found.unfit, found.doubts) == ("number", 5, ())
    assert seen(["1", "2", "3", mark] * 5).kind == "number"
    assert seen(["private", "state", mark] * 5).kind == "category"


def test_a_word_that_comes_once_is_missing_and_told() -> None:
    found = seen(["about 5", *MEASURED])
    assert (found.kind, found.unfit, found.first) == ("number", 1, (1, "about 5"))
    assert seen(["about 5", *map(str, range(1, 20))]).kind == "number"


def test_a_column_with_more_numbers_than_text_is_a_number_until_the_person_decides() -> None:
    cells = [*MEASURED, *WRITTEN]
    found = seen(cells)
    assert (found.kind, found.unfit, found.doubts) == ("number", 24, ("asked",))
    told = " ".join(notes_on(cells))
    assert '"c" has numbers and text; it is used as a number' in told
    assert 'In "c" 24 cells are not a number and count as missing' in told
    assert seen(cells, kind="number").doubts == ()
    assert "has numbers and text" not in " ".join(notes_on(cells, kind="category"))
    assert seen(cells, kind="category").kind == "category"


def test_a_column_with_less_numbers_than_text_is_text() -> None:
    assert seen([*MEASURED[:20], *WRITTEN]).kind == "identifier"
    assert seen([*MEASURED[:20], *WRITTEN] * 2).kind == "category"


def test_few_values_with_words_that_come_back_are_text_and_it_is_told() -> None:
    told = " ".join(notes_on(["1", "2.5", "x"]))
    assert '"c" has numbers and text; it is used as text' in told


def test_codes_with_leading_zeros_stay_text_among_words() -> None:
    assert seen(["01234", "99999", "00501", "abroad"] * 5).kind == "category"
    assert seen([f"{n:05}" for n in range(400, 460)]).doubts == ("zeros",)


@pytest.mark.parametrize(
    "cells",
    [
        ["PK", "K", *map(str, range(1, 13))] * 3,
        ["G", "1", "2", "3"] * 5,
        [*map(str, range(36, 41)), "M", "L"] * 3,
        ["1", "2", "3", "4", "studio"] * 4,
        ["1", "2", "7", "7A", "12X"] * 4,
        [*map(str, range(1000, 1117)), "c168", "c203", "c168"] * 2,  # stations
        [*map(str, range(100, 160)), "100a", "101b"] * 3,  # subjects
    ],
)
def test_numbers_of_things_with_a_word_among_them_are_categories(cells: list[str]) -> None:
    assert seen(cells).kind == "category"


@pytest.mark.parametrize(
    "cells",
    [
        [*map(str, range(18, 90)), "25a"] * 1,  # a slip
        [f"{n / 8:.3f}" for n in range(200)] + ["about 5"] * 2,
        [*map(str, range(100)), "n/a", "?"] * 3,
    ],
)
def test_slips_among_many_numbers_are_missing(cells: list[str]) -> None:
    assert seen(cells).kind == "number"


@pytest.mark.parametrize(
    "ordered",
    [
        ("<5", "5-9", "10-14", "65+"),
        ("under 18", "18-24", "25-34", "35 and over"),
        ("< 1 year", "1 year", "2 years", "10+ years"),
        ("0-6 months", "6-12 months", "1-2 years", "more than 2 years"),
        ("none", "1 to 5", "6 to 10", "more than 10"),
        ("$0-$20k", "$20k-$50k", "$50k+"),
        ("1", "2", "3", "4", "5+"),
    ],
)
def test_classes_that_are_ranges_are_in_the_order_of_their_numbers(
    ordered: tuple[str, ...],
) -> None:
    table = table_of(sorted(ordered))
    assert prepare(table, DataSpec(target=("c",))).classes == ordered
    feature = next(f for f in prepare(table, DataSpec(target=("y",))).features if f.name == "c")
    assert feature.levels == ordered
