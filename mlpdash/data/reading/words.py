"""Words that a reader of CSV takes as missing, and that are values: None beside Mild."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Cure
from mlpdash.data.cells.gap_words import NONE, are_values
from mlpdash.data.table import with_columns
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd


MOST_CURES: Final = 3  # columns that have a button of their own


def values_cures(names: Sequence[str]) -> tuple[Cure, ...]:
    """Propose that what counts as missing in some columns is a value: in all, or in one of them."""
    each = (
        Cure(
            _('They are values in "{column}"').format(column=brief(name)),
            columns={name: {"words": "keep"}},
        )
        for name in names[:MOST_CURES]
    )
    return (Cure(_("They are values"), reading={"words": "keep"}), *each)


def with_degrees(
    frame: pd.DataFrame, again: pd.DataFrame, words: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Put back words that are values, such as None beside Mild and Severe.

    Parameters
    ----------
    again, words : columns as they stand, and where words in them count as missing, (rows, columns)

    Returns
    -------
    where words still count as missing, and the table
    """
    words, made = words.copy(), {}
    for n, name in enumerate(map(str, again.columns)):
        cells = again[name]
        said = {str(word) for word in cells[words[:, n]].unique()}
        if not any(word.casefold() in NONE for word in said):
            continue
        others = {str(cell) for cell in cells[~words[:, n]].dropna().unique()}
        values = are_values(said, others, no_gaps=not cells.isna().any())
        if values:
            words[:, n] &= ~cells.isin(list(values)).to_numpy(dtype=bool)
            made[name] = cells.mask(words[:, n])
    return words, with_columns(frame, made) if made else frame
