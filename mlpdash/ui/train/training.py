"""The training's part of the sidebar: optimiser, rates, batch, epochs, loss, nets, and folds."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import choices_of
from mlpdash.text import _
from mlpdash.training.choices import best_by_for, losses_for, parameters_of_optimizer
from mlpdash.ui.choices import state, summaries
from mlpdash.ui.choices.controls import (
    Sheet,
    fill,
    fold,
    note,
    real_number,
    select,
    text_line,
    whole_number,
)
from mlpdash.ui.train import nets

USUAL = {  # what a switch stands for when it is first turned on, or off
    "batch_size": 10,
    "epochs": 500,
    "patience": 50,
    "plateau": 20,
    "clip": 1.0,
}


def draw(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    """Draw the group."""
    left, right = st.columns(2, wrap=False)
    with left:
        select(sheet, "optimizer", choices_of("optimizer"), summaries.word)
    with right:
        real_number(sheet, "lr")
    with st.container(key="in_threes"):
        left, middle, right = st.columns(3, wrap=False)
        with left:
            real_number(sheet, "weight_decay")
        with middle:
            rows = len(prepared.split.train) if prepared is not None else USUAL["batch_size"]
            whole_number(sheet, "batch_size", empty=max(1, int(rows)))
        with right:
            whole_number(sheet, "epochs", empty=int(_kept("epochs")))
    with st.container(horizontal=True):
        _none_switch(
            sheet,
            "full_batch",
            "batch_size",
            _("Full batch"),
            _("Take all training rows in each step."),
        )
        _none_switch(
            sheet, "until_stopped", "epochs", _("Until stopped"), _("Train until you press Stop.")
        )
    with st.container(key="loss_and_nets"):
        left, right = st.columns([2, 1], wrap=False)
        with left:
            _loss(sheet, prepared)
        with right:
            nets.draw(sheet)
    nets.draw_fields(sheet)
    train = sheet.choices.experiment.train
    with fold(_("Schedule, early stopping"), summaries.of_schedule(train), "in_time"):
        _in_time(sheet, prepared)
    own = parameters_of_optimizer(train.optimizer)
    with fold(_("More"), summaries.of_more(train), "more"):
        _more(sheet, own, devices)
        if prepared is None or prepared.classes:
            text_line(sheet, "class_weight", _("off; balanced; yes=5, no=1"), hidden=True)
        else:
            note(sheet, "class_weight")


def _loss(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw the losses that suit the task; all where the task is not known."""
    losses = losses_for(prepared.task) if prepared is not None else choices_of("loss")
    meaning = summaries.of_auto_loss(sheet.value("loss"), prepared)
    select(sheet, "loss", losses, summaries.word, meaning)


def _in_time(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw how the learning rate goes with the epochs, and when training ends by itself."""
    left, right = st.columns(2, wrap=False)
    with left:
        select(sheet, "schedule", choices_of("schedule"), summaries.word)
    with right:
        whole_number(sheet, "warmup")
    if sheet.value("schedule") == "step":
        left, right = st.columns(2, wrap=False)
        with left:
            whole_number(sheet, "step_epochs")
        with right:
            real_number(sheet, "step_factor")
    left, right = st.columns(2, wrap=False)
    with left:
        whole_number(sheet, "patience", empty=int(_kept("patience")), hidden=True)
        text = _("End the run when the validation loss no longer improves.")
        _number_switch(sheet, "patience", _("Stop early"), text)
    with right:
        whole_number(sheet, "plateau", empty=int(_kept("plateau")), hidden=True)
        text = _("Halve the learning rate when the validation loss no longer improves.")
        _number_switch(sheet, "plateau", _("Halve"), text)
    if sheet.value("patience") is not None or sheet.value("plateau") is not None:
        allowed = best_by_for(prepared.task) if prepared is not None else choices_of("best_by")
        select(sheet, "best_by", allowed, summaries.word)
    else:
        note(sheet, "best_by")


def _more(sheet: Sheet, own: Sequence[str], devices: Sequence[tuple[str, str]]) -> None:
    """Draw what this optimiser alone has, and what is seldom needed."""
    with st.container(key="own"):
        for first in range(0, len(own), 2):
            for column, name in zip(
                st.columns(2, wrap=False), own[first : first + 2], strict=False
            ):
                with column:
                    real_number(sheet, name, hidden=True)
    left, right = st.columns(2, wrap=False)
    with left:
        real_number(sheet, "l1", hidden=True)
        labels = {"auto": _("Auto"), **dict(devices)}
        select(sheet, "device", list(labels), lambda name: labels.get(name, name))
    with right:
        real_number(sheet, "clip", empty=_kept("clip"), hidden=True)
        text = _("Shorten each gradient that is longer than this number.")
        _number_switch(sheet, "clip", _("Clip"), text)


def _number_switch(sheet: Sheet, name: str, label: str, text: str) -> None:
    """Draw a switch that is off for the choice None; on, the last number comes back."""
    value = _remembered(sheet, name)
    key = f"{name}_on"
    fill(key, value is not None, hidden=True)
    st.toggle(label, key=key, help=text, on_change=_switched, args=(key, name, True))


def _none_switch(sheet: Sheet, key: str, name: str, label: str, text: str) -> None:
    """Draw a switch for the choice None; switched off again, the last number comes back."""
    fill(key, _remembered(sheet, name) is None)
    st.toggle(label, key=key, help=text, on_change=_switched, args=(key, name, False))


def _remembered(sheet: Sheet, name: str) -> float | None:
    """Return the choice, and keep it where it is a number."""
    value: float | None = sheet.value(name)
    if value is not None:
        st.session_state[f"mlpdash.last-{name}"] = value
    return value


def _kept(name: str) -> float:
    found: float = st.session_state.get(f"mlpdash.last-{name}", USUAL[name])
    return found


def _switched(key: str, name: str, number_when: bool) -> None:
    state.change(name, _kept(name) if st.session_state[key] == number_when else None)
