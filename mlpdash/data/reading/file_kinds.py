"""Bytes that are no text table, told by how they begin.

What could also begin a table, such as a name in brackets or a header with tags, is looked at more
closely: a page or a document is refused only where the rest reads like one too.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Final

from mlpdash.text import N_, _

PARQUET: Final = b"PAR1"
MAGIC: Final = {  # how files begin that are often called .csv
    b"\x1f\x8b": N_("a gzip archive; unpack it first"),
    b"\xd0\xcf\x11\xe0": N_("an old Excel workbook; save the sheet as CSV"),
    b"%PDF-": N_("a PDF"),
    b"\x89PNG": N_("a picture"),
    b"\xff\xd8\xff": N_("a picture"),
    b"GIF87a": N_("a picture"),
    b"GIF89a": N_("a picture"),
    b"BZh91AY&SY": N_("a bzip2 archive; unpack it first"),
    b"7z\xbc\xaf": N_("a 7z archive; unpack it first"),
    b"\xfd7zXZ": N_("an xz archive; unpack it first"),
    b"\x28\xb5\x2f\xfd": N_("a zstd archive; unpack it first"),
    b"Rar!": N_("a rar archive; unpack it first"),
    b"SQLite format 3": N_("an SQLite database"),
    b"ARROW1": N_("an Arrow file; save it as Parquet or CSV"),
    b"\x89HDF": N_("an HDF5 file"),
    b"\x93NUMPY": N_("a NumPy array; save it as CSV or Parquet"),
    b"\x80\x04\x95": N_("a Python pickle; save the table as CSV or Parquet"),
    b"\x80\x05\x95": N_("a Python pickle; save the table as CSV or Parquet"),
    b"MATLAB 5.0 MAT-file": N_("a MATLAB file; save the table as CSV"),
    b"$FL2@(#)": N_("an SPSS file; save the table as CSV"),
    b"<stata_dta>": N_("a Stata file; save the table as CSV"),
    b"{\\rtf": N_("a text document (RTF)"),
    b"\x7fELF": N_("a program"),
    b"MIME-Version:": N_("a web archive; save the sheet as CSV"),
    b"version https://git-lfs": N_("a pointer of Git LFS; fetch the file itself first"),
}
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE: Final = {
    b"xl/": N_("an Excel workbook; save the sheet as CSV"),
    b"opendocument.spreadsheet": N_("an OpenDocument spreadsheet; save the sheet as CSV"),
    b"word/": N_("a Word document"),
    b"ppt/": N_("a PowerPoint file"),
}
HEAD: Final = 64_000  # bytes that are looked at
WHOLE: Final = 5_000_000  # bytes of JSON that are read to see whether it is any
COMMENT: Final = re.compile(r"\s*<!--.*?-->", re.DOTALL)
PAGE: Final = re.compile(r"<(!doctype\s+html|html|head|body)\b")
XML: Final = re.compile(r"<(\?xml|!doctype|svg)\b")
TAG: Final = re.compile(
    r"<(table|div|span|p|style|script|center|font|form|pre|ul|h[1-6]|meta|link|title)\b[^<>]*>"
)
CELL: Final = re.compile(r"<t[rdh]\b")  # of a table
OBJECT: Final = re.compile(r'(\[\s*)?\{\s*("[^"]*"\s*:|\})|\[\s*\{"')
DELIMITERS: Final = ",;\t|"


def other_kind(content: bytes) -> str:
    """Say what the bytes are when they are no text table, else return an empty string."""
    for magic, found in MAGIC.items():
        if content.startswith(magic):
            return _(found)
    if content.startswith(ZIP):
        edges = content[:4_000] + content[-20_000:]  # names stand at both ends
        kinds = (found for part, found in OFFICE.items() if part in edges)
        return _(next(kinds, N_("a zip archive; unpack it first")))
    return _(_kind_of_text(content))


def _kind_of_text(content: bytes) -> str:
    text = _head(content).lstrip()
    start = text.lower()
    while found := COMMENT.match(start):
        start = start[found.end() :].lstrip()
    if PAGE.match(start) or (TAG.match(start) and _is_page(start)):
        return N_("an HTML page")
    if XML.match(start):
        return N_("an XML file")
    if OBJECT.match(text) or (text.startswith("[") and _is_json(content)):
        return N_("JSON")
    return ""


def _head(content: bytes) -> str:
    """Return the first letters of a text, also of UTF-16 with or without a mark."""
    head = content[:HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    if head[1:2] == b"\0" and head[3:4] == b"\0":
        return head.decode("utf-16-le", errors="replace")
    if head[:1] == b"\0" and head[2:3] == b"\0":
        return head.decode("utf-16-be", errors="replace")
    return head.decode("utf-8-sig", errors="replace")


def _is_page(text: str) -> bool:
    """Tell a part of a page from a table whose first cell has a tag."""
    if CELL.search(text):
        return True
    if "</" not in text:
        return False
    lines = [re.sub(r"<[^>]*>", "", line) for line in text.splitlines()[:10] if line.strip()]
    counts = {tuple(map(line.count, DELIMITERS)) for line in lines}
    return len(counts) > 1 or not any(counts.pop())


def _is_json(content: bytes) -> bool:
    """Tell a list from a table whose first cell is in brackets; a very long one is not read."""
    if len(content) > WHOLE:
        return False
    try:
        return isinstance(json.loads(content), list)
    except (ValueError, RecursionError):
        return False
