"""The section that says why: which inputs matter, what they do, and what made one prediction."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from mlpdash.charts.result_why import dependence_figure, importance_figure, shares_figure
from mlpdash.data.preparing import Feature
from mlpdash.results.words import percent, short
from mlpdash.text import _
from mlpdash.ui.results_classes import choose_class
from mlpdash.ui.results_figures import draw
from mlpdash.ui.results_numbers import choose_target
from mlpdash.ui.results_subject import PART_TITLES, Subject


@st.fragment
def show(about: Subject) -> None:
    """Show importance, dependence, and the shares of one prediction."""
    left, right = st.columns(2, gap="large")
    with left:
        if about.report.why is None:
            st.caption(_("The importance of the inputs has not been computed yet."))
        else:
            _importance(about, about.report.why)
    with right:
        _one_row(about)
    if about.report.why is not None:
        _dependence(about, about.report.why["dependence"])


def _importance(about: Subject, why: dict[str, Any]) -> None:
    measure = _("log loss grows by") if about.is_classes else _("RMSE grows by")
    unit = about.unit()
    label = f"{measure} ({unit})" if unit and not about.is_classes else measure
    figure = importance_figure(about.name, why["importance"], label, about.palette)
    draw(figure, about.key("importance"))
    st.caption(
        _("On {n:,} {rows}, shuffled ten times; the whiskers are one standard deviation.").format(
            n=why["rows"], rows=_(PART_TITLES[why["part"]])
        )
    )


def _dependence(about: Subject, names: list[str]) -> None:
    features = {f.name: f for f in about.prepared.features}
    which, what = st.columns(2)
    with which:
        name: str = st.selectbox(_("Input"), names, key=about.key("dependence"))
    with what:
        output = choose_output(about, "dependence")
    arrays = about.report.dependence
    assert arrays is not None
    n = names.index(name)
    feature = features[name]
    figure = dependence_figure(
        about.name,
        (feature.name, feature.unit, feature.levels),
        arrays[f"{n}.grid"],
        arrays[f"{n}.mean"][:, output],
        arrays[f"{n}.lines"][:, :, output],
        output_name(about, output),
        about.palette,
        is_share=about.is_classes,
    )
    draw(figure, about.key(f"dependence-figure-{n}-{output}"))
    st.caption(_("Thick: the mean over the rows. Thin: single rows (ICE), all else as it is."))


def choose_output(about: Subject, section: str) -> int:
    """Let a person choose a class or a target."""
    return choose_class(about, section) if about.is_classes else choose_target(about, section)


def output_name(about: Subject, output: int) -> str:
    """Return what an output is, with its unit."""
    if about.is_classes:
        return _("probability of {name}").format(name=about.prepared.classes[output])
    target, unit = about.prepared.targets[output], about.unit(output)
    named = _("predicted {target}").format(target=target)
    return f"{named} ({unit})" if unit else named


def _one_row(about: Subject) -> None:
    """Explain one row, at first the one that went most wrong."""
    row: int = st.number_input(
        _("Row"),
        0,
        len(about.prepared.x) - 1,
        worst_row(about),
        key=about.key("row"),
        help=_("The number of a row, as the lists of rows show it; at first the worst one."),
    )
    output = int(about.predicted[row]) if about.is_classes else 0
    values = about.prepared.raw[row].tolist()
    with st.spinner(_("Asking the net"), show_time=False):
        found, _payload = about.ask("explain", values=values, output=output)
    shown = percent if about.is_classes else short
    title = _(
        "Row {row}: {output} is {value}, for the typical row {typical}; what makes the difference"
    ).format(
        row=row,
        output=output_name(about, output),
        value=shown(found["output"]),
        typical=shown(found["typical"]),
    )
    texts = [
        text_of(feature, value)
        for feature, value in zip(about.prepared.features, values, strict=True)
    ]
    figure = shares_figure(
        about.name,
        found["features"],
        texts,
        found["shares"],
        title,
        about.palette,
        is_share=about.is_classes,
    )
    draw(figure, about.key("shares"))
    st.caption(_("Integrated gradients, on the way from the typical row: medians and modes."))


def worst_row(about: Subject) -> int:
    """Return the row of the judged part that the net is most wrong about."""
    rows = about.rows_of(about.part)
    if about.is_classes:
        own = about.outputs[rows, about.actual[rows].astype(np.int64)]
        return int(rows[np.argmin(own)])
    off = np.abs(about.actual[rows] - about.outputs[rows]) / about.prepared.target_scale
    return int(rows[np.argmax(off.max(1))])


def text_of(feature: Feature, value: float) -> str:
    """Say a raw value of an input."""
    if np.isnan(value):
        return _("nothing")
    if feature.kind == "category":
        return feature.levels[int(value)] if value >= 0 else _("unknown")
    return f"{value:.5g} {feature.unit}".strip()
