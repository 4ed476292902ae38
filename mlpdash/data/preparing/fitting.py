"""Finds what features hold, on the training rows alone, and some columns at a time.

The statistics come from scikit-learn, see `fills_and_scales`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import (
    MANY_COLUMNS,
    Floats,
    Times,
    dates,
    is_number_type,
    matrix,
    numbers,
    usable,
)
from mlpdash.data.cells.period_text import PERIOD
from mlpdash.data.columns.columns import Column
from mlpdash.data.preparing.date_parts import CyclicPart, Year, date_part
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.fills_and_scales import fit_numbers
from mlpdash.data.preparing.fitting_levels import fit_categories
from mlpdash.data.preparing.number import Number
from mlpdash.data.reading import limits
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, DatePart
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

USUAL_BINS: Final = 8  # of a column of kind "bins"
LEAST_BIN: Final = 1e-12  # of its ends; narrower ones are rounding
BLOCK: Final = 3_000_000  # cells whose statistics are found at once

Ints = NDArray[np.int64]
AnyFeature = TypeVar("AnyFeature", bound=Feature)


@dataclass(frozen=True)
class _Part:
    """A column of numbers to be fitted: a column of the table, or a part of a date."""

    name: str
    column: Column
    part: DatePart | Literal[""]  # of a date
    fill: str  # median, mean or mode
    scaling: str  # standard, minmax, robust or none
    bins: int = 0  # most of them


class _Statistics(NamedTuple):
    fill: float
    mean: float
    scale: float
    low: float
    high: float
    has_gaps: bool  # among the training rows, not all of them


def fit_features(
    frame: pd.DataFrame,
    inputs: Sequence[Column],
    train: Ints,
    spec: DataSpec,
    units: Mapping[str, str],
    name: str = "",
) -> tuple[Feature, ...]:
    """Find the statistics of the input columns on the rows `train`.

    Raises
    ------
    DataError : the inputs become more columns of x than are taken
    """
    parts = _parts(frame, inputs, spec)
    numeric = [part for part in parts if isinstance(part, _Part)]
    categories = [part for part in parts if isinstance(part, Column)]
    fitted: dict[str, Feature] = {
        **_fit_numbers(frame, numeric, train, spec, units),
        **fit_categories(frame, categories, train, spec, units),
    }
    features: list[Feature] = []
    start = 0
    for part in parts:
        features.append(_placed(fitted[part.name], start))
        start = features[-1].stop
        limits.WIDTH.check(start, name)
    limits.CELLS.check(start * len(frame), name)
    return tuple(features)


def _placed(feature: AnyFeature, start: int) -> AnyFeature:
    """Return the feature at its columns of x; `replace` takes long for thousands of them."""
    return type(feature)(**{**vars(feature), "start": start})


def _parts(frame: pd.DataFrame, inputs: Sequence[Column], spec: DataSpec) -> list[_Part | Column]:
    """Return what becomes a feature each: numbers, parts of dates, and columns of categories."""
    decided, usual, types = spec.preparation.by_column(), ColumnChoice(name=""), _types(frame)
    taken = {column.name for column in inputs}
    parts: list[_Part | Column] = []
    for column in inputs:
        choice = decided.get(column.name, usual)
        if column.kind == "date":
            parts += _date_parts(frame, column, spec, choice, taken)
        elif _has_numbers(types, column):
            parts.append(_number_part(column, spec, choice))
        else:
            parts.append(column)
    return parts


def _types(frame: pd.DataFrame) -> dict[str, Any]:
    """Return pandas' types by column; looking one up in the frame takes long."""
    return dict(zip(map(str, frame.columns), frame.dtypes, strict=True))


def _has_numbers(types: Mapping[str, Any], column: Column) -> bool:
    return column.kind != "category" and (
        column.kind == "boolean" or is_number_type(types[column.name])
    )


def _number_part(column: Column, spec: DataSpec, choice: ColumnChoice) -> _Part:
    fill = choice.missing if choice.missing in ("median", "mean", "mode") else ""
    usual = "mode" if column.kind == "boolean" else spec.preparation.missing
    scaling = _scaling(column, spec, choice)
    return _Part(column.name, column, "", fill or usual, scaling, _most_bins(column, spec, choice))


def _most_bins(column: Column, spec: DataSpec, choice: ColumnChoice) -> int:
    """Return how many bins a column of numbers may have."""
    if column.kind == "boolean":
        return 0
    return spec.preparation.bins or (USUAL_BINS if choice.kind == "bins" else 0)


def _scaling(column: Column, spec: DataSpec, choice: ColumnChoice) -> str:
    if choice.scaling != "auto":
        return choice.scaling
    if column.kind == "boolean" and column.profile.kind == "boolean":
        return "none"
    if spec.preparation.scaling != "auto":
        return spec.preparation.scaling
    return "standard" if spec.standardize else "none"


def _date_parts(
    frame: pd.DataFrame, column: Column, spec: DataSpec, choice: ColumnChoice, taken: set[str]
) -> Iterator[_Part]:
    """Yield the parts of a date that are wanted; the hour only where there are times of day."""
    moments = dates(frame[column.name], column.profile.form or "dates iso")
    for part in spec.preparation.dates:
        if column.profile.form.startswith(PERIOD) and not _varies(moments, part):
            continue
        if part == "hour" and not np.nan_to_num(date_part(moments, part)).any():
            continue
        name = f"{column.name}: {_(part)}"
        while name in taken:
            name += "*"
        taken.add(name)
        scaling = _scaling(column, spec, choice) if part == "year" else "none"
        yield _Part(name, column, part, "median", scaling)


def _varies(moments: Times, part: DatePart) -> bool:
    """Tell whether a part of the first days of periods says something that others do not."""
    days = moments[~np.isnat(moments)]
    if part == "day of year":  # of months it says the same as the month
        return bool((days != days.astype("datetime64[M]")).any())
    return part != "weekday" and bool(np.ptp(date_part(days, part)))


def _fit_numbers(
    frame: pd.DataFrame,
    parts: Sequence[_Part],
    train: Ints,
    spec: DataSpec,
    units: Mapping[str, str],
) -> dict[str, Feature]:
    types, many = _types(frame), BLOCK // max(1, len(frame))
    each = many if many > MANY_COLUMNS else 1  # a long column alone is summed faster
    first_parts = ("", *spec.preparation.dates[:1])  # one mark is enough for a date
    found: dict[str, Feature] = {}
    for at in range(0, len(parts), each):
        block = parts[at : at + each]
        values = _values(frame, block, types)
        for n, (part, statistics) in enumerate(
            zip(block, _statistics(values, block, train), strict=True)
        ):
            edges = edges_of(values[train, n], part.bins) if part.bins else ()
            marked = spec.preparation.indicators and statistics.has_gaps
            unit = units.get(part.column.name, part.column.profile.unit)
            marked = marked and part.part in first_parts
            found[part.name] = _feature(part, statistics, unit, marked, edges)
    return found


def edges_of(values: Floats, most: int) -> tuple[float, ...]:
    """Return the edges of at most so many bins that hold as many of the values (rows,) each.

    They are the quantiles 0, 1 / most, ... 1, equal ones merged; none where fewer than two bins
    are left, or the values are two or fewer different ones.
    """
    known = values[~np.isnan(values)]
    if not len(known) or not ((known != known.min()) & (known != known.max())).any():
        return ()
    edges = np.quantile(known, np.linspace(0, 1, most + 1))
    size = np.maximum(np.abs(edges[1:]), np.abs(edges[:-1]))
    apart = np.diff(edges) > np.maximum(LEAST_BIN * size, np.finfo(np.float64).tiny)
    found = edges[np.append(True, apart)]
    return tuple(found.tolist()) if len(found) > 2 else ()


def _values(frame: pd.DataFrame, block: Sequence[_Part], types: Mapping[str, Any]) -> Floats:
    """Return the cells of some parts, (rows, parts), not to be written to."""
    names = [part.column.name for part in block]
    if len(block) == 1 and not block[0].part and types[names[0]] == np.float64:
        view = frame[names[0]].to_numpy()[:, None]  # of a long column a copy takes long
        if usable(view).all():
            return np.asarray(view)
    if not any(part.part for part in block) and all(is_number_type(types[n]) for n in names):
        return matrix(frame, names)
    return np.column_stack([_cells(frame[part.column.name], part) for part in block])


def _cells(values: pd.Series[Any], part: _Part) -> Floats:
    form = part.column.profile.form
    if part.part:
        return date_part(dates(values, form or "dates iso"), part.part)
    return numbers(values, form)


def _statistics(values: Floats, block: Sequence[_Part], train: Ints) -> Iterator[_Statistics]:
    """Yield those of each column of (rows, parts): the range is of all rows."""
    low, high = _ends(values)
    mine = values[train]
    gaps = np.isnan(mine)
    has_gaps: NDArray[np.bool_] = np.any(gaps, axis=0) & ~np.all(gaps, axis=0)
    fitted = fit_numbers(mine, [p.fill for p in block], [p.scaling for p in block])
    columns = (found.tolist() for found in (*fitted, low, high, has_gaps))
    return map(_Statistics._make, zip(*columns, strict=True))


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and the largest number of each column, 0 where there is none."""
    low, high = values.min(axis=0), values.max(axis=0)
    if np.isnan(low).any():
        low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    return np.nan_to_num(low), np.nan_to_num(high)


def _feature(
    part: _Part, found: _Statistics, unit: str, marked: bool, edges: tuple[float, ...]
) -> Feature:
    """Return the feature of a column of numbers, not yet placed."""
    form, source, codes = part.column.profile.form, part.column.name, part.column.gaps.codes
    fill, mean, scale, low, high, _has_gaps = found
    if not part.part:
        return Number(part.name, 0, mean, scale, fill, low, high, unit, form, marked, codes, edges)
    if part.part == "year":
        return Year(part.name, source, 0, mean, scale, fill, low, high, form, marked, codes)
    return CyclicPart(part.name, source, part.part, 0, fill, form, marked, codes)
