"""Finds what `Feature` holds, on the training rows alone, and some columns at a time.

The statistics come from scikit-learn, see `transformers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import (
    MANY,
    Floats,
    dates,
    is_number_type,
    matrix,
    numbers,
    texts,
    usable,
)
from mlpdash.data.columns.columns import Column
from mlpdash.data.preparing.features import Feature, date_part
from mlpdash.data.preparing.terms import OF, PLANE, TERMS, Term, values_of
from mlpdash.data.preparing.transformers import Levels, fit_levels, fit_numbers
from mlpdash.data.reading import limits
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS: Final = 100  # beyond it rare levels are pooled, unless a person chose a number
POOLED_LEVELS: Final = Preparation().levels  # levels that keep a column of their own then
BLOCK: Final = 3_000_000  # cells whose statistics are found at once
PERIODS: Final = {"month": 12.0, "weekday": 7.0, "day of year": 366.0, "hour": 24.0}

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Part:
    """A column of numbers to be fitted: a column of the table, or a part of a date."""

    name: str
    column: Column
    part: str
    fill: str  # median, mean or mode
    scaling: str  # standard, minmax, robust or none


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
    decided = spec.preparation.by_column()
    types = _types(frame)
    taken = {column.name for column in inputs}
    parts: list[_Part | Column] = []
    for column in inputs:
        choice = decided.get(column.name, ColumnChoice(name=""))
        if column.kind == "date":
            parts += _date_parts(frame, column, spec, choice, taken)
        elif _has_numbers(types, column):
            parts.append(_number_part(column, spec, choice))
        else:
            parts.append(column)
    numeric = [part for part in parts if isinstance(part, _Part)]
    fitted = _fit_numbers(frame, numeric, train, spec, units)
    categories = [part for part in parts if isinstance(part, Column)]
    fitted_categories = _fit_categories(frame, categories, train, spec)
    features, start = [], 0
    for part in parts:
        if isinstance(part, _Part):
            feature = fitted[part.name]
        else:
            feature = fitted_categories[part.name]
            marked = spec.preparation.indicators and _has_gaps(frame[part.name], train)
            feature = replace(feature, indicator=marked, unit=units.get(part.name, ""))
        width = 2 if feature.period else max(1, len(feature.levels))
        feature = _at(feature, start, start + width + feature.indicator)
        features.append(feature)
        start = feature.stop
        limits.WIDTH.check(start, name)
    limits.CELLS.check(start * len(frame), name)
    return tuple(features)


def with_pixels(features: Sequence[Feature], whitest: float) -> tuple[Feature, ...]:
    """Return the features of pictures: pixels as the net gets them are from 0 to 1."""
    return tuple(
        Feature(**{**f.__dict__, "mean": 0.0, "scale": whitest, "low": 0.0, "high": whitest})
        for f in features
    )


def with_terms(features: tuple[Feature, ...], train: Floats, spec: DataSpec) -> tuple[Feature, ...]:
    """Return x1 and x2 with the inputs that `spec` names; `train` are points (rows, 2)."""
    if spec.inputs == PLANE:
        return features
    names = [name for name in TERMS if name in spec.inputs]
    values = values_of(names, train)
    mean, scale = np.zeros(len(names)), np.ones(len(names))
    if spec.standardize:
        _fill, mean, scale = fit_numbers(values, ["median"] * len(names), ["standard"] * len(names))
    terms = {
        name: Term(name, float(m), float(s)) for name, m, s in zip(names, mean, scale, strict=True)
    }
    made: list[Feature] = []
    for feature in features:
        own = tuple(term for name, term in terms.items() if OF[name] == feature.name)
        start = made[-1].stop if made else 0
        made.append(replace(feature, start=start, stop=start + len(own), terms=own))
    return tuple(made)


def _at(feature: Feature, start: int, stop: int) -> Feature:
    """Return the feature at its columns of x; `replace` takes long for thousands of them."""
    return Feature(**{**feature.__dict__, "start": start, "stop": stop})


def _has_gaps(values: pd.Series[Any], train: Ints) -> bool:
    gaps = values.isna().to_numpy()[train]
    return bool(gaps.any()) and not bool(gaps.all())


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
    return _Part(column.name, column, "", fill or usual, _scaling(column, spec, choice))


def _scaling(column: Column, spec: DataSpec, choice: ColumnChoice) -> str:
    if choice.scaling != "auto":
        return choice.scaling
    if column.kind == "boolean" and column.look.kind == "boolean":
        return "none"
    if spec.preparation.scaling != "auto":
        return spec.preparation.scaling
    return "standard" if spec.standardize else "none"


def _date_parts(
    frame: pd.DataFrame, column: Column, spec: DataSpec, choice: ColumnChoice, taken: set[str]
) -> Iterator[_Part]:
    """Yield the parts of a date that are wanted; the hour only where there are times of day."""
    moments = dates(frame[column.name], column.look.form or "dates iso")
    for part in spec.preparation.dates:
        if part == "hour" and not np.nan_to_num(date_part(moments, part)).any():
            continue
        name = f"{column.name}: {_(part)}"
        while name in taken:
            name += "*"
        taken.add(name)
        scaling = _scaling(column, spec, choice) if part == "year" else "none"
        yield _Part(name, column, part, "median", scaling)


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
    form = part.column.look.form
    if part.part:
        return date_part(dates(values, form or "dates iso"), part.part)
    return numbers(values, form)


def _fit_numbers(
    frame: pd.DataFrame,
    parts: Sequence[_Part],
    train: Ints,
    spec: DataSpec,
    units: Mapping[str, str],
) -> dict[str, Feature]:
    types, many = _types(frame), BLOCK // max(1, len(frame))
    each = many if many > MANY else 1  # a long column alone is summed faster
    first_parts = ("", *spec.preparation.dates[:1])
    found: dict[str, Feature] = {}
    for at in range(0, len(parts), each):
        block = parts[at : at + each]
        values = _values(frame, block, types)
        low, high = (ends.tolist() for ends in _ends(values))
        mine = values[train]
        gaps = np.isnan(mine)
        some: NDArray[np.bool_] = np.any(gaps, axis=0) & ~np.all(gaps, axis=0)
        marks = (some & spec.preparation.indicators).tolist()
        fitted = fit_numbers(mine, [p.fill for p in block], [p.scaling for p in block])
        stats = (statistic.tolist() for statistic in fitted)
        for n, (part, fill, mean, scale) in enumerate(zip(block, *stats, strict=True)):
            period = PERIODS.get(part.part, 0.0)
            source, look = part.column.name, part.column.look
            found[part.name] = Feature(
                part.name,
                "number",
                *(0, 1),
                mean=mean,
                scale=scale,
                typical=fill,
                low=0.0 if part.part == "hour" else 1.0 if period else low[n],
                high=period or high[n],
                unit="" if part.part else units.get(source, look.unit),
                source=source if part.part else "",
                part=part.part,
                period=period,
                form=look.form,
                indicator=marks[n] and part.part in first_parts,
            )
    return found


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and the largest number of each column, 0 where there is none."""
    low, high = values.min(axis=0), values.max(axis=0)
    if np.isnan(low).any():
        low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    return np.nan_to_num(low), np.nan_to_num(high)


def _most_levels(preparation: Preparation, choice: ColumnChoice | None) -> tuple[int, int]:
    """Return the number of levels from which on they are pooled, and how many stay then."""
    if choice is not None and choice.levels is not None:
        return choice.levels, choice.levels
    usual = preparation.levels == POOLED_LEVELS
    return (MOST_LEVELS if usual else preparation.levels), preparation.levels


def _fit_categories(
    frame: pd.DataFrame, columns: Sequence[Column], train: Ints, spec: DataSpec
) -> dict[str, Feature]:
    decided = spec.preparation.by_column()
    each = max(1, BLOCK // max(1, len(train)))
    found: dict[str, Feature] = {}
    for at in range(0, len(columns), each):
        names = [column.name for column in columns[at : at + each]]
        seen = {name: texts(frame[name])[train] for name in names}
        distinct = {name: set(cells) - {None} for name, cells in seen.items()}
        found.update({name: _category(name, ("",), mode=0) for name in names if not distinct[name]})
        names = [name for name in names if distinct[name]]
        if not names:
            continue
        pooled: list[int | None] = []
        for name in names:
            most, kept = _most_levels(spec.preparation, decided.get(name))
            pooled.append(kept if len(distinct[name]) > most else None)
        fitted = fit_levels(np.column_stack([seen[name] for name in names]), pooled)
        for name, kept_then, levels in zip(names, pooled, fitted, strict=True):
            found[name] = _with_levels(name, levels, kept_then is not None)
    return found


def _with_levels(name: str, found: Levels, pooled: bool) -> Feature:
    levels = list(found.kept)
    index = levels.index(found.mode) if found.mode in levels else 0  # where all are pooled
    if pooled:
        levels.append(_pooled_name(levels))
    return replace(_category(name, tuple(levels), index), pooled=pooled)


def _category(name: str, levels: tuple[str, ...], mode: int) -> Feature:
    return Feature(
        name,
        "category",
        *(0, len(levels)),
        mean=0.0,
        scale=1.0,
        typical=float(mode),
        low=0.0,
        high=float(len(levels) - 1),
        levels=levels,
    )


def _pooled_name(levels: Sequence[str]) -> str:
    name = _("other")
    while name in levels:
        name += "*"
    return name
