"""What people write in a cell that has no value: `?`, `-`, `n/a`, `#N/A`, `(blank)`, `none`."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import Final

from mlpdash.data.cells.ranges import is_range

DASHES: Final = "-\u2212\u2012\u2013\u2014"
PANDAS: Final = frozenset(  # what a reader of CSV takes as missing, lower case
    (
        *("", "na", "n/a", "<na>", "#na", "#n/a", "#n/a n/a", "nan", "-nan", "null", "none"),
        *("1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"),
    )
)
_ABBREVIATED: Final = (
    *("na", "n/a", "n.a.", "n.a", "n. a.", "n/d", "n.d.", "n/k", "k.a.", "k. a.", "k.a", "s/d"),
    *("null", "nul", "none", "nil", "nan", "nat", "no data", r"\n"),
)
_BRACKETED: Final = ("blank", "leer", "empty", "null", "none", "missing", "na", "n/a", "nil")
_ERRORS: Final = (  # of spreadsheets
    *("#n/a", "#na", "#nv", "#value!", "#wert!", "#ref!", "#bezug!", "#div/0!", "#num!", "#zahl!"),
    *("#name?", "#null!", "#error!", "#error", "#valeur!", "#valor!"),
)
_SIGNS: Final = (
    *("?", "??", "???", "????", ".", "..", "...", "…", "_", "__"),
    *(n * mark for mark in DASHES for n in (1, 2, 3)),
)
_NAMES: Final = frozenset(  # Namibia and sodium, what people are called, and what Python writes
    ("NA", "Na", "NAN", "Nan", "nan", "Nat", "NUL", "Nul", "nul")
)

MARKS: Final = frozenset(  # lower case
    (
        *_ABBREVIATED,
        *_ERRORS,
        *_SIGNS,
        *(
            f"{left}{word}{right}"
            for word in _BRACKETED
            for left, right in ("()", "[]", "<>", "{}")
        ),
    )
)
NONE: Final = frozenset(("none", "nil"))  # a degree beside other degrees
_DEGREES: Final = (
    "low lower medium moderate high higher mild minor light slight severe major heavy strong weak "
    "some few little many much several most all any full partial complete part half single double "
    "multiple one two three once twice sometimes often always rarely occasional occasionally "
    "frequent regular normal basic standard advanced extreme critical both either small large "
    "minimal significant limited extensive total good fair poor average very trace"
)
DEGREES: Final = frozenset(_DEGREES.split())
PLUS: Final = re.compile(r"\++|\+/-|±")


@functools.cache
def spellings() -> frozenset[str]:
    """Return the marks as they are written: n/a, N/A and N/a; but not Na, which is sodium."""
    every = {form(mark) for mark in MARKS for form in (str, str.upper, str.capitalize, str.title)}
    return frozenset((every | {"k.A.", "k. A."}) - _NAMES)


def is_gap(text: str) -> bool:
    """Tell whether a cell says that it has no value, be it by a word or by a mark."""
    word = text.strip().casefold()
    return word in PANDAS or word in MARKS


def is_mark(text: str) -> bool:
    """Tell whether a cell holds a mark which a reader of CSV takes as a value, or none."""
    word = text.strip().casefold()
    return word in MARKS and (word in NONE or word not in PANDAS)


def are_values(marks: Collection[str], others: Collection[str], *, no_gaps: bool) -> set[str]:
    """Return those marks of a column that are values.

    `-` is one beside `+`, `.` beside `*`, `none` beside other degrees such as mild and severe; and
    so is the only mark that means no beside a single value, if every cell has one of the two.

    Parameters
    ----------
    others : the distinct cells that are no marks
    no_gaps : no cell is empty

    >>> are_values(["-", "."], ["+"], no_gaps=True)
    {'-'}
    """
    if not marks:
        return set()
    found = set()
    if any(map(PLUS.fullmatch, others)):
        found |= {mark for mark in marks if set(mark) <= set(DASHES)}
    if any(set(other) == {"*"} for other in others):
        found |= {mark for mark in marks if set(mark) == {"."}}
    nones = {mark for mark in marks if mark.casefold() in NONE}
    if nones and any(map(_is_degree, others)):
        found |= nones
    if no_gaps and len(others) == len(marks) == 1:
        found |= {mark for mark in marks if means_no(mark)}
    return found


def _is_degree(text: str) -> bool:
    """Tell whether a cell is a degree, a range or a share, such as mild, 1-5 or 100%."""
    words = set(re.findall(r"\w+", text.casefold()))
    return bool(DEGREES & words) or is_range(text) or text.endswith("%")


def means_no(mark: str) -> bool:
    """Tell whether a mark beside a tick says that there is none, rather than that it is unknown."""
    return mark.casefold() in NONE or set(mark) <= {*DASHES, ".", "_"}
