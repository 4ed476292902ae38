"""The section that says why: which inputs matter, what they do, and what made one prediction."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from mlpdash.charts.results.why import (
    dependence_figure,
    importance_figure,
    pixels_figure,
    shares_figure,
)
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.results.judging.verdict import percent, short
from mlpdash.text import _, with_unit
from mlpdash.ui.results.classes import choose_class
from mlpdash.ui.results.figures import Points, draw, draw_clickable
from mlpdash.ui.results.numbers import choose_target
from mlpdash.ui.results.rows import list_rows
from mlpdash.ui.results.subject import PART_TITLES, Subject
from mlpdash.ui.shared.markdown import escape


@st.fragment
def show(about: Subject) -> None:
    """Show importance, dependence, and the shares of one prediction."""
    left, right = st.columns(2, gap="large")
    with left:
        if about.report.why is None:
            st.caption(_("The importance of the inputs has not been computed yet."))
        else:
            _importance(about, about.report.why)
        lines = _dependence(about)
    with right:
        _one_row(about)
        if lines:
            list_rows(about, np.array(lines[:1]), _("The row of the line"), about.key("ice-row"))


def _importance(about: Subject, why: dict[str, Any]) -> None:
    measure = _("log loss grows by") if about.is_classes else _("RMSE grows by")
    unit = about.unit()
    label = with_unit(measure, "" if about.is_classes else unit)
    if about.prepared.image is not None:
        of = {one["feature"]: one["mean"] for one in why["importance"]}
        values = np.array([of[f.name] for f in about.prepared.features])
        title = _("How much worse it gets when one pixel is shuffled among the rows")
        pixels = values.reshape(about.prepared.image)
        draw(pixels_figure(about.name, pixels, title, about.palette), about.key("importance"))
    else:
        figure = importance_figure(about.name, why["importance"], label, about.palette)
        _take_click(about, draw_clickable(figure, about.key("importance")), why["importance"])
    text = _("On {n:,} {rows}, each input shuffled {times} times; the whiskers are one standard "
             "deviation. Click a bar to choose its input below.")  # fmt: skip
    if about.prepared.image is not None:
        text = _("By how much the {measure}, on {n:,} {rows}, each pixel shuffled {times} times.")
    st.caption(
        text.format(
            measure=escape(label),
            n=why["rows"],
            rows=_(PART_TITLES[why["part"]]),
            times=why["repeats"],
        )
    )


def _take_click(about: Subject, chosen: Points, found: list[dict[str, Any]]) -> None:
    """Choose the input whose bar was clicked since the last look, for what follows below."""
    name = found[int(chosen[0]["y"])]["feature"] if chosen else None
    kept = about.key("importance-clicked")
    if name is not None and name != st.session_state.get(kept):
        st.session_state[about.key("dependence")] = name
    st.session_state[kept] = name


def _dependence(about: Subject) -> list[int]:
    """Show what the net would say if one input were different; return the rows that are clicked."""
    features = {f.name: f for f in about.prepared.features}
    why = about.report.why
    names = [one["feature"] for one in why["importance"]] if why else list(features)
    which, what = st.columns(2)
    with which:
        name: str = st.selectbox(_("Input"), names, key=about.key("dependence"))
    with what:
        output = choose_output(about, "dependence")
    found = _depend(about.key("depend"), name, output, about)
    feature = features[name]
    figure = dependence_figure(
        about.name,
        (feature.name, feature.unit, feature.levels),
        np.array(found["grid"]),
        np.array(found["mean"]),
        (np.array(found["lines"], np.float32), np.array(found["rows"])),
        output_name(about, output),
        about.palette,
        is_share=about.is_classes,
    )
    chosen = draw_clickable(figure, about.key(f"dependence-figure-{name}-{output}"))
    st.caption(
        _(
            "Thick: the mean over the rows. Thin: single rows (ICE), all else as it is; click one "
            "to see its row."
        )
    )
    return [int(p["customdata"]) for p in chosen if p.get("customdata") is not None]


@st.cache_data(show_spinner=False, max_entries=64)
def _depend(key: str, feature: str, output: int, _about: Subject) -> dict[str, Any]:
    """Ask for the dependence on an input; `key` tells one net from the next."""
    found, _payload = _about.ask("depend", feature=feature, output=output)
    return dict(found)


def choose_output(about: Subject, section: str) -> int:
    """Let a person choose a class or a target."""
    return choose_class(about, section) if about.is_classes else choose_target(about, section)


def output_name(about: Subject, output: int) -> str:
    """Return what an output is, with its unit."""
    if about.is_classes:
        return _("probability of {name}").format(name=about.prepared.classes[output])
    target, unit = about.prepared.targets[output], about.unit(output)
    named = _("predicted {target}").format(target=target)
    return with_unit(named, unit)


def _one_row(about: Subject) -> None:
    """Explain one row, at first the one that went most wrong."""
    which, what = st.columns(2)
    with which:
        row: int = st.number_input(
            _("Row"),
            0,
            len(about.prepared.x) - 1,
            worst_row(about),
            key=about.key("row"),
            help=_("The number of a row, as the lists of rows show it; at first the worst one."),
        )
    with what:
        output = _explained_output(about, row)
    values = about.prepared.raw[row].tolist()
    with st.spinner(_("Computing predictions"), show_time=False):
        found = _explain(about.key("explain"), row, output, about)
    shown = percent if about.is_classes else short
    title = _(
        "Row {row}: {output} is {value}, for the typical row {typical}; what makes the difference"
    ).format(
        row=row,
        output=output_name(about, output),
        value=shown(found["output"]),
        typical=shown(found["typical"]),
    )
    if about.prepared.image is not None:
        pixels = np.array(found["shares"]).reshape(about.prepared.image)
        draw(pixels_figure(about.name, pixels, title, about.palette), about.key("shares"))
    else:
        pairs = zip(about.prepared.features, values, strict=True)
        said = {feature.name: text_of(feature, value) for feature, value in pairs}
        texts = [said.get(name, "") for name in found["features"]]  # terms of inputs have none
        figure = shares_figure(
            about.name,
            found["features"],
            texts,
            found["shares"],
            title,
            about.palette,
            is_share=about.is_classes,
            unit="" if about.is_classes else about.unit(output),
        )
        draw(figure, about.key("shares"))
    st.caption(_("Integrated gradients, on the way from the typical row: medians and modes."))
    list_rows(about, np.array([row]), _("The row"), about.key("explained-row"))


def _explained_output(about: Subject, row: int) -> int:
    """Let a person choose what is explained: at first the class that the net says of the row."""
    names = about.prepared.classes or about.prepared.targets
    said = int(about.predicted[row]) if about.is_classes else 0
    if len(names) == 1:
        return 0
    chosen: int = st.selectbox(
        _("Probability of") if about.is_classes else _("Target"),
        range(len(names)),
        index=said,
        format_func=lambda k: names[k],
        key=about.key(f"explained-{row}"),
    )
    return chosen


@st.cache_data(show_spinner=False, max_entries=64)
def _explain(key: str, row: int, output: int, _about: Subject) -> dict[str, Any]:
    """Ask for the shares of a row; `key` tells one net from the next."""
    values = _about.prepared.raw[row].tolist()
    found, _payload = _about.ask("explain", values=values, output=output)
    return dict(found)


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
    if isinstance(feature, Category):
        return feature.levels[int(value)] if value >= 0 else _("unknown")
    return f"{value:.5g} {feature.unit}".strip()
