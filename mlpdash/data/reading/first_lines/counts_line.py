"""A first line that counts the rows and columns, as scikit-learn's tables have: `178,13,a,b,c`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells.number_text import is_number
from mlpdash.data.reading.first_lines.delimiters import Rows, most_common_width
from mlpdash.text import _, brief

NEAR: Final = 2  # lines that may be blank


def counts_the_rows(rows: Rows, text: bytes) -> bool:
    """Tell whether the first row counts those below it and their fields, and names classes.

    The target may be counted as a column or not.
    """
    first, below = [field for field in rows[0][1] if field], rows[1:]
    if len(first) < 2 or not below or not all(field.isdecimal() for field in first[:2]):
        return False
    width, classes = most_common_width(below), first[2:]
    if int(first[1]) not in (width, width - 1) or any(map(is_number, classes)):
        return False
    if not classes and len(rows[0][1]) == width:
        return False  # a row of two numbers
    lines = (text.count(b"\n") or text.count(b"\r")) - rows[0][0]
    return abs(lines - int(first[0])) <= NEAR


def about_counts(first: Sequence[str]) -> str:
    """Return the sentence about such a line."""
    return _('The first line, "{line}", counts the rows and columns and was left out.').format(
        line=brief(" ".join(first), 60)
    )
