"""Numbers as people write them: `1.234,50 €`, `(12)`, `−3`, `45 %`, `1'000`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

Decimal = Literal[".", ","]

CURRENCY: Final = (
    r"(?:[$€£¥₹₽₩₺₪₫฿₴₦₱]|(?:US|C|A|R|HK|NZ)\$|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|"
    r"CZK|HUF|BRL|RUB|TRY|MXN|ZAR|KRW|kr\.?|zł|Kč|Ft|Fr\.?|руб\.?|元|円)"
)
MARKS: Final[tuple[Decimal, ...]] = (".", ",")
_LAST: Final = ".,)%‰€$£¥- "  # after the last digit of a number with a unit
_MINUS: Final = str.maketrans(dict.fromkeys("\u2212\u2012\u2013\u2014\ufe63\uff0d", "-"))
_BLANKS: Final = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | dict.fromkeys("\u2019\u02bc\u00b4`", "'")
)
_AROUND: Final = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<before>{CURRENCY}?)\s*(?P<inner>[+-]?)\s*"
    r"(?P<body>[\d.,' ]+(?:[eE][+-]?\d+)?)"
    rf"\s*(?P<after>{CURRENCY}|%|‰|°[CF]?)?(?P<trailing>-?)"
)
_BODY: Final[dict[Decimal, re.Pattern[str]]] = {
    ".": re.compile(
        r"(?:[1-9]\d{0,2}(?P<mark>[,' ])\d{3}(?:(?P=mark)\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}|\d+)?"
        r"(?:\.\d*)?(?:[eE][+-]?\d+)?"
    ),
    ",": re.compile(
        r"(?:[1-9]\d{0,2}(?P<mark>[.' ])\d{3}(?:(?P=mark)\d{3})*|\d+)?(?:,\d*)?(?:[eE][+-]?\d+)?"
    ),
}
_DROPPED: Final[dict[Decimal, dict[int, int | None]]] = {
    ".": str.maketrans("", "", ",' "),
    ",": str.maketrans(",", ".", ".' "),
}


def parse(text: str, decimal: Decimal) -> float | None:
    """Return the number that `text` says, or None.

    Percent signs and currencies do not change the number: "45 %" is 45.

    >>> parse("(1.234,50 €)", ",")
    -1234.5
    """
    cell = plain(text)
    brackets = cell.startswith("(") and cell.endswith(")")
    found = _AROUND.fullmatch(cell[1:-1].strip() if brackets else cell)
    if found is None:
        return None
    signs = [found["sign"], found["inner"], found["trailing"], "-" if brackets else ""]
    if sum(map(bool, signs)) > 1:
        return None
    value = unsigned(found["body"].strip(), decimal)
    return -value if value is not None and "-" in signs else value


def plain(text: str) -> str:
    """Return a cell with one kind of minus, of space and of apostrophe."""
    return text.strip().translate(_MINUS).translate(_BLANKS)


def unsigned(body: str, decimal: Decimal) -> float | None:
    """Return what digits and the marks between them say, or None."""
    if not _BODY[decimal].fullmatch(body) or not any(c.isdigit() for c in body):
        return None
    try:
        return float(body.translate(_DROPPED[decimal]))
    except ValueError:
        return None


def unit_of(text: str) -> str:
    """Return the currency or the percent sign that stands beside a number, if any."""
    found = _AROUND.fullmatch(plain(text.strip().strip("()")))
    return (found["before"] or found["after"] or "") if found else ""


def digits_of(text: str) -> str:
    """Return the digits and the marks between them of a number that `parse` reads."""
    found = _AROUND.fullmatch(plain(text.strip().strip("()")))
    return found["body"].strip() if found else text


def decimal_of(texts: Iterable[str], hint: Decimal) -> Decimal:
    """Return the decimal mark that most cells speak for; `hint` where they leave it open."""
    votes = _votes(texts)
    if votes["."] == votes[","]:
        return hint
    return "." if votes["."] > votes[","] else ","


def is_ambiguous(texts: Sequence[str]) -> bool:
    """Tell whether no cell speaks for a decimal mark, and some mean another number with each."""
    votes = _votes(texts)
    if votes["."] or votes[","]:
        return False
    return any(parse(text, ".") != parse(text, ",") for text in texts)


def _votes(texts: Iterable[str]) -> dict[Decimal, int]:
    """Count the cells that are a number with one decimal mark alone."""
    votes: dict[Decimal, int] = {".": 0, ",": 0}
    for text in texts:
        fits = [mark for mark in _BODY if parse(text, mark) is not None]
        if len(fits) == 1:
            votes[fits[0]] += 1
    return votes


def is_number(field: str) -> bool:
    """Tell whether a field is a number, with a point or a comma, perhaps with a unit."""
    if not field or not (field[0].isdigit() or field[-1].isdigit() or field[-1] in _LAST):
        return field.lower() in ("inf", "-inf", "infinity", "-infinity")
    try:
        float(field.replace(",", ".", 1))
    except ValueError:
        return any(parse(field, mark) is not None for mark in MARKS)
    return True
