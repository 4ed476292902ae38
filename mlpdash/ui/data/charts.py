"""Charts of a table: its target, one input against it, correlations, gaps; of sampled rows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpdash.charts import table as figures
from mlpdash.charts.table import Figure
from mlpdash.charts.theme import PALETTES, Palette
from mlpdash.data.columns.columns import Columns
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import DATE_PARTS
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.table import Table
from mlpdash.text import _, brief, with_unit
from mlpdash.ui.shared.markdown import escape

ROWS: Final = 3_000  # that are drawn
MOST_CORRELATED: Final = 16  # columns
MOST_GAPS: Final = 16
HEIGHT: Final = 300  # pixels


def show(table: Table, found: Columns, prepared: Prepared | None) -> None:
    """Show four figures; without a prepared table only the gaps."""
    palette = PALETTES["dark" if st.context.theme.type == "dark" else "light"]
    if prepared is not None:
        rows = _some(len(prepared.x))
        left, right = st.columns(2)
        with left, st.container(border=True, height="stretch", key="chart_target"):
            _target(prepared, palette)
        with right, st.container(border=True, height="stretch", key="chart_against"):
            _against(prepared, rows, palette)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch", key="chart_correlation"):
        if prepared is not None:
            _correlation(prepared, rows, palette)
    with right, st.container(border=True, height="stretch", key="chart_gaps"):
        _gaps(table, found, palette)
    if prepared is not None and len(rows) < len(prepared.x):
        st.caption(
            _("{n:,} of {rows:,} rows are drawn, evenly spaced.").format(
                n=len(rows), rows=len(prepared.x)
            )
        )


def _some(rows: int) -> NDArray[np.int64]:
    return np.linspace(0, rows - 1, min(rows, ROWS)).round().astype(np.int64)


def _draw(title: str, figure: Figure, key: str, *, titled: bool = False) -> None:
    if not titled:
        st.markdown(f"**{escape(title)}**")
    figure["layout"]["height"] = HEIGHT
    st.plotly_chart(figure, theme=None, key=key, config={"displayModeBar": False}, alt=title)


def _target(prepared: Prepared, palette: Palette) -> None:
    name = brief(prepared.targets[0])
    if prepared.classes:
        numbers = np.bincount(prepared.y, minlength=len(prepared.classes)).tolist()
        title = _("How many rows each class of {target} has").format(target=name)
        _draw(title, figures.counts(prepared.classes, numbers, palette), "figure_target")
        return
    title = _("How {target} is distributed").format(target=name)
    figure = figures.distribution(_values(prepared), _target_title(prepared), palette)
    _draw(title, figure, "figure_target")


def _target_title(prepared: Prepared) -> str:
    """Return the title of an axis with the first target."""
    return with_unit(prepared.targets[0], prepared.target_units[0])


def _values(prepared: Prepared) -> NDArray[np.float64]:
    """Return the first target in its own units, (rows,)."""
    scaled: NDArray[np.float64] = prepared.y[:, 0].astype(np.float64)
    return scaled * float(prepared.target_scale[0]) + float(prepared.target_mean[0])


def _against(prepared: Prepared, rows: NDArray[np.int64], palette: Palette) -> None:
    names = [feature.name for feature in prepared.features]
    whole = [
        n for n, feature in enumerate(prepared.features) if not isinstance(feature, DATE_PARTS)
    ]
    with st.container(horizontal=True, vertical_alignment="center", key="chart_choice"):
        title = _("{target} over").format(target=brief(prepared.targets[0]))
        st.markdown(f"**{escape(title)}**", width="content")
        chosen = st.selectbox(
            _("Input"),
            names,
            index=whole[0] if whole else 0,
            format_func=brief,
            key="chart_input",
            label_visibility="collapsed",
        )
    at = names.index(chosen) if chosen in names else 0
    feature = prepared.features[at]
    x = prepared.raw[rows, at]
    known = ~np.isnan(x)
    if not known.any():
        st.caption(_("This input is missing in all rows that are drawn."))
        return
    title = f"{title} {brief(feature.name)}"
    figure = _over(prepared, feature, x[known], rows[known], palette)
    _draw(title, figure, "figure_against", titled=True)


def _over(
    prepared: Prepared,
    feature: Feature,
    x: NDArray[np.float64],
    rows: NDArray[np.int64],
    palette: Palette,
) -> Figure:
    title = with_unit(feature.name, feature.unit)
    if prepared.classes:
        figure = figures.against_classes(
            x, prepared.y[rows].astype(np.int64), prepared.classes, title, palette
        )
    else:
        y = _values(prepared)[rows]
        jitter = isinstance(feature, Category)
        figure = figures.against_number(x, y, title, _target_title(prepared), palette, jitter)
    return figures.with_levels(figure, feature.levels) if feature.levels else figure


def _correlation(prepared: Prepared, rows: NDArray[np.int64], palette: Palette) -> None:
    numbers = [n for n, f in enumerate(prepared.features) if not isinstance(f, Category)]
    names = [prepared.features[n].name for n in numbers[:MOST_CORRELATED]]
    columns: list[Any] = [
        np.nan_to_num(prepared.raw[rows, n], nan=prepared.features[n].typical)
        for n in numbers[:MOST_CORRELATED]
    ]
    if not prepared.classes:
        names.append(prepared.targets[0])
        columns.append(_values(prepared)[rows])
    varied = [n for n, column in enumerate(columns) if np.ptp(column) > 0]
    if len(varied) < 2:
        st.caption(_("Correlations need two columns of numbers."))
        return
    matrix = np.corrcoef(np.array([columns[n] for n in varied]))
    figure = figures.correlation([names[n] for n in varied], matrix, palette)
    title = _("Correlations of the numbers")
    if len(numbers) > MOST_CORRELATED:
        title = _("Correlations of the first {n} numbers").format(n=MOST_CORRELATED)
    _draw(title, figure, "figure_correlation")


def _gaps(table: Table, found: Columns, palette: Palette) -> None:
    missing = sorted((c for c in found.columns if c.missing), key=lambda c: -c.missing)
    if not missing:
        st.markdown(f"**{_('Missing values')}**")
        st.caption(_("No cell is missing."))
        return
    shown = missing[:MOST_GAPS]
    figure = figures.gaps(
        [c.name for c in shown], [c.missing / len(table.frame) for c in shown], palette
    )
    _draw(
        _("Missing values, of {n:,} columns with gaps").format(n=len(missing)),
        figure,
        "figure_gaps",
    )
