"""The Data page's sidebar: which table, how it is read, what is predicted, split and prepared."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mlpdash.data import uploads
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading import limits
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.data.table import Table
from mlpdash.errors import MlpDashError
from mlpdash.specs import title_of
from mlpdash.text import _, brief
from mlpdash.ui.choices import data_fields, picking, state, summaries
from mlpdash.ui.choices.controls import Sheet, fill, note, share, whole_number
from mlpdash.ui.data import preparation
from mlpdash.ui.shared import cached
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.shared.uploads import content_of

MOST_TARGETS = 2_000  # columns that a list of targets offers
PASTED = "mlpdash.pasted"  # how many tables were pasted in this session


def sidebar(sheet: Sheet, table: Table | None, prepared: Prepared | None) -> None:
    """Draw all groups; what a person changes reaches the choices through callbacks."""
    data = sheet.choices.experiment.data
    with group(_("Table"), "table", summaries.of_data(cached.title(data.data), prepared)):
        _table(sheet)
    if uploads.is_key(data.data):
        with group(_("Reading"), "reading", preparation.of_reading(data.preparation)):
            preparation.reading(data.preparation)
    if not cached.is_toy(data.data):
        target = ", ".join(prepared.targets) if prepared else ""
        with group(_("Target"), "target", target):
            _target(sheet, table, prepared)
        with group(_("Split"), "split", preparation.of_split(data)):
            _split(sheet, table)
        with group(_("Preparation"), "prepare", preparation.of_preparing(data)):
            preparation.preparing(sheet)


def group(name: str, part: str, summary: str) -> Any:
    """Return a group that folds to its name and a summary."""
    return st.expander(
        f"**{escape(name)}** :gray[:small[{escape(summary)}]]",
        expanded=True,
        key=f"group_{part}",
        type="compact",
    )


def ask(question: ChoiceNeededError) -> None:
    """Ask what only the person can tell, with a preview of each answer; a click decides."""
    st.warning(escape(str(question)))
    with st.container(key="answers"):
        for answer in question.answers:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.button(
                    _("Read as {encoding}").format(encoding=escape(answer.label)),
                    key=f"answer_{answer.value}",
                    on_click=preparation.choose_reading,
                    args=(question.field, answer.value),
                    width=260,
                )
                st.text(answer.preview)


def ask_header() -> None:
    """Ask whether the first line is a row or names; the notes say what was taken for granted."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="asked"):
        st.markdown(_("What is the first line of the file?"), width="content")
        for value, label in (("yes", _("It names the columns")), ("no", _("It is a row"))):
            st.button(
                label,
                key=f"header_{value}",
                on_click=preparation.choose_reading,
                args=("header", value),
            )


def ask_kind(column: str) -> None:
    """Ask whether a column of numbers and text holds numbers; until then it does."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="asked_kind"):
        question = _('"{column}" has numbers and text. What does it hold?')
        st.markdown(escape(question.format(column=brief(column))), width="content")
        for kind, label in (
            ("number", _("Numbers; the rest is missing")),
            ("category", _("Categories")),
        ):
            st.button(
                label, key=f"kind_{kind}", on_click=preparation.choose_kind, args=(column, kind)
            )


def _table(sheet: Sheet) -> None:
    data_fields.dataset(sheet)
    data_fields.upload(_uploaded)
    note(sheet, "upload")
    key = f"pasting_{st.session_state.get(PASTED, 0)}"  # a fresh one is closed
    with st.popover(_("Paste a table"), key=key, width="stretch"):
        st.text_area(
            _("Rows copied from a spreadsheet or a text"),
            key="pasted",
            height=180,
            placeholder="size\tage\tkind\n50.2\t43\tcat",
        )
        st.button(_("Open"), key="open_pasted", type="primary", on_click=_pasted)


def _uploaded(key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        data_fields.next_upload()
        _open(content_of(file), file.name)


def _pasted() -> None:
    text = st.session_state["pasted"]
    if text and text.strip():
        st.session_state[PASTED] = st.session_state.get(PASTED, 0) + 1
        _open(text.encode("utf-8", errors="replace"), _("pasted table"))


def _open(content: bytes, name: str) -> None:
    """Keep a table and go to it, also where something has to be chosen before it opens."""
    try:
        limits.UPLOAD.check(-(-len(content) // 1_000_000), name)
        picking.open_table(uploads.keep(content, name))
    except MlpDashError as error:
        state.say("upload", str(error))


def _target(sheet: Sheet, table: Table | None, prepared: Prepared | None) -> None:
    data = sheet.choices.experiment.data
    names = [str(name) for name in table.frame.columns[:MOST_TARGETS]] if table else []
    shown = list(data.target or (prepared.targets if prepared else ()))
    fill("targets", shown)
    st.multiselect(
        title_of("target"),
        [*names, *(name for name in shown if name not in names)],
        key="targets",
        help=_("The column to predict. Choose several to predict several numbers at once."),
        placeholder=_("the suggested column"),
        on_change=_targets,
    )
    note(sheet, "target")
    data_fields.task(sheet, prepared)


def _targets() -> None:
    state.change("target", tuple(st.session_state["targets"]))


def _split(sheet: Sheet, table: Table | None) -> None:
    left, right = st.columns(2, wrap=False)
    with left:
        cut = sheet.choices.experiment.data.folds is not None
        share(sheet, "validation", 0.9, rests=cut)
    with right:
        share(sheet, "test", 0.5)
    chosen = sheet.choices.experiment.data.preparation
    names = [str(n) for n in table.frame.columns] if table else []
    is_given = bool(table and table.dataset and table.dataset.given_test)
    preparation.split(chosen, names, is_given)
    whole_number(sheet, "split_seed")
