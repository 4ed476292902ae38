"""Whether a first line names the columns, and clean names for them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.cures import Cure, Note
from mlpdash.data.cells.date_text import looks_like_date
from mlpdash.data.cells.gap_words import is_gap
from mlpdash.data.cells.number_text import is_number
from mlpdash.data.cells.row_names import name_of_first, names_rows
from mlpdash.text import _, brief, listed, n_

MOST_CELLS: Final = 20_000  # that are looked at
SOME: Final = 5  # rows in which dates are looked for
LEAST_NAMES: Final = 2  # numbers that can be names of columns
YES: Final = {"header": "yes"}
NO: Final = {"header": "no"}
TYPED: Final = 0.8  # share of a column's cells that make it one of numbers, or of dates


@dataclass(frozen=True)
class Guess:
    """Whether the first line is a header, whether that is in doubt, and how to say so."""

    has_header: bool
    doubtful: bool = False
    note: Note | None = None


def guess(rows: Sequence[Sequence[str]]) -> Guess:
    """Compare the first row with those below it.

    A header is told by words above numbers or dates. Numbers above numbers, and words that come
    again in their column, look like one more row; whole numbers in even steps, such as years, may
    be names. Words such as NA say nothing.
    """
    first, below = rows[0], _below(rows)
    if not below:
        return _row(first) if all(is_number(field) for field in first) else Guess(True)
    numeric = columns_that_fit(below, is_number)
    others = set(range(len(first))).difference(numeric)
    dated = columns_that_fit(below[:SOME], looks_like_date, sorted(others))
    said = {n for n in (*numeric, *dated) if not is_missing(first[n])}
    over = [first[n] for n in numeric if n in said and is_number(first[n])]
    over_dates = [first[n] for n in dated if n in said and looks_like_date(first[n])]
    if len(over) + len(over_dates) < len(said):
        return Guess(True)
    if over and _in_steps(over) and not _in_steps([below[0][n] for n in numeric]):
        return _names(
            _(
                "The first line holds whole numbers in even steps, so it was read as column "
                'names. If it is a row, set "Names in the first line" to "no".'
            )
        )
    if _begins_empty(first, below):
        return _names(
            _(
                "The first line begins with an empty field, so its numbers were read as column "
                'names. If it is a row, set "Names in the first line" to "no".'
            )
        )
    if said or all(map(is_missing, first)):
        return _row(first)
    words = [n for n in range(len(first)) if not is_missing(first[n])]
    again = [n for n in words if first[n] in {row[n] for row in below}]
    return _row(first) if len(again) > len(words) / 2 else Guess(True)


def names_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a first row of distinct words, and no numbers, has numbers below it."""
    if not rows or any(is_missing(field) or is_number(field) for field in rows[0]):
        return False
    below = _below(rows)
    is_distinct = len(set(rows[0])) == len(rows[0])
    return is_distinct and bool(below and columns_that_fit(below, is_number))


def distinct_names(header: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return distinct names for the columns, and those that were changed."""
    names: dict[str, None] = {}  # in order
    given, times, changed = set(header), Counter[str](), []
    for n, field in enumerate(header, start=1):
        wanted = name = field or _("column {n}").format(n=n)
        while name in names or (name != field and name in given):
            times[wanted] += 1
            name = f"{wanted} ({times[wanted] + 1})"
        names[name] = None
        if name != field:
            changed.append(name)
    return tuple(names), changed


def about_names(names: Sequence[str], renamed: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Return sentences about names that were changed, and columns without one that are gone.

    Parameters
    ----------
    names : of the columns that the file has
    kept : of the columns that the table has
    """
    lacking = lacks_first_name(renamed, kept)  # of that the notes on columns tell
    notes, left = [], [name for name in renamed[lacking:] if name in set(kept)]
    gone = len(names) - len(kept)
    if left:
        note = _("Columns whose name was missing or repeated were renamed: {names}.")
        notes.append(note.format(names=listed(left)))
    if gone:
        note = n_(
            "1 empty column without a name was left out.",
            "{n:,} empty columns without a name were left out.",
            gone,
        )
        notes.append(note.format(n=gone))
    return notes


def lacks_first_name(renamed: Sequence[str], kept: Sequence[str]) -> bool:
    """Tell whether the first column of a table got the name that stands for none."""
    first = name_of_first()
    return bool(renamed and kept) and renamed[0] == kept[0] == first


def _below(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows that are as long as the first; fewer of a wide table."""
    width = len(rows[0])
    return first_rows([row for row in rows[1:] if len(row) == width])


def first_rows(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the first rows, so many that it takes no time to look at their cells."""
    width = max(map(len, rows), default=1)
    return list(rows[: max(SOME, MOST_CELLS // max(1, width))])


def is_missing(field: str) -> bool:
    """Tell whether a field says that nothing is there."""
    return is_gap(field) or field.casefold() == "missing"


def _row(first: Sequence[str]) -> Guess:
    sentence = _(
        'The first line ("{line}") looks like data, so it was read as a row. If it '
        'holds column names, set "Names in the first line" to "yes".'
    ).format(line=brief(" ".join(first), 60))
    return Guess(False, True, Note(sentence, (Cure(_("It names the columns"), reading=YES),)))


def _names(sentence: str) -> Guess:
    return Guess(True, True, Note(sentence, (Cure(_("It is a row"), reading=NO),)))


def _begins_empty(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether nothing stands above the names or numbers of the rows, and numbers beside it."""
    corner, others = first[0], first[1:]
    labels = [row[0] for row in below]
    if (corner and not names_rows(corner)) or len(others) < LEAST_NAMES or len(labels) < 2:
        return False
    are_names = all(map(is_number, others)) and len(set(others)) == len(others)
    return are_names and all(labels) and len(set(labels)) == len(labels)


def columns_that_fit(
    rows: Sequence[Sequence[str]], fits: Callable[[str], bool], among: Sequence[int] | None = None
) -> list[int]:
    """Return the columns, of `among` or of all, whose cells mostly fit."""
    found = []
    for n in range(len(rows[0])) if among is None else among:
        cells = [row[n] for row in rows if not is_missing(row[n])]
        others = (cell for cell in cells if not fits(cell))
        least = int((1 - TYPED) * len(cells) + 1e-9) + 1  # so many of them are too many
        if cells and sum(1 for _cell in itertools.islice(others, least)) < least:
            found.append(n)
    return found


def _in_steps(fields: Sequence[str]) -> bool:
    """Tell whether the fields are years in even steps, count from 0, or are shares or (1), (2)."""
    plain = [field.strip("()% ") for field in fields]
    if len(plain) < 2 or not all(field.isdecimal() and len(field) < 6 for field in plain):
        return False
    values = [int(field) for field in plain]
    years = all(1800 <= value <= 2200 for value in values)
    dressed = all(field != bare for field, bare in zip(fields, plain, strict=True))
    steps = {b - a for a, b in itertools.pairwise(values)}
    counted = values[0] == 0 and len(values) > 2 and steps == {1}
    return counted or ((years or dressed) and len(steps) == 1 and min(steps) > 0)
