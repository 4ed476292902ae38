"""The section with the boundary of a net of more than two inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st

from mlpdash.charts import theme
from mlpdash.charts.board.boundary import input_axis
from mlpdash.charts.board.subject import Axis
from mlpdash.charts.results.plane import plane_figure
from mlpdash.data.preparing.features import Feature
from mlpdash.results.explaining.plane_points import axes as usual_axes
from mlpdash.results.explaining.plane_points import axis_range, parts_at_zero
from mlpdash.results.judging.verdict import percent
from mlpdash.text import _
from mlpdash.ui.results.figures import draw_clickable, points
from mlpdash.ui.results.rows import list_rows
from mlpdash.ui.results.subject import Floats, Subject

MOST_SHOWN: Final = 3_000  # rows drawn as points


@dataclass(frozen=True)
class Cut:
    """What the net says on a plane, as it came from the analyst."""

    outputs: Floats  # (rows, columns, K)
    support: Floats
    xs: Floats
    ys: Floats
    shown_x: Floats  # (all rows,)
    shown_y: Floats
    x: str
    y: str
    explained: tuple[float, float]


@st.fragment
def show(about: Subject) -> None:
    """Show the boundary over two inputs or two principal components."""
    if len(about.prepared.features) < 2:
        st.info(_("This net has one input; the Train page draws its whole curve."))
        return
    key = about.key("plane-figure")
    components, x, y, base, output = _choices(about, key)
    if not components and x == y:
        st.info(_("Choose two different inputs."))
        return
    with st.spinner(_("Computing predictions"), show_time=False):
        found = _cut(about.key("cut"), "" if components else x, y, base, about)
    title = _title(about, found, base, output)
    axes = _axes(about, found)
    shown = _shown_rows(about)
    value = about.actual[shown] if about.is_classes else about.actual[shown, output or 0]
    figure = plane_figure(
        about.name,
        title,
        axes,
        (found.xs, found.ys),
        found.outputs,
        found.support,
        (shown, found.shown_x[shown], found.shown_y[shown], value.astype(np.float64)),
        about.prepared.classes,
        about.palette,
        output=output,
        is_held=not components,
        diverging=parts_at_zero(about.prepared),
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        chosen = draw_clickable(figure, key)
    with right:
        st.caption(_("It fades where no training row is near: there the net only guesses."))
        if base is None and not components:
            st.caption(_("Click a row to hold the other inputs at its values."))
        rows = [int(p["customdata"]) for p in chosen if p.get("customdata") is not None]
        row = base if not components else next(iter(rows), None)
        if row is not None:
            list_rows(about, np.array([row]), _("The row that you clicked"), about.key("base"))


def _choices(about: Subject, key: str) -> tuple[bool, str, str, int | None, int | None]:
    """Return whether components are shown, the two inputs, the row that the rest is held at, and
    the output that is drawn, None for all classes at once.
    """
    names = [feature.name for feature in about.prepared.features]
    why = about.report.why
    important = [one["feature"] for one in why["importance"]] if why else []
    first, second = usual_axes(about.prepared, None, None, important)
    assert second is not None
    kind, across, up, what, rest = st.columns([3, 3, 3, 3, 3], vertical_alignment="bottom")
    pictures = about.prepared.image is not None
    with kind:
        components = (
            st.segmented_control(
                _("Plane"),
                ["inputs", "components"],
                default="components" if pictures else "inputs",
                required=True,
                format_func=lambda n: _("Two inputs") if n == "inputs" else _("Components"),
                key=about.key("plane-kind"),
            )
            == "components"
        )
    with across:
        x: str = st.selectbox(
            _("Across"), names, names.index(first.name), disabled=components,
            key=about.key("plane-x"),
        )  # fmt: skip
    with up:
        y: str = st.selectbox(
            _("Up"), names, names.index(second.name), disabled=components, key=about.key("plane-y")
        )
    with what:
        output = _output(about)
    with rest:
        base = None if components else _base_row(about, key)
    return components, x, y, base, output


def _output(about: Subject) -> int | None:
    """Let a person choose one of several classes or targets."""
    names = about.prepared.classes or about.prepared.targets
    every: list[int | None] = [None] if about.is_classes else []
    if len(names) <= (2 if about.is_classes else 1):
        return None if about.is_classes else 0
    chosen: int | None = st.selectbox(
        _("Shown"),
        [*every, *range(len(names))],
        format_func=lambda k: _("All classes") if k is None else names[k],
        key=about.key("plane-output"),
    )
    return chosen


def _base_row(about: Subject, key: str) -> int | None:
    """Return the row that was clicked, until it is let go."""
    kept = about.key("plane-base")
    clicked = [p for p in points(st.session_state.get(key)) if p.get("customdata") is not None]
    if clicked:
        st.session_state[kept] = int(clicked[0]["customdata"])
    base: int | None = st.session_state.get(kept)
    if base is not None and st.button(
        _("Hold the rest at medians"), key=about.key("plane-release")
    ):
        st.session_state[kept] = base = None
    return base


def _title(about: Subject, found: Cut, base: int | None, output: int | None) -> str:
    what = _("Prediction")
    if not about.is_classes:
        what = _("Predicted {target}").format(target=about.prepared.targets[output or 0])
    elif output is not None:
        what = _("Probability of {name}").format(name=about.prepared.classes[output])
    if not found.x:
        return _("{what} on the plane in which the training rows vary most").format(what=what)
    over = _("{what} over {x} and {y}").format(what=what, x=found.x, y=found.y)
    if len(about.prepared.features) == 2:
        return over
    if base is None:
        return _("{over}; the rest at medians and modes").format(over=over)
    return _("{over}; the rest as in row {row}").format(over=over, row=base)


def _axes(about: Subject, found: Cut) -> tuple[dict[str, Any], dict[str, Any]]:
    if not found.x:
        text = _("component {n}: {share} of the variance")
        titles = [
            text.format(n=n + 1, share=percent(share)) for n, share in enumerate(found.explained)
        ]
        return (
            theme.axis(about.palette, titles[0], showgrid=False),
            theme.axis(about.palette, titles[1], showgrid=False),
        )
    by_name = {feature.name: feature for feature in about.prepared.features}
    across, up = (by_name[name] for name in (found.x, found.y))
    x, y = (input_axis(_axis(feature), about.palette) for feature in (across, up))
    return x, y


def _axis(feature: Feature) -> Axis:
    low, high = axis_range(feature)
    return Axis(name=feature.name, low=low, high=high, unit=feature.unit, levels=feature.levels)


def _shown_rows(about: Subject) -> Any:
    every = np.arange(len(about.prepared.x))
    if len(every) <= MOST_SHOWN:
        return every
    return np.linspace(0, len(every) - 1, MOST_SHOWN).astype(np.int64)


@st.cache_data(show_spinner=False, max_entries=64)
def _cut(key: str, x: str, y: str, base: int | None, _about: Subject) -> Cut:
    """Ask for a plane; `key` tells one net from the next."""
    header, payload = _about.ask("cut", x=x, y=y, base=base)
    n, k = int(header["resolution"]), int(header["outputs"])
    numbers = np.frombuffer(payload, "<f4").astype(np.float64)
    ends = np.cumsum([n * n * k, n * n, n, n])
    outputs, support, xs, ys, shown = np.split(numbers, ends)
    shown_x, shown_y = np.split(shown, 2)
    return Cut(
        outputs.reshape(n, n, k),
        support.reshape(n, n),
        xs,
        ys,
        shown_x,
        shown_y,
        header["x"],
        header["y"],
        (float(header["explained"][0]), float(header["explained"][1])),
    )
