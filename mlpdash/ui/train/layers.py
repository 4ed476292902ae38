"""The hidden layers, as text and one by one: how wide each is, and what its neurons do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mlpdash.errors import SpecError
from mlpdash.specs import MAX_LAYERS, MAX_WIDTH, choices_of, help_of, parse_text, title_of
from mlpdash.text import _
from mlpdash.ui.choices import state, summaries
from mlpdash.ui.choices.controls import Sheet, fill, note

Hidden = tuple[int, ...]
Names = tuple[str, ...]  # of activations
FIRST_WIDTH = 4  # of a layer added to none


def draw(sheet: Sheet) -> None:
    """Draw the list as text, buttons for more and fewer layers, and a chip for each layer."""
    hidden = sheet.choices.experiment.model.hidden
    with st.container(horizontal=True, vertical_alignment="bottom", key="layer_buttons"):
        _as_text(hidden)
        _button("add_layer", _("Add layer"), "add", len(hidden) >= MAX_LAYERS, with_layer)
        _button("remove_layer", _("Remove layer"), "remove", not hidden, without_layer)
    note(sheet, "hidden", "activations")
    with st.container(key="layers", gap=None):
        for at, width in enumerate(hidden):
            _layer(sheet, at, width)


def _as_text(hidden: Hidden) -> None:
    """Draw the list as text; what was typed stays while it is wrong, or says the same."""
    try:
        same = parse_text("hidden", st.session_state.get("hidden", "?")) == hidden
    except SpecError:
        same = state.problem("hidden") is not None
    if not same:
        st.session_state["hidden"] = ", ".join(str(width) for width in hidden)
    st.text_input(
        title_of("hidden"),
        key="hidden",
        help=help_of("hidden"),
        placeholder=_("none: a linear model"),
        on_change=_typed,
    )


def _typed() -> None:
    try:
        state.change("hidden", parse_text("hidden", st.session_state["hidden"] or ""))
    except SpecError as error:
        state.say("hidden", str(error))


def _layer(sheet: Sheet, at: int, width: int) -> None:
    """Draw one layer: fewer, how many, more, and its activation."""
    number = at + 1
    row = st.container(
        horizontal=True, key=f"layer_{number}", gap="small", vertical_alignment="center"
    )
    with row:
        label = _("Fewer neurons in layer {number}").format(number=number)
        _button(f"fewer_{number}", label, "remove", width <= 1, fewer, at)
        st.markdown(f"{width:,}", width="content")
        label = _("More neurons in layer {number}").format(number=number)
        _button(f"more_{number}", label, "add", width >= MAX_WIDTH, more, at)
        key = f"activation_{number}"
        fill(key, sheet.choices.experiment.model.layer_activations[at])
        st.selectbox(
            _("Activation of layer {number}").format(number=number),
            choices_of("activation"),
            format_func=summaries.word,
            key=key,
            label_visibility="collapsed",
            on_change=_chosen,
            args=(at, key),
        )


def _chosen(at: int, key: str) -> None:
    model = state.choices().experiment.model
    if st.session_state[key] is not None:
        own = with_activation(model.activations, at, st.session_state[key], model.activation)
        state.change("activations", own)


def with_activation(own: Names, at: int, name: str, common: str) -> Names:
    """Return the layers' own activations after one was chosen, as short as it can be written.

    >>> with_activation((), 1, "tanh", "relu")
    ('relu', 'tanh')
    """
    padded = [*own, *[common] * (at + 1 - len(own))]
    padded[at] = name
    return _shortened(padded, common)


def common_changed(own: Names, before: str, after: str) -> Names:
    """Return the layers' own activations when the common one changes: who had it follows.

    >>> common_changed(("relu", "tanh"), "relu", "elu")
    ('elu', 'tanh')
    """
    return _shortened([after if name == before else name for name in own], after)


def _shortened(own: list[str], common: str) -> Names:
    while own and own[-1] == common:
        own.pop()
    return tuple(own)


def _button(
    key: str, label: str, icon: str, disabled: bool, change: Callable[..., Hidden], *args: int
) -> None:
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        type="tertiary",
        disabled=disabled,
        on_click=_clicked,
        args=(change, *args),
    )


def _clicked(change: Callable[..., Hidden], *args: int) -> None:
    """Change the layers as they are now: quick clicks come faster than the page is drawn."""
    state.change("hidden", change(state.choices().experiment.model.hidden, *args))


def with_layer(hidden: Hidden) -> Hidden:
    """Add a layer as wide as the last one."""
    return (*hidden, hidden[-1] if hidden else FIRST_WIDTH)


def without_layer(hidden: Hidden) -> Hidden:
    """Take the last layer away."""
    return hidden[:-1]


def more(hidden: Hidden, at: int) -> Hidden:
    """Widen a layer by an eighth, at least by one."""
    return _resized(hidden, at, lambda width: min(MAX_WIDTH, width + max(1, width // 8)))


def fewer(hidden: Hidden, at: int) -> Hidden:
    """Undo what `more` does, as far as whole numbers allow."""
    return _resized(hidden, at, lambda width: max(1, width - max(1, width // 9)))


def _resized(hidden: Hidden, at: int, resize: Callable[[int], int]) -> Hidden:
    return tuple(resize(width) if n == at else width for n, width in enumerate(hidden))
