"""What is said of columns that name persons or things with several rows each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlpdash.cures import MOST_CURES, Cure, Note
from mlpdash.data.columns.columns import Columns
from mlpdash.data.preparing.splitting import BALANCED, Split
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief, listed, n_

if TYPE_CHECKING:
    import pandas as pd

BY_CHANCE: Final = (*BALANCED, "random")  # splits that do not look at who a row is of


def about_panels(
    frame: pd.DataFrame, found: Columns, split: Split, spec: DataSpec
) -> list[str | Note]:
    """Return sentences about such columns: that they are left out, and what is on both sides.

    Parameters
    ----------
    frame : the rows that are split
    """
    notes: list[str | Note] = []
    roles = {column.name: column.role for column in found.columns}
    chosen = {name for name, choice in found.decided.items() if choice.role == "ignored"}
    left_out = [n for n in found.panels if roles[n] == "ignored" and n not in chosen]
    if left_out:
        sentence = n_(
            "Left out as the identifier of a person or thing with several rows: {columns}.",
            "Left out as identifiers of persons or things with several rows: {columns}.",
            len(left_out),
        )
        cures = (
            Cure(
                _('Use "{column}" as an input anyway').format(column=brief(name)),
                columns={name: {"role": "input"}},
            )
            for name in left_out[:MOST_CURES]
        )
        notes.append(Note(sentence.format(columns=listed(left_out)), tuple(cures)))
    if spec.preparation.split in BY_CHANCE:
        notes += _on_both_sides(frame, found.panels, split)
    return notes


def _on_both_sides(frame: pd.DataFrame, names: tuple[str, ...], split: Split) -> list[Note]:
    turns = split.in_turn()
    shared = {name: sum(_shared(frame[name], turn) for turn in turns) for name in names}
    shared = {name: count for name, count in shared.items() if count}
    if not shared:
        return []
    sentence = n_(
        (
            "{n:,} validation or test row shares its {columns} with training rows, so "
            "scores say little about new ones. Keep such rows together in the split to "
            "change that."
        ),
        (
            "{n:,} validation or test rows share their {columns} with training rows, so "
            "scores say little about new ones. Keep such rows together in the split to "
            "change that."
        ),
        max(shared.values()),
    )
    cures = (
        Cure(
            _('Keep rows with the same "{column}" together').format(column=brief(name)),
            preparation={"split": "group", "group": name},
        )
        for name in list(shared)[:MOST_CURES]
    )
    text = sentence.format(n=max(shared.values()), columns=listed(list(shared)))
    return [Note(text, tuple(cures))]


def _shared(cells: pd.Series[Any], split: Split) -> int:
    """Count the held-out rows whose cell some row that is learned from has too."""
    train, held_out = split.train, np.concatenate([split.validation, split.test])
    codes = cells.factorize()[0]
    seen = np.zeros(int(codes.max(initial=-1)) + 2, dtype=bool)
    seen[codes[train]] = True
    seen[-1] = False  # a gap names nobody
    return int(seen[codes[held_out]].sum())
