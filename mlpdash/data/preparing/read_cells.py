"""Cells of a table -> the raw values of features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.data.cells.cells import Floats, Times, is_number_type, matrix
from mlpdash.data.cells.missing_codes import has_code
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import DATE_PARTS, CyclicPart, Year, date_part
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.matching import (
    UNSEEN,
    UnreadCells,
    level_indices,
    moments_of,
    numbers_of,
)
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PlanePoint
from mlpdash.data.table import TextFormat, with_columns
from mlpdash.errors import DataError
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd


NUMBERS: Final = (Number, PlanePoint)  # whose cells are numbers in the table


def read_cells(
    frame: pd.DataFrame, features: Sequence[Feature], written: TextFormat | None = None
) -> tuple[Floats, dict[str, UnreadCells]]:
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
    frame = _without_codes(frame, features)
    kinds = dict(zip(map(str, frame.columns), frame.dtypes, strict=True))
    plain = [
        n
        for n, feature in enumerate(features)
        if isinstance(feature, NUMBERS) and _is_plain(feature, kinds[feature.column])
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


def _is_plain(feature: Number | PlanePoint, kind: Any) -> bool:
    """Tell whether cells are numbers as they are; a gap in a column of ticks is one, too."""
    return is_number_type(kind) and feature.form != "flag"


def _without_codes(frame: pd.DataFrame, features: Sequence[Feature]) -> pd.DataFrame:
    """Return the rows without cells that hold a code for missing values."""
    codes = {f.column: f.codes for f in features if not isinstance(f, PlanePoint) and f.codes}
    gone = {name: has_code(frame[name], each) for name, each in codes.items()}
    made = {name: frame[name].mask(cells) for name, cells in gone.items() if cells.any()}
    return with_columns(frame, made) if made else frame


class _Reader:
    """Reads columns that are not plain numbers; a date of which there are several parts once."""

    def __init__(self, frame: pd.DataFrame, written: TextFormat) -> None:
        self.frame, self.written = frame, written
        self.unread: dict[str, UnreadCells] = {}
        self._moments: dict[str, Times] = {}

    def cells(self, feature: Feature) -> Floats:
        """Return one feature's cells, (rows,), and note in `unread` what could not be read."""
        values = self.frame[feature.column]
        try:
            if isinstance(feature, Category):
                return level_indices(values, feature, self.written)
            if isinstance(feature, DATE_PARTS):
                return date_part(self._moments_of(feature, values), feature.part)
            return self._numbers(feature, values)
        except (ValueError, TypeError, AttributeError):
            is_date = isinstance(feature, DATE_PARTS)
            raise DataError(
                _('the column "{name}" must hold {kind}.').format(
                    name=brief(feature.column), kind=_("dates") if is_date else _("numbers")
                )
            ) from None

    def _moments_of(self, feature: Year | CyclicPart, values: pd.Series[Any]) -> Times:
        if feature.column not in self._moments:
            moments, odd = moments_of(values, feature.form or "dates iso")
            self._moments[feature.column] = moments
            self._note(feature, odd)
        return self._moments[feature.column]

    def _numbers(self, feature: Number | PlanePoint, values: pd.Series[Any]) -> Floats:
        truth = feature.low >= 0 and feature.high <= 1
        found, odd = numbers_of(values, feature.form, self.written, truth=truth)
        self._note(feature, odd)
        return found

    def _note(self, feature: Feature, odd: UnreadCells | None) -> None:
        if odd is not None:
            self.unread[feature.column] = odd


def unseen(features: Sequence[Feature], raw: Floats) -> dict[str, int]:
    """Count, by column, the cells whose category the training rows do not have."""
    counts = {
        feature.column: int((raw[:, n] == UNSEEN).sum())
        for n, feature in enumerate(features)
        if isinstance(feature, Category)
    }
    return {name: count for name, count in counts.items() if count}
