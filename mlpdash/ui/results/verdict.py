"""The verdict: a sentence, the net among its baselines, and all scores with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from mlpdash.results.judging import verdict
from mlpdash.results.judging.metrics import CLASSIFICATION, REGRESSION
from mlpdash.text import _
from mlpdash.training.weights import in_force
from mlpdash.ui.results.subject import PART_TITLES, Subject
from mlpdash.ui.shared.markdown import escape

FEW: Final = 3  # targets whose scores are shown unasked


def show(about: Subject) -> None:
    """Show what the net is worth."""
    net = about.report.net
    assert net is not None
    judged = net["parts"][about.part]
    kept = about.report.baselines or {"found": [], "whole": False}
    with st.container(key="verdict"):
        sentence = verdict.verdict(
            about.prepared.task,
            about.part,
            judged,
            kept["found"],
            unit=about.unit() if len(about.prepared.targets) == 1 else "",
            is_whole=kept["whole"],
            nets=about.nets,
            folds=net["folds"] is not None,
        )
        st.markdown(f"### {escape(sentence)}")
        if net["folds"] is not None:
            st.markdown(escape(_expected(about, net)))
        if weights := in_force(about.prepared, about.experiment.train.class_weight):
            plainly = _(
                "The scores here count every row once, and the other methods learned without "
                "weights."
            )
            st.caption(f"{weights} {plainly}")
        left, right = st.columns(2, gap="large")
        with left:
            _table(
                _("Against others, on the same {rows}").format(rows=_(PART_TITLES[about.part])),
                _contest(about, judged["scores"], kept["found"]),
            )
        with right:
            _table(_("This net in more numbers"), _scores(about, net["parts"]))
        if "targets" in judged:
            with st.expander(_("Each target"), expanded=len(judged["targets"]) <= FEW):
                st.table(_targets(about, judged["targets"]), border="horizontal")


def _expected(about: Subject, net: Mapping[str, Any]) -> str:
    scores = net["parts"]["validation"]["scores"]
    unit = about.unit() if not about.is_classes else ""
    return verdict.expected(about.prepared.task, net["folds"], scores, unit)


def metrics(task: str) -> tuple[str, ...]:
    """Return the names of the metrics of a task."""
    return CLASSIFICATION if task == "classification" else REGRESSION


def _contest(about: Subject, own: Mapping[str, Any], found: list[dict[str, Any]]) -> pd.DataFrame:
    task = about.prepared.task
    shown = ("accuracy", "log_loss") if about.is_classes else ("rmse", "r2")
    rows = [{"": _("**This net**")} | {_m(m): verdict.number(m, own[m]["value"]) for m in shown}]
    rows[0][_difference(task)] = ""
    for one in found:
        title = verdict.baseline_title(task, one["name"])
        row = {"": title[:1].upper() + title[1:]}
        row |= {_m(m): verdict.number(m, one["scores"][m]) for m in shown}
        row[_difference(task)] = verdict.gain(task, one["difference"])
        rows.append(row)
    return pd.DataFrame(rows).set_index("")


def _difference(task: str) -> str:
    return _("The net is") if task == "classification" else _("The net is closer by")


def _scores(about: Subject, parts: Mapping[str, Any]) -> pd.DataFrame:
    judged = parts[about.part]["scores"]
    others = [part for part in about.parts() if part != about.part]
    rows = []
    for metric in metrics(about.prepared.task):
        row = {
            "": _m(metric),
            _(PART_TITLES[about.part]).capitalize(): verdict.number(
                metric, judged[metric]["value"]
            ),
            _("95 % interval"): verdict.interval(metric, judged[metric]),
        }
        for part in others:
            value = parts[part]["scores"][metric]["value"]
            row[_(PART_TITLES[part]).capitalize()] = verdict.number(metric, value)
        rows.append(row)
    return pd.DataFrame(rows).set_index("")


def _targets(about: Subject, found: list[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for target, scores in zip(about.prepared.targets, found, strict=True):
        row = {"": escape(target)}
        for metric in REGRESSION:
            span = verdict.interval(metric, scores[metric])
            row[_m(metric)] = f"{verdict.number(metric, scores[metric]['value'])} ({span})"
        rows.append(row)
    return pd.DataFrame(rows).set_index("")


def _m(metric: str) -> str:
    return _(verdict.METRICS[metric])


def _table(title: str, frame: pd.DataFrame) -> None:
    st.caption(escape(title))
    st.table(frame, border="horizontal")
