"""The sidebar: data, network, training and view, as groups that fold to a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mlpdash.data import tables
from mlpdash.data.datasets import CATALOGUE
from mlpdash.data.preparing import Prepared
from mlpdash.data.toys import TOYS
from mlpdash.errors import MlpDashError
from mlpdash.specs import help_of, part_of, title_of
from mlpdash.text import _
from mlpdash.ui import cached, form_network, form_training, state, summaries
from mlpdash.ui.controls import Sheet, changed, fill, note, select, share, whole_number
from mlpdash.ui.markdown import escape
from mlpdash.ui.subject import axes_of
from mlpdash.ui.thumbnails import thumbnail

UPLOADS = "mlpdash.uploads"  # files taken in this session
ROWS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)


def sidebar(sheet: Sheet, prepared: Prepared | None, devices: Sequence[tuple[str, str]]) -> None:
    """Draw all groups; what a person changes reaches the choices through callbacks.

    Parameters
    ----------
    sheet : what is chosen and what waits for a Reset
    prepared : the chosen rows; None when they cannot be used, which is said elsewhere
    devices : name and label of each device that was found
    """
    experiment = sheet.choices.experiment
    with st.sidebar, st.container(key="choices", gap="small"):
        title = cached.title(experiment.data.data)
        with _group(sheet, _("Data"), "data", summaries.of_data(title, prepared)):
            _data(sheet, prepared)
        line = summaries.of_network(experiment.model, prepared)
        with _group(sheet, _("Network"), "model", line):
            form_network.draw(sheet, prepared)
        line = summaries.of_training(experiment.train)
        with _group(sheet, _("Training"), "train", line):
            form_training.draw(sheet, prepared, devices)
        axes = axes_of(prepared, sheet.choices.view) if prepared and prepared.features[2:] else None
        line = summaries.of_view(sheet.choices.view, axes)
        with _group(sheet, _("View"), "view", line):
            _view(sheet, prepared, axes)


def _group(sheet: Sheet, name: str, part: str, summary: str) -> Any:
    """Return a group that folds; its label keeps the summary and a mark of what waits."""
    waits = any(part_of(field) == part for field in sheet.waiting) if part != "view" else False
    mark = " :orange[:material/restart_alt:]" if waits else ""
    return st.expander(
        f"**{escape(name)}** :gray[:small[{escape(summary)}]]{mark}",
        expanded=True,
        key=f"group_{part}",
        type="compact",
    )


def _data(sheet: Sheet, prepared: Prepared | None) -> None:
    data = sheet.choices.experiment.data.data
    names = [*CATALOGUE, *state.uploaded()]
    _thumbnails(data)
    fill("data", data)
    st.selectbox(
        title_of("data"),
        names if data in names else [*names, data],
        format_func=cached.title,
        key="data",
        help=help_of("data"),
        on_change=_picked,
        args=("data",),
    )
    note(sheet, "data")
    if cached.is_toy(data):
        _toy(sheet)
    else:
        _table(sheet, prepared)
    _upload(sheet)


def _upload(sheet: Sheet) -> None:
    """Draw the field for a file. Each file gets a fresh one, so none stays listed under it."""
    key = f"upload_{st.session_state.get(UPLOADS, 0)}"
    with st.container(key="uploading"):
        st.file_uploader(
            _("Upload a CSV"),
            type=["csv", "tsv", "txt"],
            key=key,
            help=_("Text with a header line; commas, semicolons, tabs or | between the fields."),
            on_change=_uploaded,
            args=(key,),
        )
        note(sheet, "upload")


def _thumbnails(data: str) -> None:
    """Draw the playground's sets as pictures to click on."""
    fill("toy", data if data in TOYS else None)
    st.pills(
        _("Playground sets"),
        list(TOYS),
        format_func=lambda name: f"![{escape(cached.title(name))}]({thumbnail(name)})",
        key="toy",
        label_visibility="collapsed",
        width="stretch",
        on_change=_picked,
        args=("toy",),
    )


def _picked(key: str) -> None:
    if st.session_state[key] is not None:
        state.pick(st.session_state[key])


def _uploaded(key_of_field: str) -> None:
    file = st.session_state[key_of_field]
    if file is None:
        return
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
    try:
        key = tables.keep(file.getvalue(), file.name)
        cached.starting_point(key)
    except MlpDashError as error:
        state.say("upload", str(error))
        return
    state.pick_uploaded(key)


def _toy(sheet: Sheet) -> None:
    left, right = st.columns(2, wrap=False)
    with left:
        value = sheet.value("noise")
        fill("noise", value)
        st.slider(
            title_of("noise"),
            min_value=0,
            max_value=50,
            format="%d%%",
            key="noise",
            help=help_of("noise"),
            on_change=changed,
            args=("noise",),
        )
        note(sheet, "noise")
    with right:
        share(sheet, "validation", 0.9)
    left, right = st.columns(2, vertical_alignment="center", wrap=False)
    with left:
        rows = sheet.value("rows")
        fill("rows", rows)
        st.select_slider(
            title_of("rows"),
            options=sorted({*ROWS, rows}),
            format_func="{:,}".format,
            key="rows",
            help=help_of("rows"),
            on_change=changed,
            args=("rows",),
        )
        note(sheet, "rows")
    with right:
        _seeds(sheet)


def _table(sheet: Sheet, prepared: Prepared | None) -> None:
    data = sheet.choices.experiment.data
    left, right = st.columns(2, wrap=False)
    with left:
        detected = ", ".join(prepared.targets) if prepared and not data.target else ""
        select(
            sheet,
            "target",
            [(), *((name,) for name in cached.columns(data.data))],
            lambda target: ", ".join(target) or _("{name} (auto)").format(name=detected),
        )
    with right:
        found = {"classification": _("Auto (classes)"), "regression": _("Auto (number)")}
        auto = found[prepared.task] if prepared and data.task == "auto" else _("Auto")
        select(
            sheet,
            "task",
            ("auto", "classification", "regression"),
            lambda task: auto if task == "auto" else summaries.word(task),
        )
    left, right = st.columns(2, wrap=False)
    with left:
        share(sheet, "validation", 0.9)
    with right:
        share(sheet, "test", 0.5)
    left, right = st.columns(2, vertical_alignment="center", wrap=False)
    with left:
        fill("standardize", data.standardize)
        st.toggle(
            title_of("standardize"),
            key="standardize",
            help=help_of("standardize"),
            on_change=changed,
            args=("standardize",),
        )
        note(sheet, "standardize")
    with right:
        _seeds(sheet)
    if prepared and prepared.notes:
        st.caption(escape(" ".join(prepared.notes)))


def _seeds(sheet: Sheet) -> None:
    experiment = sheet.choices.experiment
    with st.popover(summaries.of_seeds(experiment), type="tertiary", key="seeds"):
        for name in ("data_seed", "split_seed", "seed"):
            whole_number(sheet, name, hidden=True)
    if sheet.waiting.intersection({"data_seed", "split_seed", "seed"}):
        note(sheet, "data_seed", "split_seed", "seed")


def _view(sheet: Sheet, prepared: Prepared | None, axes: tuple[str, str] | None) -> None:
    view = sheet.choices.view
    if prepared is not None and axes is not None:
        for column, name, value in zip(st.columns(2, wrap=False), ("x", "y"), axes, strict=True):
            with column:
                fill(name, value)
                st.selectbox(
                    _("Horizontal axis") if name == "x" else _("Vertical axis"),
                    [feature.name for feature in prepared.features],
                    key=name,
                    on_change=_looked,
                    args=(name,),
                )
    with st.container(horizontal=True):
        fill("discretize", view.discretize)
        st.toggle(
            _("Discretise"),
            key="discretize",
            help=_("Show the predicted class or sign alone, without how sure the net is."),
            on_change=_looked,
            args=("discretize",),
        )
        fill("show_test", view.show_test)
        st.toggle(
            _("Show test rows"),
            key="show_test",
            help=_("Show the held-out rows too, as rings."),
            on_change=_looked,
            args=("show_test",),
        )


def _looked(name: str) -> None:
    now = state.choices()
    value = st.session_state[name]
    if value is not None:
        state.choose(replace(now, view=now.view.changed(name, value)))
