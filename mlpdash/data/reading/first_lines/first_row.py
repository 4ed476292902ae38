"""Where the rows of data begin, and which line above them names the columns.

The header is the last line of names above the data. What stands above it are titles, descriptions
and names of groups of columns; what stands between it and the data are units or types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.data.cells.date_text import looks_like_date
from mlpdash.data.cells.number_text import is_number
from mlpdash.data.reading.first_lines import header
from mlpdash.data.reading.first_lines.delimiters import COMMENT, Rows, longest_run
from mlpdash.data.reading.first_lines.units_line import are_types, are_units

SOME: Final = 20  # rows of data that columns are typed from
MOST_COLUMNS: Final = 1_000  # that are looked at
TOLD: Final = re.compile(r"[^\W\d][^:=]*[:=]\s*\S.*")  # as in `Lat: 52.5`
HEAD: Final = 5  # rows that are not taken for data at once


@dataclass(frozen=True)
class Start:
    """Where a table begins: the header among the rows, and the first row of data."""

    header: int
    data: int


def find_start(rows: Rows, *, at_top: bool = False) -> Start | None:
    """Return where the header and the data are, None where the cells do not tell.

    Parameters
    ----------
    at_top : the first row is known to be the header
    """
    run = longest_run(rows)
    if len(run) < 2:
        return None
    width, fields = len(rows[run[0]][1]), [row for _line, row in rows]
    if (at_top or run[0] == 0) and len(fields[0]) == len(fields[1]) and are_types(fields[1]):
        below = (n for n in range(2, len(fields)) if not are_units(fields[n]))
        return Start(0, next(below, 2))
    if _is_plain(fields, width):
        return None
    body = [fields[n] for n in run[min(HEAD, len(run) // 2) :]][:SOME]
    typed = _typed_columns(body, width)
    if not typed:
        return None
    first = _first_of_data(fields, run, typed)
    if first is None or first == 0:
        return None
    empty = {n for n in range(width) if not any(row[n] for row in body)}
    return _with_header(fields, first, width, typed, empty, at_top=at_top)


def _is_plain(fields: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether the second row has numbers just where the third and the fourth have some.

    Then it is a row, and the first names the columns or is a row; most tables are so.
    """
    if len(fields) < 4 or any(len(row) != width for row in fields[:4]) or not all(fields[0][1:]):
        return False
    some = [list(map(is_number, row[:MOST_COLUMNS])) for row in fields[:4]]
    return any(some[1]) and not any(some[0]) and some[1] == some[2] == some[3]


def _typed_columns(body: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the columns of numbers or dates."""
    some = range(min(width, MOST_COLUMNS))
    numeric = header.columns_that_fit(body, is_number, some)
    others = sorted(set(some).difference(numeric))
    return [*numeric, *header.columns_that_fit(body[: header.SOME], looks_like_date, others)]


def _first_of_data(
    fields: Sequence[Sequence[str]], run: Sequence[int], typed: Sequence[int]
) -> int | None:
    """Return the first row, above the middle of the run of alike rows, that holds data."""
    found = None
    for n in range(run[min(HEAD, len(run) // 2)], -1, -1):
        numbers, words = _counts(fields[n], typed)
        if numbers + words == 0:
            continue
        if words > numbers or (words and are_units(fields[n])):
            break
        found = n
    return found


def _counts(row: Sequence[str], typed: Sequence[int]) -> tuple[int, int]:
    """Count numbers or dates, and words, in the columns that hold numbers or dates."""
    cells = [row[n] for n in typed if n < len(row) and not header.is_missing(row[n])]
    fits = sum(is_number(cell) or looks_like_date(cell) for cell in cells)
    return fits, len(cells) - fits


def _with_header(
    fields: Sequence[Sequence[str]],
    first: int,
    width: int,
    typed: Sequence[int],
    empty: set[int],
    *,
    at_top: bool,
) -> Start | None:
    """Find the header above the first row with numbers; rows below it with gaps alone are data."""
    at = first - 1
    while at >= 0 and sum(_counts(fields[at], typed)) == 0:
        at -= 1
    names = at
    while names > 0 and are_units(fields[names]) and _names(fields[names - 1], width, empty):
        names -= 1
    if not at_top and all(_is_padded(row, width) for row in fields[:first]):
        named = header.guess(fields[first:]).has_header  # by numbers, such as years
        return Start(first, first + 1) if named else None
    if at < 0 or not _names(fields[names], width, empty) or (at_top and names > 0):
        return None
    if names == at and _is_lone_word(fields, at, width, typed, empty):
        return None
    below = (n for n in range(at + 1, first) if any(fields[n]))
    return None if fields[names][0].startswith(COMMENT) else Start(names, next(below, first))


def _is_lone_word(
    fields: Sequence[Sequence[str]], at: int, width: int, typed: Sequence[int], empty: set[int]
) -> bool:
    """Tell whether a row with the only word among numbers stands below what names the columns."""
    return len(typed) < 2 and any(_names(row, width, empty) for row in fields[:at])


def _is_padded(row: Sequence[str], width: int) -> bool:
    """Tell whether a line is mostly delimiters."""
    return len(row) == width > 2 and sum(map(bool, row)) <= width / 2


def are_told(row: Sequence[str]) -> bool:
    """Tell whether all fields say a name and its value."""
    return all(TOLD.fullmatch(field) for field in row if field)


def _names(row: Sequence[str], width: int, empty: set[int]) -> bool:
    """Tell whether a line can name the columns: a word for each but the first, all distinct."""
    if len(row) != width or are_told(row):
        return False
    named = [field for n, field in enumerate(row) if n not in empty]
    if len(named) > 1 and not row[0]:
        named = named[1:]
    are_words = not any(header.is_missing(field) or is_number(field) for field in named)
    return are_words and len(set(named)) == len(named)
