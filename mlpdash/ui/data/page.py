"""The Data page: choices in the sidebar; what was found, the columns, rows and charts beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpdash.cures import Note, cures_of
from mlpdash.data.columns.columns import Columns
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.data.sets.fetching import is_here
from mlpdash.data.table import Table
from mlpdash.errors import MlpDashError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Preparation
from mlpdash.text import N_, _, brief, listed, n_
from mlpdash.ui.choices import address, cures, state
from mlpdash.ui.choices.controls import Sheet
from mlpdash.ui.data import charts, columns, rows, sidebar
from mlpdash.ui.server import supervisor
from mlpdash.ui.shared import cached, cached_tables, downloads, pages
from mlpdash.ui.shared.markdown import escape

SECTIONS: Final = {"columns": N_("Columns and rows"), "charts": N_("Charts")}
SECTION: Final = "data_section"
MANY_NOTES: Final = 6


def show() -> None:
    """Show the page once: the first rows as soon as they are read, the rest when it is known."""
    address.open_session(supervisor())
    spec = state.choices().experiment.data
    with st.container(key="page"):
        above, below = st.container(key="data_above"), st.container(key="data_rows")
    table, problem = _table(spec, above) if is_here(spec.data) else (None, None)
    if table is not None and st.session_state.get(SECTION, "columns") == "columns":
        with below:
            rows.show(table)
    found, prepared, problem = _prepared(_with_usual_split(spec), table, problem)
    with st.sidebar, st.container(key="choices", gap="small"):
        sidebar.sidebar(Sheet(state.choices()), table, prepared)
    with above:
        for sentence in state.page_problems():
            st.warning(escape(sentence))
        if isinstance(problem, ChoiceNeededError):
            sidebar.ask(problem)
        elif problem is not None:
            st.error(escape(str(problem)))
            cures.offer(problem.cures, "problem")
        elif _with_usual_split(spec) != spec:
            st.info(
                _(
                    'Choose the column whose rows stay together under "Group"; until then the '
                    "split is as usual."
                )
            )
        if table is not None:
            _shown(spec, table, found, prepared)
        elif problem is None:
            downloads.offer(spec.data)
    address.write_url()


def _with_usual_split(spec: DataSpec) -> DataSpec:
    """Return the choices with the usual split while a split by group lacks its column."""
    if spec.preparation.split != "group" or spec.preparation.group:
        return spec
    usual = spec.preparation.model_copy(update={"split": "auto"})
    return spec.model_copy(update={"preparation": usual})


def _table(spec: DataSpec, where: DeltaGenerator) -> tuple[Table | None, MlpDashError | None]:
    try:
        with where, st.spinner(_("Reading the table"), show_time=True):
            return cached_tables.table(spec), None
    except MlpDashError as error:
        return None, error


def _prepared(
    spec: DataSpec, table: Table | None, problem: MlpDashError | None
) -> tuple[Columns | None, Prepared | None, MlpDashError | None]:
    """Return what is known of the columns, also where the table cannot be prepared."""
    found = prepared = None
    if table is None:
        return None, None, problem
    try:
        found = cached_tables.found(spec)
        prepared = cached.prepared(spec)
    except MlpDashError as error:
        problem = error
    if found is None:  # the target or all columns were lost: show what would be without choices
        try:
            usual = spec.preparation.model_copy(update={"columns": ()})
            found = cached_tables.found(
                spec.model_copy(update={"target": (), "task": "auto", "preparation": usual})
            )
        except MlpDashError:
            pass
    return found, prepared, problem


def _shown(spec: DataSpec, table: Table, found: Columns | None, prepared: Prepared | None) -> None:
    _heading(spec, table, prepared)
    if "header" in table.doubtful:
        sidebar.ask_header()
    if found is not None and (doubtful := _doubtful_columns(found)):
        sidebar.ask_kind(doubtful[0])
    _notes(table, prepared)
    if found is None:
        return
    section = st.segmented_control(
        _("Section"),
        list(SECTIONS),
        format_func=lambda name: _(SECTIONS[name]),
        default="columns",
        required=True,
        key=SECTION,
        label_visibility="collapsed",
    )
    if section == "charts":
        charts.show(table, found, prepared)
    else:
        columns.show(spec, table, found, prepared)


def _doubtful_columns(found: Columns) -> list[str]:
    """Return the columns that are used, and of which the person is asked what they hold."""
    used = [column for column in found.columns if column.role != "ignored"]
    return [column.name for column in used if "asked" in column.profile.doubts]


def _heading(spec: DataSpec, table: Table, prepared: Prepared | None) -> None:
    """Say what the table is and what is learned from it, in two lines."""
    rows, columns = table.frame.shape
    size = ", ".join(
        (
            n_("{n:,} row", "{n:,} rows", rows).format(n=rows),
            n_("{n:,} column", "{n:,} columns", columns).format(n=columns),
        )
    )
    with st.container(horizontal=True, vertical_alignment="center", key="data_heading"):
        st.subheader(escape(brief(table.name, 80)), anchor=False, width="content")
        st.markdown(f":gray[{size}]", width="stretch")
        if spec.preparation != Preparation():
            st.button(
                _("Forget all choices"),
                key="forget_preparation",
                help=_("Read, type and split this table as it was proposed."),
                on_click=state.change,
                args=("preparation", Preparation()),
            )
        st.page_link(pages.TRAIN, label=_("Train"), icon=":material/timeline:")
    if prepared is not None:
        st.markdown(escape(_summary(prepared)))


def _summary(prepared: Prepared) -> str:
    inputs = len({feature.column for feature in prepared.features})
    split = prepared.split
    what = (
        _("{targets}, one of {n} classes").format(
            targets=listed(prepared.targets), n=len(prepared.classes)
        )
        if prepared.classes
        else listed(prepared.targets)
    )
    parts = [_("{n:,} rows to train on").format(n=len(split.train))]  # at least 2
    if split.folds is not None:
        parts = [
            _("{n:,} rows in {folds} folds").format(n=len(split.train), folds=split.folds.max() + 1)
        ]
    elif len(split.validation):
        parts += [_("{n:,} for validation").format(n=len(split.validation))]
    parts += [_("{n:,} for the test").format(n=len(split.test))] if len(split.test) else []
    columns = n_("{n:,} column", "{n:,} columns", inputs).format(n=inputs)
    width = n_("{n:,} number per row", "{n:,} numbers per row", prepared.width)
    return _("Predicts {what} from {columns}, {width}. {parts}.").format(
        what=what, columns=columns, width=width.format(n=prepared.width), parts=", ".join(parts)
    )


def _notes(table: Table, prepared: Prepared | None) -> None:
    """List what was found and done."""
    notes = list(prepared.told if prepared else table.told)
    if not notes:
        return
    with st.container(border=True, key="data_notes", gap="xsmall"):
        _list(notes[:MANY_NOTES], 0)
        if len(notes) > MANY_NOTES:
            more = _("{n} more").format(n=len(notes) - MANY_NOTES)
            with st.expander(more, key="more_notes", type="compact"):
                _list(notes[MANY_NOTES:], MANY_NOTES)


def _list(notes: Sequence[str | Note], first: int) -> None:
    """List sentences, with buttons below those that propose something."""
    lines: list[str] = []
    for n, note in enumerate(notes, first):
        lines.append(f"- :small[{escape(str(note))}]")
        if proposed := cures_of(note):
            st.markdown("\n".join(lines))
            lines = []
            cures.offer(proposed, f"note_{n}")
    if lines:
        st.markdown("\n".join(lines))
