"""What is said about words that are probably one word, such as Ok and ok."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlpdash.cures import Cure, Note
from mlpdash.data.cells.spellings import alike
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.text import _, brief, listed

MOST_GROUPS: Final = 3  # that are named
MERGED: Final = {"merge": True}


def about_spellings(prepared: Prepared) -> list[Note]:
    """Return a sentence for each column of which two words differ in their spelling only."""
    columns = {
        feature.column: feature.levels[:-1] if feature.pooled else feature.levels
        for feature in prepared.features
        if isinstance(feature, Category)
    }
    if prepared.classes:
        columns[prepared.targets[0]] = prepared.classes
    return [
        _sentence(name, groups) for name, levels in columns.items() if (groups := alike(levels))
    ]


def _sentence(name: str, groups: Sequence[tuple[str, ...]]) -> Note:
    sentence = _(
        'In "{column}", {words} count as different values, although they differ only in '
        "case, spaces or accents."
    )
    words = "; ".join(listed(group) for group in groups[:MOST_GROUPS])
    return Note(
        sentence.format(column=brief(name), words=words),
        (Cure(_('Merge them in "{column}"').format(column=brief(name)), columns={name: MERGED}),),
    )
