"""Quarters, months, weeks and years are times, not names of rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from mlpdash.data.cells.cells import dates
from mlpdash.data.cells.period_text import parse, period_form
from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

YEARS = range(1986, 2002)
QUARTERS = [(year, quarter) for year in YEARS for quarter in range(1, 5)]
MONTHS = [(year, month) for year in range(1994, 2004) for month in range(1, 13)]
WEEKS = [(year, week) for year in (2023, 2024) for week in range(1, 53)]
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def first_of(year: int, month: int) -> np.datetime64:
    return np.datetime64(datetime.datetime(year, month, 1), "ns")


def csv(cells: Sequence[str]) -> bytes:
    rows = (f'"{cell}",{n * 37 % 101},{n / 7:.2f}\n' for n, cell in enumerate(cells))
    return f"when,size,pay\n{''.join(rows)}".encode()


def prepared(cells: Sequence[str], **choice: Any) -> Prepared:
    columns = (ColumnChoice(name="when", **choice),) if choice else ()
    table = read_table(csv(cells), "x.csv")
    return prepare(table, DataSpec(preparation=Preparation(columns=columns)))


def check(cells: Sequence[str], expected: Sequence[np.datetime64]) -> None:
    """Read a column of periods, and rows to predict of a part of it."""
    found = prepared(cells)
    assert found.time is not None
    np.testing.assert_array_equal(found.time, expected)
    assert not np.isnan(found.raw).any()
    assert "when: weekday" not in {f.name for f in found.features}
    known = preprocessor_from_json(prepared_to_json(found))
    for some in (cells, cells[1:3]):
        new = read_rows(csv(some), "new.csv", known.features, known.text_format)
        read, unread = known.cells(new.cells)
        place = cells.index(some[0])
        np.testing.assert_array_equal(read[:, :-1], found.raw[place : place + len(some), :-1])
        assert unread == {}


@pytest.mark.parametrize(
    "form",
    [
        *("{y}Q{q}", "{y}q{q}", "{y}:{q}", "{y}-Q{q}", "Q{q} {y}", "{y} Q{q}", "Q{q}/{s:02}"),
        *("{q}Q{s:02}", "{q}Q{y}", "{y}.Q{q}", "Q{q}-{y}", "{q}. Quartal {y}", "FY{y} Q{q}"),
        *("{y}T{q}", "FY{s:02}Q{q}", "{y}:Q{q}"),
    ],
)
def test_quarters(form: str) -> None:
    cells = [form.format(y=year, q=quarter, s=year % 100) for year, quarter in QUARTERS]
    check(cells, [first_of(year, 3 * quarter - 2) for year, quarter in QUARTERS])


@pytest.mark.parametrize(
    "form",
    [
        *(
            "{m}/{s:02}",
            "{m:02}/{y}",
            "{y}-M{m:02}",
            "{y}M{m}",
            "{y}m{m}",
            "{n}-{s:02}",
            "{n}{s:02}",
        ),
        *("{y} {n}", "{n} {y}", "{y}:{m:02}", "{y}/{m}", "{m:02}.{y}", "M{m:02} {y}", "{s:02}-{n}"),
        *("{y}-{m}", "{y}-{m:02}", "{n}{y}", "{n}-{s:02}"),
    ],
)
def test_months(form: str) -> None:
    cells = [form.format(y=y, m=m, s=y % 100, n=NAMES[m - 1]) for y, m in MONTHS]
    found = prepared(cells)
    np.testing.assert_array_equal(found.time, [first_of(*month) for month in MONTHS])


WEEKFORMS = ["{y}W{w:02}", "{y}-W{w:02}", "{y}w{w}", "KW {w} {y}", "W{w:02}-{y}"]


@pytest.mark.parametrize("form", WEEKFORMS)
def test_weeks(form: str) -> None:
    cells = [form.format(y=year, w=week) for year, week in WEEKS]
    mondays = [datetime.datetime.fromisocalendar(year, week, 1) for year, week in WEEKS]
    check(cells, [np.datetime64(monday, "ns") for monday in mondays])


YEARFORMS = ["FY{y}", "FY {y}", "FY{s:02}", "CY{y}", "FY{y}/{t:02}", "{y}/{t:02}"]


@pytest.mark.parametrize("form", YEARFORMS)
def test_years(form: str) -> None:
    years = range(1975, 2023)
    cells = [form.format(y=y, s=y % 100, t=(y + 1) % 100) for y in years]
    check(cells, [first_of(year, 1) for year in years])


@pytest.mark.parametrize("form", ["{y}H{h}", "H{h} {y}", "{y}-S{h}", "{h}H{y}"])
def test_halves(form: str) -> None:
    halves = [(year, half) for year in YEARS for half in (1, 2)]
    cells = [form.format(y=year, h=half) for year, half in halves]
    check(cells, [first_of(year, 6 * half - 5) for year, half in halves])


@pytest.mark.parametrize(
    "cells",
    [
        [f"{n}/10" for n in range(1, 11)],  # scores
        ["1/16", "3/16", "5/32", "1/32", "7/64"],
        ["7/10", "12/20", "6/10"],
        ["120/80", "130/85"],
        [f"S{n % 2 + 1}-{n:02}" for n in range(40)],  # seats
        [f"T1-{n:02}" for n in range(1, 13)],
        ["H1N1", "H3N2"],
        ["Q1", "Q2", "Q3", "Q4"],
        ["2010-11", "2009-10"],  # few seasons are categories
        ["2009/10", "2010/11", "2011/12"],
        [f"{day}-May" for day in range(10, 30)],
        [f"{name}{day}" for day in range(10, 30) for name in ("May", "Jun")],
        ["M3 2010", "M4 2012"],
        ["1990", "1991"],
        ["1:30", "2:45"],
        [f"A{n} 1990" for n in range(9)],
        [f"2020-{n}" for n in range(1, 40)],  # numbers of bills
        ["A4", "B5"],
    ],
)
def test_what_only_looks_like_periods_is_none(cells: list[str]) -> None:
    assert period_form(cells) == ""


def test_a_week_or_a_month_that_does_not_exist_is_none() -> None:
    assert parse("2023-W53", "period") is None
    assert parse("2024-M13", "period") is None
    assert parse("2020-W53", "period") == datetime.datetime(2020, 12, 28)


def test_a_few_odd_cells_are_missing_and_told() -> None:
    cells = [f"{year}Q{quarter}" for year, quarter in QUARTERS]
    found = prepared([*cells[:-1], "unknown"])
    assert 'In "when" 1 cell is not a date' in " ".join(found.notes)


def test_months_are_still_read_where_days_are_chosen_as_dates() -> None:
    cells = [f"{year}-{year % 100 + 1:02}" for year in range(1980, 1999)] * 4
    assert prepared(cells).time is None
    chosen = prepared(cells, kind="date")
    assert chosen.time is not None
    assert chosen.time[0] == first_of(1980, 1)


def test_a_number_behind_a_year_is_read_as_in_training() -> None:
    import pandas as pd

    few = pd.Series(["1990:2"])
    assert dates(few, "dates period Q")[0] == first_of(1990, 4)
    assert dates(few, "dates period")[0] == first_of(1990, 2)
