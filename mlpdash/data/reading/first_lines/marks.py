"""Which decimal mark the numbers of a text have, and which columns leave that open.

In a column whose numbers all have three digits behind one mark, as 38.000, it can stand for
thousands or for decimals. Other columns of the file decide, then small whole numbers in the same
column (950 beside 1.200), then a currency, then the delimiter: people whose numbers have a decimal
comma part fields with semicolons. Such columns are read as text, so that it can be said and
changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.data.cells.number_text import CURRENCY, Decimal
from mlpdash.data.cells.quantity_text import numeral
from mlpdash.data.reading.first_lines import header

FEW: Final = 3  # cells that speak for marks between thousands
_PLAIN: Final = re.compile(r"[+-]?[\d.,]+")
_SMALL: Final = re.compile(r"[+-]?\d{1,3}")  # without a mark between thousands
_CURRENCY: Final = re.compile(CURRENCY)
_POINTED: Final = re.compile(r"[$£¥₹]|USD|GBP|JPY|CNY|INR")  # of countries with a decimal point


@dataclass(frozen=True)
class _Written:
    """How numbers are written that have one mark in one way or the other."""

    decimals: re.Pattern[str]  # for sure: not three digits behind the mark, or a zero before it
    group: re.Pattern[str]  # 38.000
    groups: re.Pattern[str]  # 1.234.567 and 1.234,5: for sure between thousands


def _written(mark: str, other: str) -> _Written:
    return _Written(
        re.compile(rf"[+-]?(?:\d*{mark}(?!\d{{3}}$)\d+|(?:0\d*|\d{{4,}})?{mark}\d+)"),
        re.compile(rf"[+-]?[1-9]\d{{0,2}}{mark}\d{{3}}"),
        re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:(?:{mark}\d{{3}}){{2,}}|(?:{mark}\d{{3}})+{other}\d*)"),
    )


_WRITTEN: Final[dict[Decimal, _Written]] = {".": _written(r"\.", ","), ",": _written(",", r"\.")}
_OTHER: Final[dict[Decimal, Decimal]] = {".": ",", ",": "."}


@dataclass(frozen=True)
class _Column:
    """What one column says of the decimal mark.

    Attributes
    ----------
    sure : the decimal mark that its numbers have, an empty string where they leave it open
    group : the mark before three digits in all of its numbers, if it is open
    hint : the decimal mark that small whole numbers or a currency speak for
    """

    place: int
    sure: Decimal | None = None
    group: Decimal | None = None
    hint: Decimal | None = None


def find_marks(body: Sequence[Sequence[str]], delimiter: str) -> tuple[Decimal, tuple[int, ...]]:
    """Return the decimal mark, and the columns whose marks may stand between thousands.

    Between commas only quoted numbers can have a decimal comma.
    """
    plain = delimiter == "," and not any("," in cell for row in body for cell in row)
    columns: list[_Column] = []
    for column in _columns(header.first_rows(body), delimiter):
        if plain and column.sure == ".":  # most files, however wide
            return ".", ()
        columns.append(column)
    sure = [column.sure for column in columns if column.sure]
    open_ones = [column for column in columns if column.group]
    hints = [column.hint for column in open_ones if column.hint]
    if sure:
        decimal: Decimal = "," if sure.count(",") >= sure.count(".") else "."
        odd = decimal == "." and delimiter == ";"  # where most people have a decimal comma
        against = [one for one in open_ones if one.group != decimal or one.hint or odd]
        return decimal, tuple(column.place for column in against)
    if hints:
        decimal = "," if hints.count(",") >= hints.count(".") else "."
    else:
        decimal = "," if delimiter == ";" and open_ones else "."
    return decimal, tuple(column.place for column in open_ones)


def _columns(rows: Sequence[Sequence[str]], delimiter: str) -> Iterator[_Column]:
    for place in range(max(map(len, rows), default=0)):
        cells = [row[place] for row in rows if place < len(row)]
        marked = [cell for cell in cells if "," in cell or "." in cell]
        if marked:
            yield _column(place, cells, marked, delimiter)


def _column(place: int, cells: Sequence[str], marked: Sequence[str], delimiter: str) -> _Column:
    bare = [cell if _PLAIN.fullmatch(cell) else numeral(cell) for cell in marked]
    for mark, other in _OTHER.items():
        if any(map(_WRITTEN[other].groups.fullmatch, bare)):
            return _Column(place, sure=mark)
        if any(map(_WRITTEN[mark].decimals.fullmatch, bare)):
            return _Column(place, sure=mark)
    for mark, other in _OTHER.items():
        grouped = [n for n, cell in enumerate(bare) if _WRITTEN[mark].group.fullmatch(cell)]
        if grouped:
            between_commas = delimiter == "," and mark == "."
            small = len(grouped) >= FEW and any(map(_SMALL.fullmatch, cells))
            money = [marked[n] for n in grouped if _CURRENCY.search(marked[n])]
            if between_commas:
                small, money = False, [cell for cell in money if not _POINTED.search(cell)]
            return _Column(place, group=mark, hint=other if small or money else None)
    return _Column(place)
