"""NA, null, None and the like in text: which count as missing, which are values, what is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import MOST_CURES, Cure, Note
from mlpdash.data.cells.gap_words import NONE, are_values
from mlpdash.data.reading.first_lines.layout import Layout
from mlpdash.data.reading.parsing import as_text
from mlpdash.data.table import with_columns
from mlpdash.text import _, brief, listed, n_

if TYPE_CHECKING:
    import pandas as pd


MOST_ROWS: Final = 1_000  # that words for missing cells are listed from
WORDS: Final = ("NA", "N/A", "n/a", "NULL", "null", "None", "nan", "NaN", "NAN", "<NA>", "#N/A")


def with_words(
    text: bytes,
    layout: Layout,
    frame: pd.DataFrame,
    keep: Collection[str] | None,
    notes: list[str | Note],
) -> pd.DataFrame:
    """Say which columns of text have words such as NA in them, and keep these where asked.

    Parameters
    ----------
    keep : columns in which they are values; None for all
    """
    absent = frame.isna().to_numpy()
    texts = np.array([kind == "str" or kind.kind == "O" for kind in frame.dtypes])  # O: with bools
    some: NDArray[np.bool_] = np.any(absent, axis=0) & texts
    wanted: NDArray[np.bool_] = some | np.all(absent, axis=0)
    gaps = [str(name) for name in frame.columns[wanted]]
    if not gaps or not any(text.find(word.encode(), layout.start) >= 0 for word in WORDS):
        return frame
    again = as_text(text, layout, gaps)[gaps]
    words = absent[:, wanted] & again.notna().to_numpy()
    with_words: list[bool] = np.any(words, axis=0).tolist()
    named = [name for name, has_words in zip(gaps, with_words, strict=True) if has_words]
    if not named:
        return frame
    kept = [name for name in named if keep is None or name in keep]
    if kept:
        frame = with_columns(frame, {name: again[name] for name in kept})
        words[:, [name in kept for name in gaps]] = False
    words, frame = with_degrees(frame, again, words)
    if not words.any():
        return frame
    named = [name for n, name in enumerate(gaps) if words[:, n].any()]
    rows = np.flatnonzero(words.any(axis=1))[:MOST_ROWS]
    said = again.iloc[rows].to_numpy()[words[rows]]
    count = int(words.sum())
    told = n_(
        "{n:,} cell in {column} contains {words} and counts as missing. If that is a value, set "
        '"NA, null, None" to "are values".',
        "{n:,} cells in {column} contain {words} and count as missing. If that is a value, set "
        '"NA, null, None" to "are values".',
        count,
    ).format(column=listed(named), n=count, words=listed(sorted(set(said)), 3))
    notes.append(Note(told, values_cures(named)))
    return frame


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
