"""The nets' part of the sidebar: one, several seeds, folds, or a grid of settings."""

from __future__ import annotations

from typing import Any, Final, Literal

import streamlit as st

from mlpdash.specs import Experiment
from mlpdash.text import N_, _
from mlpdash.ui.choices import state
from mlpdash.ui.choices.controls import Sheet, fill, note, whole_number
from mlpdash.ui.train import grid

Kind = Literal["one", "seeds", "folds", "grid"]
KINDS: Final[dict[Kind, str]] = {
    "one": N_("1"),
    "seeds": N_("Seeds"),
    "folds": N_("Folds"),
    "grid": N_("Grid"),
}
KEY: Final = "nets_kind"
SEEDS: Final = 8  # nets to begin with
FOLDS: Final = 5


def draw(sheet: Sheet) -> None:
    """Draw the list, beside the loss."""
    fill(KEY, kind_of(sheet.choices.experiment))
    st.selectbox(
        _("Nets"),
        list(KINDS),
        format_func=lambda kind: _(KINDS[kind]),
        key=KEY,
        help=_(
            "Train one net; one for each of several seeds, to see what is luck; one for each fold "
            "of the rows, which predict together and best; or one for each value of a setting or "
            "two."
        ),
        on_change=_picked,
    )


def draw_fields(sheet: Sheet) -> None:
    """Draw what the chosen kind asks for."""
    kind = kind_of(sheet.choices.experiment)
    if kind == "folds":
        left, right = st.columns(2, wrap=False)
        with left:
            whole_number(sheet, "folds", empty=FOLDS)
        with right:
            whole_number(sheet, "repeats")
    elif kind == "seeds":
        whole_number(sheet, "nets", label=_("How many"))
    elif kind == "grid":
        grid.draw(sheet)
        whole_number(sheet, "nets", label=_("Nets of each cell"))
    else:
        note(sheet, "nets", "sweep", "folds")


def kind_of(experiment: Experiment) -> Kind:
    """Return what the nets of an experiment differ in."""
    if experiment.data.folds is not None:
        return "folds"
    if experiment.train.sweep.strip():
        return "grid"
    return "seeds" if experiment.train.nets > 1 else "one"


def _picked() -> None:
    """Begin with usual values of the kind that was picked, and leave the others."""
    experiment = state.choices().experiment
    values: dict[str, Any] = {"nets": 1, "sweep": "", "folds": None, "repeats": 1}
    match st.session_state[KEY]:
        case "seeds":
            values["nets"] = SEEDS
        case "folds":
            values["folds"] = FOLDS
        case "grid":
            values["sweep"] = f"lr={grid.usual_values('lr', experiment).replace(' ', '')}"
    state.change_all("nets", **values)
