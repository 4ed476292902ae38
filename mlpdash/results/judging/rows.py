"""The rows that results are about: which part of the split, their true values, their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import DATE_PARTS
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

PARTS: Final = ("test", "validation", "train")  # the first that has rows is judged on
DAY: Final = {"year", "day of year"}  # parts of a date that tell the day

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


def judged_part(prepared: Prepared) -> str:
    """Return the part of the split that says most about rows never seen."""
    return next(part for part in PARTS if len(getattr(prepared.split, part)))


def part_names(prepared: Prepared) -> NDArray[np.str_]:
    """Return for each row the part of the split it is in, (rows,)."""
    names = np.full(len(prepared.x), "train", dtype="<U10")
    for part in ("validation", "test"):
        names[getattr(prepared.split, part)] = part
    return names


def actual_values(prepared: Prepared) -> NDArray[np.int64] | Floats:
    """Return class codes (rows,), or the targets in their own units (rows, outputs)."""
    if prepared.classes:
        return np.asarray(prepared.y, np.int64)
    scaled = np.asarray(prepared.y, np.float64)
    return scaled * prepared.target_scale + prepared.target_mean


def unit_of(prepared: Prepared, target: int = 0) -> str:
    """Return the unit of a target, or nothing."""
    units = prepared.target_units
    return units[target] if target < len(units) else ""


def cells(prepared: Prepared, rows: Indices) -> pd.DataFrame:
    """Return the inputs of some rows as a person knows them, by the columns of the table: numbers
    in their units, categories by name, dates as dates, nothing where nothing was.
    """
    import pandas as pd

    columns: dict[str, NDArray[Any]] = {}
    for column, places in _by_column(prepared).items():
        parts = _date_parts(prepared, rows, places)
        if parts.keys() >= DAY:
            columns[column] = _days(parts["year"], parts["day of year"])
            continue
        for n in places:
            feature, raw = prepared.features[n], prepared.raw[rows, n]
            if isinstance(feature, Category):
                known = {float(code): level for code, level in enumerate(feature.levels)}
                raw = np.array([known.get(value) for value in raw], dtype=object)
            columns[feature.name] = raw
    return pd.DataFrame(columns, index=pd.Index(rows))


def rows_table(
    prepared: Prepared, outputs: Floats, rows: Indices, *, inputs: bool = True
) -> pd.DataFrame:
    """Return some rows: number, part of the split, actual and predicted values, probabilities,
    time, and the inputs.

    Parameters
    ----------
    outputs : (all rows, K) probabilities, or values in the targets' units
    inputs : take them in
    """
    import pandas as pd

    columns: dict[str, Any] = {_("row"): rows, _("part"): part_names(prepared)[rows]}
    columns |= (
        _classes(prepared, outputs, rows) if prepared.classes else _numbers(prepared, outputs, rows)
    )
    if prepared.time is not None:
        columns[prepared.time_name] = _stamps(prepared.time[rows])
    said = pd.DataFrame(columns, index=pd.Index(rows))
    if not inputs:
        return said
    found = cells(prepared, rows).drop(columns=prepared.time_name, errors="ignore")
    found = found.rename(columns={n: _("{name} (input)").format(name=n) for n in said.columns})
    return pd.concat([said, found], axis=1)


def _by_column(prepared: Prepared) -> dict[str, list[int]]:
    """Return for each column of the table the places of the inputs that it became."""
    found: dict[str, list[int]] = {}
    for n, feature in enumerate(prepared.features):
        found.setdefault(feature.column, []).append(n)
    return found


def _date_parts(prepared: Prepared, rows: Indices, places: list[int]) -> dict[str, Floats]:
    """Return the parts of dates among the inputs of one column, by their names."""
    found = ((prepared.features[n], prepared.raw[rows, n]) for n in places)
    return {one.part: raw for one, raw in found if isinstance(one, DATE_PARTS)}


def _days(year: Floats, day: Floats) -> NDArray[np.object_]:
    """Return dates as text, from years and days of the year; None where nothing was."""
    known = np.isfinite(year) & np.isfinite(day)
    whole = (np.where(known, part, 1).astype(np.int64) for part in (year, day))
    years, days = whole
    first = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    text = (first + (days - 1)).astype(str).astype(object)
    text[~known] = None
    return np.asarray(text)


def _classes(prepared: Prepared, outputs: Floats, rows: Indices) -> dict[str, Any]:
    names = np.array(prepared.classes, dtype=object)
    columns: dict[str, Any] = {
        _("actual"): names[actual_values(prepared)[rows].astype(np.int64)],
        _("predicted"): names[outputs[rows].argmax(1)],
    }
    for code, name in enumerate(prepared.classes):
        columns[_("p({name})").format(name=name)] = outputs[rows, code]
    return columns


def _numbers(prepared: Prepared, outputs: Floats, rows: Indices) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    exact = np.asarray(actual_values(prepared), np.float64)
    values = np.round(exact, _digits(exact))[rows]
    for k, target in enumerate(prepared.targets):
        actual, said = values[:, k], outputs[rows, k]
        for name, column in (
            (_("actual"), actual),
            (_("predicted"), said),
            (_("actual − predicted"), actual - said),
        ):
            several = _("{name} {target}").format(name=name, target=target)
            columns[several if len(prepared.targets) > 1 else name] = column
    return columns


def _digits(values: Floats) -> int:
    """Return the decimals that are left of float32, in which targets are trained on."""
    largest = float(np.abs(values).max(initial=1e-30))
    return 6 - int(np.ceil(np.log10(largest)))


def _stamps(time: NDArray[np.datetime64]) -> list[str | None]:
    """Return times as text, without the hours where it is midnight in all rows."""
    days = time.astype("datetime64[D]")
    shown = days if bool((days == time).all()) else time.astype("datetime64[s]")
    return [None if np.isnat(stamp) else str(stamp) for stamp in shown]
