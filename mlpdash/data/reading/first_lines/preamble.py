"""Lines above the header: titles, comments, and what an instrument says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells.number_text import is_number
from mlpdash.data.reading.first_lines import header
from mlpdash.data.reading.first_lines.delimiters import COMMENT, Rows, most_common_width
from mlpdash.data.reading.first_lines.first_row import Start, are_told
from mlpdash.text import _, brief, n_

MOST_ABOVE: Final = 50  # lines above a header
STRIPPED: Final = re.compile(r"(#+|//)\s*")  # before names that stand in a comment


def without_preamble(rows: Rows, start: Start | None) -> tuple[Rows, list[str]]:
    """Drop lines above the header, and say so; names in a comment become the header.

    Parameters
    ----------
    start : where the header is, if the cells tell
    """
    width, above = most_common_width(rows), start.header if start else _lines_above(rows)
    notes = []
    if above and not start:
        line, row = rows[above - 1]
        names = _commented_names(row, [below for _line, below in rows[above:]], width)
        if names:
            above -= 1
            rows = [*rows[:above], (line, names), *rows[above + 1 :]]
            notes = [_('The comment "{text}" names the columns.').format(text=_shown(row))]
    above = above if start else _before_header(rows, above, width)
    if not above or len(rows[above][1]) < 2:
        return rows, notes
    note = n_(
        'The line above the header was left out: "{text}".',
        '{n:,} lines above the header were left out, the first: "{text}".',
        above,
    )
    first = next((shown for _line, row in rows[:above] if (shown := _shown(row))), "")
    return rows[above:], [note.format(n=above, text=first), *notes]


def _shown(row: Sequence[str]) -> str:
    return brief(" ".join(field for field in row if field), 60)


def _lines_above(rows: Rows) -> int:
    """Count the first lines that are comments or hold a single field."""
    width = most_common_width(rows)
    marked = sum(row[0].startswith(COMMENT) for _line, row in rows)
    are_rows = marked > len(rows) / 2 and rows[-1][1][0].startswith(COMMENT)  # such as "#1"
    for above, (_line, row) in enumerate(rows[:MOST_ABOVE]):
        below = [fields for _line, fields in rows[above + 1 :]]
        comment = row[0].startswith(COMMENT) and not are_rows
        if not below or not (comment or _is_title(row, below, width)):
            return above
    return min(MOST_ABOVE, len(rows)) - 1


def _is_title(row: list[str], below: list[list[str]], width: int) -> bool:
    """Tell whether a line is a title, rather than a header of one name."""
    filled = _filled(row)
    if filled > 1 or width < 2:
        return False
    if filled == 0:
        return True
    next_one = next((n for n, fields in enumerate(below) if _filled(fields) > 1), None)
    if next_one is None:
        return False
    named = header.guess(below[next_one:]).has_header
    if len(row) == width == 2:
        return header.names_numbers(below[next_one:])
    return named if len(row) == width or width == 2 else True


def _filled(row: Sequence[str]) -> int:
    return sum(bool(field) for field in row)


def _commented_names(row: list[str], below: list[list[str]], width: int) -> list[str]:
    """Return the names of the columns if a comment right above the rows holds them.

    A comment with as many fields as the rows names the columns, unless the line below does.
    """
    if not row[0].startswith(COMMENT) or header.names_numbers(below):
        return []
    first = STRIPPED.sub("", row[0], count=1)
    names = row[1:] if not first and len(row) == width + 1 else row
    if len(names) != width or width < 2 or not all(names):
        return []
    if not first:  # a column that is called "#"
        return names
    spaced = re.match(r"(#+|//|%)\s", row[0])
    if (spaced and header.guess(below).has_header) or any(map(is_number, [first, *row[1:]])):
        return []
    alone = sum(name.startswith(COMMENT) for name in names) == 1
    return [first, *row[1:]] if alone else names


def _before_header(rows: Rows, above: int, width: int) -> int:
    """Return how many lines stand above a header that is wider, or narrower, than they are."""
    for n, (_line, row) in enumerate(rows[:MOST_ABOVE]):
        if n < above:
            continue
        said = are_told(row)
        if len(row) == width and not said:
            is_header = n == above or header.names_numbers([below for _line, below in rows[n:]])
            return n if is_header else above
    return above
