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
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.encodings import line_of

CHUNK: Final = 1 << 17  # bytes: arrays of so many stay in the cache, and are not mapped anew
WINDOW: Final = 2_000_000  # bytes that Python's csv module looks at where quotes are odd
MOST_LONG: Final = 1_000_000  # rows that are remembered as too long
MOST_BLANKS: Final = 16  # before a quote that opens a field
MOST_HITS: Final = 1_000_000  # fields of a piece that are looked at for leading zeros
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
        while at + size < len(text) and text[at + size - 1] == QUOTE:
            size += 1  # what comes after a quote says what it is
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


def scan_blanks(text: bytes, start: int, width: int) -> Lines:
    """Look at all rows from `start` on, of a text without quotes whose fields blanks part."""
    found = Lines()
    at, size = start, CHUNK
    while at < len(text):
        piece = np.frombuffer(text, np.uint8, min(size, len(text) - at), at)
        ends = np.flatnonzero(_marks(piece, NEWLINE))
        if at + size >= len(text):
            if not len(ends) or ends[-1] < len(piece) - 1:
                ends = np.append(ends, len(piece) - 1)
        elif not len(ends):
            size *= 2
            continue
        stop = int(ends[-1]) + 1
        _take_blanks(piece[:stop], at, ends, width, found)
        at, size = at + stop, CHUNK
    return found


def _take_blanks(piece: Bytes, at: int, ends: Ints, width: int, found: Lines) -> None:
    """Count the fields of the rows that end at `ends`, and remember those that do not fit."""
    words = ~((piece == BLANK) | (piece - TAB <= RETURN - TAB))
    words[1:] &= ~words[:-1]  # their first bytes
    starts = np.concatenate([[0], ends[:-1] + 1])
    fields = np.add.reduceat(words.view(np.uint8), starts, dtype=np.int64)
    rows = fields > 0
    found.rows += int(rows.sum())
    found.short += int((rows & (fields < width)).sum())
    for n in np.flatnonzero(fields > width)[: MOST_LONG - len(found.long)].tolist():
        found.long.append(LongRow(at + int(starts[n]), at + int(ends[n]) + 1, int(fields[n])))


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
    quotes = piece == QUOTE
    open_at = None
    if quotes.any():
        edges = mask | (piece == RETURN) | quotes  # what may stand around a quoted field
        quotes, opens = _borders(piece, quotes, edges)
        inside = _odd_so_far(quotes)  # from the opening quote on
        odd = _odd_quote(piece, quotes, opens, inside, edges)
        if odd is not None and (left := _without_letters(piece, quotes, opens)) is not None:
            quotes, inside = left, _odd_so_far(left)
            odd = _odd_quote(piece, quotes, opens, inside, edges)
        mask &= ~inside
        if odd is not None:
            ends = np.flatnonzero(mask[:odd] & (piece[:odd] != delimiter))
            found.odd_quote = at + (int(ends[-1]) + 1 if len(ends) else 0)
            return at, None
        if inside[-1]:
            open_at = at + int(np.flatnonzero(quotes)[-1])
    places = np.flatnonzero(mask)
    marks = piece[places]
    ends = np.flatnonzero(marks != delimiter)
    stop = int(places[ends[-1]]) + 1 if len(ends) else 0
    if last and open_at is None and stop < len(piece):  # a last line without an end
        places, marks = np.append(places, len(piece)), np.append(marks, NEWLINE)
        ends = np.append(ends, len(places) - 1)
        stop = len(piece)
    if len(ends):
        _take(piece, at, places, ends, delimiter, width, found)
        mask |= quotes
        _take_zeros(piece[:stop], mask[:stop], places, ends, found)
    return at + stop, open_at


def _marks(piece: Bytes, delimiter: int) -> Mask:
    """Tell which bytes are delimiters or line ends; of CR LF the LF."""
    mask: Mask = piece == delimiter
    mask |= piece == NEWLINE
    returns = piece == RETURN
    if returns.any():
        returns[:-1] &= piece[1:] != NEWLINE
        mask |= returns
    return mask


def _borders(piece: Bytes, quotes: Mask, edges: Mask) -> tuple[Mask, Mask]:
    """Return the quotes that can open or close a field, and those that can open one.

    A quote opens a field after a delimiter, a line end or a quote, with blanks between; it closes
    one before such a byte. One amid a field, such as 5" pipe, is a letter like others.
    """
    opens = quotes.copy()
    opens[1:] &= edges[:-1]
    after_blank = np.flatnonzero(quotes[1:] & (piece[:-1] == BLANK)) + 1
    if len(after_blank):
        before = after_blank - 1
        for _n in range(MOST_BLANKS):
            blank = piece[before] == BLANK
            if not blank.any():
                break
            before = np.maximum(before - blank, 0)
        opens[after_blank] = edges[before] | (piece[before] == BLANK)
    closes = quotes.copy()
    closes[:-1] &= edges[1:]
    return opens | closes, opens


def _without_letters(piece: Bytes, quotes: Mask, opens: Mask) -> Mask | None:
    """Return the quotes without those at the end of a field that none opened, such as 12".

    None where such a quote comes before another one, which may then be a letter too.
    """
    places = np.flatnonzero(quotes)
    can_open = opens[places]
    turns = np.cumsum(can_open) & 1
    closed = np.maximum.accumulate(np.where(can_open, -1, np.arange(len(places))))
    after = turns ^ np.where(closed >= 0, turns[closed], 0)  # 1 inside: all is closed by a closing
    before = np.concatenate([[0], after[:-1]])
    letters = places[~can_open & (before == 0)]
    if (piece[letters[letters + 1 < len(piece)] + 1] == QUOTE).any():
        return None
    left = quotes.copy()
    left[letters] = False
    return left


def _odd_so_far(mask: Mask) -> Mask:
    """Tell at each place whether an odd number of bytes up to it, included, is marked.

    As `np.cumsum(mask) % 2 == 1`, four times as fast: 64 places are one number, in which each bit
    is combined with those 1, 2, 4, ... places below.
    """
    packed = np.packbits(mask, bitorder="little")
    words = np.zeros(-(-len(packed) // 8), "<u8")
    words.view(np.uint8)[: len(packed)] = packed
    for places in (1, 2, 4, 8, 16, 32):
        words ^= words << np.uint64(places)
    odd_words = np.bitwise_xor.accumulate(words >> np.uint64(63))
    words[1:] ^= np.uint64(0) - odd_words[:-1]  # all bits turn after an odd number
    bits = np.unpackbits(words.view(np.uint8), count=len(mask), bitorder="little")
    return bits.view(np.bool_)


def _odd_quote(piece: Bytes, quotes: Mask, opens: Mask, inside: Mask, edges: Mask) -> int | None:
    """Return the place of the first quote that is neither at a field's start nor at its end."""
    closing = quotes & ~inside
    odd = quotes & inside & ~opens
    odd[:-1] |= closing[:-1] & ~edges[1:]
    odd |= (piece == QUOTE) & ~quotes & inside  # a letter amid a quoted field
    return int(odd.argmax()) if odd.any() else None


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


def _take_zeros(piece: Bytes, mask: Mask, places: Ints, ends: Ints, found: Lines) -> None:
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
