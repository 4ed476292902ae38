"""A figure of the Results page, with its sentence above it and its clicks."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mlpdash.charts.result_parts import ResultFigure
from mlpdash.ui.markdown import escape


def draw(figure: ResultFigure, key: str) -> None:
    """Show a figure that is only looked at."""
    _title(figure)
    st.plotly_chart(figure.figure, theme=None, key=key, config=figure.config, alt=figure.title)


def draw_clickable(figure: ResultFigure, key: str) -> list[dict[str, Any]]:
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


def points(chosen: Any) -> list[dict[str, Any]]:
    """Return the points of what a figure reported, or of what the session keeps of it."""
    selection = (chosen or {}).get("selection", {})
    return [dict(point) for point in selection.get("points", [])]


def _title(figure: ResultFigure) -> None:
    st.markdown(f"**{escape(figure.title)}**")
