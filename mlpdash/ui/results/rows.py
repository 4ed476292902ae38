"""Lists of rows: their values, what is true and what the net says."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from mlpdash.charts.png import gray_png
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.rows import rows_table
from mlpdash.text import _
from mlpdash.ui.results.subject import PART_TITLES, Rows, Subject
from mlpdash.ui.shared.markdown import escape

if TYPE_CHECKING:
    import pandas as pd

MOST_LISTED: Final = 1_000
MOST_PICTURES: Final = 200


def list_rows(about: Subject, rows: Rows, title: str, key: str) -> None:
    """Show rows as a table under a sentence; `title` is raw text with {n} for their number."""
    if not len(rows):
        st.markdown(f"**{escape(_('No such row'))}**")
        return
    st.markdown(f"**{escape(title.format(n=len(rows)))}**")
    most = MOST_LISTED if about.prepared.image is None else MOST_PICTURES
    if len(rows) > most:
        st.caption(_("The first {n:,} are listed.").format(n=most))
    frame = rows_frame(about, rows[:most])
    columns: dict[str, Any] = {}
    if about.prepared.image is not None:
        columns[_("picture")] = st.column_config.ImageColumn(width="small")
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height="auto" if len(rows) < 10 else 380,
        column_config=columns,
    )


def rows_frame(about: Subject, rows: Rows) -> pd.DataFrame:
    """Return rows as a table for people: number, part, actual, predicted, probabilities, then the
    inputs, of pictures the picture.
    """
    prepared = about.prepared
    frame = rows_table(prepared, about.outputs, rows, inputs=prepared.image is None)
    frame[_("part")] = [_(PART_TITLES[part]) for part in frame[_("part")]]
    if prepared.classes:
        for name in frame.columns[4 : 4 + len(prepared.classes)]:
            frame[name] = frame[name].round(4)
    else:
        for name in frame.columns[2 : 2 + 3 * len(prepared.targets)]:
            frame[name] = [float(f"{value:.5g}") for value in frame[name]]
    if prepared.image is not None:
        pictures = [data_address(picture_of(prepared, row)) for row in rows.tolist()]
        frame.insert(2, _("picture"), pictures)
    return frame


def picture_of(prepared: Prepared, row: int, scale: int = 4) -> bytes:
    """Return the picture that a row is, as a PNG."""
    assert prepared.image is not None
    pixels = np.nan_to_num(prepared.raw[row]).reshape(prepared.image)
    high = max(feature.high for feature in prepared.features)
    return gray_png(pixels / (high or 1.0), scale)


def data_address(picture: bytes) -> str:
    """Return a PNG as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()
