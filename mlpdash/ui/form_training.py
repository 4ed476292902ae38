"""The training's part of the sidebar: optimiser, rates, batch, epochs and device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mlpdash.data.preparing import Prepared
from mlpdash.specs import choices_of
from mlpdash.text import _
from mlpdash.ui import state, summaries
from mlpdash.ui.controls import Sheet, fill, real_number, select, whole_number

USUAL_BATCH = 10
USUAL_EPOCHS = 500


def draw(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    """Draw the group."""
    left, right = st.columns(2, wrap=False)
    with left:
        select(sheet, "optimizer", choices_of("optimizer"), summaries.word)
    with right:
        real_number(sheet, "lr")
    left, right = st.columns(2, wrap=False)
    with left:
        real_number(sheet, "weight_decay")
    with right:
        rows = len(prepared.split.train) if prepared is not None else USUAL_BATCH
        whole_number(sheet, "batch_size", empty=max(1, rows))
    left, right = st.columns(2, wrap=False)
    with left:
        whole_number(sheet, "epochs", empty=_kept("epochs", USUAL_EPOCHS))
    with right:
        labels = {"auto": _("Auto"), **dict(devices)}
        select(sheet, "device", list(labels), lambda name: labels.get(name, name))
    with st.container(horizontal=True):
        _none_switch(sheet, "full_batch", "batch_size", _("Full batch"), USUAL_BATCH)
        _none_switch(sheet, "until_stopped", "epochs", _("Until stopped"), USUAL_EPOCHS)


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
