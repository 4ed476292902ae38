"""A figure of the Results page, with its sentence above it and its clicks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mlpdash.charts.results.parts import ResultFigure
from mlpdash.ui.shared.markdown import escape

Points = list[dict[str, Any]]


def draw(figure: ResultFigure, key: str) -> None:
    """Show a figure that is only looked at."""
    _title(figure)
    st.plotly_chart(figure.figure, theme=None, key=key, config=figure.config, alt=figure.title)


def draw_clickable(figure: ResultFigure, key: str) -> Points:
    """Show a figure and return the points that are chosen on it; a click chooses one."""
    _title(figure)
    chosen = st.plotly_chart(
        figure.figure,
        theme=None,
        key=key,
        on_select="rerun",
        selection_mode="points",
        config=figure.config,
        alt=figure.title,
    )
    return points(chosen)


def points(chosen: Any) -> Points:
    """Return the points of what a figure reported, or of what the session keeps of it."""
    selection = (chosen or {}).get("selection", {})
    return [dict(point) for point in selection.get("points", [])]


def newest(key: str, chosen: Mapping[str, Points]) -> Points:
    """Of several figures, return what is chosen on the one that was clicked last.

    Parameters
    ----------
    key : under which the session keeps what was chosen before
    chosen : by figure, the points that are chosen on it now
    """
    seen = {name: [point.get("customdata") for point in found] for name, found in chosen.items()}
    before = st.session_state.get(key, {"seen": {}, "figure": ""})
    changed = [name for name in chosen if seen[name] and seen[name] != before["seen"].get(name)]
    figure = changed[0] if changed else before["figure"]
    if not chosen.get(figure):
        figure = next((name for name in chosen if chosen[name]), "")
    st.session_state[key] = {"seen": seen, "figure": figure}
    return chosen.get(figure, [])


def _title(figure: ResultFigure) -> None:
    st.markdown(f"**{escape(figure.title)}**")
