"""Which bytes of a piece of delimited text lie within quotes, by numpy.

The rules are those of Python's csv module and of pandas. A quote at the start of a field opens it;
the next quote closes it, unless that is one of two side by side, which stand for a quote; all
others are letters. So two quotes side by side never change whether what follows is inside, and of
the runs of quotes only those of odd length count: at the start of a field such a run turns inside
to outside and outside to inside; elsewhere it always leads outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUOTE, BLANK = b'" '
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Quoted:
    """What the quotes of a piece do; where it ends in a quoted field, that is said by `inside`.

    Attributes
    ----------
    inside : for each byte, whether it is in a quoted field, from the opening quote on; may be
        false at the second of two quotes side by side
    odd : places after which a quoted field goes on without quotes, as in "5" pipe
    """

    inside: Mask
    odd: Ints


def follow_quotes(piece: Bytes, edges: Mask, skipped: int = BLANK) -> Quoted | None:
    """Follow the quotes of a piece that begins with a row; None where none opens a field.

    Parameters
    ----------
    piece : (n,)
    edges : (n,), the bytes that part fields or rows
    skipped : the byte that does not count where it stands after an edge
    """
    quotes = piece == QUOTE
    leads = edges | (piece == skipped)
    if not quotes[0] and not (quotes[1:] & leads[:-1]).any():
        return None
    inside = _odd_so_far(quotes)
    if _all_enclose(quotes, inside, edges):
        return Quoted(inside, np.empty(0, np.int64))
    return _followed(piece, quotes, edges, skipped)


def _all_enclose(quotes: Mask, inside: Mask, edges: Mask) -> bool:
    """Tell whether every quote opens or closes a whole field or is one of two side by side."""
    borders = edges | quotes
    opens_amid = quotes[1:] & inside[1:] & ~borders[:-1]
    closes_amid = quotes[:-1] & ~inside[:-1] & ~borders[1:]
    return not (opens_amid.any() or closes_amid.any())


def open_quote_at(piece: Bytes, edges: Mask, skipped: int = BLANK) -> int:
    """Return the place of the quote that opens a field which does not end in the piece."""
    inside = _followed(piece, piece == QUOTE, edges, skipped).inside
    return len(piece) - int(np.argmin(inside[::-1])) if not inside.all() else 0


def _followed(piece: Bytes, quotes: Mask, edges: Mask, skipped: int) -> Quoted:
    """Follow the quotes run by run."""
    first = quotes.copy()
    first[1:] &= ~quotes[:-1]
    starts = np.flatnonzero(first)
    last = quotes.copy()
    last[:-1] &= ~quotes[1:]
    lengths = np.flatnonzero(last) - starts + 1
    leads = _leads(piece, starts, edges, skipped)
    after = _after(leads, lengths & 1 == 1)  # whether what follows a run is inside
    before = np.concatenate([[False], after[:-1]])
    turns = np.zeros(len(piece), np.bool_)
    turns[starts[before != after]] = True
    closed = (before & ~after) | (leads & ~before & (lengths & 1 == 0))
    stops = (starts + lengths)[closed]
    stops = stops[stops < len(piece)]
    return Quoted(
        inside=_odd_so_far(turns),
        odd=stops[~edges[stops]],
    )


def _leads(piece: Bytes, starts: Ints, edges: Mask, skipped: int) -> Mask:
    """Tell which runs of quotes stand at the start of a field, perhaps after blanks."""
    leads: Mask = edges[starts - 1]
    leads[starts == 0] = True
    after_blank = np.flatnonzero((piece[starts - 1] == skipped) & ~leads)
    if len(after_blank):
        others = np.flatnonzero(piece != skipped)
        at = np.searchsorted(others, starts[after_blank]) - 1  # the last byte that is no blank
        leads[after_blank] = (at < 0) | edges[others[at]]
    return leads


def _after(leads: Mask, odd: Mask) -> Mask:
    """Tell after which runs of quotes a field is open."""
    turns = _odd_so_far(leads & odd)
    ends = odd & ~leads
    if not ends.any():
        return turns
    last = np.maximum.accumulate(np.where(ends, np.arange(len(ends)), -1))
    return turns ^ (turns[last] & (last >= 0))


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
