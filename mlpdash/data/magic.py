"""Bytes that are no text table, told by how they begin."""

from __future__ import annotations

import codecs
from typing import Final

from mlpdash.text import N_, _

PARQUET: Final = b"PAR1"
MAGIC: Final = {  # how files begin that are often called .csv
    b"\x1f\x8b": N_("a gzip archive; unpack it first"),
    b"\xd0\xcf\x11\xe0": N_("an old Excel workbook; save the sheet as CSV"),
    b"%PDF": N_("a PDF"),
    b"\x89PNG": N_("a picture"),
    b"\xff\xd8\xff": N_("a picture"),
    b"GIF8": N_("a picture"),
    b"BZh": N_("a bzip2 archive; unpack it first"),
    b"7z\xbc\xaf": N_("a 7z archive; unpack it first"),
    b"\xfd7zXZ": N_("an xz archive; unpack it first"),
    b"\x28\xb5\x2f\xfd": N_("a zstd archive; unpack it first"),
    b"Rar!": N_("a rar archive; unpack it first"),
    b"SQLite format 3": N_("an SQLite database"),
    b"ARROW1": N_("an Arrow file; save it as Parquet or CSV"),
    b"\x89HDF": N_("an HDF5 file"),
}
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE: Final = {
    b"xl/": N_("an Excel workbook; save the sheet as CSV"),
    b"opendocument.spreadsheet": N_("an OpenDocument spreadsheet; save the sheet as CSV"),
    b"word/": N_("a Word document"),
}


def other_kind(content: bytes) -> str:
    """Say what the bytes are when they are no text table, else return an empty string."""
    for magic, found in MAGIC.items():
        if content.startswith(magic):
            return _(found)
    if content.startswith(ZIP):
        edges = content[:4_000] + content[-20_000:]  # names stand at both ends
        kinds = (found for part, found in OFFICE.items() if part in edges)
        return _(next(kinds, N_("a zip archive; unpack it first")))
    start = content[:1000].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return _("an HTML page")
    if start.startswith((b"<?xml", b"<svg")):
        return _("an XML file")
    if start.startswith((b'{"', b"[{")):
        return _("JSON")
    return ""
