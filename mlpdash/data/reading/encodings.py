"""Bytes of text -> bytes of UTF-8. What is not certain is asked, with a preview of each reading.

Certain are, in this order: a byte order mark; strict UTF-8; UTF-16 without a mark, by its NUL
bytes, which no other text has. One byte per letter fits nearly every encoding, so no picker
decides there: it would read Latin-1 as Mac Roman as gladly.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

from mlpdash.data.reading.questions import Answer, ChoiceNeededError
from mlpdash.errors import DataError
from mlpdash.text import N_, _, brief

OFFERED: Final = {  # encoding -> what to call it
    "cp1252": N_("Western European (cp1252)"),
    "cp949": N_("Korean (cp949)"),  # before GB18030, which fits Korean too
    "gb18030": N_("Chinese (GB18030)"),
    "shift_jis": N_("Japanese (Shift-JIS)"),
    "cp1251": N_("Cyrillic (cp1251)"),
    "cp1250": N_("Central European (cp1250)"),
    "koi8_r": N_("Russian (KOI8-R)"),
    "big5": N_("Chinese (Big5)"),
    "euc_jp": N_("Japanese (EUC-JP)"),
    "cp1253": N_("Greek (cp1253)"),
    "cp1254": N_("Turkish (cp1254)"),
    "cp1255": N_("Hebrew (cp1255)"),
    "cp1256": N_("Arabic (cp1256)"),
    "mac_roman": N_("Mac Roman"),
    "iso8859_2": N_("Central European (ISO 8859-2)"),
    "iso8859_15": N_("Western European (ISO 8859-15)"),
    "cp866": N_("Cyrillic, DOS (cp866)"),
    "cp850": N_("Western European, DOS (cp850)"),
    "cp437": N_("DOS (cp437)"),
    "latin_1": N_("Latin-1 (ISO 8859-1)"),
}
USUAL: Final = {  # encoding -> first bytes of the Chinese or Korean characters of every day
    "gb18030": (0xB0, 0xD7),
    "shift_jis": (0x88, 0x98),
    "big5": (0xA4, 0xC6),
    "euc_jp": (0xB0, 0xCF),
    "cp949": (0xB0, 0xC8),
}
UTF: Final = ("utf_8", "utf_16", "utf_16_le", "utf_16_be", "utf_32")
MARKS: Final = (  # the longer mark first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
SAMPLE: Final = 40_000  # bytes that likely readings are judged by
CHUNK: Final = 1 << 20
SHOWN: Final = 3  # lines of a preview
LATIN: Final = "\u0250"  # letters below it are Latin
WORDS: Final = "\u0590"  # letters below it mostly form words of more than one
CHECKED: Final = 64_000  # bytes that NULs are looked for in


def to_utf8(content: bytes, name: str, encoding: str) -> tuple[bytes, str]:
    """Return the text as UTF-8 without a mark, and a sentence where it was not UTF-8 before.

    Parameters
    ----------
    encoding : as `Reading.encoding`; "auto" finds out, or asks

    Raises
    ------
    ChoiceNeededError : the text is neither UTF-8 nor UTF-16
    DataError : it is not in the encoding that was chosen
    """
    chosen = "" if encoding == "auto" else _known(encoding)
    if chosen and chosen != "utf_8":
        return _decoded(content, name, chosen), _said(chosen)
    body = content.removeprefix(codecs.BOM_UTF8)
    if not chosen:
        for mark, marked in MARKS:
            if content.startswith(mark):
                return _decoded(content, name, marked), _said(marked)
        if found := _unmarked_utf16(content):
            return _decoded(content, name, found), _said(found)
    refuse_nul(body, name)
    bad = _bad_byte(body)
    if bad is None:
        return body, ""
    if not chosen:
        raise _question(body, name, bad)
    raise DataError(
        _('"{name}" is not UTF-8: line {line:,} has the byte 0x{byte:02X}.').format(
            name=name, line=line_of(body, bad), byte=body[bad]
        )
    )


def refuse_nul(text: bytes, name: str) -> None:
    """Refuse text that has a NUL byte, which no table has."""
    at = text.find(b"\0")
    if at >= 0:
        raise DataError(
            _('"{name}" is not a CSV: there is a NUL byte in line {line:,}.').format(
                name=name, line=line_of(text, at)
            )
        )


def line_of(content: bytes, position: int) -> int:
    """Return the line, from 1, that holds the byte at `position`; any line ends."""
    ends = content.count(b"\n", 0, position)
    if content.find(b"\r", 0, position) >= 0:
        ends += content.count(b"\r", 0, position) - content.count(b"\r\n", 0, position)
    return ends + 1


def _known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding).name.replace("-", "_")
    except LookupError:
        found = ""
    known = {codecs.lookup(e).name.replace("-", "_"): e for e in (*OFFERED, *UTF)}
    if found not in known:
        raise DataError(
            _('there is no encoding "{encoding}"; there are {names}.').format(
                encoding=brief(encoding), names=", ".join([*UTF, *OFFERED])
            )
        )
    return known[found]


def _said(encoding: str) -> str:
    label = OFFERED.get(encoding, encoding.replace("_", "-").upper())
    return _("The text was read as {encoding}.").format(encoding=_(label))


def _decoded(content: bytes, name: str, encoding: str) -> bytes:
    try:
        text = content.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        place = line_of(content, error.start)
        raise DataError(
            _('"{name}" is not {encoding}: line {line:,} has the byte 0x{byte:02X}.').format(
                name=name,
                encoding=encoding.replace("_", "-"),
                line=place,
                byte=content[min(error.start, len(content) - 1)],
            )
        ) from None
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-16 and UTF-32 may smuggle in
        raise DataError(
            _('"{name}" is not valid {encoding}.').format(
                name=name, encoding=encoding.replace("_", "-")
            )
        ) from None
    refuse_nul(text, name)
    return text


def _unmarked_utf16(content: bytes) -> str:
    """Tell UTF-16 by line ends and blanks, delimiters and digits, whose one byte is NUL."""
    head = content[:CHECKED]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < max(2, len(head) / 50) or min(even, odd) > 0:
        return ""
    found = "utf_16_le" if odd else "utf_16_be"
    try:
        text = head[: len(head) // 2 * 2].decode(found, errors="ignore")
    except UnicodeDecodeError:
        return ""
    return found if any(end in text for end in "\r\n") else ""


def _bad_byte(content: bytes) -> int | None:
    """Return the position of the first byte that is not UTF-8, using little memory."""
    if content.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    for start in range(0, len(content), CHUNK):
        held_over = len(decoder.getstate()[0])
        last = start + CHUNK >= len(content)
        try:
            decoder.decode(view[start : start + CHUNK], final=last)
        except UnicodeDecodeError as error:
            return start - held_over + error.start
    return None


def _question(content: bytes, name: str, bad: int) -> ChoiceNeededError:
    answers = _answers(content, bad)
    first = answers[0]
    return ChoiceNeededError(
        _(
            '"{name}" is not UTF-8: line {line:,} has the byte 0x{byte:02X}. Choose its encoding; '
            'as {encoding} that line reads "{preview}".'
        ).format(
            name=name,
            line=line_of(content, bad),
            byte=content[bad],
            encoding=first.value,
            preview=brief(first.preview.split("\n")[0], 60),
        ),
        "encoding",
        answers,
    )


def _answers(content: bytes, bad: int) -> tuple[Answer, ...]:
    """Return every reading that the sample around the first telling byte allows, likely first."""
    start = max(content.rfind(b"\n", 0, bad), content.rfind(b"\r", 0, bad)) + 1
    sample = content[start : start + SAMPLE]
    if start + SAMPLE < len(content):  # end with a line, not within a letter
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1 or len(sample)]
    found = []
    for place, encoding in enumerate(OFFERED):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((_oddity(text, encoding), place, encoding, text))
    readings: dict[str, str] = {}  # text -> the first encoding that gives it
    for _oddness, _place, encoding, text in sorted(found):
        readings.setdefault(text, encoding)
    return tuple(
        Answer(encoding, _(OFFERED[encoding]), _preview(text))
        for text, encoding in readings.items()
    )


def _preview(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.isascii()][:SHOWN]
    return "\n".join(brief(line, 100) for line in lines)


def _oddity(text: str, encoding: str) -> float:
    """Rate how unlike a language the letters beyond ASCII look: 0 is best.

    Odd are symbols and control characters, capitals after small letters, letters of two alphabets
    in one word, several accented Latin letters in a row, letters that stand alone where words have
    more, and Chinese or Korean characters that are rarely used.
    """
    odd, foreign, before = 0.0, 0, " "
    for c, after in zip(text[:SAMPLE], text[1 : SAMPLE + 1] + " ", strict=False):
        if not c.isascii():
            foreign += 1
            kind = unicodedata.category(c)
            odd += _oddity_of_kind(c, kind, encoding)
            odd += 0.5 if kind == "Lu" and before.islower() else 0.0
            odd += 0.5 if c < LATIN and "\x80" <= before < LATIN else 0.0
            lone = c < WORDS and kind[0] == "L" and not before.isalpha() and not after.isalpha()
            odd += 0.3 if lone else 0.0
        if c.isalpha() and before.isalpha() and (c < LATIN) != (before < LATIN):
            odd += 0.4
        before = c
    return odd / max(1, foreign)


def _oddity_of_kind(c: str, kind: str, encoding: str) -> float:
    """Rate a character by itself; of the symbols those of currencies stand in many tables."""
    if kind == "Sc" and c != "\xa4":
        return 0.1
    if ("\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3") and encoding in USUAL:
        first, last = USUAL[encoding]
        return 0.0 if first <= c.encode(encoding)[0] <= last else 0.4
    if "\u3041" <= c <= "\u30ff" and encoding in ("gb18030", "big5", "cp949"):  # kana
        return 0.5
    half_width = "\uff61" <= c <= "\uff9f" or kind == "Lm"
    return {"L": 0.0, "P": 0.3, "N": 0.7, "Z": 0.5}.get(kind[0], 1.0) + 0.6 * half_width
