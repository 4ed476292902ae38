"""Lines of units or types, which stand below names and are no rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mlpdash.data.cells.number_text import CURRENCY
from mlpdash.data.cells.units import meanings
from mlpdash.text import _, listed

_TYPES: Final = (
    "int int8 int16 int32 int64 uint8 uint32 uint64 integer bigint smallint float float32 float64 "
    "double real decimal numeric number num dbl str string text varchar char chr character object "
    "bool boolean logical lgl date datetime time timestamp factor fct categorical category cat "
    "nominal ordinal continuous discrete interval binary class target label meta id ignore input "
    "feature"
)
TYPES: Final = frozenset(_TYPES.split())
LONG_TYPES: Final = TYPES - {"date", "time", "id", "class", "target", "label", "input", "cat"}
SIZED: Final = re.compile(r"\s*\(\s*\d+(\s*,\s*\d+)?\s*\)")  # of varchar(20) and decimal(8, 2)
BRACKETS: Final = re.compile(r"\(\s*(.*?)\s*\)|\[\s*(.*?)\s*\]|<\s*(.*?)\s*>|\{\s*(.*?)\s*\}")
NONE: Final = frozenset(
    ("", "-", "--", "–", "—", "1", "#", "n/a", "none", "unitless", "[-]", "(-)")
)
SIGNS: Final = re.compile(rf"%|‰|°|{CURRENCY}", re.IGNORECASE)
COMPOUND: Final = re.compile(r"[^\W\d]{1,6}[²³23]?([/·*^ ]?-?[^\W\d]{0,6}[-⁻]?[\d²³¹]*)*")
LONGEST: Final = 16  # characters of a unit that is not known


def are_units(fields: Sequence[str]) -> bool:
    """Tell whether all fields are units, or all are types, or nothing; most of them known ones."""
    filled = [field for field in fields if field.lower() not in NONE]
    if not filled:
        return False
    if all(map(is_type, filled)):
        return True
    if not all(map(_may_be_unit, filled)):
        return False
    return sum(map(_is_known, filled)) > len(filled) / 2


def are_types(fields: Sequence[str]) -> bool:
    """Tell whether all fields name types, and hardly anything else."""
    return len(fields) > 1 and all(_plain_type(field) in LONG_TYPES for field in fields)


def is_type(field: str) -> bool:
    """Tell whether a field names a type of values, such as varchar(20)."""
    return _plain_type(field) in TYPES


def units_of(names: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """Return by column the unit that a line below the names has for it."""
    pairs = zip(names, fields, strict=False)
    return {
        name: _bare(field)
        for name, field in pairs
        if _bare(field).lower() not in NONE and not is_type(field) and _may_be_unit(field)
    }


def about_lines(lines: Sequence[Sequence[str]], units: Mapping[str, str]) -> list[str]:
    """Return a sentence about lines below the names that were not read as rows."""
    if not lines:
        return []
    shown = listed([field for field in lines[0] if field])
    if units:
        return [
            _(
                "The line below the names holds units, not values, and was not read as a row: "
                "{text}."
            ).format(text=shown)
        ]
    return [
        _(
            "The line below the names holds types, not values, and was not read as a row: {text}."
        ).format(text=shown)
    ]


def _plain_type(field: str) -> str:
    return SIZED.sub("", _bare(field).lower())


def _is_known(field: str) -> bool:
    """Tell whether a field is a unit that is known, or anything in brackets."""
    plain = _bare(field)
    if is_type(field):
        return True
    return plain != field or bool(SIGNS.fullmatch(plain) or meanings(plain))


def _may_be_unit(field: str) -> bool:
    plain = _bare(field)
    if plain in NONE or is_type(field) or SIGNS.fullmatch(plain) or meanings(plain):
        return True
    return len(plain) <= LONGEST and COMPOUND.fullmatch(plain) is not None


def _bare(field: str) -> str:
    """Return a unit without the brackets around it."""
    found = BRACKETS.fullmatch(field.strip())
    return _inner(found) if found else field.strip()


def _inner(found: re.Match[str]) -> str:
    return next((part for part in found.groups() if part is not None), "")
