"""Units of measurement: what they mean and how they convert."""

from __future__ import annotations

import pytest

from mlpdash.data.cells.units import convert, is_same, may_be_unit, meanings


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "found"),
    [
        (2, "km", "m", 2_000),
        (90, "min", "h", 1.5),
        (12, "in", "ft", 1),
        (1, "lb", "kg", 0.45359237),
        (50, "°F", "°C", 10),
        (300, "K", "°C", 26.85),
        (36, "km/h", "m/s", 10),
        (10, "kmpl", "km/l", 10),
        (1, "mpg", "km/l", 0.425143707),
        (180, "mg/dL", "g/L", 1.8),
        (1, "sq ft", "m2", 0.09290304),
        (1, "Sq. Meter", "square feet", 10.7639104),
        (1, "cubic metres", "l", 1_000),
        (1.5, "GB", "MB", 1_500),
        (1, "year", "months", 12),
        (2, "hrs", "minutes", 120),
        (1, "bhp", "kW", 0.7456998715822702),
        (1, "atm", "hPa", 1013.25),
        (120, "mm Hg", "mmHg", 120),
        (120, "mm Hg", "kPa", 15.9986842),
        (5, "KGS", "g", 5_000),
    ],
)
def test_units_of_one_family_convert(value: float, unit: str, wanted: str, found: float) -> None:
    assert convert(value, unit, wanted) == pytest.approx(found)


def test_units_of_two_families_do_not_convert() -> None:
    assert convert(1, "kg", "m") is None
    assert convert(1, "km/kg", "kmpl") is None
    assert convert(1, "rooms", "stars") is None


def test_a_minute_is_written_like_a_metre() -> None:
    assert [one.family for one in meanings("m")] == ["length", "time"]
    assert convert(90, "m", "h") == 1.5
    assert convert(90, "m", "km") == pytest.approx(0.09)


def test_capital_letters_tell_milli_from_mega_and_nothing_else() -> None:
    assert convert(1, "MW", "kW") == 1_000
    assert convert(1, "mW", "W") == pytest.approx(1e-3)
    assert meanings("mw") == ()
    assert meanings("Kg") == meanings("kg")
    assert is_same("room", "Rooms")
    assert not is_same("mW", "MW")


@pytest.mark.parametrize("word", ["Main St", "May", "Mo", "th", "pm", "st.", "a b c", "x" * 30, ""])
def test_what_is_no_unit(word: str) -> None:
    assert not may_be_unit(word)


@pytest.mark.parametrize("word", ["kmpl", "kr/m2", "rooms", "items sold", "€/kWh", "beats per min"])
def test_what_may_be_a_unit(word: str) -> None:
    assert may_be_unit(word)


@pytest.mark.parametrize(
    ("unit", "is_unit"), [("mi", True), ("mo", True), ("Mi", False), ("Mo", False)]
)
def test_miles_and_months_are_no_weekdays(unit: str, is_unit: bool) -> None:
    assert may_be_unit(unit) == is_unit
