"""The grid's part of the sidebar: one or two settings with values to train side by side."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlpdash.charts.board.population_grid import setting_title
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.members import SETTINGS
from mlpdash.ui.choices import state
from mlpdash.ui.choices.controls import Sheet, fill, note
from mlpdash.ui.choices.summaries import capital

NONE: Final = ""
PLACES: Final = (1, 2)  # a grid has one or two settings
WIDTHS: Final = (2, 4, 8, 16)
SHARES: Final = {"weight_decay": (0.0, 0.001, 0.01), "l1": (0.0, 0.001, 0.01)}
DROPOUTS: Final = (0.0, 0.1, 0.3)

Parts = tuple[tuple[str, str], tuple[str, str]]  # name and values, as text; ("", "") for none


def draw(sheet: Sheet) -> None:
    """Draw both settings. What is wrong with the grid stands under them, as typed."""
    _fill(sheet.choices.experiment.train.sweep)
    for place in PLACES:
        _row(place)
    note(sheet, "sweep")


def parts_of(sweep: str) -> Parts:
    """Split a grid's text into its two settings.

    >>> parts_of("lr=0.01,0.1")
    (('lr', '0.01, 0.1'), ('', ''))
    """
    found = []
    for part in sweep.split(";"):
        name, _equals, values = part.partition("=")
        if name.strip():
            found.append((name.strip(), ", ".join(value.strip() for value in values.split(","))))
    first, second, *_more = [*found, (NONE, ""), (NONE, "")]
    return first, second


def text_of(parts: Parts) -> str:
    """Join what `parts_of` splits."""
    said = (f"{name}={values.replace(' ', '')}" for name, values in parts if name)
    return "; ".join(said)


def usual_values(name: str, experiment: Experiment) -> str:
    """Return values to begin with: around what is chosen now, or the usual ones."""
    if name == "lr":
        lr = experiment.train.lr
        return ", ".join(f"{min(10.0, lr * factor):.2g}" for factor in (0.3, 1, 3))
    values = {"width": WIDTHS, "dropout": DROPOUTS, **SHARES}[name]
    return ", ".join(f"{value:g}" for value in values)


def _fill(sweep: str) -> None:
    """Fill the widgets from the choice, unless they hold something that was refused."""
    if state.problem("sweep") is not None and _name_key(1) in st.session_state:
        return
    for place, (name, values) in zip(PLACES, parts_of(sweep), strict=True):
        fill(_name_key(place), name if name in SETTINGS else NONE)
        fill(_values_key(place), values)


def _row(place: int) -> None:
    left, right = st.columns(2, wrap=False)
    with left:
        st.selectbox(
            _("Setting {n}").format(n=place),
            [NONE, *SETTINGS],
            format_func=lambda name: capital(setting_title(name)) if name else _("None"),
            key=_name_key(place),
            help=_("Trains one net for each value side by side, and shows which does best."),
            on_change=_picked,
            args=(place,),
        )
    with right:
        st.text_input(
            _("Values {n}").format(n=place),
            key=_values_key(place),
            help=_("Separated by commas, such as 0.01, 0.03, 0.1."),
            disabled=not st.session_state[_name_key(place)],
            on_change=_typed,
        )


def _picked(place: int) -> None:
    name = st.session_state[_name_key(place)]
    experiment = state.choices().experiment
    st.session_state[_values_key(place)] = usual_values(name, experiment) if name else ""
    _typed()


def _typed() -> None:
    first, second = (
        (st.session_state[_name_key(place)], st.session_state[_values_key(place)])
        for place in PLACES
    )
    state.change("sweep", text_of((first, second)))


def _name_key(place: int) -> str:
    return f"grid_setting_{place}"


def _values_key(place: int) -> str:
    return f"grid_values_{place}"
