"""Blanks around the text of cells are taken away, and it is said where values become one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from mlpdash.data.table import with_columns
from mlpdash.text import _, listed

if TYPE_CHECKING:
    import pandas as pd


def stripped(
    frame: pd.DataFrame, absent: Collection[str] = (), *, empty_too: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table without blanks around its text; cells of nothing else are missing.

    Parameters
    ----------
    absent : words that mean that nothing is there
    empty_too : a cell of no letters is missing as well, which in a CSV it is already

    Returns
    -------
    the table, the same one where nothing changed, and sentences about values that became one
    """
    made: dict[str, pd.Series[Any]] = {}
    merged: dict[str, str] = {}
    for name in (str(name) for name, kind in frame.dtypes.items() if kind == "str"):
        cells = frame[name]
        if not _has_blanks(cells, empty_too):
            continue
        short = cells.str.strip()
        changed = short != cells
        gone = (short == "") | (changed & short.isin(list(absent)))
        made[name] = short.mask(gone.fillna(False).astype(bool))
        also = set(cells[~changed & ~gone].dropna().unique())
        twice = _twice(cells[changed & ~gone].dropna().unique(), also)
        if twice:
            merged[name] = twice
    if not made:
        return frame, []
    return with_columns(frame, made), _said(merged)


def _has_blanks(cells: pd.Series[Any], empty_too: bool) -> bool:
    """Tell whether a cell has blanks around it; Arrow is quick, for there may be many columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pa.array(cells.array)
    if not pc.utf8_trim_whitespace(found).equals(found):
        return True
    return empty_too and bool(pc.any(pc.equal(found, "")).as_py())


def _twice(padded: Collection[str], also: set[str]) -> str:
    """Return one of the texts with blanks that become a value that is there already."""
    for text in padded:
        if text.strip() in also:
            return text
        also.add(text.strip())
    return ""


def _said(merged: dict[str, str]) -> list[str]:
    if not merged:
        return []
    text = next(iter(merged.values()))
    return [
        _("Spaces around text were removed, so {padded} is the same as {text}: {columns}.").format(
            padded=listed([text]), text=listed([text.strip()]), columns=listed(list(merged))
        )
    ]
