"""Which character parts the fields of a text, by a look at its first rows."""

from __future__ import annotations

import contextlib
import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells.number_text import is_number
from mlpdash.data.reading.lines import rows_of

DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "blanks": " "}
HEAD: Final = 1_000_000  # bytes that are looked at
HEAD_ROWS: Final = 100
SOME_ROWS: Final = 20  # rows whose cells are compared
SOME_CELLS: Final = 100  # cells of each of them
ALIKE: Final = 0.95  # share of the rows with as many fields as most
COMMENT: Final = ("#", "%", "//")
COMMA: Final = re.compile(r"[+-]?\d*,\d+")

Rows = list[tuple[int, list[str]]]  # the line each starts in, its fields

csv.field_size_limit(max(csv.field_size_limit(), HEAD))  # a long field is no open quote


def best_delimiter(head: bytes, delimiters: Sequence[str]) -> tuple[str, Rows]:
    """Return the delimiter that fits the head of a text best, and the rows it makes.

    The one with which most rows have the same number of fields; of several, the one with which
    more cells are numbers; then any rather than the comma, which may be part of a number or a
    name; then the one with more fields.
    """
    tried = {d: _head_rows(head, d) for d in delimiters}
    marks = [d for d in delimiters if d != " "] or list(delimiters)
    share = {d: _share(tried[d]) for d in marks}
    fields = {d: most_common_width(tried[d]) for d in marks}
    chosen = max(marks, key=lambda d: (share[d], _numbers(tried[d]), d != ",", fields[d]))
    if " " in tried and _are_better_blanks(tried[" "], tried[chosen], chosen):
        chosen = " "
    return chosen, tried[chosen]


def _are_better_blanks(blanks: Rows, others: Rows, chosen: str) -> bool:
    """Tell whether blanks part the fields rather than the chosen mark."""
    if most_common_width(others) > 1 and chosen not in ",\t":
        return False
    run = longest_run(blanks)
    if not run:
        return False
    first = blanks[run[0]][0] if run else 0  # line in which the table begins, below any prose
    table = [(line, row) for line, row in blanks if line >= first]
    if _looks_blank_delimited(blanks):
        table = blanks
    elif not _looks_blank_delimited(table):
        return False
    parted = [(line, row) for line, row in others if line >= table[0][0]]
    if most_common_width(parted) < 2:
        return True
    if chosen == ",":
        return _have_decimal_commas(table, parted)
    return chosen == "\t" and _hold_runs_of_numbers(table, parted)


def _hold_runs_of_numbers(blanks: Rows, tabs: Rows) -> bool:
    """Tell whether cells between tabs are numbers with blanks between them, in most rows."""
    some = [row for _line, row in tabs[1 : SOME_ROWS + 1]]
    runs = sum(any(_is_run_of_numbers(cell) for cell in row) for row in some)
    fits_blanks = len(blanks[0][1]) == most_common_width(blanks)
    fits_tabs = len(tabs[0][1]) == most_common_width(tabs) and _share(tabs) >= ALIKE
    return runs > len(some) / 2 and (fits_blanks or not fits_tabs)


def _is_run_of_numbers(cell: str) -> bool:
    words = cell.split()
    return len(words) > 1 and all(map(is_number, words)) and not is_number(cell)


def most_common_width(rows: Rows) -> int:
    """Return the number of fields that most rows have, the first such number of several."""
    counts = Counter(len(row) for _line, row in rows)
    return max(counts, key=lambda n: counts[n], default=0)


def longest_run(rows: Rows) -> range:
    """Return the places of the most rows one below the other that have as many fields, over one.

    Titles and prose above a table differ in length; of runs as long the last counts.
    """
    best, start = range(0), 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or len(rows[n][1]) != len(rows[start][1]):
            if len(rows[start][1]) > 1 and n - start >= len(best):
                best = range(start, n)
            start = n
    return best


def _head_rows(head: bytes, delimiter: str) -> Rows:
    rows: Rows = []
    with contextlib.suppress(csv.Error):
        for line, row in itertools.islice(rows_of(head, 0, delimiter), HEAD_ROWS):
            rows.append((line, [field.strip() for field in row]))
    if len(head) == HEAD and len(rows) > 1:
        rows.pop()  # it may be cut
    return rows


def _share(rows: Rows) -> float:
    """Return the share of rows that have as many fields as most, not counting empty ones beyond."""
    most = most_common_width(rows)
    filled = [(len(row), _filled(row)) for _line, row in rows]
    least = Counter(width for _n, width in filled).most_common(1)[0][0] if filled else 0
    each = [sum(width <= n <= length for length, width in filled) for n in (most, least) if n > 1]
    return max(each, default=0) / max(1, len(rows))


def _filled(row: list[str]) -> int:
    """Return the number of fields up to the last that holds something."""
    return next((n for n in range(len(row), 0, -1) if row[n - 1]), 0)


def _numbers(rows: Rows) -> float:
    """Return the share of cells, of the first below the first row, that are numbers."""
    cells = [cell for _line, row in rows[1 : SOME_ROWS + 1] for cell in row[:SOME_CELLS] if cell]
    return sum(map(is_number, cells)) / max(1, len(cells))


def _looks_blank_delimited(rows: Rows) -> bool:
    """Tell columns of numbers from sentences: at least two rows alike, with numbers in them."""
    most = most_common_width(rows)
    alike = [row for _line, row in rows if len(row) == most]
    comments = sum(row[0].startswith(COMMENT) for _line, row in rows)
    if most < 2 or len(alike) < max(2, 0.9 * (len(rows) - comments)):
        return False
    some = alike[: SOME_ROWS * 2]
    numeric = [row for row in some if sum(is_number(field) for field in row) >= most / 2]
    return len(numeric) >= len(some) / 2


def _have_decimal_commas(blanks: Rows, commas: Rows) -> bool:
    """Tell `1,5 2,5`, numbers with blanks between them, from `1, 2`, fields with a comma."""
    most = most_common_width(blanks)
    if sum(len(row) == most for _line, row in blanks) < ALIKE * len(blanks):
        return False
    if len(blanks[0][1]) != most:
        return False
    if len(commas[0][1]) > 1 and not all(map(is_number, blanks[0][1])):
        return False  # the names have a comma between them
    cells = [cell for _line, row in blanks[1 : SOME_ROWS + 1] for cell in row[:SOME_CELLS]]
    if any(cell.strip(",") != cell for cell in cells) or not any(map(COMMA.fullmatch, cells)):
        return False
    return _numbers(blanks) > _numbers(commas)
