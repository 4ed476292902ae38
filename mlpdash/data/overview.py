"""A table column by column, for people: what is in each, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.data.cells.cells import is_date, is_number, numbers
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import DATE_PARTS
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PlanePoint
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT: Final = 10_000  # rows that histograms and distinct values are taken from
BARS: Final = 12


@dataclass(frozen=True)
class ColumnView:
    """One row of the overview."""

    column: Column
    missing: float  # share
    distinct: int  # among the rows that were looked at
    bars: tuple[float, ...]  # a small histogram, the tallest bar is 1
    becomes: str


def overview(
    table_frame: pd.DataFrame, found: Columns, names: Sequence[str], prepared: Prepared | None
) -> list[ColumnView]:
    """Describe the columns `names`, from at most 10,000 evenly spaced rows.

    Parameters
    ----------
    table_frame : as it was read
    found : what was taken for what
    prepared : what became of it; None when the table cannot be prepared
    """
    rows = len(table_frame)
    step = max(1, -(-rows // LOOKED_AT))
    by_name = {column.name: column for column in found.columns}
    features: dict[str, list[Feature]] = {}
    for feature in prepared.features if prepared else ():
        features.setdefault(feature.column, []).append(feature)
    views = []
    for name in names:
        column = by_name[name]
        values = found.frame[name].iloc[::step]
        views.append(
            ColumnView(
                column,
                column.missing / rows,
                int(table_frame[name].iloc[::step].nunique()),
                bars(values),
                _becomes(column, features.get(name, []), prepared),
            )
        )
    return views


def bars(values: pd.Series[Any]) -> tuple[float, ...]:
    """Return at most 12 bars: ranges of a number or a date, or the most frequent values."""
    if is_date(values):
        cells = values.dropna().astype("int64").to_numpy().astype(np.float64)
    elif is_number(values):
        cells = numbers(values)
        cells = cells[~np.isnan(cells)]
    else:
        counts = values.value_counts().head(BARS).to_numpy(dtype=np.float64)
        return tuple((counts / counts.max()).round(3).tolist()) if len(counts) else ()
    if len(cells) == 0:
        return ()
    heights, _edges = np.histogram(cells, bins=min(BARS, max(2, len(np.unique(cells)))))
    return tuple((heights / heights.max()).round(3).tolist())


def _becomes(column: Column, features: Sequence[Feature], prepared: Prepared | None) -> str:
    """Say what happens to a column."""
    if column.role == "ignored":
        return _ignored(column)
    if column.role == "target":
        return _target(prepared)
    if column.role == "time":
        return _("orders the rows")
    if column.role == "weight":
        return _("weighs the rows")
    if not features:
        return ""
    first = features[0]
    if isinstance(first, DATE_PARTS):
        parts = [one.part for one in features if isinstance(one, DATE_PARTS)]
        return _("{parts}, as {n} numbers").format(
            parts=", ".join(map(_, parts)), n=features[-1].stop - first.start
        )
    said = _encoded(first, column)
    if isinstance(first, Number) and first.edges:
        said = _("{scaled}, and as {n} bins").format(scaled=said, n=first.bins)
    return f"{said}; {_filled(first)}" if column.missing else said


def _encoded(feature: Number | Category | PlanePoint, column: Column) -> str:
    """Say how the net gets a column."""
    if isinstance(feature, Category):
        if feature.pooled:
            return _("one of {n}, the rest grouped").format(n=len(feature.levels) - 1)
        return _("one of {n}").format(n=len(feature.levels))
    if isinstance(feature, PlanePoint):
        return ", ".join(feature.names_out)
    if (feature.mean, feature.scale) == (0, 1):
        return _("0 or 1") if column.kind == "boolean" else _("as it is")
    shifted = _("minus {x:.3g}") if feature.mean >= 0 else _("plus {x:.3g}")
    return _("{shifted}, divided by {scale:.3g}").format(
        shifted=shifted.format(x=abs(feature.mean)), scale=feature.scale
    )


def _filled(feature: Feature) -> str:
    typical = (
        feature.levels[int(feature.typical)]
        if isinstance(feature, Category)
        else f"{feature.typical:.4g}"
    )
    said = _("gaps become {value}").format(value=typical[:30])
    return _("{filled}, and are marked").format(filled=said) if feature.indicator else said


def _ignored(column: Column) -> str:
    reasons: Mapping[str, str] = {
        "empty": _("left out: empty"),
        "constant": _("left out: constant"),
        "identifier": _("left out: row identifier"),
    }
    if column.kind == "constant" and column.missing:
        return _("left out: one value, or none")
    return reasons.get(column.kind, _("left out"))


def _target(prepared: Prepared | None) -> str:
    if prepared is None:
        return _("to be predicted")
    if prepared.classes:
        return _("to be predicted: {n} classes").format(n=len(prepared.classes))
    return _("to be predicted, as a number")
