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

from mlpdash.data.cells import HUGE, Floats, Times, dates, is_number_type, matrix, numbers, texts
from mlpdash.data.tables import brief
from mlpdash.data.terms import Term, values_of
from mlpdash.errors import DataError
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

PIECE: Final = 1 << 17  # numbers of x that are written together
UNSEEN: Final = -1.0  # raw value of a category that the training rows do not have


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


def raw_values(frame: pd.DataFrame, features: Sequence[Feature]) -> Floats:
    """Return the features' cells, (rows, len(features)): numbers, or indices of levels.

    NaN where missing, UNSEEN where a category is none of the levels.

    Raises
    ------
    DataError : a column is missing, or holds text where numbers were learned from
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
        return numeric
    raw = np.empty((len(frame), len(features)), order="F")
    for place, n in enumerate(plain):
        raw[:, n] = numeric[:, place]
    moments: dict[str, Times] = {}
    for n in sorted({*range(len(features))} - {*plain}):
        raw[:, n] = _cells(frame, features[n], moments)
    return raw


def _cells(frame: pd.DataFrame, feature: Feature, moments: dict[str, Times]) -> Floats:
    """Return one feature's cells; `moments` keeps the dates of which there are several parts."""
    values = frame[feature.column]
    try:
        if feature.part:
            if feature.column not in moments:
                moments[feature.column] = dates(values, feature.form or "dates iso")
            return date_part(moments[feature.column], feature.part)
        if feature.kind == "category":
            return _indices(texts(values), feature)
        return numbers(values, feature.form)
    except (ValueError, TypeError, AttributeError):
        kind = _("dates") if feature.part else _("numbers")
        raise DataError(
            _('the column "{name}" must hold {kind}.').format(name=brief(feature.column), kind=kind)
        ) from None


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


def _indices(cells: NDArray[np.object_], feature: Feature) -> Floats:
    import pandas as pd

    levels = feature.levels[:-1] if feature.pooled else feature.levels
    found = pd.Index(levels, dtype=object).get_indexer(pd.Index(cells, dtype=object)).astype(float)
    found[found < 0] = len(feature.levels) - 1 if feature.pooled else UNSEEN
    found[cells == None] = np.nan  # noqa: E711 - elementwise
    return found
