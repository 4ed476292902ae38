"""Which columns are called like a person or a thing of which a table may have several rows."""

from __future__ import annotations

from typing import Final

from mlpdash.data.cells.row_names import names_rows, words_of

_PEOPLE: Final = (
    "subject patient person participant respondent individual family household student pupil "
    "teacher customer client user member worker employee player judge rater physician doctor "
    "passenger proband patientin kunde schüler familie haushalt"
)
_THINGS: Final = (
    "firm company bank school hospital clinic store shop vendor supplier herd flock litter animal "
    "rat mouse pig dog cow chick tree plant machine device sensor firma schule filiale"
)
_SHORT: Final = "subj pid uid sid cid hhid nr"
ENTITIES: Final = frozenset(f"{_PEOPLE} {_THINGS} {_SHORT}".split())


def names_entities(name: str) -> bool:
    """Tell whether a column is called like a person, a thing, or the id of one.

    >>> names_entities("Subject"), names_entities("family_id"), names_entities("height")
    (True, True, False)
    """
    words = words_of(name)
    if len(words) == 1 and (words[0] in ENTITIES or words[0].removesuffix("id") in ENTITIES):
        return True
    return names_rows(name)
