"""Which columns are called like a person or a thing of which a table may have several rows."""

from __future__ import annotations

import functools
import re
from typing import Final

from mlpdash.data.cells.row_names import names_rows, words_of

_PEOPLE: Final = (
    "subject patient person participant respondent individual family household student pupil "
    "teacher customer client user member worker employee player judge rater "
    "passenger proband patientin kunde schüler familie haushalt"
)
_THINGS: Final = (
    "firm company bank school hospital clinic store shop vendor supplier herd flock litter animal "
    "rat mouse pig dog cow chick tree plant machine device sensor firma schule filiale"
)
_SHORT: Final = "subj pid uid sid cid hhid nr"
ENTITIES: Final = frozenset(f"{_PEOPLE} {_THINGS} {_SHORT}".split())
_ABBREVIATED: Final = "dist sch stud stu pers fam hh pat subj emp cust prod acct org inst indiv"
ABBREVIATED: Final = frozenset(f"{_ABBREVIATED} case obs".split())  # in front of id, as in distid
SURE: Final = frozenset(["id", "subject", "patient", "participant", "person", "firm"])
CODES: Final = re.compile(r"(.*(code|zip)|plz|fips|puma|naics)\d*")
_ROWS: Final = "index idx row rowid rownum rownumber no obs observation oid lfd"
ROWS: Final = frozenset(_ROWS.split())
_PLACES: Final = (
    "state county district city town village municipality commune canton parish borough precinct "
    "province prefecture station country kreis bundesland gemeinde stadt bezirk event "
    "group groups cluster institution inst center centre"
)
PLACES: Final = frozenset(_PLACES.split())  # and what happens there, such as an earthquake


def called_codes(name: str) -> bool:
    """Tell whether the numbers of a column are codes, of which none is more than another.

    >>> called_codes("zipcode"), called_codes("cow_code2"), called_codes("coded")
    (True, True, False)
    """
    words = words_of(name)
    return bool(words) and CODES.fullmatch(words[-1]) is not None


def names_repeated_entities(name: str) -> bool:
    """Tell whether a column can name persons or things with several rows each, not rows.

    >>> names_repeated_entities("id"), names_repeated_entities("row number")
    (True, False)
    """
    return names_entities(name) and not ROWS.intersection(words_of(name)) and name.strip() != "#"


def names_places(name: str) -> bool:
    """Tell whether a column is called like a place, a group or an event with several rows each.

    >>> names_places("State"), names_places("statement")
    (True, False)
    """
    words = words_of(name)
    return len(words) == 1 and words[0] in PLACES


def numbers_rows(name: str) -> bool:
    """Tell whether a column is called like the place of a row: index, orig_index, No.

    >>> numbers_rows("orig_index"), numbers_rows("No."), numbers_rows("indexed")
    (True, True, False)
    """
    return bool(ROWS.intersection(words_of(name)[-1:]))


def is_id(name: str) -> bool:
    """Tell whether a name leaves no doubt: an id, or a person or firm in the singular.

    >>> is_id("patient_id"), is_id("tree")
    (True, False)
    """
    return bool(SURE.intersection(words_of(name)))


@functools.lru_cache(maxsize=32_768)  # asked several times for each of thousands of columns
def names_entities(name: str) -> bool:
    """Tell whether a column is called like a person, a thing, or the id of one.

    >>> names_entities("Subject"), names_entities("family_id"), names_entities("height")
    (True, True, False)
    """
    words = words_of(name)
    if len(words) != 1:
        return names_rows(name)
    before_id = {words[0].removesuffix("id"), words[0].removeprefix("id")} - {words[0]}
    return bool(words[0] in ENTITIES or before_id & (ENTITIES | ABBREVIATED) or names_rows(name))
