"""The section about two classes: from which probability on to say yes, and what mistakes cost."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from mlpdash.charts.results.classes import threshold_figure
from mlpdash.results.judging.thresholds import GRID, Counts, cheapest, counts_at
from mlpdash.results.judging.verdict import short
from mlpdash.text import N_, _, n_
from mlpdash.ui.results.classes import choose_class, choose_part
from mlpdash.ui.results.figures import draw_clickable
from mlpdash.ui.results.rows import list_rows
from mlpdash.ui.results.subject import Rows, Subject
from mlpdash.ui.shared.markdown import escape

KINDS: Final = {  # (is it, is it said) -> the rows of that kind
    "missed": (True, False, N_("Missed: {n:,}")),
    "alarms": (False, True, N_("False alarms: {n:,}")),
    "found": (True, True, N_("Found: {n:,}")),
    "passed": (False, False, N_("True negatives: {n:,}")),
}


@st.fragment
def show(about: Subject) -> None:
    """Show the costs over the threshold, and the rows of each kind at the chosen one."""
    which, part = st.columns(2)
    with part:
        rows = about.rows_of(choose_part(about, "threshold"))
    with which:
        code = choose_class(about, "threshold")
    left, right = st.columns([5, 6], gap="large")
    with left:
        at = _choose(about, rows, code)
    with right, st.container(key="rows"):
        _list(about, rows, code, at)


def _choose(about: Subject, rows: Rows, code: int) -> float:
    """Let a person set the threshold, by the slider or on the curve; return it."""
    name = escape(about.prepared.classes[code])
    counts = counts_at((about.actual[rows] == code).astype(np.int64), about.outputs[rows, code])
    alarm, miss = _costs(about, name)
    key, figure_key = about.key("threshold"), about.key(f"threshold-figure-{code}-{len(rows)}")
    _take_click(key, figure_key)
    at: float = st.slider(
        _("Predict {name} from this probability").format(name=name),
        0.0, 1.0, value=st.session_state.get(key, 0.5), step=0.01, key=key,
    )  # fmt: skip
    cost = counts.cost(alarm, miss)
    figure = threshold_figure(about.name, GRID.tolist(), cost.tolist(), at, about.palette)
    draw_clickable(figure, figure_key)
    _tell(counts, at, alarm, miss)
    return at


def _costs(about: Subject, name: str) -> tuple[float, float]:
    left, right = st.columns(2)
    with left:
        alarm = st.number_input(
            _("Cost of a false alarm"), 0.0, value=1.0, key=about.key("alarm"),
            help=_("False alarm: predicted {name}, but is not.").format(name=name),
        )  # fmt: skip
    with right:
        miss = st.number_input(
            _("Cost of a miss"), 0.0, value=1.0, key=about.key("miss"),
            help=_("Miss: is {name}, but not predicted.").format(name=name),
        )  # fmt: skip
    return alarm, miss


def _take_click(key: str, figure_key: str) -> None:
    """Move the slider to the point of the curve that was clicked since the last look."""
    chosen = (st.session_state.get(figure_key) or {}).get("selection", {}).get("points", [])
    clicked = float(chosen[0]["x"]) if chosen else None
    if clicked is not None and clicked != st.session_state.get(f"{key}-clicked"):
        st.session_state[key] = clicked
    st.session_state[f"{key}-clicked"] = clicked


def _tell(counts: Counts, at: float, alarm: float, miss: float) -> None:
    cost = counts.cost(alarm, miss)
    n = round(at * 100)
    st.markdown(
        _("At {at:.2f} mistakes cost {cost} per row; cheapest is {best:.2f} with {least}.").format(
            at=at,
            cost=short(float(cost[n])),
            best=cheapest(counts, alarm, miss),
            least=short(float(cost.min())),
        )
    )


def _list(about: Subject, rows: Rows, code: int, at: float) -> None:
    """List the rows of one of the four kinds; rows are called the class from `at` on."""
    p = about.outputs[rows, code]
    is_it, is_said = about.actual[rows] == code, p >= at
    groups = {
        kind: rows[(is_it == is_one) & (is_said == said)]
        for kind, (is_one, said, _title) in KINDS.items()
    }
    kind = st.segmented_control(
        _("Rows of this kind"),
        list(KINDS),
        default="missed",
        required=True,
        format_func=lambda name: _(KINDS[name][2]).format(n=len(groups[name])),
        key=about.key("threshold-kind"),
        label_visibility="collapsed",
    )
    chosen = groups[kind or "missed"]
    nearest = np.argsort(np.abs(about.outputs[chosen, code] - at), kind="stable")
    title = n_("{n:,} row", "{n:,} rows, those nearest to the threshold first", len(chosen))
    list_rows(about, chosen[nearest], title, about.key("threshold-rows"))
