"""The section that predicts: a form whose sliders move the prediction, and whole tables."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import streamlit as st

from mlpdash.charts.results.why import probabilities_figure
from mlpdash.charts.theme import Palette
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Prepared, Preprocessor
from mlpdash.errors import MlpDashError
from mlpdash.results.judging.conformal import Margins
from mlpdash.results.judging.verdict import percent, short
from mlpdash.runs.wire import Header
from mlpdash.text import _, listed, n_, with_unit
from mlpdash.ui.results.figures import draw
from mlpdash.ui.results.rows import picture_of
from mlpdash.ui.results.subject import PART_TITLES, Floats, Subject
from mlpdash.ui.shared.markdown import escape

MOST_SLIDERS: Final = 16
PREVIEWED: Final = 100


class Ask(Protocol):
    """Asks nets; see `runs.answers`."""

    def __call__(
        self, kind: str, payload: bytes = b"", **more: Any
    ) -> tuple[Header, memoryview]: ...


class Key(Protocol):
    """Makes a widget's key."""

    def __call__(self, widget: str) -> str: ...


@dataclass(frozen=True)
class Asked:
    """The nets that are asked: a run's, or a bundle's.

    Attributes
    ----------
    name : for titles and files
    raw : (rows, features) what the inputs were in training, where that is known
    link : from the last layer to what it means: softmax, sigmoid or identity
    margins : of split-conformal prediction, as JSON has them, where there are any
    ranked : the inputs by importance, where that is known
    """

    name: str
    known: Preprocessor | Prepared
    raw: Floats | None
    link: str
    margins: Mapping[str, Any] | None
    ranked: list[str] | None
    palette: Palette
    ask: Ask
    key: Key

    @property
    def room(self) -> Margins | None:
        """How far predictions can be off."""
        if self.margins is None:
            return None
        names = ("level", "part", "rows", "widths")
        return Margins(**{name: self.margins[name] for name in names})


def of_run(about: Subject) -> None:
    """Show the section of a run."""
    assert about.report.net is not None
    why = about.report.why
    show(
        Asked(
            name=about.name,
            known=about.prepared,
            raw=about.prepared.raw,
            link="softmax" if about.is_classes else "identity",
            margins=about.report.net["margins"],
            ranked=[one["feature"] for one in why["importance"]] if why else None,
            palette=about.palette,
            ask=about.ask,
            key=about.key,
        )
    )


def show(asked: Asked) -> None:
    """Show the form, then what takes a table."""
    _form(asked)
    st.divider()
    _table(asked)


@st.fragment
def _form(asked: Asked) -> None:
    """Show a control for each input, and what the net says of these values."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        raw = _picture(asked) if _is_picture(asked) else _sliders(asked)
    with right:
        answer, _payload = asked.ask("predict", values=[raw])
        _say(asked, np.array(answer["outputs"]))


def _is_picture(asked: Asked) -> bool:
    return asked.raw is not None and getattr(asked.known, "image", None) is not None


def _picture(asked: Asked) -> list[float]:
    """Let a person choose one of the pictures, and return its pixels."""
    assert asked.raw is not None
    assert isinstance(asked.known, Prepared)
    st.markdown(f"**{escape(_('Choose a row to see the prediction for its picture'))}**")
    first = asked.known.split
    start = int((*first.test, *first.validation, *first.train)[0])
    row = st.number_input(_("Row"), 0, len(asked.raw) - 1, start, key=asked.key("picture"))
    st.image(picture_of(asked.known, row, 12), width=300)
    values: list[float] = asked.raw[row].tolist()
    return values


def _sliders(asked: Asked) -> list[float]:
    st.markdown(f"**{escape(_('Move the sliders to see the prediction'))}**")
    features = asked.known.features
    raw = [float(feature.typical) for feature in features]
    shown = _shown_features(asked)
    typed = st.toggle(
        _("Type the values"),
        key=asked.key("typed"),
        help=_("Also values that no row had; an empty field is a missing value."),
    )
    columns = st.columns(2)
    for place, n in enumerate(shown):
        with columns[place % 2]:
            raw[n] = _control(asked, features[n], n, is_typed=typed)
    if len(shown) < len(raw):
        text = (
            _("The {n:,} inputs that matter most; the rest stay typical.")
            if asked.ranked
            else _("The first {n:,} inputs; the rest stay typical.")
        )
        st.caption(text.format(n=len(shown)))
    return raw


def _shown_features(asked: Asked) -> list[int]:
    """Return the places of the inputs with a control: all, or those that matter most."""
    names = [feature.name for feature in asked.known.features]
    if len(names) <= MOST_SLIDERS:
        return list(range(len(names)))
    return [names.index(name) for name in (asked.ranked or names)[:MOST_SLIDERS]]


def _control(asked: Asked, feature: Feature, n: int, *, is_typed: bool) -> float:
    key = asked.key(f"value-{n}")
    label = escape(with_unit(feature.name, feature.unit))
    if isinstance(feature, Category):
        code: int = st.selectbox(
            label,
            range(len(feature.levels)),
            index=int(feature.typical),
            format_func=lambda level: feature.levels[level],
            key=key,
        )
        return float(code)
    low, high = feature.low, feature.high
    if is_typed or (not low < high and asked.raw is None):  # nobody knows its range
        typed: float | None = st.number_input(
            label, value=float(f"{feature.typical:.6g}"), step=None, format="%g", key=f"{key}-typed"
        )
        return np.nan if typed is None else typed
    if not low < high:
        st.caption(_("{name} is {value} in all rows").format(name=label, value=short(low)))
        return low
    start = min(max(feature.typical, low), high)
    if _is_whole(asked, n):
        return float(st.slider(label, int(low), int(high), round(start), key=key))
    step = 10.0 ** np.floor(np.log10((high - low) / 100))
    digits = max(0, -int(np.floor(np.log10(step))))
    value: float = st.slider(label, low, high, start, float(step), f"%.{digits}f", key=key)
    return value


def _is_whole(asked: Asked, n: int) -> bool:
    if asked.raw is None:
        return False
    known = asked.raw[:, n]
    known = known[np.isfinite(known)]
    return bool((known == np.round(known)).all()) and float(np.ptp(known)) >= 2


def _say(asked: Asked, outputs: Floats) -> None:
    """Say what comes out; outputs (1, K)."""
    known = asked.known
    if asked.link == "identity":
        _say_numbers(asked, outputs)
        return
    names = known.classes if asked.link == "softmax" else known.targets
    figure = probabilities_figure(
        asked.name, names, outputs[0].tolist(), asked.palette, is_one=asked.link == "softmax"
    )
    draw(figure, asked.key("probabilities"))
    if asked.room is not None and asked.link == "softmax":
        inside = [names[k] for k in np.flatnonzero(asked.room.sets(outputs)[0])]
        text = _("{level} prediction set: {names}.")
        st.caption(escape(text.format(level=_level(asked.room), names=listed(inside, 8))))


def _say_numbers(asked: Asked, outputs: Floats) -> None:
    room = asked.room
    for k, target in enumerate(asked.known.targets):
        units = asked.known.target_units
        unit = units[k] if k < len(units) else ""
        st.metric(escape(target), f"{short(float(outputs[0, k]))} {unit}".strip(), border=True)
        if room is None:
            continue
        low, high = (float(end[0, k]) for end in room.interval(outputs))
        text = _("{level} prediction interval: {low} to {high} (from {n:,} {part}).")
        st.caption(
            escape(
                text.format(
                    level=_level(room),
                    low=short(low),
                    high=f"{short(high)} {unit}".strip(),
                    n=room.rows,
                    part=_(PART_TITLES[room.part]),
                )
            )
        )


def _level(room: Margins) -> str:
    return percent(room.level).replace(".0", "")


@st.fragment
def _table(asked: Asked) -> None:
    """Take a table, and give it back with predictions."""
    st.markdown(f"**{escape(_('Or predict a whole table'))}**")
    given = st.file_uploader(
        _("A CSV or Parquet file with the same columns; extra columns are kept"),
        key=asked.key("table"),
    )
    if given is None:
        return
    try:
        with st.spinner(_("Predicting"), show_time=False):
            header, content = _predicted(asked.key("table"), given.name, given.getvalue(), asked)
    except MlpDashError as error:
        st.error(escape(str(error)))
        return
    for sentence in _notes(header, asked.room):
        st.caption(escape(sentence))
    name = given.name.rsplit(".", 1)[0]
    st.download_button(
        n_(
            "Download {n:,} row with its prediction",
            "Download {n:,} rows with predictions",
            header["rows"],
        ).format(n=header["rows"]),
        content,
        file_name=_("{name} predicted.csv").format(name=name),
        mime="text/csv",
        key=asked.key("predicted-table"),
        on_click="ignore",
        type="primary",
    )
    st.dataframe(_preview(content), hide_index=True)


def _preview(content: bytes) -> pd.DataFrame:
    """Return the first rows; words such as NA are shown as they stand."""
    return pd.read_csv(io.BytesIO(content), nrows=PREVIEWED, keep_default_na=False, na_values=[""])


@st.cache_data(show_spinner=False, max_entries=4)
def _predicted(key: str, name: str, content: bytes, _asked: Asked) -> tuple[Header, bytes]:
    """Ask for the predictions of a table; `key` tells one net from the next."""
    header, found = _asked.ask("table", content, name=name)
    return header, bytes(found)


def _notes(header: Header, room: Margins | None) -> list[str]:
    notes = list(header["notes"])
    if header["extra"]:
        notes.append(
            _("Not used by the net: {columns}.").format(columns=listed(header["extra"], 8))
        )
    if header["missing"]:
        notes.append(
            _("Missing cells were filled with typical values: {columns}.").format(
                columns=_counted(header["missing"])
            )
        )
    if header["unseen"]:
        notes.append(
            _("Values that the net has never seen: {columns}.").format(
                columns=_counted(header["unseen"])
            )
        )
    if room is not None:
        text = _(
            "The {level} columns are split-conformal: as wide as {level} of {n:,} {part} needed."
        )
        part = _(PART_TITLES[room.part])
        notes.append(text.format(level=_level(room), n=room.rows, part=part))
    return notes


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({n:,})" for name, n in list(counts.items())[:8])
