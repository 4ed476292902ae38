"""What each row counts in the loss: its class's weight times its own. Torch-free."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import SpecError
from mlpdash.specs import title_of
from mlpdash.text import _, brief, listed

BALANCED: Final = "balanced"


def weights_by_class(text: str, classes: Sequence[str]) -> dict[str, float]:
    """Read weights by class, such as yes=5, no=1; a name with a comma is in double quotes.

    Raises
    ------
    SpecError : the text is something else, a weight is no number from 0 on, or a class is unknown
    """
    found: dict[str, float] = {}
    for cell in next(csv.reader([text], skipinitialspace=True), []):
        name, _equals, weight = (part.strip() for part in cell.rpartition("="))
        try:
            found[name] = float(weight)
        except ValueError:
            raise _malformed(text) from None
        if not name or not 0 <= found[name] < math.inf:
            raise _malformed(text)
    for name in found:
        if name not in classes:
            raise SpecError(
                _(
                    '{title} (class_weight) names "{name}", which is not a class; the classes are '
                    "{names}."
                ).format(
                    title=title_of("class_weight"), name=brief(name), names=listed(list(classes), 8)
                ),
                "class_weight",
            )
    if found and not any(found.get(name, 1.0) for name in classes):
        raise _malformed(text)
    return found


def _malformed(text: str) -> SpecError:
    return SpecError(
        _(
            "{title} (class_weight) must be balanced, or weights of at least 0 by class, not all "
            'of them 0, such as yes=5, no=1; got "{value}".'
        ).format(title=title_of("class_weight"), value=brief(text)),
        "class_weight",
    )


def check_class_weight(text: str, task: str, classes: Sequence[str]) -> None:
    """See that class weights fit the target.

    Raises
    ------
    SpecError : numbers are predicted, or `weights_by_class` refuses them
    """
    if text and task == "regression":
        raise SpecError(
            _(
                "{title} (class_weight) is for classes, and here numbers are predicted; leave it "
                "empty, or give a column the role weight."
            ).format(title=title_of("class_weight")),
            "class_weight",
        )
    if text not in ("", BALANCED):
        weights_by_class(text, classes)


def row_weights(prepared: Prepared, class_weight: str) -> NDArray[np.float64] | None:
    """Return what each row counts in the loss, (rows,); None where all count the same.

    Balanced weights are n / (K * count) over the rows that are learned from, as scikit-learn's
    `compute_class_weight`.

    Raises
    ------
    SpecError : class weights do not fit the target
    """
    check_class_weight(class_weight, prepared.task, prepared.classes)
    if not class_weight:
        return prepared.weight
    by_class = _by_code(prepared, class_weight)
    own = by_class[prepared.y.astype(np.int64)]
    return own if prepared.weight is None else own * prepared.weight


def _by_code(prepared: Prepared, class_weight: str) -> NDArray[np.float64]:
    """Return the weight of each class, (classes,); of one without rows to learn from it is 1."""
    if class_weight == BALANCED:
        learned = prepared.y[prepared.split.train].astype(np.int64)
        counts = np.bincount(learned, minlength=len(prepared.classes))
        usual = len(learned) / (np.count_nonzero(counts) * np.maximum(counts, 1))
        return np.where(counts > 0, usual, 1.0)
    chosen: Mapping[str, float] = weights_by_class(class_weight, prepared.classes)
    return np.array([chosen.get(name, 1.0) for name in prepared.classes])


def in_force(prepared: Prepared, class_weight: str) -> str:
    """Say which weights rows have in the loss; nothing where all count the same."""
    if class_weight and prepared.weight is not None:
        return _(
            "Class weights and row weights are in force: training and early stopping weigh the "
            "rows."
        )
    if class_weight:
        return _("Class weights are in force: training and early stopping weigh the rows.")
    if prepared.weight is not None:
        return _("Row weights are in force: training and early stopping weigh the rows.")
    return ""
