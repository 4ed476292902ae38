"""Columns of a table -> columns of x.

`Feature` holds what was fitted (see `fitting`), and `encode` applies it in plain numpy, so that
what is read back from JSON gives the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import HUGE, Floats, Times, is_number_type, matrix
from mlpdash.data.preparing.matching import UNSEEN, Unread, level_indices, moments_of, numbers_of
from mlpdash.data.preparing.terms import Term, values_of
from mlpdash.data.table import TextFormat
from mlpdash.errors import DataError
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd

PIECE: Final = 1 << 17  # numbers of x that are written together


@dataclass(frozen=True)
class Feature:
    """One input, and the columns x[:, start:stop] that it became.

    Numbers are encoded as (value - mean) / scale, with mean 0 and scale 1 when they are not
    scaled, or as sine and cosine when they have a period; categories as one column of 0 and 1 per
    level. With an indicator the last column is 1 where the cell was missing. Of a point on the
    plane x1 and x2 may become terms instead, a column each; x1*x2 is x2's.
    """

    name: str
    kind: Literal["number", "category"]
    start: int
    stop: int
    mean: float
    scale: float
    typical: float  # fills a gap: median (or mean, mode) of the training rows, in raw units
    low: float  # range over all rows, in raw units; of categories 0 and len(levels) - 1
    high: float
    levels: tuple[str, ...] = ()
    unit: str = ""
    pooled: bool = False  # the last level stands for all that are rare or unseen
    source: str = ""  # the column of the table, where the name is another
    part: str = ""  # of a date
    period: float = 0.0
    form: str = ""  # how text is read, see `cells`
    indicator: bool = False
    terms: tuple[Term, ...] | None = None  # None: the number itself

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns of x, for people."""
        if self.terms is not None:
            return tuple(term.name for term in self.terms)
        if self.kind == "category":
            named = [f"{self.name} = {level}" for level in self.levels or ("",)]
        elif self.period:
            named = [
                _("{name}, sine").format(name=self.name),
                _("{name}, cosine").format(name=self.name),
            ]
        else:
            named = [self.name]
        return (
            *named,
            *([_("{name} is missing").format(name=self.name)] if self.indicator else []),
        )

    @property
    def column(self) -> str:
        """The column of the table that this input comes from."""
        return self.source or self.name


def read_cells(
    frame: pd.DataFrame, features: Sequence[Feature], written: TextFormat | None = None
) -> tuple[Floats, dict[str, Unread]]:
    """Return the features' cells, (rows, len(features)): numbers, or indices of levels.

    NaN where missing, UNSEEN where a category is none of the levels.

    Parameters
    ----------
    written : how the text of the training table was written

    Returns
    -------
    the cells, and by column those that are no number or no date, which count as missing

    Raises
    ------
    DataError : a column is missing, or of another type than what was learned from
    """
    gone = {feature.column for feature in features} - set(map(str, frame.columns))
    if gone:
        first = next(feature.column for feature in features if feature.column in gone)
        raise DataError(_('the column "{name}" is missing.').format(name=brief(first)))
    kinds = dict(zip(map(str, frame.columns), frame.dtypes, strict=True))
    plain = [
        n
        for n, feature in enumerate(features)
        if feature.kind == "number" and not feature.part and is_number_type(kinds[feature.column])
    ]
    numeric = matrix(frame, [features[n].column for n in plain])
    if len(plain) == len(features):
        return numeric, {}
    raw = np.empty((len(frame), len(features)), order="F")
    for place, n in enumerate(plain):
        raw[:, n] = numeric[:, place]
    reader = _Reader(frame, written or TextFormat())
    for n in sorted({*range(len(features))} - {*plain}):
        raw[:, n] = reader.cells(features[n])
    return raw, reader.unread


class _Reader:
    """Reads columns that are not plain numbers; a date of which there are several parts once."""

    def __init__(self, frame: pd.DataFrame, written: TextFormat) -> None:
        self.frame, self.written = frame, written
        self.unread: dict[str, Unread] = {}
        self._moments: dict[str, Times] = {}

    def cells(self, feature: Feature) -> Floats:
        """Return one feature's cells, (rows,), and note in `unread` what could not be read."""
        try:
            return self._cells(feature, self.frame[feature.column])
        except (ValueError, TypeError, AttributeError):
            kind = _("dates") if feature.part else _("numbers")
            raise DataError(
                _('the column "{name}" must hold {kind}.').format(
                    name=brief(feature.column), kind=kind
                )
            ) from None

    def _cells(self, feature: Feature, values: pd.Series[Any]) -> Floats:
        if feature.kind == "category":
            return level_indices(values, feature.levels, self.written, pooled=feature.pooled)
        if feature.part:
            if feature.column not in self._moments:
                moments, odd = moments_of(values, feature.form or "dates iso")
                self._moments[feature.column] = moments
                self._note(feature, odd)
            return date_part(self._moments[feature.column], feature.part)
        truth = feature.low >= 0 and feature.high <= 1
        found, odd = numbers_of(values, feature.form, self.written, truth=truth)
        self._note(feature, odd)
        return found

    def _note(self, feature: Feature, odd: Unread | None) -> None:
        if odd is not None:
            self.unread[feature.column] = odd


def unseen(features: Sequence[Feature], raw: Floats) -> dict[str, int]:
    """Count, by column, the cells whose category the training rows do not have."""
    counts = {
        feature.column: int((raw[:, n] == UNSEEN).sum())
        for n, feature in enumerate(features)
        if feature.kind == "category"
    }
    return {name: count for name, count in counts.items() if count}


def date_part(moments: Times, part: str) -> Floats:
    """Return a part of dates, (rows,), NaN where missing: year, month 1-12, weekday 1-7
    (Monday is 1), day of year 1-366, or hour 0-24 with its fraction."""
    days = moments.astype("datetime64[D]")
    gone = np.isnat(days)
    years = days.astype("datetime64[Y]")
    found: NDArray[Any]
    if part == "year":
        found = years.astype(np.int64) + 1970
    elif part == "month":
        found = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    elif part == "weekday":
        found = (days.astype(np.int64) + 3) % 7 + 1  # 1 January 1970 was a Thursday
    elif part == "day of year":
        found = (days - years).astype(np.int64) + 1
    else:
        found = (moments - days).astype("timedelta64[s]").astype(np.int64) / 3600
    return np.where(gone, np.nan, found)


def encode(features: Sequence[Feature], raw: Floats) -> NDArray[np.float32]:
    """Return x, (rows, width), for raw values (rows, len(features)); NaN becomes typical."""
    x = np.zeros((len(raw), features[-1].stop if features else 0), np.float32)
    if any(feature.terms is not None for feature in features):
        _encode_terms(x, features, raw)
        return x
    plain = [n for n, f in enumerate(features) if f.kind == "number" and not f.period]
    others = [n for n, f in enumerate(features) if f.kind != "number" or f.period]
    columns = [features[n].start for n in plain]
    whole = columns == list(range(x.shape[1])) and len(plain) == raw.shape[1]
    mean, scale, typical = (
        np.array([getattr(features[n], name) for n in plain])
        for name in ("mean", "scale", "typical")
    )
    each = max(16, PIECE // max(1, x.shape[1]))
    for at in range(0, len(raw), each):  # what is written together stays in the cache
        rows = slice(at, at + each)
        values = raw[rows] if whole else raw[rows, plain]
        gaps = np.isnan(values)
        if gaps.any():
            values = np.where(gaps, typical, values)
            for place in np.flatnonzero(gaps.any(axis=0)).tolist():
                _mark(x[rows], features[plain[place]], gaps[:, place])
        scaled = np.clip((values - mean) / scale, -HUGE, HUGE)  # held-out rows can lie far out
        x[rows, slice(None) if whole else columns] = scaled
    for n in others:
        _encode_other(x, features[n], raw[:, n])
    return x


def _encode_terms(x: NDArray[np.float32], features: Sequence[Feature], raw: Floats) -> None:
    """Encode points on the plane, the features x1 and x2."""
    points = np.where(np.isnan(raw), [feature.typical for feature in features], raw)
    for feature in features:
        terms = feature.terms or ()
        values = values_of([term.name for term in terms], points)
        mean, scale = (np.array([getattr(t, name) for t in terms]) for name in ("mean", "scale"))
        x[:, feature.start : feature.stop] = np.clip((values - mean) / scale, -HUGE, HUGE)


def _mark(x: NDArray[np.float32], feature: Feature, gaps: NDArray[np.bool_]) -> None:
    if feature.indicator:
        x[gaps, feature.stop - 1] = 1


def _encode_other(x: NDArray[np.float32], feature: Feature, values: Floats) -> None:
    """Encode a category, or a number that comes round."""
    gaps = np.isnan(values)
    values = np.where(gaps, feature.typical, values)
    _mark(x, feature, gaps)
    if feature.kind == "category":
        known = np.flatnonzero(values >= 0)
        x[known, feature.start + values[known].astype(np.int64)] = 1
    else:
        angle = values * (2 * np.pi / feature.period)
        x[:, feature.start] = np.sin(angle)
        x[:, feature.start + 1] = np.cos(angle)
