"""What is put right in a text before its rows are looked for.

An end-of-file mark of DOS is no cell. Numbers between blanks before a tab, with words of several
parts behind it, get tabs: neither blanks nor the tab alone part such fields.
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
GAPS: Final = ("?", ".", "-", "NA")


def tidied(text: bytes) -> tuple[bytes, str]:
    """Return the text with tabs between all fields, and a sentence about an end-of-file mark."""
    said = ""
    if text[-100:].rstrip(b"\r\n").endswith(END):
        text = text.rstrip(b"\r\n" + END)
        said = _("The end-of-file mark at the end (Ctrl-Z) was left out.")
    if b"\t" in text[:HEAD] and b'"' not in text[:HEAD] and _has_numbers_before_tabs(text[:HEAD]):
        text = BEFORE_TAB.sub(lambda found: b"\t".join(found[0].split()), text)
    return text, said


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
