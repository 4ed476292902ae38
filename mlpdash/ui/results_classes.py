"""Sections about classes: mistakes, curves, calibration and the threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from mlpdash.charts import theme
from mlpdash.charts.result_classes import (
    calibration_figure,
    confusion_figure,
    precision_recall_figure,
    roc_figure,
    threshold_figure,
)
from mlpdash.results.bins import bin_of
from mlpdash.results.thresholds import GRID, cheapest, counts_at
from mlpdash.text import _
from mlpdash.ui.markdown import escape
from mlpdash.ui.results_figures import draw, draw_clickable
from mlpdash.ui.results_rows import list_rows
from mlpdash.ui.results_subject import PART_TITLES, Rows, Subject
from mlpdash.ui.results_words import percent, short


def choose_part(about: Subject, section: str) -> str:
    """Let a person choose which rows a section is about; the verdict's at first."""
    parts = about.parts()
    chosen: str | None = st.segmented_control(
        _("Rows"),
        parts,
        default=parts[0],
        required=True,
        format_func=lambda part: _(PART_TITLES[part]).capitalize(),
        key=about.key(f"{section}-part"),
    )
    return chosen or parts[0]


@st.fragment
def mistakes(about: Subject) -> None:
    """Show the confusion matrix, and the rows behind the cell that is clicked."""
    part, how = st.columns(2)
    with part:
        rows = about.rows_of(choose_part(about, "mistakes"))
    with how:
        shares = st.segmented_control(
            _("Cells"),
            ["counts", "shares"],
            default="counts",
            required=True,
            format_func=lambda name: _("Counts") if name == "counts" else _("Shares of the class"),
            key=about.key("cells"),
        )
    classes = about.prepared.classes
    k = len(classes)
    actual, said = about.actual[rows].astype(np.int64), about.predicted[rows]
    counts = np.bincount(actual * k + said, minlength=k * k).reshape(k, k)
    left, right = st.columns([5, 6], gap="large")
    with left:
        figure = confusion_figure(
            about.name, counts, classes, about.palette, shares=shares == "shares"
        )
        chosen = draw_clickable(figure, about.key(f"confusion-{len(rows)}"))
    with right, st.container(key="rows"):
        _list_cell(about, rows, chosen)


def _list_cell(about: Subject, rows: Rows, chosen: list[dict[str, Any]]) -> None:
    """List the rows of the chosen cell, or else all mistakes, the surest first."""
    actual, said = about.actual[rows], about.predicted[rows]
    names = about.prepared.classes
    if chosen:
        i, j = (int(code) for code in chosen[0]["customdata"][:2])
        listed = rows[(actual == i) & (said == j)]
        title = _("Actual {actual}, predicted {predicted}: {{n:,}} rows").format(
            actual=_braced(names[i]), predicted=_braced(names[j])
        )
    else:
        listed = rows[actual != said]
        surest = np.argsort(-about.outputs[listed].max(1), kind="stable")
        listed = listed[surest]
        title = _("Wrong rows: {n:,}, those it was surest about first")
        if not len(listed):
            st.markdown(f"**{escape(_('None of these rows is wrong'))}**")
            return
    list_rows(about, listed, title, about.key("cell-rows"))


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


@st.fragment
def curves(about: Subject) -> None:
    """Show ROC and precision against recall."""
    part = choose_part(about, "curves")
    assert about.report.net is not None
    found = about.report.net["parts"][part]
    classes = about.prepared.classes
    left, right = st.columns(2, gap="large")
    with left:
        draw(roc_figure(about.name, found["roc"], classes, about.palette), about.key("roc"))
    with right:
        figure = precision_recall_figure(
            about.name, found["precision_recall"], classes, about.palette
        )
        draw(figure, about.key("precision-recall"))
    if any(not curve["x"] for curve in found["roc"]):
        st.caption(_("A class that no row has, or that all rows have, has no curve."))


@st.fragment
def calibration(about: Subject) -> None:
    """Show whether probabilities can be trusted, and for two classes what a threshold costs."""
    which, rows = st.columns(2)
    with rows:
        part = choose_part(about, "calibration")
    with which:
        code = choose_class(about, "calibration")
    chosen_rows = about.rows_of(part)
    left, right = st.columns([5, 6], gap="large")
    with left:
        chosen = _calibration(about, part, code)
    with right:
        if chosen:
            bin_number = int(chosen[0]["customdata"][0])
            inside = bin_of(about.outputs[chosen_rows, code]) == bin_number
            title = _("{{n:,}} rows for which it says {low} to {high}").format(
                low=percent(bin_number / 10), high=percent((bin_number + 1) / 10)
            )
            list_rows(about, chosen_rows[inside], title, about.key("bin-rows"))
        elif len(about.prepared.classes) == 2:
            _threshold(about, chosen_rows, code)
        else:
            st.caption(_("Click a point to list its rows."))


def choose_class(about: Subject, section: str) -> int:
    """Let a person choose one of the classes; of two, the second at first."""
    classes = about.prepared.classes
    chosen: int = st.selectbox(
        _("Class"),
        range(len(classes)),
        index=1 if len(classes) == 2 else 0,
        format_func=lambda code: classes[code],
        key=about.key(f"{section}-class"),
    )
    return chosen


def _calibration(about: Subject, part: str, code: int) -> list[dict[str, Any]]:
    assert about.report.net is not None
    found = about.report.net["parts"][part]["calibration"][code]
    classes = about.prepared.classes
    color = theme.class_colors(len(classes))[code]
    figure = calibration_figure(about.name, found, classes[code], color, about.palette)
    return draw_clickable(figure, about.key(f"calibration-{part}-{code}"))


def _threshold(about: Subject, rows: Rows, code: int) -> None:
    """Let a person set the threshold, and what the two kinds of mistakes cost."""
    classes = about.prepared.classes
    name = escape(classes[code])
    left, right = st.columns(2)
    with left:
        alarm = st.number_input(
            _("Cost of a false alarm"), 0.0, value=1.0, key=about.key("alarm"),
            help=_("It says {name} where it is not.").format(name=name),
        )  # fmt: skip
    with right:
        miss = st.number_input(
            _("Cost of a miss"), 0.0, value=1.0, key=about.key("miss"),
            help=_("It is {name} and not said.").format(name=name),
        )  # fmt: skip
    counts = counts_at((about.actual[rows] == code).astype(np.int64), about.outputs[rows, code])
    best = cheapest(counts, alarm, miss)
    at = st.slider(
        _("Say {name} from this probability on").format(name=name),
        0.0, 1.0, 0.5, 0.01, key=about.key("threshold"),
    )  # fmt: skip
    cost = counts.cost(alarm, miss)
    figure = threshold_figure(about.name, GRID.tolist(), cost.tolist(), at, about.palette)
    draw(figure, about.key("threshold-figure"))
    n = round(at * 100)
    st.markdown(
        _(
            "At {at:.2f}: {hits:,} found, {missed:,} missed, {alarms:,} false alarms, "
            "{spared:,} rightly passed over; {cost} per row. Cheapest is {best:.2f} with {least}."
        ).format(
            at=at,
            hits=counts.true_positive[n],
            missed=counts.false_negative[n],
            alarms=counts.false_positive[n],
            spared=counts.true_negative[n],
            cost=short(float(cost[n])),
            best=best,
            least=short(float(cost.min())),
        )
    )
