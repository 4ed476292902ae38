"""The first row of a text that does not fit: too many fields, or a quote that is never closed."""

from __future__ import annotations

import csv
import itertools
import re
from typing import Final

from mlpdash.data.reading.encodings import line_of
from mlpdash.data.reading.first_lines.layout import Layout
from mlpdash.data.reading.lines import WINDOW, rows_of
from mlpdash.data.reading.refusals import Misfit, refusal
from mlpdash.specs.preparation import Reading

LINE: Final = 200  # bytes of a line that are shown at most


def check_near(text: bytes, layout: Layout, name: str, start: int, reading: Reading) -> None:
    """Look from a row on whose quotes are odd; what is wrong is mostly found right there."""
    window = text[start : start + WINDOW]
    whole = start + WINDOW >= len(text)
    found = first_misfit(window, 0, layout, line_of(text, start) - 1, whole=whole)
    if found:
        raise refusal(found, text, layout, name, reading)


def first_misfit(
    text: bytes, start: int, layout: Layout, above: int = 0, *, whole: bool = True
) -> Misfit | None:
    """Return the first row that does not fit, if Python's reader finds one.

    Parameters
    ----------
    above : lines above `text`
    whole : the text does not end before the file does, so that an open quote is never closed
    """
    width, line, size = len(layout.names), 0, 0
    try:
        for line, row in rows_of(text, start, layout.delimiter):
            if any(field.strip() for field in row[width:]):
                return Misfit(above + line, layout.delimiter.join(row), len(row))
            size = max(map(len, row))
    except csv.Error:  # a field that is longer than csv's limit, mostly since a quote is open
        return Misfit(above + line + 1, _nth_line(text, line + 1))
    if whole and size and _ends_open(text, layout, line):
        return Misfit(above + line, _nth_line(text, line))
    return None


def line_at(text: bytes, place: int) -> str:
    """Return the beginning of the line that holds the byte at a place."""
    start = max(text.rfind(b"\n", 0, place), text.rfind(b"\r", 0, place)) + 1
    return _first_line(text[start : start + LINE])


def _nth_line(text: bytes, line: int) -> str:
    """Return the beginning of a line, counted from 1."""
    ends = itertools.islice(re.finditer(rb"\r\n|\r|\n", text), max(0, line - 2), None)
    start = next(ends).end() if line > 1 else 0
    return _first_line(text[start : start + LINE])


def _first_line(text: bytes) -> str:
    return re.split(rb"[\r\n]", text, maxsplit=1)[0].decode(errors="replace")


def _ends_open(text: bytes, layout: Layout, line: int) -> bool:
    """Tell whether the last row, which starts in `line`, ends inside quotes."""
    last = b"\n".join(re.split(rb"\r\n|\r|\n", text)[line - 1 :])
    try:
        list(csv.reader([last.decode(errors="replace")], delimiter=layout.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
