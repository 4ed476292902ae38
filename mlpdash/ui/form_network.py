"""The network's part of the sidebar: layers as text and by buttons, activation, dropout, size."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mlpdash.data.preparing import Prepared
from mlpdash.errors import MlpDashError, SpecError
from mlpdash.specs import MAX_LAYERS, MAX_WIDTH, choices_of, help_of, parse_text, title_of
from mlpdash.text import _
from mlpdash.training.size import Size, check_fits, free_memory, layer_sizes, size_of
from mlpdash.ui import population, state, summaries
from mlpdash.ui.choices import Choices
from mlpdash.ui.controls import Sheet, changed, fill, note, select
from mlpdash.ui.markdown import escape

Hidden = tuple[int, ...]
FIRST_WIDTH = 4  # of a layer added to none


def draw(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw the group."""
    hidden = sheet.choices.experiment.model.hidden
    _as_text(hidden)
    note(sheet, "hidden")
    _layers(hidden)
    left, right = st.columns(2, wrap=False)
    with left:
        select(sheet, "activation", choices_of("activation"), summaries.word)
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
    if prepared is not None:
        size = size_of_choices(sheet.choices, prepared)
        nets = population.count_of(sheet.choices.experiment)
        st.caption(escape(summaries.of_size(size, nets)))


def size_of_choices(choices: Choices, prepared: Prepared) -> Size:
    """Count the nets that the choices describe for these rows."""
    experiment = choices.experiment
    rows = max(1, len(prepared.split.train))
    batch = min(rows, experiment.train.batch_size or rows)
    hidden = population.widest_of(experiment)
    sizes = layer_sizes(prepared.width, hidden, prepared.outputs)
    return size_of(sizes, experiment.train.optimizer, batch, population.count_of(experiment))


def too_large(choices: Choices, prepared: Prepared) -> str | None:
    """Return the sentence that refuses a net which does not fit into memory, if it does not."""
    try:
        check_fits(size_of_choices(choices, prepared), free_memory(), _("this machine"))
    except MlpDashError as error:
        return str(error)
    return None


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


def _layers(hidden: Hidden) -> None:
    with st.container(key="layers", gap=None):
        for at, width in enumerate(hidden):
            _layer(at, width)
    with st.container(horizontal=True, key="layer_buttons", gap="small"):
        _button("add_layer", _("Add layer"), "add", len(hidden) >= MAX_LAYERS, with_layer)
        _button("remove_layer", _("Remove layer"), "remove", not hidden, without_layer)


def _layer(at: int, width: int) -> None:
    """Draw one layer: fewer, how many, more."""
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
