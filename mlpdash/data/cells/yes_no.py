"""Words for yes and no in several languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

TRUE: Final = re.compile(
    "true|t|yes|y|ja|j|oui|o|si|sí|sì|sim|s|wahr|vrai|verdadero|vero|да|д|是|真|はい|on|1|tak|evet"
)
FALSE: Final = re.compile(
    "false|f|no|n|nein|non|não|nao|nej|nei|nee|falsch|faux|falso|нет|н|否|假|いいえ|off|0|nie|hayır"
)
PAIRS: Final = ("tf", "yn", "jn", "on", "дн", "是否", "真假")  # a letter for yes, one for no
LETTERS: Final = (*map(set, PAIRS), {"s", "n"})  # s and n alone are also south and north


def truth_of(text: str) -> float | None:
    """Return 1 for yes, 0 for no, None for others."""
    word = text.strip().casefold()
    return 1.0 if TRUE.fullmatch(word) else 0.0 if FALSE.fullmatch(word) else None


def are_yes_and_no(levels: Sequence[str]) -> bool:
    """Tell whether distinct cells say yes and no, in any of some languages, and nothing else.

    Single letters have to be of one language: s and n alone are south and north.
    """
    if not 2 <= len(levels) <= 8 or {truth_of(level) for level in levels} != {0.0, 1.0}:
        return False
    words = {level.strip().casefold() for level in levels}
    letters = {word for word in words if len(word) == 1 and not word.isdecimal()}
    if letters == words:
        return "".join(sorted(letters)) in ["".join(sorted(pair)) for pair in PAIRS]
    return not letters or any(letters <= pair for pair in LETTERS)
