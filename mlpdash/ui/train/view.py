"""The View group: over what the boundary is drawn, of which output, and with which marks."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.explaining.plane_points import outputs_of, plane_of
from mlpdash.specs.data import DataSpec
from mlpdash.text import _
from mlpdash.ui.choices import state
from mlpdash.ui.choices.choices import View
from mlpdash.ui.choices.controls import fill
from mlpdash.ui.choices.usable import axes_of, important_to
from mlpdash.ui.shared import cached


def draw(prepared: Prepared | None) -> None:
    """Draw the group."""
    view = state.choices().view
    if prepared is not None:
        left, right = st.columns(2, wrap=False)
        with left:
            _plane(prepared)
        with right:
            _output(prepared)
        _axes(prepared)
    with st.container(horizontal=True, key="view_switches"):
        for name, label, help_text in (
            (
                "discretize",
                _("Discretise"),
                _("Show only the predicted class or sign, without the probability."),
            ),
            ("show_test", _("Validation rows"), _("Show the validation rows too, as rings.")),
            (
                "fade",
                _("Fade"),
                _(
                    "Make the boundary paler far from the training rows, where the net has seen "
                    "nothing."
                ),
            ),
        ):
            fill(name, getattr(view, name))
            st.toggle(label, key=name, help=help_text, on_change=_looked, args=(name,))


def axes_shown(prepared: Prepared | None) -> tuple[str, str] | None:
    """Return the two inputs on the axes, where there are others to choose."""
    if prepared is None or not prepared.features[2:] or _is_pca(prepared):
        return None
    chosen = state.choices()
    important = important_to(state.started_run())
    spec = chosen.experiment.data.model_dump_json()
    return _axes_of(spec, chosen.view.x, chosen.view.y, important)


@st.cache_resource(show_spinner=False, max_entries=32)
def _axes_of(spec: str, x: str, y: str, important: tuple[str, ...]) -> tuple[str, str]:
    """Find the axes once: looking at thousands of inputs takes longer than all else of a rerun."""
    view = View().changed("x", x).changed("y", y)
    return axes_of(cached.prepared(DataSpec.model_validate_json(spec)), view, important)


def _is_pca(prepared: Prepared) -> bool:
    return plane_of(prepared, state.choices().view.plane) == "pca"


def _plane(prepared: Prepared) -> None:
    """Draw the choice of the plane, where there is one."""
    if plane_of(prepared, "pca") != "pca":
        return
    fill("plane", plane_of(prepared, state.choices().view.plane))
    st.selectbox(
        _("Plane"),
        ["inputs", "pca"],
        format_func=lambda name: _("Two inputs") if name == "inputs" else _("Components"),
        key="plane",
        help=_(
            "Draw the boundary over two inputs, the rest held fixed, or over the two directions "
            "in which the rows spread most."
        ),
        on_change=_looked,
        args=("plane",),
    )


def _axes(prepared: Prepared) -> None:
    """Draw the choice of the inputs on the axes, where there are more than two."""
    axes = axes_shown(prepared)
    if axes is None:
        return
    names = [feature.name for feature in prepared.features]
    for column, name, value in zip(st.columns(2, wrap=False), ("x", "y"), axes, strict=True):
        with column:
            fill(name, value)
            st.selectbox(
                _("Horizontal axis") if name == "x" else _("Vertical axis"),
                names,
                key=name,
                help=_("The input on this axis; those on no axis are held at their usual values."),
                on_change=_looked,
                args=(name,),
            )
    view = state.choices().view
    if not (view.x and view.y):
        st.caption(
            _("These matter most to the trained net.")
            if important_to(state.started_run())
            else _("These tell most about the target, each alone.")
        )


def _output(prepared: Prepared) -> None:
    """Draw the choice of one class or one target, where that says more."""
    names = outputs_of(prepared)
    if not names:
        return
    usual = _("All classes") if prepared.classes else names[0]
    options = ["", *names] if prepared.classes else list(names)
    chosen = state.choices().view.output
    fill("output", chosen if chosen in options else options[0])
    st.selectbox(
        _("Output"),
        options,
        format_func=lambda name: name or usual,
        key="output",
        help=_("Show how likely one class is, instead of the likeliest of all.")
        if prepared.classes
        else _("Which of the predicted numbers the figures show."),
        on_change=_looked,
        args=("output",),
    )


def _looked(name: str) -> None:
    now = state.choices()
    value = st.session_state[name]
    if value is not None:
        state.choose(replace(now, view=now.view.changed(name, value)))
