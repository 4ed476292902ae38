"""Marks before three digits: thousands or decimals, decided by the file, told, and changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlpdash.cures import Note
from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.cured import cured

SPEC = DataSpec(target=("kind",))
Written = Callable[[int], str]


def grouped(mark: str, more: str = "{}") -> Written:
    return lambda n: more.format(f"{38 + n}{mark}{n * 50 % 1000:03}")


def small(mark: str) -> Written:
    return lambda n: grouped(mark)(n) if n % 2 else "950"


def content(sep: str, price: Written, area: Written = str) -> bytes:
    lines = [sep.join(("area", "price", "kind"))]
    lines += [sep.join((area(n), f'"{price(n)}"', "ab"[n % 2])) for n in range(40)]
    return "\n".join(lines).encode()


def prepared_of(file: bytes, spec: DataSpec = SPEC) -> Prepared:
    return prepare(read_table(file, "own.csv"), spec)


def prices(prepared: Prepared) -> np.ndarray:
    names = [feature.name for feature in prepared.features]
    return np.asarray(prepared.raw[:, names.index("price")])


def about_mark(prepared: Prepared) -> list[Note]:
    return [one for one in prepared.told if isinstance(one, Note) and "can stand for" in one.text]


@pytest.mark.parametrize(
    ("sep", "price", "area", "first"),
    [
        (";", grouped("."), str, 39_050),
        (";", grouped(".", "-{}"), str, -39_050),
        (";", grouped(".", "{} €"), str, 39_050),
        (";", grouped(".", "€{}"), str, 39_050),
        (";", grouped(".", "{} km"), str, 39_050),
        (",", grouped(".", "{} €"), str, 39_050),
        ("\t", grouped(".", "{} kr"), str, 39_050),
        (";", grouped("."), lambda n: f"{n},5", 39_050),
        ("\t", grouped("."), lambda n: f"{n},5", 39_050),
        ("\t", small("."), str, 39_050),
        (";", small(","), str, 39_050),
        ("\t", grouped(","), str, 39_050),
        ("\t", grouped(","), lambda n: f"{n}.5", 39_050),
        (";", grouped(","), lambda n: f"{n}.5", 39_050),
        (";", grouped(",", "${}"), str, 39_050),
        (",", grouped(","), str, 39_050),
        ("\t", grouped("."), str, 39.05),
        (",", grouped("."), str, 39.05),
        (",", grouped(".", "${}"), str, 39.05),
        (",", small("."), str, 39.05),
        (";", grouped(","), str, 39.05),
        (";", grouped("."), lambda n: f"{n}.5", 39.05),
    ],
)
def test_three_digits_behind_a_mark_are_decided_by_the_file_told_and_turned_by_a_click(
    sep: str, price: Written, area: Written, first: float
) -> None:
    file = content(sep, price, area)
    prepared = prepared_of(file)
    assert prices(prepared)[1] == pytest.approx(first)
    (note,) = about_mark(prepared)
    is_thousands = abs(first) > 1_000
    shown = ("-38,000" if first < 0 else "38,000") if is_thousands else "38"
    assert f"it was read as {shown}." in note.text or "950" in price(0)
    other = "comma" if prepared.features[1].form[8] == "." else "point"
    (cure,) = [one for one in note.cures if one.columns["price"]["decimal"] == other]
    turned = prepared_of(file, cured(SPEC, cure))
    assert prices(turned)[1] == pytest.approx(first / 1_000 if is_thousands else first * 1_000)
    assert about_mark(turned) == []


@pytest.mark.parametrize(
    ("sep", "price", "first"),
    [
        (";", lambda n: f"0.{n:03}", 0.001),
        (";", lambda n: f"{n}.5", 1.5),
        (";", lambda n: f"{n},25", 1.25),
        (";", lambda n: f"{n + 1}.234.{n:03}", 2_234_001),
        (";", lambda n: f"{n + 1}.234,5", 2_234.5),
        ("\t", lambda n: f"{n + 1},234.5", 2_234.5),
        (";", lambda n: f"{n}.1234", 1.1234),
    ],
)
def test_other_numbers_leave_nothing_open(sep: str, price: Written, first: float) -> None:
    prepared = prepared_of(content(sep, price))
    assert prices(prepared)[1] == pytest.approx(first)
    assert about_mark(prepared) == []


def test_a_sure_decimal_mark_elsewhere_leaves_columns_of_a_comma_file_as_they_are() -> None:
    prepared = prepared_of(content(",", grouped("."), lambda n: f"{n}.5"))
    assert prices(prepared)[1] == 39.05
    assert prepared.features[1].form == ""


@pytest.mark.parametrize(("sep", "first"), [(";", 38_000), ("\t", 38)])
def test_rows_to_predict_are_read_as_the_training_table_was(sep: str, first: float) -> None:
    prepared = prepared_of(content(sep, grouped(".")))
    fitted = preprocessor_from_json(prepared_to_json(prepared))
    rows = read_rows(
        b"area,price\n1,38.000\n2,950\n", "new.csv", fitted.features, fitted.text_format
    )
    assert fitted.raw(rows.cells)[:, 1].tolist() == [first, 950]


def test_many_columns_are_told_together_and_turned_together() -> None:
    names = "abcde"
    lines = [";".join([*names, "kind"])]
    lines += [";".join([*[f"{n + 1}.{m}50" for m in range(5)], "xy"[n % 2]]) for n in range(40)]
    file = "\n".join(lines).encode()
    (note,) = about_mark(prepared_of(file))
    assert note.text.startswith('In 5 columns the mark in numbers such as "1.050" can stand for')
    (cure,) = [one for one in note.cures if one.columns["a"]["decimal"] == "point"]
    turned = prepared_of(file, cured(SPEC, cure))
    assert turned.raw[0].tolist() == [1.05, 1.15, 1.25, 1.35, 1.45]
    assert about_mark(turned) == []
