"""Columns of a tick or nothing: `x`, `yes` or `1`, and blank where it is not so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells import date_text, number_text
from mlpdash.data.cells.gap_words import is_gap
from mlpdash.data.cells.yes_no import FALSE, TRUE
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

_TICKS: Final = "x xx ✓ ✔ ✗ ✘ ☑ ☒ √ * ** + • ● ■ checked selected ticked"
TICKS: Final = frozenset(_TICKS.split())
LONGEST: Final = 30  # characters of a word that says yes
LEAST_WORDS: Final = 2  # cells with it


def are_ticks(levels: Sequence[str], present: int, missing: int) -> bool:
    """Tell whether a cell without a value means no.

    It does beside a tick or a word for yes; beside any other word where at least half of the cells
    have none.

    Parameters
    ----------
    levels : the distinct cells
    present, missing : how many cells there are with a value, and without
    """
    words = {level.strip().casefold() for level in levels}
    if not missing or len(words) != 1:
        return False
    (word,) = words
    if word in TICKS or TRUE.fullmatch(word):
        return True
    if FALSE.fullmatch(word) or len(word) > LONGEST or not LEAST_WORDS <= present <= missing:
        return False
    is_number = any(number_text.parse(word, mark) is not None for mark in (".", ","))
    return not is_number and not date_text.looks_like_date(word)


def ticked(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Return 1 where there is a tick, 0 where there is none, (rows,)."""
    import pandas as pd

    codes, levels = pd.factorize(values)
    ticks = [0.0 if _says_no(str(level)) else 1.0 for level in levels]
    return np.array([*ticks, 0.0])[codes]


def _says_no(text: str) -> bool:
    return is_gap(text) or bool(FALSE.fullmatch(text.strip().casefold().removesuffix(".0")))


def ticked_in_words(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the cells as text, "no" where there is none."""
    import pandas as pd

    cells = [_written(cell) for cell in values.tolist()]
    return pd.Series(cells, index=values.index, name=values.name, dtype="str")


def _written(cell: Any) -> str:
    if cell is None or cell != cell:  # NaN is not itself
        return _("no")
    return str(cell).strip().removesuffix(".0")
