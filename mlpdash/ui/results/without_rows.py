"""A run whose table is gone or cannot be read: its nets and its history can still be exported."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpdash.runs.disk.cells import cells_of
from mlpdash.runs.disk.rows import table_name
from mlpdash.runs.disk.store import Store
from mlpdash.text import _
from mlpdash.training.members import nets_of_cell
from mlpdash.ui.results import export
from mlpdash.ui.results.export import Source
from mlpdash.ui.results.runs import choose_cell_by_settings
from mlpdash.ui.results.subject import analysts
from mlpdash.ui.shared.markdown import escape


def show(run: str, why: str, chooser: DeltaGenerator) -> None:
    """Say why there are no rows, and offer the files that need none.

    Parameters
    ----------
    why : a sentence
    chooser : where a cell of a grid is chosen
    """
    store = Store.open(run)
    step = store.snapshot_steps()[-1]
    experiment = store.as_of(step)
    cell: int | None = None
    if cells := cells_of(experiment):
        with chooser:
            cell = choose_cell_by_settings(cells)
    st.warning(escape(why[:1].upper() + why[1:]))
    st.caption(
        _("Scores, predictions and scripts need its rows. What needs none can still be exported.")
    )
    about = {"run": run, "step": step, "cell": cell}
    mark = f"{run}-{step}-{store.mark(step)}-{cell}"
    export.show_without_rows(
        Source(
            store=store,
            name=table_name(store),
            nets=nets_of_cell(experiment),
            ask=lambda kind, payload=b"", **more: analysts().ask(
                {"ask": kind, **about, **more}, payload
            ),
            key=lambda widget: f"results-alone-{widget}-{mark}",
        )
    )
