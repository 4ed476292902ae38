"""Cells that hold a code which a person said counts as missing: -999, 99, unknown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells import date_text, number_text
from mlpdash.data.cells.cells import is_date, is_number

if TYPE_CHECKING:
    import pandas as pd


def has_code(values: pd.Series[Any], codes: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which cells hold one of the codes, (rows,): as a number, a moment or a text."""
    if not codes:
        return np.zeros(len(values), dtype=bool)
    if is_number(values):
        cells = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.isin(cells, sorted(_numbers_of(codes)))
    if is_date(values):
        moments = [np.datetime64(m, "us") for c in codes if (m := date_text.parse(c, "iso"))]
        return np.isin(values.to_numpy(dtype="datetime64[us]"), moments)
    import pandas as pd

    places, levels = pd.factorize(values)
    known, numbers = {code.strip() for code in codes}, _numbers_of(codes)
    hits = [_is_code(str(level).strip(), known, numbers) for level in levels]
    return np.array([*hits, False], dtype=bool)[places]


def _numbers_of(codes: Sequence[str]) -> set[float]:
    found = (number_text.parse(code, ".") for code in codes)
    return {value for value in found if value is not None and not math.isnan(value)}


def _is_code(text: str, known: set[str], numbers: set[float]) -> bool:
    if text in known:
        return True
    return bool(numbers) and any(number_text.parse(text, mark) in numbers for mark in (".", ","))
