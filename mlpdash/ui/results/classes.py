"""Sections about classes: mistakes, curves and calibration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st

from mlpdash.charts import theme
from mlpdash.charts.results.classes import (
    calibration_figure,
    confusion_figure,
    precision_recall_figure,
    roc_figure,
)
from mlpdash.results.judging.bins import bin_of
from mlpdash.results.judging.confusion import confusion_cells, confusion_matrix
from mlpdash.results.judging.verdict import percent
from mlpdash.text import _, n_
from mlpdash.ui.results.figures import draw_clickable, newest
from mlpdash.ui.results.rows import list_rows
from mlpdash.ui.results.subject import PART_TITLES, Rows, Subject
from mlpdash.ui.shared.markdown import escape


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
    counts = confusion_matrix(confusion_cells(actual, said, k), k)
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
        title = n_(
            "Actual {actual}, predicted {predicted}: {{n:,}} row",
            "Actual {actual}, predicted {predicted}: {{n:,}} rows",
            len(listed),
        ).format(actual=_braced(names[i]), predicted=_braced(names[j]))
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
    """Show ROC and precision against recall, and the rows that a point of them names."""
    part = choose_part(about, "curves")
    assert about.report.net is not None
    found = about.report.net["parts"][part]
    classes = about.prepared.classes
    left, right = st.columns(2, gap="large")
    with left:
        figure = roc_figure(about.name, found["roc"], classes, about.palette)
        on_roc = draw_clickable(figure, about.key(f"roc-{part}"))
    with right:
        figure = precision_recall_figure(
            about.name, found["precision_recall"], classes, about.palette
        )
        on_recall = draw_clickable(figure, about.key(f"precision-recall-{part}"))
    if any(not curve["x"] for curve in found["roc"]):
        st.caption(_("A class that no row has, or that all rows have, has no curve."))
    clicked = newest(about.key("curves"), {"roc": on_roc, "recall": on_recall})
    with st.container(key="rows"):
        if clicked:
            _list_named(about, about.rows_of(part), *clicked[0]["customdata"][:2])
        else:
            st.caption(
                _(
                    "Click a point of a curve to list the rows that are predicted from that "
                    "probability."
                )
            )


def _list_named(about: Subject, rows: Rows, code: int, at: float | None) -> None:
    """List the rows that are called a class from a probability on, the least sure first."""
    p = about.outputs[rows, int(code)]
    named = p >= (math.inf if at is None else at)
    name = about.prepared.classes[int(code)]
    right = int((about.actual[rows[named]] == int(code)).sum())
    if not named.any():
        st.markdown(f"**{escape(_('No row is predicted there'))}**")
        return
    title = _(
        "{{n:,}} rows predicted {name} (probability at least {at:.3f}); {right:,} are correct"
    ).format(name=_braced(name), at=float(p[named].min()), right=right)
    order = np.argsort(p[named], kind="stable")
    list_rows(about, rows[named][order], title, about.key("named-rows"))


@st.fragment
def calibration(about: Subject) -> None:
    """Show whether probabilities can be trusted, and the rows behind each point."""
    which, rows = st.columns(2)
    with rows:
        part = choose_part(about, "calibration")
    with which:
        code = choose_class(about, "calibration")
    chosen_rows = about.rows_of(part)
    left, right = st.columns([5, 6], gap="large")
    with left:
        chosen = _calibration(about, part, code)
    with right, st.container(key="rows"):
        if not chosen:
            st.caption(_("Click a point to list its rows."))
            return
        bin_number = int(chosen[0]["customdata"][0])
        inside = bin_of(about.outputs[chosen_rows, code]) == bin_number
        title = n_(
            "{{n:,}} row with a probability of {low} to {high}",
            "{{n:,}} rows with a probability of {low} to {high}",
            int(inside.sum()),
        ).format(low=percent(bin_number / 10), high=percent((bin_number + 1) / 10))
        list_rows(about, chosen_rows[inside], title, about.key("bin-rows"))


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
