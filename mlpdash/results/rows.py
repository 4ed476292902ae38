"""The rows that results are about: which part of the split, their true values, their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing import Prepared

if TYPE_CHECKING:
    import pandas as pd

PARTS: Final = ("test", "validation", "train")  # the first that has rows is judged on

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


def judged_part(prepared: Prepared) -> str:
    """Return the part of the split that says most about rows never seen."""
    return next(part for part in PARTS if len(getattr(prepared.split, part)))


def part_names(prepared: Prepared) -> NDArray[np.str_]:
    """Return for each row the part of the split it is in, (rows,)."""
    names = np.full(len(prepared.x), "train", dtype="<U10")
    for part in ("validation", "test"):
        names[getattr(prepared.split, part)] = part
    return names


def actual_values(prepared: Prepared) -> NDArray[np.int64] | Floats:
    """Return class codes (rows,), or the targets in their own units (rows, outputs)."""
    if prepared.classes:
        return np.asarray(prepared.y, np.int64)
    scaled = np.asarray(prepared.y, np.float64)
    return scaled * prepared.target_scale + prepared.target_mean


def cells(prepared: Prepared, rows: Indices) -> pd.DataFrame:
    """Return the inputs of some rows as a person knows them: numbers in their units, categories
    by name, nothing where nothing was.
    """
    import pandas as pd

    columns = {}
    for n, feature in enumerate(prepared.features):
        raw = prepared.raw[rows, n]
        if feature.kind == "number":
            columns[feature.name] = raw
        else:
            known = {float(code): level for code, level in enumerate(feature.levels)}
            columns[feature.name] = np.array([known.get(value) for value in raw], dtype=object)
    return pd.DataFrame(columns, index=pd.Index(rows))
