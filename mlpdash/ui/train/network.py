"""The network's part of the sidebar: layers, activation, dropout, what it starts from, size."""

from __future__ import annotations

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import MlpDashError
from mlpdash.specs import choices_of, help_of, title_of
from mlpdash.text import _
from mlpdash.training.net.size import Size, check_fits, free_memory, layer_sizes, size_of
from mlpdash.ui.choices import several_nets, state, summaries
from mlpdash.ui.choices.choices import Choices
from mlpdash.ui.choices.controls import Sheet, changed, fill, fold, note, select, toggle
from mlpdash.ui.train import layers, own_weights


def draw(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw the group."""
    layers.draw(sheet)
    left, right = st.columns(2, wrap=False)
    with left:
        _activation(sheet)
    with right:
        dropout = sheet.choices.experiment.model.dropout
        fill("dropout", dropout)
        st.slider(
            title_of("dropout"),
            min_value=0.0,
            max_value=max(0.9, dropout),
            step=0.05,
            format="percent",
            key="dropout",
            help=help_of("dropout"),
            on_change=changed,
            args=("dropout",),
        )
        note(sheet, "dropout")
    with fold(_("Weights"), _started(sheet, prepared), "start_from"):
        left, right = st.columns(2, wrap=False, vertical_alignment="bottom")
        own = bool(sheet.choices.experiment.model.weights)
        with left:
            select(sheet, "init", choices_of("init"), summaries.word, rests=own)
        with right:
            toggle(sheet, "bias")
        own_weights.draw(sheet, prepared)


def _started(sheet: Sheet, prepared: Prepared | None) -> str:
    """Say what the net starts from, if not from the usual, and how large it is."""
    said = [summaries.of_start(sheet.choices.experiment.model)]
    if prepared is not None:
        nets = several_nets.count_of(sheet.choices.experiment)
        said += [summaries.of_size(size_of_choices(sheet.choices, prepared), nets)]
    return ", ".join(text for text in said if text)


def _activation(sheet: Sheet) -> None:
    """Draw the activation that holds for all layers without one of their own."""
    fill("activation", sheet.value("activation"))
    st.selectbox(
        title_of("activation"),
        choices_of("activation"),
        format_func=summaries.word,
        key="activation",
        help=help_of("activation"),
        on_change=_chosen,
    )
    note(sheet, "activation")


def _chosen() -> None:
    after = st.session_state["activation"]
    if after is None:
        return
    model = state.choices().experiment.model
    own = layers.common_changed(model.activations, model.activation, after)
    state.change_all("activation", activation=after, activations=own)


def size_of_choices(choices: Choices, prepared: Prepared) -> Size:
    """Count the nets that the choices describe for these rows."""
    experiment = choices.experiment
    rows = max(1, len(prepared.split.train))
    batch = min(rows, experiment.train.batch_size or rows)
    hidden = several_nets.widest_of(experiment)
    return size_of(
        layer_sizes(prepared.width, hidden, prepared.outputs),
        experiment.train.optimizer,
        batch,
        several_nets.count_of(experiment),
        activations=experiment.model.layer_activations,
        bias=experiment.model.bias,
    )


def too_large(choices: Choices, prepared: Prepared) -> MlpDashError | None:
    """Return what refuses a net that does not fit into memory, if it does not."""
    try:
        check_fits(size_of_choices(choices, prepared), free_memory(), _("this machine"))
    except MlpDashError as error:
        return error
    return None
