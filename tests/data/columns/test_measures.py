"""Columns of numbers with units and flags, from the file to the prediction of new rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.kinds import profile_column
from mlpdash.data.columns.profile import ColumnProfile
from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

ROWS = 60
SIZE = np.random.default_rng(3).uniform(1, 90, ROWS)


def written(one: str, other: str = "", every: int = 4) -> list[str]:
    """Write the sizes in one way, and each fourth, from the first on, in another."""
    forms = [other if other and n % every == 0 else one for n in range(ROWS)]
    return [form.format(v=v, n=n) for n, (form, v) in enumerate(zip(forms, SIZE, strict=True))]


def profile(cells: list[str], **choices: Any) -> ColumnProfile:
    values = pd.Series(cells, name="c", dtype="str")
    return profile_column(values, ColumnChoice(name="c", **choices), ".")


def file_of(cells: list[str], sep: str = ",") -> bytes:
    frame = pd.DataFrame({"c": cells, "y": ["up", "down"] * (len(cells) // 2)})
    return frame.to_csv(index=False, sep=sep).encode()


def prepared_of(cells: list[str], sep: str = ",", **choices: Any) -> Prepared:
    columns = (ColumnChoice(name="c", **choices),) if choices else ()
    spec = DataSpec(preparation=Preparation(columns=columns))
    return prepare(read_table(file_of(cells, sep), "own.csv"), spec)


def predicted_from(prepared: Prepared, *cells: str) -> list[float]:
    """Return what new rows with these cells are read as."""
    fitted = preprocessor_from_json(prepared_to_json(prepared))
    text = pd.DataFrame({"c": list(cells), "more": 1}).to_csv(index=False).encode()
    rows = read_rows(text, "new.csv", fitted.features, fitted.text_format)
    return fitted.raw(rows.cells)[:, 0].tolist()


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (written("{v:.1f} kmpl", "{v:.1f} km/kg", 20), "kmpl"),
        (written("{v:.2f}kg"), "kg"),
        (written("{v:.2f} bhp"), "bhp"),
        (written("{v:.3f} mg"), "mg"),
        (written("{n}h {n}m", "{n}m"), "h"),
        (written("5'{n}\"", "6'"), "ft"),
        (written("{v:.3f} kr/m2"), "kr/m2"),
        (written("{v:.2f} ± 0.16"), ""),
        (written('="{v:.1f}"'), ""),
        (written("{v:.1f}", "~{v:.1f}"), ""),
        (written("{v:.3f}", "{v:.3f}*"), ""),
        (written("{v:.2f}", "<0.01"), ""),
        (written("{n}", ">= 5"), ""),
        (written("{v:.1f}e3 Pa"), "Pa"),
        (written("1,{n:03} sq ft"), "sq ft"),
        (written("{v:.1f} °C", "{v:.1f} °F"), "°C"),
        (written("{v:.1f} months", "{n} years"), "months"),
        (written("{v:.1f}", "{v:.1f} kg"), "kg"),
        (written("${v:.2f}", "{v:.2f}"), "$"),
        (written("{v:.1f}k", "{v:.0f}"), ""),
        (written("{n} rooms", "1 room"), "rooms"),
        (written("{v:.1f}", "{v:.1f} e"), ""),
        (["5 kg", "10 kg", "20 kg"] * 20, "kg"),
        ([" 36 months", " 60 months"] * 30, "months"),
    ],
)
def test_numbers_with_units_and_flags_are_numbers(cells: list[str], unit: str) -> None:
    found = profile(cells)
    assert (found.kind, found.unit) == ("number", unit)
    prepared = prepared_of(cells)
    (feature,) = prepared.features
    assert (feature.kind, feature.unit) == ("number", unit)
    again = preprocessor_from_json(prepared_to_json(prepared))
    np.testing.assert_array_equal(again.x(read_table(file_of(cells), "own.csv").frame), prepared.x)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([f"{n} {['Main', 'Oak', 'Elm'][n % 3]} St" for n in range(ROWS)], "identifier"),
        ([f"{n} Main St" for n in range(ROWS)], "identifier"),
        ([f"Apt {n}" for n in range(ROWS)], "identifier"),
        ([f"1.{n}.3" for n in range(ROWS)], "identifier"),
        ([f"555-{1000 + n}" for n in range(ROWS)], "identifier"),
        ([f"{n}{'ABCDEF'[n % 6]}" for n in range(ROWS)], "identifier"),
        ([f"{100 + n}X" for n in range(ROWS)], "identifier"),
        ([f"{100 + n}A" for n in range(ROWS)], "identifier"),
        ([f"{n} x {n + 1}" for n in range(ROWS)], "identifier"),
        ([f'="{n:05}"' for n in range(400, 460)], "identifier"),
        (["4b", "4a", "5b", "5a", "6c", "6a"] * 10, "category"),
        (["4b", "5b", "6b", "4a"] * 15, "category"),
        (["12", "12a", "14", "14b", "9", "3"] * 10, "category"),
        (["4WD", "2WD"] * 30, "category"),
        (["1st", "2nd", "3rd"] * 20, "category"),
        (["5K", "10K", "21K"] * 20, "category"),
        (["1B", "2B", "3B", "SS"] * 15, "category"),
        (["10-14", "5-9", "<5", "65+"] * 15, "category"),
        (["< 1 year", "1 year", "2 years", "3 years", "10+ years", "n/a"] * 10, "category"),
        (["10,000+", "500+", "1,000,000+", "100+"] * 15, "category"),
        ([*map(str, range(45, 65)), "65+", "65+"] * 3, "category"),
        (["2 BHK", "3 BHK", "4 Bedroom", "1 RK", "4 BHK"] * 12, "category"),
        ([f"{n} May" for n in range(1, 31)] * 2, "category"),
        (['="00501"', '="01234"'] * 30, "category"),
    ],
)
def test_codes_names_and_ranges_are_no_numbers(cells: list[str], kind: str) -> None:
    assert profile(cells).kind == kind


def test_a_bound_within_the_other_numbers_is_one_of_them() -> None:
    assert profile([*map(str, range(20)), ">= 5", ">= 5"]).kind == "number"
    assert profile([*map(str, range(20)), ">= 20", ">= 20"]).kind == "category"


def test_units_of_one_family_are_converted_and_it_is_told() -> None:
    cells = written("{v:.1f} kg", "{v:.1f} lbs")
    prepared = prepared_of(cells)
    assert prepared.raw[0, 0] == pytest.approx(float(cells[0].split()[0]) * 0.45359237)
    assert 'Numbers were read with their units: "c (kg)".' in prepared.notes
    assert 'Other units in "c" were converted to kg: "lbs".' in prepared.notes
    assert profile(written("{n} hours", "1 hour")).units == ("hours", "hour")
    assert "converted" not in " ".join(prepared_of(written("{n} hours", "1 hour")).notes)


def test_units_that_do_not_convert_are_asked_about() -> None:
    cells = written("{v:.1f} kg", "{v:.1f} l")
    found = profile(cells)
    assert (found.doubts, found.apart, found.unfit) == (("apart",), ("l",), 15)
    told = next(note for note in prepared_of(cells).told if "do not convert" in str(note))
    assert 'those in "l" count as missing' in str(told)
    assert profile(cells, kind="number").doubts == ()
    assert profile(cells, kind="number").form == "decimal . kg"
    assert profile(cells, kind="category").kind == "category"
    thirds = [f"{n}.5 {('kg', 'l', 'mol')[n % 3]}" for n in range(ROWS)]
    assert profile(thirds).kind == "identifier"


def test_cells_without_a_unit_are_told() -> None:
    told = prepared_of(written("{v:.1f}", "{v:.1f} kg")).notes
    assert 'Cells without a unit in "c" were read as kg.' in told


def test_bounds_flags_and_uncertainties_are_counted() -> None:
    told = prepared_of(["0.5", *written("{v:.2f}", "<0.01")[:-1]]).notes
    assert (
        'In "c" 15 cells have a bound, a flag or an uncertainty next to the number and were read '
        'as the number, the first in row 2: "<0.01".'
    ) in told
    assert profile(written("{v:.1f}", "{v:.1f} e")).marked[:2] == (15, 1)
    assert profile(written("{v:.1f} kg*")).marked[:2] == (60, 1)
    assert profile(written("{v:.1f} e")).marked == (0, 0, "")  # all of them: a unit
    assert profile(written("-{v:.1f}", "(12.5)")).marked == (0, 0, "")


def test_thousands_behind_numbers_are_told() -> None:
    told = prepared_of(written("{v:.1f}k", "{v:.1f}M")).notes
    assert 'Numbers were multiplied by the word after them ("k", "M"): "c".' in told


def test_new_rows_are_read_in_the_unit_of_the_training_table() -> None:
    metres = prepared_of(written("{v:.1f} m"))
    assert predicted_from(metres, "2 km", "7", "<3 m", "5 m*") == [2000, 7, 3, 5]
    unread = predicted_from(metres, "2 kg", "many")
    assert np.isnan(unread).all()
    hours = prepared_of(written("{n}h {n}m"))
    assert predicted_from(hours, "90 min", "1h 15m", "2") == [1.5, 1.25, 2]
    feet = prepared_of(written("5'{n}\""))
    assert predicted_from(feet, "6 in", "5'6\"") == [0.5, 5.5]
    plain = prepared_of(written("{v:.2f}"))
    assert predicted_from(plain, "<0.01", "~5", "1.2k") == [0.01, 5, 1200]


def test_a_number_with_a_unit_can_be_predicted() -> None:
    cells = written("{v:.2f} kmpl", "{v:.2f} km/l")
    frame = pd.DataFrame({"x": np.arange(ROWS) % 7, "mileage": cells})
    table = read_table(frame.to_csv(index=False).encode(), "own.csv")
    prepared = prepare(table, DataSpec(target=("mileage",)))
    assert (prepared.task, prepared.target_units) == ("regression", ("kmpl",))
    again = preprocessor_from_json(prepared_to_json(prepared))
    np.testing.assert_array_equal(again.y(table.frame), prepared.y)


def test_an_unlike_unit_is_told_of_a_column_that_is_kept_as_text() -> None:
    spec = DataSpec(preparation=Preparation(columns=(ColumnChoice(name="c", kind="category"),)))
    table = read_table(file_of(written("{v:.0f} kg")), "own.csv")
    assert find_columns(table, spec).unit("c") == ""
    assert "units" not in " ".join(prepare(table, spec).notes)


def test_a_decimal_comma_before_a_unit_is_found() -> None:
    cells = [cell.replace(".", ",") for cell in written("{v:.1f} kg")]
    assert profile(cells).form == "decimal , kg"
    assert prepared_of(cells, ";").raw[1, 0] == pytest.approx(round(SIZE[1], 1))
