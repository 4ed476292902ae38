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

from mlpdash.data.cells import HUGE, Floats, Times, dates, numbers, texts
from mlpdash.data.tables import brief
from mlpdash.errors import DataError
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

UNSEEN: Final = -1.0  # raw value of a category that the training rows do not have


@dataclass(frozen=True)
class Feature:
    """One input, and the columns x[:, start:stop] that it became.

    Numbers are encoded as (value - mean) / scale, with mean 0 and scale 1 when they are not
    scaled, or as sine and cosine when they have a period; categories as one column of 0 and 1 per
    level. With an indicator the last column is 1 where the cell was missing.
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
    raw = np.empty((len(frame), len(features)), order="F")
    moments: dict[str, Times] = {}
    for n, feature in enumerate(features):
        if feature.column not in frame.columns:
            raise DataError(_('the column "{name}" is missing.').format(name=brief(feature.column)))
        values = frame[feature.column]
        try:
            if feature.part:
                if feature.column not in moments:
                    moments[feature.column] = dates(values, feature.form or "dates iso")
                raw[:, n] = date_part(moments[feature.column], feature.part)
            elif feature.kind == "category":
                raw[:, n] = _indices(texts(values), feature)
            else:
                raw[:, n] = numbers(values, feature.form)
        except (ValueError, TypeError, AttributeError):
            kind = _("dates") if feature.part else _("numbers")
            raise DataError(
                _('the column "{name}" must hold {kind}.').format(
                    name=brief(feature.column), kind=kind
                )
            ) from None
    return raw


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
    for n, feature in enumerate(features):
        values = raw[:, n]
        gaps = np.isnan(values)
        if gaps.any():
            values = np.where(gaps, feature.typical, values)
            if feature.indicator:
                x[gaps, feature.stop - 1] = 1
        if feature.kind == "category":
            known = np.flatnonzero(values >= 0)
            x[known, feature.start + values[known].astype(np.int64)] = 1
        elif feature.period:
            angle = values * (2 * np.pi / feature.period)
            x[:, feature.start] = np.sin(angle)
            x[:, feature.start + 1] = np.cos(angle)
        else:
            scaled = (values - feature.mean) / feature.scale
            x[:, feature.start] = np.clip(scaled, -HUGE, HUGE)  # a held-out row can lie far out
    return x


def _indices(cells: NDArray[np.object_], feature: Feature) -> Floats:
    import pandas as pd

    levels = feature.levels[:-1] if feature.pooled else feature.levels
    found = pd.Index(levels, dtype=object).get_indexer(pd.Index(cells, dtype=object)).astype(float)
    found[found < 0] = len(feature.levels) - 1 if feature.pooled else UNSEEN
    found[cells == None] = np.nan  # noqa: E711 - elementwise
    return found
