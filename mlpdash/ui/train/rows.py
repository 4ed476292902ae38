"""The lower part of the Data group: how rows are drawn, split and given to the net."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.specs import help_of, items_of, title_of
from mlpdash.text import _, n_
from mlpdash.ui.choices import data_fields, state
from mlpdash.ui.choices.controls import Sheet, changed, fill, note, select, share, toggle
from mlpdash.ui.shared import cached, pages

ROWS: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
WRITTEN: Final = {  # as on a blackboard
    "x1": "x₁",
    "x2": "x₂",
    "x1^2": "x₁²",
    "x2^2": "x₂²",
    "x1*x2": "x₁x₂",
    "sin(x1)": "sin x₁",
    "sin(x2)": "sin x₂",
}


def draw(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw what the chosen rows can be told."""
    data = sheet.choices.experiment.data.data
    if cached.is_toy(data):
        _toy(sheet)
    else:
        _table(sheet, prepared)
    if data in CATALOGUE and CATALOGUE[data].on_plane:
        _inputs(sheet)


def _toy(sheet: Sheet) -> None:
    """Draw the knobs that decide the rows of a set drawn from a formula or by hand."""
    if "points" in CATALOGUE[sheet.choices.experiment.data.data].knobs:
        _drawn(sheet)
        return
    with st.container(key="knobs"):
        left, middle, right = st.columns(3, wrap=False)
        with left:
            _rows(sheet)
        with middle:
            _noise(sheet)
        with right:
            share(sheet, "validation", 0.9, rests=sheet.value("folds") is not None)


def _noise(sheet: Sheet) -> None:
    fill("noise", sheet.value("noise"))
    st.slider(
        title_of("noise"),
        min_value=0,
        max_value=50,
        format="%d%%",
        key="noise",
        help=help_of("noise"),
        on_change=changed,
        args=("noise",),
    )
    note(sheet, "noise")


def _rows(sheet: Sheet) -> None:
    rows = sheet.value("rows")
    fill("rows", rows)
    st.select_slider(
        title_of("rows"),
        options=sorted({*ROWS, rows}),
        format_func="{:,}".format,
        key="rows",
        help=help_of("rows"),
        on_change=changed,
        args=("rows",),
    )
    note(sheet, "rows")


def _drawn(sheet: Sheet) -> None:
    """Say how points are drawn, which is done on the board."""
    st.caption(_("Draw your points on the boundary figure."))
    note(sheet, "points")
    share(sheet, "validation", 0.9, rests=sheet.value("folds") is not None)


def _inputs(sheet: Sheet) -> None:
    """Draw what the net is given of a point: its coordinates, and what is made of them."""
    fill("inputs", list(sheet.value("inputs")))
    st.pills(
        title_of("inputs"),
        items_of("inputs"),
        selection_mode="multi",
        format_func=lambda name: WRITTEN[name],
        key="inputs",
        help=help_of("inputs"),
        width="stretch",
        on_change=_ticked,
    )
    note(sheet, "inputs")


def _ticked() -> None:
    ticked = st.session_state["inputs"]
    state.change("inputs", tuple(name for name in items_of("inputs") if name in ticked))


def _table(sheet: Sheet, prepared: Prepared | None) -> None:
    data = sheet.choices.experiment.data
    left, right = st.columns(2, wrap=False)
    with left:
        found = ", ".join(prepared.targets) if prepared and not data.target else ""
        names = prepared.columns if prepared else cached.columns(data.data)
        select(
            sheet,
            "target",
            [(), *((name,) for name in names)],
            lambda target: ", ".join(target) or _("Auto"),
            found,
        )
    with right:
        data_fields.task(sheet, prepared)
    has_rows = data.data in CATALOGUE and "rows" in CATALOGUE[data.data].knobs
    with st.container(key="knobs"):
        columns = st.columns(3 if has_rows else 2, wrap=False)
        with columns[0]:
            share(sheet, "validation", 0.9, rests=data.folds is not None)
        with columns[1]:
            share(sheet, "test", 0.5)
        if has_rows:
            with columns[2]:
                _rows(sheet)
    with st.container(horizontal=True, key="table_ends", vertical_alignment="center"):
        toggle(sheet, "standardize")
        if prepared and prepared.notes:
            _notes(len(prepared.notes))


def _notes(count: int) -> None:
    """Lead to what was found and done while reading, which stands on the Data page."""
    label = n_("{n} note", "{n} notes", count)
    st.page_link(pages.DATA, label=label.format(n=count), icon=":material/sticky_note_2:")
