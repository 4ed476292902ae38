"""Lists of rows: their values, what is true and what the net says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpdash.results.rows import cells, part_names
from mlpdash.text import _
from mlpdash.ui.markdown import escape
from mlpdash.ui.results_subject import PART_TITLES, Rows, Subject

if TYPE_CHECKING:
    import pandas as pd

MOST_LISTED: Final = 1_000


def list_rows(about: Subject, rows: Rows, title: str, key: str) -> None:
    """Show rows as a table under a sentence; `title` is raw text with {n} for their number."""
    if not len(rows):
        st.markdown(f"**{escape(_('No such row'))}**")
        return
    st.markdown(f"**{escape(title.format(n=len(rows)))}**")
    if len(rows) > MOST_LISTED:
        st.caption(_("The first {n:,} are listed.").format(n=MOST_LISTED))
    frame = rows_frame(about, rows[:MOST_LISTED])
    st.dataframe(frame, hide_index=True, key=key, height="auto" if len(rows) < 10 else 380)


def rows_frame(about: Subject, rows: Rows) -> pd.DataFrame:
    """Return rows as a table: number, part, actual, predicted, probabilities, then the inputs."""
    import pandas as pd

    parts = part_names(about.prepared)[rows]
    columns: dict[str, object] = {
        _("row"): rows,
        _("part"): [_(PART_TITLES[part]) for part in parts],
    }
    columns |= _classes(about, rows) if about.is_classes else _numbers(about, rows)
    if about.prepared.time is not None:
        columns[about.prepared.time_name] = _stamps(about.prepared.time[rows])
    inputs = cells(about.prepared, rows)
    said = pd.DataFrame(columns, index=inputs.index)
    inputs = inputs.rename(columns={n: _("{name} (input)").format(name=n) for n in said.columns})
    return pd.concat([said, inputs], axis=1)


def _classes(about: Subject, rows: Rows) -> dict[str, object]:
    names = np.array(about.prepared.classes, dtype=object)
    columns: dict[str, object] = {
        _("actual"): names[about.actual[rows].astype(np.int64)],
        _("predicted"): names[about.predicted[rows]],
    }
    for code, name in enumerate(about.prepared.classes):
        columns[_("p({name})").format(name=name)] = np.round(about.outputs[rows, code], 4)
    return columns


def _numbers(about: Subject, rows: Rows) -> dict[str, object]:
    columns: dict[str, object] = {}
    several = len(about.prepared.targets) > 1
    for k, target in enumerate(about.prepared.targets):
        actual, said = about.actual[rows, k], about.outputs[rows, k]
        for name, values in (
            (_("actual"), actual),
            (_("predicted"), said),
            (_("actual − predicted"), actual - said),
        ):
            label = _("{name} {target}").format(name=name, target=target) if several else name
            columns[label] = [float(f"{value:.5g}") for value in values]
    return columns


def _stamps(time: NDArray[np.datetime64]) -> list[str | None]:
    """Return times as text, without the hours where it is midnight in all rows."""
    days = time.astype("datetime64[D]")
    shown = days if bool((days == time).all()) else time.astype("datetime64[s]")
    return [None if np.isnat(stamp) else str(stamp) for stamp in shown]
