"""Numbers, dates, and yes and no as people write them, against cells worked by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.data.cells import date_text, number_text
from mlpdash.data.cells.cells import dates, numbers, texts
from mlpdash.data.cells.yes_no import are_yes_and_no
from mlpdash.data.columns.kinds import profile_column
from mlpdash.specs.preparation import ColumnChoice


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234.50", ".", 1234.5),
        ("1.234,50", ",", 1234.5),
        ("$1,234", ".", 1234),
        ("1 234,5 €", ",", 1234.5),
        ("1\u202f234,5", ",", 1234.5),
        ("1'234.5", ".", 1234.5),
        ("1’234.5", ".", 1234.5),
        ("12 %", ".", 12),
        ("−3.5", ".", -3.5),
        ("(3.5)", ".", -3.5),
        ("($3.50)", ".", -3.5),
        ("-$3", ".", -3),
        ("3-", ".", -3),
        ("12,34,567", ".", 1234567),
        ("CHF 9.90", ".", 9.9),
        ("1e3", ".", 1000),
        (".5", ".", 0.5),
        ("1,23", ".", None),
        ("1.2.3", ".", None),
        ("1,234,5", ".", None),
        ("12 34", ".", None),
        ("-(3)", ".", None),
        ("$", ".", None),
        ("1-2", ".", None),
        ("", ".", None),
        ("abc", ".", None),
    ],
)
def test_numbers(text: str, decimal: number_text.Decimal, value: float | None) -> None:
    assert number_text.parse(text, decimal) == value


@given(value=st.floats(-1e12, 1e12), places=st.integers(0, 4))
def test_what_is_written_with_separators_reads_back(value: float, places: int) -> None:
    text = f"{value:,.{places}f}"
    assert number_text.parse(text, ".") == float(text.replace(",", ""))
    turned = text.translate(str.maketrans(",.", ".,"))
    assert number_text.parse(turned, ",") == float(text.replace(",", ""))


def test_the_decimal_mark_is_what_most_cells_speak_for() -> None:
    assert number_text.decimal_of(["1.234,5", "1,5"], ".") == ","
    assert number_text.decimal_of(["1,234.5", "7"], ",") == "."
    assert number_text.decimal_of(["1,234", "5,678"], ".") == "."
    assert number_text.decimal_of(["1,234", "5,678"], ",") == ","
    assert number_text.decimal_of(["0,750", "1,250"], ".") == ","
    assert number_text.parse("0,750", ".") is None
    assert number_text.parse("0.750", ",") is None


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("31.12.2024", "dmy", (2024, 12, 31)),
        ("12/31/2024", "mdy", (2024, 12, 31)),
        ("1-2-99", "dmy", (1999, 2, 1)),
        ("3 Mar 2024", "dmy", (2024, 3, 3)),
        ("Dec 5, 2024", "mdy", (2024, 12, 5)),
        ("5. Oktober 2024", "dmy", (2024, 10, 5)),
        ("5-Jan-24", "dmy", (2024, 1, 5)),
        ("Mon, 05 Jan 2024", "mdy", (2024, 1, 5)),
        ("Do., 4.1.2024", "dmy", (2024, 1, 4)),
        ("mar 5 mar 2024", "dmy", (2024, 3, 5)),
        ("Mar 5, 2024", "dmy", (2024, 3, 5)),
        ("1er février 2023", "dmy", (2023, 2, 1)),
        ("5 de enero de 2024", "dmy", (2024, 1, 5)),
        ("lunedì 8 gennaio 2024", "dmy", (2024, 1, 8)),
        ("January 5th, 2024", "dmy", (2024, 1, 5)),
        ("05JAN2024", "dmy", (2024, 1, 5)),
        ("Sept. 2024", "dmy", (2024, 9, 1)),
        ("2024-02-01", "mdy", (2024, 2, 1)),
        ("2024/2/1", "dmy", (2024, 2, 1)),
        ("1/2/2024", "iso", None),
        ("May 24", "dmy", None),
        ("5. Brumaire 2024", "dmy", None),
        ("31.02.2024", "dmy", None),
        ("13/13/2024", "mdy", None),
        ("soon", "dmy", None),
    ],
)
def test_dates(text: str, order: date_text.Order, expected: tuple[int, int, int] | None) -> None:
    found = date_text.parse(text, order)
    assert found == (datetime.datetime(*expected) if expected else None)


def test_times_of_day() -> None:
    assert date_text.parse("1/2/2024 3:04 pm", "mdy") == datetime.datetime(2024, 1, 2, 15, 4)
    assert date_text.parse("1/2/2024 12:04 AM", "mdy") == datetime.datetime(2024, 1, 2, 0, 4)
    assert date_text.parse("1/2/2024 13:04 pm", "mdy") is None
    moment = datetime.datetime(2024, 1, 5, 9, 30)
    for text in (
        *("2024-01-05 9:30 AM", "2024-01-05T11:30+02:00", "Fri Jan 5 09:30:00 2024"),
        *("5.1.2024, 9:30 Uhr", "Fri Jan 05 2024 10:30:00 GMT+0100 (CET)"),
        *("Fri Jan 05 09:30:00 +0000 2024", "05/Jan/2024:04:30:00 -0500"),
    ):
        assert date_text.parse(text, "dmy") == moment
    assert date_text.parse("5.1.2024 9:30 +25:00", "dmy") is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        *(("14:30", 14.5), ("00:00", 0), ("3 pm", 15), ("12:15 AM", 0.25), ("9:30 Uhr", 9.5)),
        *(("36:15:36", 36.26), ("12:60", None), ("13 pm", None), ("10", None), ("3:2", None)),
    ],
)
def test_hours(text: str, hours: float | None) -> None:
    found = date_text.hours_of(text)
    assert found == (hours if hours is None else pytest.approx(hours))


def test_moments_of_numbers() -> None:
    found = date_text.moments_of(
        np.array(
            [20240229, 20230229, 2023, 1704067200, 1704067200000, 5, -20240229, np.nan, np.inf]
        )
    )
    day, year, new_year = "2024-02-29", "2023-01-01", "2024-01-01"
    expected = [day, "NaT", year, new_year, new_year, *["NaT"] * 4]
    np.testing.assert_array_equal(found, np.array(expected, "datetime64[us]"))


@pytest.mark.parametrize(
    ("texts", "order", "is_open"),
    [
        (["2024-01-05", "2024-12-31"], "iso", False),
        (["31/12/2024", "01/02/2024"], "dmy", False),
        (["12/31/2024", "01/02/2024"], "mdy", False),
        (["01/02/2024", "03/04/2024"], "mdy", True),
        (["01.02.2024", "03.04.2024"], "dmy", True),
        (["5 Jan 2024", "Jan 6, 2024"], "iso", False),
        (["2024-01-05", "2024-01-06", "01/31/2024"], "mdy", False),
    ],
)
def test_the_order_of_dates(texts: list[str], order: str, is_open: bool) -> None:
    assert date_text.order_of(texts) == (order, is_open)


def test_an_open_order_can_be_chosen() -> None:
    cells = pd.Series(["01/02/2024", "03/04/2024"] * 9, name="d")
    assert profile_column(cells, ColumnChoice(name="d"), ".").form == "dates mdy"
    assert profile_column(cells, ColumnChoice(name="d", order="day first"), ".").form == "dates dmy"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["Ja", "NEIN "], True),
        (["oui", "non"], True),
        (["да", "нет"], True),
        (["t", "f"], True),
        (["yes", "y"], False),
        (["yes", "no", "maybe"], False),
        (["m", "f"], False),
        (["N", "S"], False),
        (["y", "j", "n"], False),
        (["s", "não"], True),
        (["yes", "ja", "no", "nein"], True),
    ],
)
def test_yes_and_no(levels: list[str], expected: bool) -> None:
    assert are_yes_and_no(levels) == expected


def test_a_form_reads_each_cell() -> None:
    cells = pd.Series(["1.234,5 €", None, "x", "(2)"])
    assert numbers(cells, "decimal ,").tolist() == pytest.approx(
        [1234.5, np.nan, np.nan, -2], nan_ok=True
    )


@pytest.mark.parametrize("kind", ["str", "object"])
def test_text_is_told_without_blanks_and_a_missing_cell_is_none(kind: str) -> None:
    cells = pd.Series([" a", None, "b", "a ", "a"], dtype=kind)
    assert texts(cells).tolist() == ["a", None, "b", "a", "a"]


def test_iso_dates_with_other_marks_or_fewer_digits_are_read_beside_usual_ones() -> None:
    days = ["2024-01-05", "2024/1.5", " 2024.01.05"]
    hours = ["2024-1-5 10", "2024.01/5T10"]
    found = dates(pd.Series([*days, *hours, "2024/13/5", None, "soon"], dtype="str"))
    day, hour = np.datetime64("2024-01-05"), np.datetime64("2024-01-05T10")
    expected = [*[day] * 3, *[hour] * 2, *[np.datetime64("NaT")] * 3]
    np.testing.assert_array_equal(found, np.array(expected, "datetime64[ns]"))
