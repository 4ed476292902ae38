"""A prepared table in plain values, for `--json` and for people."""

from __future__ import annotations

from typing import Any

from mlpdash.cures import cures_of
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs.cured import flags_of


def describe(prepared: Prepared) -> dict[str, Any]:
    """Return what was made of a table.

    Returns
    -------
    rows : rows that are used
    target : name of the column to predict; a list where there are several
    task : classification or regression
    inputs : names of the columns that are learned from, in the table's order
    width : numbers per row after encoding
    notes : sentences about what was found and done
    cures : the decisions that they propose, each with its sentence, and flags that take it
    """
    targets = list(prepared.targets)
    return {
        "rows": len(prepared.x),
        "target": targets[0] if len(targets) == 1 else targets,
        "task": prepared.task,
        "inputs": list(dict.fromkeys(feature.column for feature in prepared.features)),
        "width": prepared.width,
        "notes": list(prepared.notes),
        "cures": [
            {"note": str(note), "label": cure.label, "flags": flags_of(cure)}
            for note in prepared.told
            for cure in cures_of(note)
        ],
    }
