"""The training's part of the sidebar: optimiser, rates, batch, epochs, nets, device and grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mlpdash.data.preparing import Prepared
from mlpdash.specs import choices_of
from mlpdash.text import _
from mlpdash.ui import form_grid, state, summaries
from mlpdash.ui.controls import Sheet, fill, real_number, select, whole_number

USUAL_BATCH = 10
USUAL_EPOCHS = 500
USUAL_PATIENCE = 50
USUAL_PLATEAU = 20


def draw(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    """Draw the group."""
    left, right = st.columns(2, wrap=False)
    with left:
        select(sheet, "optimizer", choices_of("optimizer"), summaries.word)
    with right:
        real_number(sheet, "lr")
    with st.container(key="in_threes"):
        _in_threes(sheet, prepared, devices)
    with st.container(horizontal=True):
        _none_switch(sheet, "full_batch", "batch_size", _("Full batch"), USUAL_BATCH)
        _none_switch(sheet, "until_stopped", "epochs", _("Until stopped"), USUAL_EPOCHS)
    _in_time(sheet)
    form_grid.draw(sheet)


def _in_threes(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    left, middle, right = st.columns(3, wrap=False)
    with left:
        real_number(sheet, "weight_decay")
    with middle:
        real_number(sheet, "l1")
    with right:
        rows = len(prepared.split.train) if prepared is not None else USUAL_BATCH
        whole_number(sheet, "batch_size", empty=max(1, rows))
    left, middle, right = st.columns(3, wrap=False)
    with left:
        whole_number(sheet, "epochs", empty=_kept("epochs", USUAL_EPOCHS))
    with middle:
        whole_number(sheet, "nets")
    with right:
        labels = {"auto": _("Auto"), **dict(devices)}
        select(sheet, "device", list(labels), lambda name: labels.get(name, name))


def _in_time(sheet: Sheet) -> None:
    """Draw what a run does by itself when the validation loss does not improve any more."""
    spec = sheet.choices.experiment.train
    is_used = spec.patience is not None or spec.plateau is not None
    title = _("Early stopping and plateau")
    with st.expander(title, expanded=is_used, key="in_time", type="compact"):
        columns = st.columns(2, wrap=False)
        for column, name, usual, label in (
            (columns[0], "patience", USUAL_PATIENCE, _("Stop early")),
            (columns[1], "plateau", USUAL_PLATEAU, _("Halve")),
        ):
            with column:
                whole_number(sheet, name, empty=_kept(name, usual), hidden=True)
                _number_switch(sheet, name, label, usual)


def _number_switch(sheet: Sheet, name: str, label: str, usual: int) -> None:
    """Draw a switch that is off for the choice None; on, the last number comes back."""
    value = sheet.value(name)
    if value is not None:
        st.session_state[f"mlpdash.last-{name}"] = value
    key = f"{name}_on"
    fill(key, value is not None, hidden=True)
    st.toggle(label, key=key, on_change=_switched_on, args=(key, name, _kept(name, usual)))


def _switched_on(key: str, name: str, number: int) -> None:
    state.change(name, number if st.session_state[key] else None)


def _none_switch(sheet: Sheet, key: str, name: str, label: str, usual: int) -> None:
    """Draw a switch for the choice None; switched off again, the last number comes back."""
    value = sheet.value(name)
    if value is not None:
        st.session_state[f"mlpdash.last-{name}"] = value
    fill(key, value is None)
    st.toggle(label, key=key, on_change=_switched, args=(key, name, _kept(name, usual)))


def _kept(name: str, usual: int) -> int:
    found: int = st.session_state.get(f"mlpdash.last-{name}", usual)
    return found


def _switched(key: str, name: str, number: Any) -> None:
    state.change(name, None if st.session_state[key] else number)
