"""Where the rows of a delimited text lie, and which do not fit, found in one fast pass.

numpy looks for delimiters, line ends and quotes, some hundred thousand bytes at a time. A row that
does not fit is so found before pandas is asked to parse, and in far less time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.reading.encodings import line_of
from mlpdash.data.reading.quotes import Quoted, follow_quotes, open_quote_at

CHUNK: Final = 1 << 17  # bytes: arrays of so many stay in the cache, and are not mapped anew
WINDOW: Final = 2_000_000  # bytes that Python's csv module looks at where quotes are odd
MOST_LONG: Final = 1_000_000  # rows that are remembered as too long
TAB, NEWLINE, RETURN, QUOTE, ZERO, NINE, BLANK = b'\t\n\r"09 '

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
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
    longest: int = 0  # bytes of the longest field, looked for where one may be too long
    longest_at: int = 0
    open_quote: int | None = None  # where a quote opens that is never closed
    odd_quote: int | None = None  # start of the first row where text follows a closing quote


@dataclass(frozen=True)
class _Limits:
    width: int  # number of columns
    longest: int  # bytes of a field
    most_long: int  # rows to remember


@dataclass(frozen=True)
class _Piece:
    """Some bytes of the text, which begin with a row."""

    at: int  # in the text
    cells: Bytes
    last: bool  # whether the text ends with it
    delimiter: int  # a blank stands for runs of blanks
    edges: Mask  # bytes that part fields or rows
    has_returns: bool
    quoted: Quoted | None

    @property
    def is_open(self) -> bool:
        """Whether it ends within quotes."""
        return self.quoted is not None and bool(self.quoted.inside[-1])

    def outside(self, mask: Mask) -> Mask:
        """Return those marked bytes that no quotes enclose."""
        return mask if self.quoted is None else mask & ~self.quoted.inside


def scan_rows(
    text: bytes, start: int, delimiter: bytes, width: int, longest: int, most_long: int = MOST_LONG
) -> Lines:
    """Look at all rows from `start` on.

    Parameters
    ----------
    text : UTF-8
    delimiter : one byte; a blank stands for runs of blanks
    width : number of columns
    longest : bytes after which a field is too long to look for its end
    most_long : rows to remember as too long
    """
    found, limits = Lines(), _Limits(width, longest, most_long)
    at, size = start, CHUNK
    while at < len(text):
        if skipped := _blank_lines(text[at : at + size], delimiter):
            at += skipped
            continue
        piece = _cut(text, at, size, ord(delimiter))
        stop = _take_rows(piece, limits, found)
        if stop:
            at, size = at + stop, _next_size(piece)
        elif _ends_within_field(text, piece, longest, found):
            return found
        else:
            size *= 2
    return found


def _next_size(piece: _Piece) -> int:
    """Return how many bytes to take next: fewer where many of them take eight bytes in arrays."""
    is_dense = np.count_nonzero(piece.edges) > len(piece.cells) / 4
    return max(1, CHUNK // 2) if is_dense else CHUNK


def _blank_lines(piece: bytes, delimiter: bytes) -> int:
    """Return how many bytes a piece's lines are if all are blank, else 0."""
    if not piece.isspace() or (delimiter in piece and delimiter != b" "):
        return 0
    return max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1


def _cut(text: bytes, at: int, size: int, delimiter: int) -> _Piece:
    cells = np.frombuffer(text, np.uint8, min(size, len(text) - at), at)
    has_returns = text.find(b"\r", at, at + size) >= 0
    if delimiter == BLANK:
        edges = _white(cells)
    else:
        edges = cells == delimiter
        edges |= cells == NEWLINE
        if has_returns:
            edges |= cells == RETURN
    quoted = follow_quotes(cells, edges) if text.find(b'"', at, at + size) >= 0 else None
    return _Piece(at, cells, at + size >= len(text), delimiter, edges, has_returns, quoted)


def _white(cells: Bytes) -> Mask:
    mask: Mask = cells == BLANK
    mask |= cells - TAB <= RETURN - TAB
    return mask


def _ends_within_field(text: bytes, piece: _Piece, longest: int, found: Lines) -> bool:
    """Tell whether a piece without a whole row has a field that is never closed or too long."""
    end = piece.at + len(piece.cells)
    if piece.is_open:
        opening = piece.at + open_quote_at(piece.cells, piece.edges)
        if piece.last or text.find(b'"', end, opening + longest + 2) < 0:
            found.open_quote = opening
            return True
    edges = piece.outside(piece.edges)[::-1]
    begin = end - int(edges.argmax()) if edges.any() else piece.at
    if end - begin <= longest:
        return False
    marks = b" \t\r\n" if piece.delimiter == BLANK else bytes([piece.delimiter]) + b"\r\n"
    ends = [text.find(bytes([mark]), end) for mark in marks]
    stop = min((at for at in ends if at >= 0), default=len(text))
    found.rows += 1
    found.longest, found.longest_at = stop - begin, begin
    return True


def _take_rows(piece: _Piece, limits: _Limits, found: Lines) -> int:
    """Take up the whole rows of a piece; return how many bytes they are."""
    places = np.flatnonzero(piece.outside(_marks(piece)))
    marks = piece.cells[places]
    ends = np.flatnonzero(marks != piece.delimiter)
    stop = int(places[ends[-1]]) + 1 if len(ends) else 0
    if piece.last and not piece.is_open and stop < len(piece.cells):  # a last line without an end
        ends = np.append(ends, len(places))
        places = np.append(places, len(piece.cells))
        stop = len(piece.cells)
    if not stop:
        return 0
    if piece.delimiter == BLANK:
        _take_words(piece, places, limits, found)
    else:
        _take_fields(piece, places, ends, limits, found)
    _take_odd(piece, places[ends], found)
    return stop


def _marks(piece: _Piece) -> Mask:
    """Tell which bytes are delimiters or line ends; of CR LF the LF."""
    cells = piece.cells
    mask: Mask = piece.edges.copy() if piece.delimiter != BLANK else _line_ends(cells)
    if piece.has_returns:
        before_feed = cells[:-1] == RETURN
        before_feed &= cells[1:] == NEWLINE
        mask[:-1] &= ~before_feed
    return mask


def _line_ends(cells: Bytes) -> Mask:
    mask: Mask = cells == NEWLINE
    mask |= cells == RETURN
    return mask


def _take_odd(piece: _Piece, stops: Ints, found: Lines) -> None:
    """Remember the first row, of those that end at `stops`, where text follows a closing quote."""
    if found.odd_quote is not None or piece.quoted is None or not len(piece.quoted.odd):
        return
    row = int(np.searchsorted(stops, piece.quoted.odd[0]))
    if row < len(stops):
        found.odd_quote = piece.at + (int(stops[row - 1]) + 1 if row else 0)


def _take_words(piece: _Piece, stops: Ints, limits: _Limits, found: Lines) -> None:
    """Count the fields of the rows that end at `stops`, where blanks part fields."""
    words = ~piece.outside(piece.edges)
    words[1:] &= ~words[:-1]  # their first bytes
    starts = np.concatenate([[0], stops[:-1] + 1])
    fields = np.add.reduceat(words.view(np.uint8)[: stops[-1] + 1], starts, dtype=np.int64)
    rows = fields > 0
    found.rows += int(np.count_nonzero(rows))
    found.short += int(np.count_nonzero(rows & (fields < limits.width)))
    for n in np.flatnonzero(fields > limits.width)[: limits.most_long - len(found.long)].tolist():
        start, stop = piece.at + int(starts[n]), piece.at + int(stops[n]) + 1
        found.long.append(LongRow(start, stop, int(fields[n])))


def _take_fields(piece: _Piece, places: Ints, ends: Ints, limits: _Limits, found: Lines) -> None:
    """Count the fields of the rows that end at `places[ends]`, and remember what does not fit."""
    fields = np.diff(ends, prepend=-1)
    stops = places[ends]
    starts = np.concatenate([[0], stops[:-1] + 1])
    blank = _blank_rows(piece.cells, fields, starts, stops)
    found.rows += len(ends) - blank
    found.short += int(np.count_nonzero(fields < limits.width)) - blank
    _take_long(piece, places, ends, fields, starts, limits, found)
    if len(piece.cells) > limits.longest:
        _take_longest(piece, places[: ends[-1] + 1], found)
    _take_zeros(piece, places, ends, fields, found)


def _take_longest(piece: _Piece, places: Ints, found: Lines) -> None:
    begins = np.concatenate([[0], places[:-1] + 1])
    lengths = places - begins
    most = int(lengths.argmax())
    if lengths[most] > found.longest:
        found.longest, found.longest_at = int(lengths[most]), piece.at + int(begins[most])


def _blank_rows(cells: Bytes, fields: Ints, starts: Ints, stops: Ints) -> int:
    """Count the lines that hold nothing but white space."""
    lone = np.flatnonzero(fields == 1)
    lengths = stops[lone] - starts[lone]
    begin_white = _white(cells[np.minimum(starts[lone], len(cells) - 1)])
    short = (lengths == 0) | ((lengths == 1) & begin_white)
    blank = int(np.count_nonzero(short))
    if (begin_white & ~short).any():
        filled = np.add.reduceat(~_white(cells)[: stops[-1] + 1], starts, dtype=np.int64)
        blank += int(np.count_nonzero(~short & (filled[lone] == 0)))
    return blank


def _take_long(
    piece: _Piece,
    places: Ints,
    ends: Ints,
    fields: Ints,
    starts: Ints,
    limits: _Limits,
    found: Lines,
) -> None:
    """Remember rows that have something beyond the last column; empty fields there do not count."""
    width = limits.width
    long = np.flatnonzero(fields > width)
    if not len(long) or len(found.long) >= limits.most_long:
        return
    firsts = ends[long] - fields[long] + 1  # of the row's marks
    beyond = places[firsts + width - 1]
    stops = places[ends[long]]
    filled = stops - beyond - 1 > fields[long] - width - 1  # more than delimiters
    long, beyond, stops = long[filled], beyond[filled], stops[filled]
    if not len(long):
        return
    content = np.append(~(piece.edges | _white(piece.cells)), False)  # stops may be its length
    spans = np.column_stack([beyond, stops]).ravel()
    some = np.add.reduceat(content, spans, dtype=np.int64)[::2] > 0
    for n in np.flatnonzero(some)[: limits.most_long - len(found.long)].tolist():
        start, stop = piece.at + int(starts[long[n]]), piece.at + int(stops[n]) + 1
        found.long.append(LongRow(start, stop, int(fields[long[n]])))


def _take_zeros(piece: _Piece, places: Ints, ends: Ints, fields: Ints, found: Lines) -> None:
    """Find the columns in which a field, which may be quoted, begins with 0 and another digit."""
    cells = piece.cells
    led = (cells[1:-1] == ZERO) & (cells[2:] - ZERO < 10)
    led &= (piece.edges if piece.quoted is None else piece.edges | (cells == QUOTE))[:-2]
    if not led.any() and cells[0] not in (ZERO, QUOTE):
        return
    last = len(cells) - 1
    begins = np.concatenate([[0], places[: ends[-1]] + 1]).clip(max=last)
    begins += cells[begins] == QUOTE
    led = cells[np.minimum(begins, last)] == ZERO
    led &= cells[np.minimum(begins + 1, last)] - ZERO < 10
    led &= begins < last
    if led.any():
        column = np.arange(len(begins)) - np.repeat(ends - fields + 1, fields)
        found.zeros.update(np.flatnonzero(np.bincount(column[led])).tolist())


def rows_of(text: bytes, start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line, from 1, it starts in; Python's pace."""
    first = line_of(text, start)
    stream = io.BytesIO(text.rstrip(b"\r\n"))  # a million blank lines take Python long
    stream.seek(start)
    wrapped = io.TextIOWrapper(stream, "utf-8", errors="replace", newline=None)
    if delimiter == " ":
        for line, row in _rows_of_words(wrapped):
            yield first + line, row
        return
    reader = csv.reader(wrapped, delimiter=delimiter, skipinitialspace=True)
    line = first
    for row in reader:
        if len(row) > 1 or (row and row[0].strip()):
            yield line, row
        line = first + reader.line_num


def _rows_of_words(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of text whose fields blanks part, and the line, from 0, each starts in.

    A quote that is never closed is a letter, so that the rows before and after can be looked at.
    """
    held: list[str] = []  # lines of the row that is being read

    def tabbed() -> Iterator[str]:
        for words in text:
            held.append(words)
            yield "\t".join(words.split()) + "\n"

    line = 0
    for row in csv.reader(tabbed(), delimiter="\t"):
        if len(held) > 1 and _is_open("".join(held)):
            rows = [words.split() for words in held]
        else:
            rows = [[word.replace("\t", " ") for word in row]]
        for n, words in enumerate(rows):
            if words:
                yield line + n, words
        line += len(held)
        held.clear()


def _is_open(rows: str) -> bool:
    """Tell whether text, whose fields blanks part, ends within quotes."""
    cells = np.frombuffer(rows.encode(errors="replace"), np.uint8)
    quoted = follow_quotes(cells, _white(cells))
    return quoted is not None and bool(quoted.inside[-1])
