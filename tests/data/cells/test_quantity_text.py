"""Cells that say a number and more: units, bounds, flags, uncertainties, several parts."""

from __future__ import annotations

import pytest

from mlpdash.data.cells.quantity_text import decimal_of, numeral, parse, shown, value_in


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("23.8 kmpl", 23.8, "kmpl"),
        ("2.37kg", 2.37, "kg"),
        ("98.31 bhp", 98.31, "bhp"),
        ("229.720 mg", 229.72, "mg"),
        ("3.123 kr/m2", 3.123, "kr/m2"),
        ("1.2e3 Pa", 1200, "Pa"),
        ("1.2×10^3 Pa", 1200, "Pa"),
        ("1.2 x 10⁻³ mol/L", 0.0012, "mol/L"),
        ("1,234 sq ft", 1234, "sq ft"),
        ("34.46Sq. Meter", 34.46, "Sq. Meter"),
        ("-5 °C", -5, "°C"),
        ("−5 m", -5, "m"),
        ("8 L/100 km", 8, "L/100 km"),
        ("$3.50/kg", 3.5, "$/kg"),
        ("3.50 €/kg", 3.5, "€/kg"),
        ("$1,234.50 per month", 1234.5, "$per month"),
        ("3 rooms", 3, "rooms"),
        ("3 years old", 3, "years old"),
        ('55"', 55, '"'),
    ],
)
def test_a_unit_stands_behind_the_number(text: str, value: float, unit: str) -> None:
    found = parse(text, ".")
    assert found is not None
    assert (found.value, found.unit, found.mark) == (pytest.approx(value), unit, "")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("9h 45m", 9.75, "h"),
        ("9h45", 9.75, "h"),
        ("1 hour 5 min 6 s", 1.085, "hour"),
        ("2 days, 6 hours and 30 minutes", 2.2708333, "days"),
        ("5'7\"", 5.5833333, "ft"),
        ("5′7″", 5.5833333, "ft"),
        ("5 ft 7 in", 5.5833333, "ft"),
        ("6 lb 3 oz", 6.1875, "lb"),
        ("11st 4lb", 11.2857143, "st"),
        ("5m 30s", 5.5, "m"),
        ("PT1H30M", 1.5, "h"),
        ("P1DT6H", 1.25, "d"),
        ("1 days 06:30:00", 1.2708333, "d"),
        ("48°51'24\"N", 48.8566667, "°"),
        ("2.35°W", -2.35, "°"),
    ],
)
def test_parts_in_ever_smaller_units_are_one_number(text: str, value: float, unit: str) -> None:
    found = parse(text, ".")
    assert found is not None
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "value", "mark"),
    [
        ("<0.01", 0.01, "bound"),
        (">= 5", 5, "bound"),
        ("≤3", 3, "bound"),
        ("65+", 65, "bound"),
        ("10+ years", 10, "bound"),
        ("5 years or more", 5, "bound"),
        ("less than 0.5", 0.5, "bound"),
        ("<0.01 U", 0.01, "bound"),
        ("~1.2", 1.2, "about"),
        ("≈ 3", 3, "about"),
        ("ca. 5", 5, "about"),
        ("c. 1850", 1850, "about"),
        ("0.040*", 0.04, "flag"),
        ("**12", 12, "flag"),
        ("12.5†", 12.5, "flag"),
        ("7 (e)", 7, "flag"),
        ("1,024[note 2]", 1024, "flag"),
        ("0.75 ± 0.16", 0.75, "spread"),
        ("0.75+/-0.16", 0.75, "spread"),
        ("5 ± 1 kg", 5, "spread"),
        ("5 kg ± 1", 5, "spread"),
        ("0.75 (0.16)", 0.75, "spread"),
        ("0.75 [0.60, 0.90]", 0.75, "spread"),
        ('="12.5"', 12.5, ""),
    ],
)
def test_marks_beside_a_number_do_not_change_it(text: str, value: float, mark: str) -> None:
    found = parse(text, ".")
    assert found is not None
    assert (found.value, found.mark) == (value, mark)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2k", 1_200),
        ("3M", 3e6),
        ("$3.4M", 3.4e6),
        ("3.4 Mio. €", 3.4e6),
        ("€5m", 5e6),
        ("5 k€", 5_000),
        ("USD 3.4bn", 3.4e9),
        ("5 million", 5e6),
        ("₹ 3.5 Lakh", 350_000),
    ],
)
def test_thousands_and_millions_are_multiplied_out(text: str, value: float) -> None:
    assert value_in(text, ".", "") == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        *("12 Main St", "Apt 5", "10-14", "4WD", "1.2.3", "555-1234", "5 May", "1st", "11th"),
        *("100% cotton", "1/2", "3 x 4", "1p36", "12 of 20", "2100 - 2850", "2:30", "9 a.m."),
        *("about 5", "±5", "P5", "3-D", "190Nm@ 2000rpm", "2024W07", "1990Q1", "2019 Q2", "", "-"),
        *("192.168.0.1", "12 Angry Old Men", "B-AB 12", "LH400", "978-3", "10' x 12'", "5 kg 3 m"),
        "1" * 70,
    ],
)
def test_what_only_begins_with_a_number_is_none(text: str) -> None:
    assert parse(text, ".") is None


def test_a_cell_is_read_in_the_unit_of_its_column() -> None:
    assert value_in("2 km", ".", "m") == 2_000
    assert value_in("2", ".", "m") == 2
    assert value_in("2 kg", ".", "m") is None
    assert value_in("$2", ".", "m") is None
    assert value_in("$2", ".", "") == 2
    assert value_in("2 kg", ".", "") is None
    assert value_in("1,5 kg", ",", "g") == 1_500


def test_the_decimal_mark_is_found_beside_units() -> None:
    assert decimal_of(["1,5 kg", "2,25 kg"], ".") == ","
    assert decimal_of(["1.234 km", "2.500 km"], ",") == ","
    assert (numeral("<38.000 km"), numeral("about 5")) == ("38.000", "about 5")


def test_the_most_frequent_spelling_of_a_unit_is_shown() -> None:
    assert shown(["hour", "hours", "hours"]) == "hours"
    assert shown(['"']) == "in"
