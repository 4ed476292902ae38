"""What is put right in a text before its rows are looked for.

An end-of-file mark of DOS is no cell, nor part of the last one. Numbers between blanks before a
tab, with words of several parts behind it, get tabs: neither blanks nor the tab alone part such
fields. So do fields with two or more blanks between them, and single ones within.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mlpdash.data.cells.number_text import is_number
from mlpdash.text import _

END: Final = b"\x1a"  # Ctrl-Z
HEAD: Final = 20_000  # bytes that are looked at
LEAST: Final = 3  # lines that speak for such fields
BEFORE_TAB: Final = re.compile(rb"^[^\t\r\n]*(?=\t)", re.MULTILINE)
WIDE_GAP: Final = re.compile(rb" {2,}")
AT_EDGES: Final = re.compile(rb"^ +| +(?=\r?$)", re.MULTILINE)
ENDS_QUOTED: Final = re.compile(rb'\x1a"[\r\n]*\Z')
MOST_LINES: Final = 100
GAPS: Final = ("?", ".", "-", "NA")


def tidied(text: bytes) -> tuple[bytes, str]:
    """Return the text with tabs between all fields, and a sentence about what was done."""
    said = ""
    if ENDS_QUOTED.search(text[-100:]):
        text = text.rstrip(b"\r\n")[: -len(END) - 1] + b'"'
        said = _("The end-of-file mark at the end (Ctrl-Z) was left out.")
    elif text[-100:].rstrip(b"\r\n").endswith(END):
        text = text.rstrip(b"\r\n" + END)
        said = _("The end-of-file mark at the end (Ctrl-Z) was left out.")
    if b"\t" in text[:HEAD] and b'"' not in text[:HEAD] and _has_numbers_before_tabs(text[:HEAD]):
        text = BEFORE_TAB.sub(lambda found: b"\t".join(found[0].split()), text)
    elif _has_wide_gaps(text[:HEAD]):
        text = WIDE_GAP.sub(b"\t", AT_EDGES.sub(b"", text))
        said = said or _("Columns were split at two or more spaces.")
    return text, said


def _has_wide_gaps(head: bytes) -> bool:
    """Tell whether each line has as many fields between two or more blanks, and more between one.

    Where single blanks part as well, they do.
    """
    if b"  " not in head or any(mark in head for mark in b'",;\t|'):
        return False
    lines = [line.strip(b" \r") for line in head.split(b"\n")[:-1] if line.strip()][:MOST_LINES]
    wide = {len(WIDE_GAP.split(line)) for line in lines}
    single = {len(line.split()) for line in lines}
    return len(lines) > 1 and len(wide) == 1 and min(wide) > 1 and len(single) > 1


def _has_numbers_before_tabs(head: bytes) -> bool:
    """Tell whether each line has as many numbers between blanks before its first tab."""
    lines = [line for line in head.decode(errors="replace").splitlines()[:-1] if line.strip()]
    parts = [line.split("\t") for line in lines]
    runs = [row[0].split() for row in parts[1:]]
    if len(runs) < LEAST or len(parts[1]) < 2:
        return False
    width, first = len(runs[0]), parts[0]
    are_alike = all(len(run) == width > 1 and _are_numbers(run) for run in runs)
    are_parted = all(len(row) == len(parts[1]) for row in parts)
    return are_alike and (not are_parted or len(first[0].split()) == width)


def _are_numbers(words: Sequence[str]) -> bool:
    return is_number(words[0]) and all(is_number(word) or word in GAPS for word in words)
