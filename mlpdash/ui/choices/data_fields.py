"""Choices that stand both on the Train page and on the Data page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading import limits
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.specs import help_of, title_of
from mlpdash.text import _
from mlpdash.ui.choices import picking, summaries
from mlpdash.ui.choices.controls import Sheet, fill, note, picked, select
from mlpdash.ui.shared import cached

UPLOADS = "mlpdash.uploads"  # files taken in this session


def dataset(sheet: Sheet, *, labelled: bool = True) -> None:
    """Draw the list of built-in sets and of tables that were uploaded."""
    data = sheet.choices.experiment.data.data
    names = [*CATALOGUE, *picking.uploaded()]
    fill("data", data)
    shown = names if data in names else [*names, data]
    st.selectbox(
        title_of("data"),
        shown,
        format_func=cached.title,
        key="data",
        help=help_of("data"),
        label_visibility="visible" if labelled else "collapsed",
        on_change=_picked,
        args=(shown,),
    )
    note(sheet, "data")


def _picked(names: list[str]) -> None:
    name = picked("data", names)
    if name is not None:
        picking.pick(name)


def task(sheet: Sheet, prepared: Prepared | None) -> None:
    """Draw the choice between classes and numbers; under Auto stands what was found."""
    is_auto = prepared is not None and sheet.choices.experiment.data.task == "auto"
    found = summaries.word(prepared.task) if prepared is not None and is_auto else ""
    options = ("auto", "classification", "regression")
    select(sheet, "task", options, summaries.word, found)


def upload(taken: Callable[[str], None], *, labelled: bool = True) -> None:
    """Draw the field for a file. Each file gets a fresh one, so none stays listed under it.

    It takes any file: what does not open is told by its bytes, in a sentence of ours.

    Parameters
    ----------
    taken : called with the key of the field that holds a file
    """
    key = f"upload_{st.session_state.get(UPLOADS, 0)}"
    with st.container(key="uploading", width="stretch" if labelled else "content"):
        st.file_uploader(
            _("Upload a table"),
            key=key,
            help=_(
                "CSV or other text with any usual delimiter and encoding, or Parquet; "
                "at most {mb} MB."
            ).format(mb=limits.UPLOAD.most),
            label_visibility="visible" if labelled else "collapsed",
            on_change=taken,
            args=(key,),
        )


def next_upload() -> None:
    """Let the next file have a fresh field."""
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
