"""Where the rows of a delimited text lie, and which do not fit, found in one fast pass.

numpy looks for delimiters, line ends and quotes, some megabytes at a time; quotes are understood
where they enclose whole fields. A row that does not fit is so found before pandas is asked to
parse, and in far less time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.encodings import line_of

CHUNK: Final = 1 << 20  # bytes: what is compared with so many stays in the cache
WINDOW: Final = 2_000_000  # bytes that Python's csv module looks at where quotes are odd
MOST_LONG: Final = 1_000_000  # rows that are remembered as too long
MOST_HITS: Final = 1_000_000  # fields of a piece that are looked at for leading zeros
NEWLINE, RETURN, QUOTE, ZERO, NINE, BLANK = b'\n\r"09 '

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LongRow:
    """A row with too many fields: where it starts and ends in the text."""

    start: int
    stop: int
    fields: int


@dataclass
class Lines:
    """What one pass found. Offsets are bytes of the text."""

    rows: int = 0
    short: int = 0  # rows with fewer fields than there are columns
    long: list[LongRow] = field(default_factory=list)
    zeros: set[int] = field(default_factory=set)  # columns where a digit follows a leading 0
    longest: int = 0  # bytes of the longest field
    longest_at: int = 0
    open_quote: int | None = None  # where a quote opens that is never closed
    odd_quote: int | None = None  # start of the first row whose quotes do not enclose fields


def scan(text: bytes, start: int, delimiter: bytes, width: int, longest: int) -> Lines:
    """Look at all rows from `start` on.

    Parameters
    ----------
    text : UTF-8
    delimiter : one byte
    width : number of columns
    longest : bytes after which a field is too long to look for its end
    """
    found = Lines()
    at, size = start, CHUNK
    while at < len(text):
        last = at + size >= len(text)
        done, open_at = _piece(text, at, size, last, ord(delimiter), width, found)
        if found.odd_quote is not None:
            return found
        if done > at:
            at, size = done, CHUNK
        elif open_at is not None and (last or _never_closed(text, open_at, at + size, longest)):
            found.open_quote = open_at
            return found
        else:
            size *= 2
    return found


def rows_of(text: bytes, start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line, from 1, it starts in; Python's pace."""
    line = line_of(text, start)
    stream = io.BytesIO(text)
    stream.seek(start)
    wrapped = io.TextIOWrapper(stream, "utf-8", errors="replace", newline=None)
    if delimiter == " ":
        for n, words in enumerate(wrapped):
            if words.strip():
                yield line + n, words.split()
        return
    reader = csv.reader(wrapped, delimiter=delimiter, skipinitialspace=True)
    first = line
    for row in reader:
        if len(row) > 1 or (row and row[0].strip()):
            yield line, row
        line = first + reader.line_num


def _never_closed(text: bytes, open_at: int, end: int, longest: int) -> bool:
    closing = text.find(b'"', end, open_at + longest + 2)
    return closing < 0


def _piece(
    text: bytes, at: int, size: int, last: bool, delimiter: int, width: int, found: Lines
) -> tuple[int, int | None]:
    """Take up the whole rows of a piece; return where the next begins, and an open quote."""
    piece = np.frombuffer(text, np.uint8, min(size, len(text) - at), at)
    mask = _marks(piece, delimiter)
    places = np.flatnonzero(mask)
    marks = piece[places]
    quotes = marks == QUOTE
    open_at = None
    if quotes.any():
        inside = np.cumsum(quotes, dtype=np.uint8) & 1  # it may run over: only odd or even counts
        odd = _odd_quotes(piece, places[quotes], delimiter)
        if odd is not None:
            found.odd_quote = at + _row_start(places, marks, inside, odd)
            return at, None
        if inside[-1]:
            open_at = at + int(places[quotes][-1])
        keep = ~quotes & (inside == 0)
        places, marks = places[keep], marks[keep]
    ends = np.flatnonzero(marks != delimiter)
    stop = int(places[ends[-1]]) + 1 if len(ends) else 0
    if last and open_at is None and stop < len(piece):  # a last line without an end
        places, marks = np.append(places, len(piece)), np.append(marks, NEWLINE)
        ends = np.append(ends, len(places) - 1)
        stop = len(piece)
    if len(ends):
        _take(piece, at, places, ends, delimiter, width, found)
        _take_zeros(piece[:stop], mask[:stop], places, ends, found)
    return at + stop, open_at


def _marks(piece: Bytes, delimiter: int) -> NDArray[np.bool_]:
    """Tell which bytes are delimiters, quotes or line ends; of CR LF the LF."""
    mask: NDArray[np.bool_] = piece == delimiter
    mask |= piece == NEWLINE
    mask |= piece == QUOTE
    returns = piece == RETURN
    if returns.any():
        returns[:-1] &= piece[1:] != NEWLINE
        mask |= returns
    return mask


def _odd_quotes(piece: Bytes, places: Ints, delimiter: int) -> int | None:
    """Return the place of the first quote that neither opens nor closes a whole field."""
    edge = np.zeros(256, dtype=bool)
    edge[[delimiter, NEWLINE, RETURN, QUOTE]] = True
    opens, closes = places[0::2], places[1::2]  # a piece begins outside of quotes
    after = edge[piece[np.minimum(closes + 1, len(piece) - 1)]]
    edge[BLANK] = True  # blanks after a delimiter do not count
    before = edge[piece[opens - 1]]  # of a quote at 0 the last byte; it is let through below
    odd = [n for n in opens[~before].tolist() if n > 0][:1]
    odd += [n for n in closes[~after].tolist() if n + 1 < len(piece)][:1]
    return min(odd, default=None)


def _row_start(places: Ints, marks: Bytes, inside: NDArray[Any], odd: int) -> int:
    """Return where the row begins that holds the quote at `odd`."""
    ends = places[((marks == NEWLINE) | (marks == RETURN)) & (inside == 0) & (places < odd)]
    return int(ends[-1]) + 1 if len(ends) else 0


def _take(
    piece: Bytes, at: int, places: Ints, ends: Ints, delimiter: int, width: int, found: Lines
) -> None:
    """Count the rows that end at `places[ends]`, and remember those that do not fit."""
    fields = np.diff(ends, prepend=-1)
    stops = places[ends]
    starts = np.concatenate([[0], stops[:-1] + 1])
    blank = _blank_rows(piece, fields, starts, stops)
    found.rows += len(ends) - blank
    found.short += int((fields < width).sum()) - blank
    _take_long(piece, at, places, ends, fields, starts, delimiter, width, found)
    begins = np.concatenate([[0], places[: ends[-1]] + 1])
    lengths = places[: ends[-1] + 1] - begins
    most = int(lengths.argmax())
    if lengths[most] > found.longest:
        found.longest, found.longest_at = int(lengths[most]), at + int(begins[most])


def _blank_rows(piece: Bytes, fields: Ints, starts: Ints, stops: Ints) -> int:
    """Count the lines that hold nothing but white space."""
    lone = np.flatnonzero(fields == 1)
    lengths = stops[lone] - starts[lone]
    at_start = piece[np.minimum(starts[lone], len(piece) - 1)]
    empty = (lengths == 0) | ((lengths == 1) & (at_start <= BLANK))
    others = lone[~empty & (lengths < 1000) & (at_start <= BLANK)][:10_000]
    spaces = sum(not piece[starts[n] : stops[n]].tobytes().strip() for n in others)
    return int(empty.sum()) + spaces


def _take_long(
    piece: Bytes,
    at: int,
    places: Ints,
    ends: Ints,
    fields: Ints,
    starts: Ints,
    delimiter: int,
    width: int,
    found: Lines,
) -> None:
    """Remember rows that have something beyond the last column; empty fields there do not count."""
    long = np.flatnonzero(fields > width)
    if not len(long):
        return
    firsts = ends[long] - fields[long] + 1  # of the row's marks
    beyond = places[firsts + width - 1]
    stops = places[ends[long]]
    filled = stops - beyond - 1 > fields[long] - width - 1  # more than delimiters
    for n in np.flatnonzero(filled)[: MOST_LONG - len(found.long)]:
        rest = piece[beyond[n] : stops[n]].tobytes().translate(None, bytes([delimiter]))
        if rest.strip():
            start, stop = int(starts[long[n]]), int(stops[n])
            found.long.append(LongRow(at + start, at + stop + 1, int(fields[long[n]])))


def _take_zeros(
    piece: Bytes, mask: NDArray[np.bool_], places: Ints, ends: Ints, found: Lines
) -> None:
    """Find the columns in which a field begins with 0 and another digit."""
    led = piece[2:] - ZERO < 10
    led &= piece[1:-1] == ZERO
    led &= mask[:-2]
    at_start = len(piece) > 1 and piece[0] == ZERO and ZERO <= piece[1] <= NINE
    hits = np.flatnonzero(led)[:MOST_HITS]
    if not len(hits) and not at_start:
        return
    before = np.searchsorted(places, hits, side="right")  # marks up to the field's beginning
    row = np.searchsorted(ends, before, side="left")
    row_first = np.where(row > 0, ends[np.maximum(row - 1, 0)] + 1, 0)
    found.zeros.update(np.unique(before - row_first).tolist())
    if at_start:
        found.zeros.add(0)
