"""What one column of a table is, as found from its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "boolean", "category", "date", "identifier", "constant", "empty"]


@dataclass(frozen=True)
class ColumnProfile:
    """What was found in one column.

    Attributes
    ----------
    form : how its text is to be read, see `cells`
    missing : cells that hold nothing usable, those that do not fit the form included
    unfit : cells that hold something which does not fit the form
    first : row, from 1, and text of the first of them
    infinite : cells that hold a number beyond all bounds
    unit : what the numbers are in: a unit of measurement, a currency or a percent sign
    has_signs : whether a number has a currency, a percent sign, brackets or thousands separators
    units : all units that are written there, an empty string for none
    apart : units that do not convert into that of the numbers
    multiples : words for thousands and millions that numbers were multiplied by
    marked : cells with a bound, a flag or an uncertainty, the row of the first, and its text
    doubts : what a person should be told: "order" (dates fit two), "zones" (moments were turned
        into UTC), "compact" (numbers like 20230105), "mixed" (numbers and text, kept as text),
        "asked" (numbers and text, read as numbers until a person decides), "apart" (likewise,
        since units do not convert into each other), "code" (whole numbers that are called a
        code), "zeros" (leading ones), "units" (several), "mark" (both decimal marks fit),
        "decimals" (a mark was chosen for what are numbers already), "no date"
        and the like (no cell is as was chosen)
    examples : cells, or units, that the doubts are about
    codes : numbers that look like codes for missing values
    """

    kind: Kind
    missing: int
    form: str = ""
    unfit: int = 0
    first: tuple[int, str] = (0, "")
    infinite: int = 0
    unit: str = ""
    has_signs: bool = False
    doubts: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    multiples: tuple[str, ...] = ()
    marked: tuple[int, int, str] = (0, 0, "")
    codes: tuple[str, ...] = ()
