"""Own weights: a file that training starts from, what it holds, and letting it go."""

from __future__ import annotations

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import MlpDashError
from mlpdash.specs import help_of, title_of
from mlpdash.specs.model import weights_name
from mlpdash.text import _
from mlpdash.training.net.size import layer_sizes
from mlpdash.ui.choices import state
from mlpdash.ui.choices.choices import Choices
from mlpdash.ui.choices.controls import Sheet, note
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.shared.uploads import content_of

FIELD = "weights_file"
GIVEN = "mlpdash.weights-given"  # files so far: each gets a field of its own


def draw(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw the field for a file, or the file that is chosen with what it means."""
    chosen = sheet.choices.experiment.model.weights
    if not chosen:
        key = f"{FIELD}_{st.session_state.get(GIVEN, 0)}"
        st.file_uploader(
            title_of("weights"), key=key, help=help_of("weights"), on_change=_given, args=(key,)
        )
        note(sheet, "weights")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(escape(weights_name(chosen)), width="stretch")
        st.button(_("Remove"), key="forget_weights", on_click=state.change, args=("weights", ""))
    note(sheet, "weights")
    if misfit(sheet.choices, prepared) is None:
        st.caption(
            _(
                "If these weights have learned from rows of this table, validation and test "
                "scores are too good."
            )
        )


def misfit(choices: Choices, prepared: Prepared | None) -> MlpDashError | None:
    """Return what refuses the chosen file as the start of the chosen net, if it does not fit."""
    model = choices.experiment.model
    if not model.weights or prepared is None:
        return None
    from mlpdash.training.net.kept_weights import layers_of
    from mlpdash.training.net.layout import Layout
    from mlpdash.training.net.own_weights import fitted_to

    sizes = layer_sizes(prepared.width, model.hidden, prepared.outputs)
    layout = Layout(sizes, model.layer_activations, 1, model.bias)
    try:
        fitted_to(layers_of(model.weights), layout, weights_name(model.weights))
    except MlpDashError as error:
        return error
    return None


def _given(key: str) -> None:
    """Take a file; the hidden layers and biases become those of its net."""
    file = st.session_state[key]
    if file is None:
        return
    from mlpdash.training.net.kept_weights import keep_weights, layers_of

    st.session_state[GIVEN] = st.session_state.get(GIVEN, 0) + 1
    try:
        weights = keep_weights(content_of(file), file.name)
    except MlpDashError as error:
        state.say("weights", str(error))
        return
    layers = layers_of(weights)
    hidden = tuple(one.weight.shape[0] for one in layers[:-1])
    bias = any(one.bias is not None for one in layers)
    state.change_all("weights", weights=weights, hidden=hidden, bias=bias, init="torch")
