"""Whether a first line names the columns, and clean names for them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mlpdash.data.tables import brief, listed
from mlpdash.text import _


@dataclass(frozen=True)
class Guess:
    """Whether the first line is a header, whether that is in doubt, and how to say so."""

    has_header: bool
    doubtful: bool = False
    sentence: str = ""


def guess(rows: Sequence[Sequence[str]]) -> Guess:
    """Compare the first row with those below it.

    A header is told by words above numbers. Numbers above numbers, and words that come again in
    their column, look like one more row; whole numbers in even steps, such as years, may be names.
    """
    first, below = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if not below:
        return _row(first) if all(is_number(field) for field in first) else Guess(True)
    numeric = [n for n in range(len(first)) if _mostly_numbers([row[n] for row in below])]
    words = [n for n in numeric if first[n] and not is_number(first[n])]
    if words:
        return Guess(True)
    over = [first[n] for n in numeric if first[n]]
    if _in_steps(over) and not _in_steps([below[0][n] for n in numeric]):
        return Guess(
            True,
            True,
            _(
                "The first line holds whole numbers in even steps, so it was read as names; "
                'choose "no" for names in the first line if it is a row.'
            ),
        )
    if over:
        return _row(first)
    again = [n for n in range(len(first)) if first[n] and first[n] in {row[n] for row in below}]
    return _row(first) if len(again) > len(first) / 2 else Guess(True)


def distinct(header: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return distinct names for the columns, and a sentence about those that were changed."""
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
    if not changed:
        return tuple(names), []
    note = _("Columns whose name was missing or repeated were renamed: {names}.")
    return tuple(names), [note.format(names=listed(changed))]


def is_number(field: str) -> bool:
    """Tell whether a field is a number, with a point or a comma."""
    try:
        float(field.replace(",", ".", 1))
    except ValueError:
        return False
    return True


def _row(first: Sequence[str]) -> Guess:
    return Guess(
        False,
        True,
        _(
            'The first line, "{line}", looks like a row rather than names, so it was read as a '
            'row; choose "yes" for names in the first line if it names the columns.'
        ).format(line=brief(" ".join(first), 60)),
    )


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(is_number(cell) for cell in filled) >= 0.8 * len(filled)


def _in_steps(fields: Sequence[str]) -> bool:
    """Tell whether the fields are years in even steps, or count from 0."""
    if len(fields) < 2 or not all(field.isdecimal() and len(field) < 6 for field in fields):
        return False
    values = [int(field) for field in fields]
    years = all(1800 <= value <= 2200 for value in values)
    steps = {b - a for a, b in itertools.pairwise(values)}
    counted = values[0] == 0 and len(values) > 2 and steps == {1}
    return counted or (years and len(steps) == 1 and min(steps) > 0)
