"""The Train page's sidebar: data, network, training and view, as groups that fold to a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import part_of
from mlpdash.text import _
from mlpdash.training.members import nets_of_folds
from mlpdash.ui.choices import state, summaries
from mlpdash.ui.choices.controls import Sheet
from mlpdash.ui.shared import cached
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.train import network, rows, sets, training, view


def sidebar(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    """Draw all groups; what a person changes reaches the choices through callbacks.

    Parameters
    ----------
    sheet : what is chosen and what waits for a Reset
    prepared : the chosen rows; None when they cannot be used, which is said elsewhere
    devices : name and label of each device that was found
    """
    experiment = sheet.choices.experiment
    with st.sidebar, st.container(key="choices", gap="small"):
        if state.watched() is not None:
            st.caption(_("These are the owner's settings. Reset makes a copy of your own."))
        title = cached.title(experiment.data.data)
        with _group(sheet, _("Data"), "data", summaries.of_data(title, prepared)):
            sets.draw(sheet)
            rows.draw(sheet, prepared)
        line = summaries.of_network(experiment.model, prepared)
        with _group(sheet, _("Network"), "model", line):
            network.draw(sheet, prepared)
        line = summaries.of_training(experiment.train, nets_of_folds(experiment))
        with _group(sheet, _("Training"), "train", line):
            training.draw(sheet, prepared, devices)
        line = summaries.of_view(sheet.choices.view, view.axes_shown(prepared))
        with _group(sheet, _("View"), "view", line):
            view.draw(prepared)


def _group(sheet: Sheet, name: str, part: str, summary: str) -> Any:
    """Return a group that folds; its label keeps the summary and a mark of what waits."""
    waits = any(part_of(field) == part for field in sheet.waiting) if part != "view" else False
    mark = " :orange[:material/restart_alt:]" if waits else ""
    return st.expander(
        f"**{escape(name)}** :gray[:small[{escape(summary)}]]{mark}",
        expanded=True,
        key=f"group_{part}",
        type="compact",
    )
