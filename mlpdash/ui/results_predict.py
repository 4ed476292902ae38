"""The section that predicts: a form whose sliders move the prediction, and whole tables."""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from mlpdash.charts.result_why import probabilities_figure
from mlpdash.data.preparing import Feature
from mlpdash.data.tables import listed
from mlpdash.errors import MlpDashError
from mlpdash.text import _
from mlpdash.ui.markdown import escape
from mlpdash.ui.results_figures import draw
from mlpdash.ui.results_subject import PART_TITLES, Subject
from mlpdash.ui.results_words import short

MOST_SLIDERS: Final = 16
PREVIEWED: Final = 100


def show(about: Subject) -> None:
    """Show the form, then what takes a table."""
    _form(about)
    st.divider()
    _table(about)


@st.fragment
def _form(about: Subject) -> None:
    """Show a control for each input, and what the net says of these values."""
    st.markdown(f"**{escape(_('Move the sliders and see what the net says'))}**")
    left, right = st.columns([6, 5], gap="large")
    raw = np.array([feature.typical for feature in about.prepared.features])
    shown = _shown_features(about)
    with left:
        columns = st.columns(2)
        for place, n in enumerate(shown):
            with columns[place % 2]:
                raw[n] = _control(about, about.prepared.features[n], n)
        if len(shown) < len(raw):
            st.caption(
                _("The {n:,} inputs that matter most; the rest stay typical.").format(n=len(shown))
            )
    with right:
        answer, _payload = about.ask("predict", values=[raw.tolist()])
        _say(about, answer["outputs"][0])


def _shown_features(about: Subject) -> list[int]:
    """Return the places of the inputs with a control: all, or those that matter most."""
    names = [feature.name for feature in about.prepared.features]
    if len(names) <= MOST_SLIDERS:
        return list(range(len(names)))
    why = about.report.why
    ranked = [one["feature"] for one in why["importance"]] if why else names
    return [names.index(name) for name in ranked[:MOST_SLIDERS]]


def _control(about: Subject, feature: Feature, n: int) -> float:
    key = about.key(f"value-{n}")
    label = f"{feature.name} ({feature.unit})" if feature.unit else feature.name
    if feature.kind == "category":
        code: int = st.selectbox(
            escape(label),
            range(len(feature.levels)),
            index=int(feature.typical),
            format_func=lambda level: feature.levels[level],
            key=key,
        )
        return float(code)
    low, high = feature.low, feature.high
    if not low < high:
        st.caption(f"{escape(label)}: {short(low)}")
        return low
    whole = _is_whole(about, n)
    start = min(max(feature.typical, low), high)
    if whole:
        return float(st.slider(escape(label), int(low), int(high), round(start), key=key))
    step = 10.0 ** np.floor(np.log10((high - low) / 100))
    digits = max(0, -int(np.floor(np.log10(step))))
    value: float = st.slider(escape(label), low, high, start, float(step), f"%.{digits}f", key=key)
    return value


def _is_whole(about: Subject, n: int) -> bool:
    known = about.prepared.raw[:, n]
    known = known[np.isfinite(known)]
    return bool((known == np.round(known)).all()) and float(np.ptp(known)) >= 2


def _say(about: Subject, outputs: list[float]) -> None:
    if about.is_classes:
        figure = probabilities_figure(about.name, about.prepared.classes, outputs, about.palette)
        draw(figure, about.key("probabilities"))
        return
    assert about.report.net is not None
    judged = about.report.net["parts"][about.part]
    spans = judged.get("targets") or [judged["scores"]]
    for k, (target, value) in enumerate(zip(about.prepared.targets, outputs, strict=True)):
        unit = about.unit(k)
        st.metric(escape(target), f"{short(value)} {unit}".strip(), border=True)
        st.caption(
            _("Typically off by {size}, its RMSE on the {rows}.").format(
                size=f"{short(spans[k]['rmse']['value'])} {unit}".strip(),
                rows=_(PART_TITLES[about.part]),
            )
        )


@st.fragment
def _table(about: Subject) -> None:
    """Take a CSV, and give it back with predictions."""
    st.markdown(f"**{escape(_('Or predict a whole table'))}**")
    given = st.file_uploader(
        _("A CSV with the same columns; others are ignored, and kept"),
        type=["csv", "tsv", "txt"],
        key=about.key("table"),
    )
    if given is None:
        return
    try:
        with st.spinner(_("Predicting"), show_time=False):
            header, content = _predicted(about.key("table"), given.name, given.getvalue(), about)
    except MlpDashError as error:
        st.error(escape(str(error)))
        return
    for sentence in _notes(header):
        st.caption(escape(sentence))
    name = given.name.rsplit(".", 1)[0]
    st.download_button(
        _("Download {n:,} rows with predictions").format(n=header["rows"]),
        content,
        file_name=_("{name} predicted.csv").format(name=name),
        mime="text/csv",
        key=about.key("predicted-table"),
        on_click="ignore",
        type="primary",
    )
    st.dataframe(pd.read_csv(io.BytesIO(content), nrows=PREVIEWED), hide_index=True)


@st.cache_data(show_spinner=False, max_entries=4)
def _predicted(
    key: str, name: str, content: bytes, _about: Subject
) -> tuple[dict[str, Any], bytes]:
    """Ask for the predictions of a table; `key` tells one net from the next."""
    header, found = _about.ask("table", content, name=name)
    return header, bytes(found)


def _notes(header: dict[str, Any]) -> list[str]:
    notes = list(header["notes"])
    if header["extra"]:
        notes.append(
            _("Not used by the net: {columns}.").format(columns=listed(header["extra"], 8))
        )
    if header["missing"]:
        notes.append(
            _("Cells without a value were taken as typical: {columns}.").format(
                columns=_counted(header["missing"])
            )
        )
    if header["unseen"]:
        notes.append(
            _("Values that the net has never seen: {columns}.").format(
                columns=_counted(header["unseen"])
            )
        )
    return notes


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({n:,})" for name, n in list(counts.items())[:8])
