"""What is to be predicted: classes and their codes, or numbers and their scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Cure
from mlpdash.data.cells.cells import Floats, missing, numbers, texts
from mlpdash.data.cells.ranges import in_order
from mlpdash.data.cells.spellings import plain_spelling
from mlpdash.data.columns.columns import Columns
from mlpdash.data.columns.default_target import most_classes
from mlpdash.data.preparing.splitting import IntArray, Split
from mlpdash.data.table import Table
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief, listed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DroppedRows:
    """How many rows were left out: without a target, and with a gap that was to leave them out."""

    no_target: int
    gaps: int
    rows: int  # before that


def used_rows(
    table: Table, found: Columns, spec: DataSpec
) -> tuple[pd.DataFrame, DroppedRows, IntArray | None]:
    """Return the rows that are used, how many are not, and the places of the used ones in the
    table, None where all are.

    Raises
    ------
    DataError : no row has all targets, or none is left
    """
    without = np.zeros(len(found.frame), dtype=bool)
    for target in found.targets:
        without |= missing(found.frame[target])
    if without.all():
        raise DataError(
            _('"{name}" has no row with a value in {targets}.').format(
                name=table.name, targets=listed(found.targets)
            )
        )
    dropped = {one.name for one in spec.preparation.columns if one.missing == "drop"}
    gaps = np.zeros(len(found.frame), dtype=bool)
    for column in found.inputs:
        if column.name in dropped:
            gaps |= missing(found.frame[column.name])
    lost = without | gaps
    if lost.all():
        raise DataError(
            _('"{name}" has no row left when those with gaps are left out.').format(name=table.name)
        )
    places = np.flatnonzero(~lost) if lost.any() else None
    frame = found.frame if places is None else found.frame.iloc[places]
    counts = DroppedRows(int(without.sum()), int((gaps & ~without).sum()), len(lost))
    return frame.reset_index(drop=True), counts, places


def find_classes(
    frame: pd.DataFrame, name: str, found: Columns
) -> tuple[tuple[str, ...], IntArray | None]:
    """Return the names of the classes, and the class of each row.

    Raises
    ------
    DataError : there is one class, or nearly as many as rows
    """
    if found.task == "regression":
        return (), None
    target = frame[found.targets[0]]
    cells = texts(target)
    distinct = set(cells.tolist())
    if len(distinct) < 2:
        raise DataError(
            _('the target "{target}" of "{name}" has one class, "{only}"; two are needed.').format(
                target=brief(found.targets[0]), name=name, only=brief(next(iter(distinct)))
            )
        )
    if len(distinct) > most_classes(len(cells)):
        raise _too_many(found, name, len(distinct), len(cells))
    classes = tuple(in_order(sorted(distinct, key=_by_value)))
    return classes, class_codes(cells, classes)


def _too_many(found: Columns, name: str, distinct: int, rows: int) -> DataError:
    """Refuse a target with too many values; if they are numbers, propose to predict them so."""
    is_measured = found.is_measured(found.targets[0])
    sentence = _(
        'the target "{target}" of "{name}" has {n:,} different values in {rows:,} rows, too many '
        "for classes; choose another target."
    )
    if is_measured:
        sentence = _(
            'the target "{target}" of "{name}" has {n:,} different values in {rows:,} rows, too '
            "many for classes; choose regression."
        )
    cure = Cure(_("Choose regression"), data={"task": "regression"})
    return DataError(
        sentence.format(target=brief(found.targets[0]), name=name, n=distinct, rows=rows),
        [cure] if is_measured else [],
    )


def _by_value(label: str) -> tuple[float, str]:
    """Sort labels that are numbers by value, before the others."""
    try:
        value = float(label)
    except ValueError:
        value = math.inf
    return (value if math.isfinite(value) else math.inf), label


def class_codes(
    cells: NDArray[np.object_], classes: Sequence[str], *, merged: bool = False
) -> IntArray:
    """Return the index of each cell in `classes`, (rows,), -1 where it is none of them.

    Parameters
    ----------
    merged : whether cells that differ from a class only in case, spaces and accents are it
    """
    import pandas as pd

    if merged:
        codes, levels = pd.factorize(cells)
        spelled = np.array([plain_spelling(str(level)) for level in levels], dtype=object)
        of_level = class_codes(spelled, [plain_spelling(one) for one in classes])
        return np.append(of_level, -1)[codes]
    known: pd.Index[Any] = pd.Index(np.array(classes, dtype=object))
    return np.asarray(known.get_indexer(pd.Index(cells)), np.int64)


def target_statistics(
    frame: pd.DataFrame, found: Columns, split: Split, standardize: bool
) -> tuple[Floats, Floats]:
    """Return mean and scale of the targets over the training rows, (outputs,) each.

    Raises
    ------
    DataError : a number to be predicted is the same in every row
    """
    if found.task == "classification":
        return np.zeros(1), np.ones(1)
    values = np.column_stack([numbers(frame[t]) for t in found.targets])  # (rows, outputs)
    for n, target in enumerate(found.targets):
        if (values[:, n] == values[0, n]).all():
            raise DataError(
                _(
                    'the target "{target}" is {value:g} in every row; nothing can be learned.'
                ).format(target=brief(target), value=values[0, n])
            )
    if not standardize:
        return np.zeros(len(found.targets)), np.ones(len(found.targets))
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(values[split.train])
    return scaler.mean_, scaler.scale_
