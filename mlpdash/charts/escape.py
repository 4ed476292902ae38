"""Other people's text made safe to show in a plotly figure.

Plotly reads a small HTML (`<b>`, `<a href>`, entities) in titles, tick labels and hover texts,
`%{...}` in templates, and `$...$` where MathJax is loaded. Column names may hold any of it.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 40
_ENTITIES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;", "$": "&#36;", '"': "&quot;"}
)


def escape(text: str, longest: int = LONGEST) -> str:
    """Return `text` as plotly shows it letter for letter, on one line, cut to `longest` letters.

    >>> escape("<b>5 %</b>")
    '&lt;b&gt;5 &#37;&lt;/b&gt;'
    """
    return plain(text, longest).translate(_ENTITIES)


def plain(text: str, longest: int = LONGEST) -> str:
    """Return `text` on one line, without control and direction marks, cut to `longest` letters."""
    shown = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"
