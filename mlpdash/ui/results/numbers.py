"""Sections about numbers: predicted against actual, over time, and what is left over."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import streamlit as st

from mlpdash.charts.results.numbers import (
    predicted_figure,
    residual_figure,
    spread_figure,
    time_figure,
)
from mlpdash.text import _, n_, with_unit
from mlpdash.ui.results.classes import choose_part
from mlpdash.ui.results.figures import draw_clickable, newest
from mlpdash.ui.results.rows import list_rows
from mlpdash.ui.results.subject import Floats, Rows, Subject

WORST: Final = 20
BARS: Final = 30
PREDICTED: Final = "\0predicted"  # a choice that no input can be called


def choose_target(about: Subject, section: str) -> int:
    """Let a person choose one of several targets."""
    targets = about.prepared.targets
    if len(targets) == 1:
        return 0
    chosen: int = st.selectbox(
        _("Target"),
        range(len(targets)),
        format_func=lambda k: targets[k],
        key=about.key(f"{section}-target"),
    )
    return chosen


@st.fragment
def predictions(about: Subject) -> None:
    """Show predicted against actual values, both over time, and the worst rows."""
    which, what = st.columns(2)
    with which:
        part = choose_part(about, "predictions")
    with what:
        k = choose_target(about, "predictions")
    rows = about.rows_of(part)
    actual, said = about.actual[rows, k], about.outputs[rows, k]
    target = (about.prepared.targets[k], about.unit(k))
    left, right = st.columns([5, 6], gap="large")
    with left:
        figure = predicted_figure(about.name, target, rows, actual, said, about.palette)
        chosen = {"predicted": draw_clickable(figure, about.key(f"predicted-{part}-{k}"))}
    if about.prepared.time is not None:
        chosen["time"] = _over_time(about, k, target)
    with right, st.container(key="rows"):
        clicked = newest(about.key("predictions"), chosen)
        _list_chosen(about, rows, np.abs(actual - said), clicked)


def _over_time(about: Subject, k: int, target: tuple[str, str]) -> list[dict[str, Any]]:
    assert about.prepared.time is not None
    order: Rows = np.argsort(about.prepared.time, kind="stable")
    order = order[~np.isnat(about.prepared.time[order])]
    split = about.prepared.split
    learned = split.train if split.folds is None else split.train[:0]
    held_out = ~np.isin(order, learned)
    figure = time_figure(
        about.name,
        target,
        about.prepared.time[order],
        order,
        about.actual[order, k],
        about.outputs[order, k],
        held_out,
        about.palette,
    )
    return draw_clickable(figure, about.key(f"time-{k}"))


def _list_chosen(about: Subject, rows: Rows, off: Floats, chosen: list[dict[str, Any]]) -> None:
    """List the clicked rows, or else those that are furthest off."""
    if chosen:
        listed = np.array([int(point["customdata"]) for point in chosen])
        list_rows(about, listed, _("The row that you clicked"), about.key("clicked"))
        return
    worst = rows[np.argsort(-off, kind="stable")[:WORST]]
    title = n_("The row that is furthest off", "The {n:,} rows that are furthest off", len(worst))
    list_rows(about, worst, title, about.key("worst"))


@st.fragment
def residuals(about: Subject) -> None:
    """Show what is left over: against the prediction or an input, and how it is distributed."""
    which, over, what = st.columns(3)
    with which:
        part = choose_part(about, "residuals")
    with over:
        features = {f.name: f for f in about.prepared.features}
        chosen_over: str = st.selectbox(
            _("Over"),
            [PREDICTED, *features],
            format_func=lambda name: _("the prediction") if name == PREDICTED else name,
            key=about.key("over"),
        )
    with what:
        k = choose_target(about, "residuals")
    rows = about.rows_of(part)
    residual = about.actual[rows, k] - about.outputs[rows, k]
    left, right = st.columns(2, gap="large")
    with left:
        chosen = _residuals(about, rows, residual, chosen_over, k)
    with right:
        edges = np.histogram_bin_edges(residual, bins=min(BARS, max(5, len(rows) // 6)))
        figure = spread_figure(about.name, residual, edges, about.unit(k), about.palette)
        bars = draw_clickable(figure, about.key(f"spread-{part}-{k}"))
    with st.container(key="rows"):
        clicked = newest(about.key("residuals"), {"points": chosen, "bars": bars})
        if clicked and clicked is bars:
            low, high = edges[int(bars[0]["customdata"][0]) :][:2]
            inside = rows[(residual >= low) & ((residual < high) | (high == edges[-1]))]
            title = n_("{n:,} row in that bar", "{n:,} rows in that bar", len(inside))
            list_rows(about, inside, title, about.key("bar-rows"))
        else:
            _list_chosen(about, rows, np.abs(residual), clicked)


def _residuals(
    about: Subject, rows: Rows, residual: Floats, over: str, k: int
) -> list[dict[str, Any]]:
    levels: tuple[str, ...] = ()
    if over == PREDICTED:
        at, unit = about.outputs[rows, k], about.unit(k)
        label = _("predicted {target}").format(target=about.prepared.targets[k])
        label = with_unit(label, unit)
    else:
        place = next(n for n, f in enumerate(about.prepared.features) if f.name == over)
        feature = about.prepared.features[place]
        at, levels = about.prepared.raw[rows, place], feature.levels
        label = with_unit(feature.name, feature.unit)
    figure = residual_figure(
        about.name, label, rows, at, residual, about.palette, levels=levels, unit=about.unit(k)
    )
    return draw_clickable(figure, about.key(f"residuals-{len(rows)}-{over}-{k}"))
