"""What makes a result look better than it is: rows that come twice, inputs that know the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import MOST_CURES, Cure, Note
from mlpdash.data.notes import chance
from mlpdash.data.notes.chance import Hashes
from mlpdash.data.notes.one_column_scores import Y, leaking_columns
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.splitting import IntArray, Split
from mlpdash.text import _, brief, listed, n_

PIECE: Final = 1 << 16  # numbers of x
SIEVE: Final = 24  # bits


def about_leaks(prepared: Prepared, *, own: bool) -> list[str | Note]:
    """Return sentences about repeated rows across the split, and columns that give too much away.

    Parameters
    ----------
    own : whether it is a person's own table, whose columns are looked at
    """
    notes: list[str | Note] = []
    x, y, widths = prepared.x, prepared.y, _widths(prepared)
    repeated = sum(repeated_rows(x, y, split, widths) for split in prepared.split.in_turn())
    if repeated:
        sentence = n_(
            ("{n:,} validation or test row is also a training row, so scores on it are too good."),
            (
                "{n:,} validation or test rows are also training rows, so scores on them are "
                "too good."
            ),
            repeated,
        )
        notes.append(sentence.format(n=repeated))
    if own:
        train = prepared.split.train
        telling = leaking_columns(prepared.raw, prepared.y, prepared.features, train)
        notes += [
            _about_telling(columns, target, prepared)
            for target, columns in zip(prepared.targets, telling, strict=True)
            if columns
        ]
    return notes


def _about_telling(columns: Sequence[str], target: str, prepared: Prepared) -> Note:
    """Say which columns give a target away; it is named if there are several.

    Each can be ignored alone, or all at once, as long as an input remains.
    """
    sentence = n_(
        (
            "One column alone almost determines {target}: {columns}. Ignore it unless it is "
            "known before the target is."
        ),
        (
            "Each of these columns alone almost determines {target}: {columns}. Ignore "
            "those that are not known before the target is."
        ),
        len(columns),
    )
    called = f'"{brief(target)}"' if len(prepared.targets) > 1 else _("the target")
    ignored = {name: {"role": "ignored"} for name in columns}
    cures = [
        Cure(_('Ignore "{column}"').format(column=brief(name)), columns={name: choice})
        for name, choice in list(ignored.items())[:MOST_CURES]
        if len(prepared.features) > 1
    ]
    if 1 < len(columns) < len(prepared.features):
        cures.insert(0, Cure(_("Ignore all of them"), columns=ignored))
    return Note(sentence.format(target=called, columns=listed(columns)), tuple(cures))


def _widths(prepared: Prepared) -> list[int]:
    """Return how many columns of x each input has."""
    return [feature.stop - feature.start for feature in prepared.features]


def repeated_rows(
    x: NDArray[np.float32], y: Y, split: Split, widths: Sequence[int] | None = None
) -> int:
    """Count the held-out rows that are copies of training rows, inputs and target.

    Rows of a coarse table that agree by chance do not count, see `chance`.

    Parameters
    ----------
    widths : how many columns of x belong together, one each if None
    """
    held_out = np.concatenate([split.validation, split.test])
    rows = len(held_out)
    if not rows:
        return 0
    targets = (y[:, None] if y.ndim == 1 else y).astype(np.float32)
    weights = _weights(x.shape[1] + targets.shape[1])
    hashes = _hashes(x, weights[: x.shape[1]]) + _hashes(targets, weights[x.shape[1] :])
    mine, theirs = _sieved(held_out, hashes, split.train)  # few, so that the rest is quick
    twice = mine[np.isin(hashes[mine], hashes[theirs])]
    if not len(twice):
        return 0
    held_out = held_out[:: max(1, len(held_out) // chance.LOOKED_AT)]
    train = split.train[:: max(1, len(split.train) // chance.COMPARED)]
    each = round(rows * len(split.train) / (len(held_out) * len(train)))
    columns = (
        (_hashes(part[held_out], at), _hashes(part[train], at))
        for part, at in _columns(x, targets, weights, widths)
    )
    pairs = chance.agreeing(hashes[twice], hashes[theirs])
    copies = chance.are_copies(pairs, hashes[held_out], hashes[train], columns, each)
    return len(twice) if copies else 0


def _columns(
    x: NDArray[np.float32],
    targets: NDArray[np.float32],
    weights: Hashes,
    widths: Sequence[int] | None,
) -> Iterator[tuple[NDArray[np.float32], Hashes]]:
    """Yield the cells of some inputs, and of the targets, with their weights."""
    stops = np.cumsum(widths or [1] * x.shape[1]).tolist()
    places = list(zip([0, *stops[:-1]], stops, strict=True))
    for start, stop in places[:: max(1, len(places) // chance.MOST_COLUMNS)]:
        yield x[:, start:stop], weights[start:stop]
    yield targets, weights[x.shape[1] :]


def _sieved(mine: IntArray, hashes: Hashes, theirs: IntArray) -> tuple[IntArray, IntArray]:
    """Return all rows of both whose hash the others have, and a few others."""

    def marked(rows: IntArray) -> NDArray[np.bool_]:
        found = np.zeros(1 << SIEVE, dtype=bool)
        found[hashes[rows] >> np.uint64(64 - SIEVE)] = True
        return found

    mine = mine[marked(theirs)[hashes[mine] >> np.uint64(64 - SIEVE)]]
    return mine, theirs[marked(mine)[hashes[theirs] >> np.uint64(64 - SIEVE)]]


def _weights(columns: int) -> Hashes:
    random = np.random.Generator(np.random.PCG64(0))
    return 2 * random.integers(2**62, size=columns, dtype=np.uint64) + np.uint64(1)


def _hashes(part: NDArray[np.float32], weights: Hashes) -> Hashes:
    """Return one number per row that equal rows share: a sum of its bits, each column weighted."""
    found = np.zeros(len(part), np.uint64)
    each = max(1, PIECE // part.shape[1])
    for at in range(0, len(part), each):  # what is weighted together stays in the cache
        bits = (part[at : at + each] + np.float32(0)).view(np.uint32)  # -0 becomes 0
        bits ^= bits >> np.uint32(16)
        found[at : at + each] += bits.astype(np.uint64) @ weights
    return found
