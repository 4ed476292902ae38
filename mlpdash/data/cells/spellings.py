"""Words that differ only in case, spaces and accents, such as Ok and ok, taken as one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def plain_spelling(text: str) -> str:
    """Return what all spellings of a word share.

    >>> plain_spelling(" São  Paulo") == plain_spelling("sao paulo")
    True
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c) and not c.isspace())


def alike(words: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of two or more words that are the same but for their spelling."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(plain_spelling(word), []).append(word)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def merged(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return text in which each word has the spelling that most of its cells have."""
    import pandas as pd

    codes, levels = pd.factorize(values)
    words = [str(level).strip() for level in levels]
    counts = Counter(dict(zip(range(len(words)), np.bincount(codes[codes >= 0]), strict=False)))
    usual = _usual(words, counts)
    made = np.array([*(usual[plain_spelling(word)] for word in words), None], dtype=object)[codes]
    return pd.Series(made, index=values.index, name=values.name, dtype="str")


def _usual(words: list[str], counts: Mapping[int, int]) -> dict[str, str]:
    """Return by plain spelling the most frequent one; of equally frequent ones the first."""
    best: dict[str, int] = {}
    for n, word in enumerate(words):
        plain = plain_spelling(word)
        if plain not in best or counts[n] > counts[best[plain]]:
            best[plain] = n
    return {plain: words[n] for plain, n in best.items()}
