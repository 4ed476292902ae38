"""Every string a person sees passes through here, so that it can be translated.

`_` translates now; `N_` marks a string that is translated when it is shown (labels of the
specs, which are made at import).
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_translation = gettext.translation(
    "mlpdash", localedir=Path(__file__).parent / "locale", fallback=True
)
JOINERS: Final = "\u200c\u200d"  # within words of Persian and Hindi, and within emoji
LANGUAGE: Final = _translation.info().get("language", "")  # that is translated into


def _(message: str) -> str:
    """Return the translation of `message`, or `message` itself where there is none."""
    return _translation.gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark `message` for translation and return it as it is."""
    return message


def n_(one: str, many: str, n: int) -> str:
    """Return the translation of `one` where `n` is 1, otherwise that of `many`."""
    return _translation.ngettext(one, many, n)


def brief(text: str, most: int = 40) -> str:
    """Return other people's text for a sentence: visible, and not too long.

    >>> brief("a\\tb"), brief("12\\x1a"), brief("12\\u200b")
    ('a b', '12<U+001A>', '12<U+200B>')
    """
    shown = text[: most + 1]
    if not shown.isprintable():
        pairs = zip(" " + shown, shown, strict=False)
        shown = "".join(_visible(c, before) for before, c in pairs)
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def _visible(c: str, before: str) -> str:
    """Return a character, a blank for white space, and the code of one that nobody sees."""
    if c.isprintable() or (c in JOINERS and not before.isascii()):
        return c
    return " " if c.isspace() and not "\x1c" <= c <= "\x1f" else f"<U+{ord(c):04X}>"


def with_unit(name: str, unit: str) -> str:
    """Return a name with a unit in brackets, if there is one."""
    return f"{name} ({unit})" if unit else name


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return names, quoted, for a sentence: the first few and how many more."""
    shown = ", ".join(f'"{brief(name)}"' for name in names[:most])
    if len(names) <= most:
        return shown
    return _("{names} and {n:,} more").format(names=shown, n=len(names) - most)
