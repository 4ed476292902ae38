"""Tables on their way into a spreadsheet, where a text that starts with = is a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlpdash.data.cells.cells import is_date, is_number

if TYPE_CHECKING:
    import pandas as pd

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def defuse(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with ' before text and headers that a spreadsheet would compute.

    Cells that are numbers, dates or missing stay as they are.

    >>> import pandas as pd
    >>> defuse(pd.DataFrame({"=a": ["-x", "y"], "b": [-1, 2]})).to_csv(index=False)
    "'=a,b\\n'-x,-1\\ny,2\\n"
    """
    made = {}
    for n in range(frame.shape[1]):
        values = frame.iloc[:, n]
        if not is_number(values) and not is_date(values):
            made[n] = values.astype(object).map(_defused)
    found = frame.copy()
    for n, values in made.items():
        found.isetitem(n, values.array)
    found.columns = [_defused(name) for name in frame.columns]
    return found


def _defused(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
