"""The first rows of a table, as they were read."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from mlpdash.charts.escape import plain
from mlpdash.data.reading.first_lines.header import distinct_names
from mlpdash.data.table import Table
from mlpdash.text import _

SHOWN: Final = 100  # rows
COLUMNS: Final = 200
CELL: Final = 300  # characters of a cell


def show(table: Table) -> None:
    """Show at most 100 rows and 200 columns; long text is cut."""
    st.markdown(f"**{_('The first rows')}**")
    frame = table.frame.iloc[:SHOWN, :COLUMNS]
    names, _notes = distinct_names([plain(str(name), 40) for name in frame.columns])
    cells = pd.DataFrame(
        {
            name: values.str.slice(0, CELL) if values.dtype == "str" else values
            for name, (_name, values) in zip(names, frame.items(), strict=True)
        }
    )
    cells.index = pd.RangeIndex(1, len(cells) + 1)  # as the notes count
    st.dataframe(
        cells,
        key="first_rows",
        hide_index=False,
        height=min(320, 38 + 35 * len(cells)),
        alt=_("The first rows"),
    )
    rows, columns = table.frame.shape
    if rows > SHOWN or columns > COLUMNS:
        st.caption(
            _(
                "The first {rows:,} of {all_rows:,} rows, {columns:,} of {all_columns:,} columns."
            ).format(rows=len(frame), all_rows=rows, columns=frame.shape[1], all_columns=columns)
        )
