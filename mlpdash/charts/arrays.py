"""Arrays in a figure's JSON: typed, little-endian, base64, as plotly.js reads them."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def packed(values: ArrayLike, dtype: str = "f4") -> dict[str, str]:
    """Return `values` (any shape) as plotly's typed array."""
    array: NDArray[Any] = np.ascontiguousarray(values, dtype=f"<{dtype}")
    spec = {"dtype": dtype, "bdata": base64.b64encode(array.tobytes()).decode("ascii")}
    if array.ndim > 1:
        spec["shape"] = ", ".join(str(n) for n in array.shape)
    return spec
