"""Which columns of whole numbers, all different, are called like the name of a row."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from mlpdash.text import _

PANDAS_INDEX: Final = re.compile(r"__index_level_\d+__")
UNNAMED: Final = re.compile(r"unnamed: \d+(\.\d+)?", re.IGNORECASE)  # what pandas calls it
_ALONE: Final = (
    "id index idx row rowid rownum rownumber no nr nº uuid guid uid key pk oid obs observation "
    "account lfd lfdnr matricule"
)
_NUMBERS: Final = "number num nummer key index code numero número"
_THINGS: Final = (
    "order customer client user account invoice serial item product article part case record row "
    "line employee staff person patient member student passenger transaction ticket booking "
    "contract policy phone sample subject observation entry listing loan participant respondent "
    "school shop store supplier vendor vehicle visit session event document file primary foreign "
    "roll registration reference receipt shipment commande facture cliente pedido factura ordine "
    "fattura lfd"
)
ALONE: Final = frozenset(_ALONE.split())
IDS: Final = frozenset({"id", "uuid", "guid"})  # first or last of several words
LAST: Final = frozenset({"no", "nr", "nº", "idx", "pk"})  # last of several words
NUMBERS: Final = frozenset(_NUMBERS.split())
THINGS: Final = frozenset(_THINGS.split())  # those with a number or an id of their own
COMPOUND: Final = re.compile(r".{3,}(nummer|nr)")  # Kundennummer, Artikelnr
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
BESIDE_NO: Final = ("yes", "maybe", "ja", "oui", "si", "sí", "sì", "sim", "no2", "nox")
AGAIN: Final = re.compile(r" \(\d+\)$")  # what a repeated name is given


def names_rows(name: str) -> bool:
    """Tell whether a column is called like an id or the number of a thing.

    >>> names_rows("Customer ID"), names_rows("S.No."), names_rows("paid")
    (True, True, False)
    """
    words, plain = words_of(name), AGAIN.sub("", name.strip())
    if plain == "#" or UNNAMED.fullmatch(plain):
        return True
    if not words:
        return False
    if len(words) == 1:
        return _is_one_name(words[0])
    if words[0] in IDS or words[-1] in IDS or words[-1] in LAST:
        return True
    return words[-1] in NUMBERS and words[-2] in THINGS


def answers(names: Iterable[str]) -> set[str]:
    """Return the names that end in an answer rather than a number: smoker_no beside smoker_yes.

    NO beside NO2 or NOx is nitric oxide.
    """
    every = list(names)
    ends = {n: words_of(n) for n in every if n.strip().casefold().endswith("no")}
    stems = {name: words[:-1] for name, words in ends.items() if words[-1:] == ("no",)}
    known = set(map(words_of, every)) if stems else set()
    return {
        name for name, stem in stems.items() if any((*stem, other) in known for other in BESIDE_NO)
    }


def is_pandas_index(name: str) -> bool:
    """Tell whether pandas wrote the column as the labels of rows that had no name."""
    return PANDAS_INDEX.fullmatch(name.strip()) is not None


@functools.cache
def name_of_first() -> str:
    """Return what a first column without a name is called."""
    return _("column {n}").format(n=1)


def _is_one_name(word: str) -> bool:
    if word in ALONE or COMPOUND.fullmatch(word):
        return True
    ends = (word.removesuffix(end) for end in ("id", "number") if word.endswith(end))
    return any(thing in THINGS for thing in ends)


@functools.lru_cache(maxsize=32_768)  # asked several times for each of thousands of columns
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, lower case: "CustomerID" and "customer_id" are two words."""
    parted = CAMEL.sub(" ", AGAIN.sub("", name.strip()))
    return tuple(word.casefold() for word in re.findall(r"[^\W_]+", parted))
