"""Widgets for `Preparation`, and what is chosen there in a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from mlpdash.data.reading.encodings import OFFERED
from mlpdash.specs import DataSpec, help_of, title_of
from mlpdash.specs.preparation import Preparation, Reading
from mlpdash.text import N_, _, n_
from mlpdash.ui.choices import state
from mlpdash.ui.choices.controls import Sheet, changed, fill
from mlpdash.ui.shared.markdown import escape

WORDS: Final[Mapping[str, Mapping[Any, str]]] = {
    "encoding": {
        "auto": N_("auto-detect, ask if unsure"),
        "utf_8": N_("UTF-8"),
        "utf_16": N_("UTF-16"),
        **OFFERED,
    },
    "delimiter": {
        "auto": N_("auto-detect"),
        "comma": N_("comma"),
        "semicolon": N_("semicolon"),
        "tab": N_("tab"),
        "pipe": N_("| (pipe)"),
        "blanks": N_("spaces"),
    },
    "header": {"auto": N_("auto-detect"), "yes": N_("yes"), "no": N_("no")},
    "bad_lines": {"refuse": N_("refuse the file"), "skip": N_("skip them")},
    "totals": {"skip": N_("leave it out"), "keep": N_("keep it")},
    "words": {"missing": N_("mean missing"), "keep": N_("are values")},
    "split": {
        "auto": N_("auto"),
        "random": N_("random"),
        "stratified": N_("stratified by class"),
        "time": N_("by time, the last is the test"),
        "group": N_("by group"),
        "given": N_("as given"),
    },
    "missing": {"median": N_("median"), "mean": N_("mean")},
    "scaling": {
        "auto": N_("auto"),
        "standard": N_("standard"),
        "minmax": N_("min-max"),
        "robust": N_("robust"),
        "none": N_("none"),
    },
    "target_scaling": {
        "auto": N_("auto"),
        "standard": N_("standard"),
        "none": N_("as it is"),
    },
    "dates": {
        "year": N_("year"),
        "month": N_("month"),
        "weekday": N_("weekday"),
        "day of year": N_("day of year"),
        "hour": N_("hour"),
    },
}


def of_reading(preparation: Preparation) -> str:
    """Say how the file is read where that was chosen."""
    usual = Reading()
    chosen = [
        _(WORDS[name].get(value, str(value)))
        for name, value in preparation.reading.model_dump().items()
        if name in WORDS and value != getattr(usual, name)
    ]
    if preparation.reading.skip is not None:
        skip = preparation.reading.skip
        chosen.append(n_("{n:,} line above", "{n:,} lines above", skip).format(n=skip))
    return ", ".join(chosen) or _("as found")


def of_split(data: DataSpec) -> str:
    """Say the kind of split and its shares."""
    kind = _(WORDS["split"][data.preparation.split]).split(",")[0]
    if data.folds is not None:
        return _("{kind}, {folds} folds, {test:.0%} test").format(
            kind=kind, folds=data.folds, test=data.test
        )
    return _("{kind}, {held_out:.0%} validation, {test:.0%} test").format(
        kind=kind, held_out=data.validation, test=data.test
    )


def of_preparing(data: DataSpec) -> str:
    """Say what fills gaps, and how many columns were decided one by one."""
    said = _(WORDS["missing"][data.preparation.missing])
    decided = len(data.preparation.columns)
    by_hand = n_("{said}, {n} column by hand", "{said}, {n} columns by hand", decided)
    return by_hand.format(said=said, n=decided) if decided else said


def reading(preparation: Preparation) -> None:
    """Draw how bytes become rows."""
    for pair in (("encoding", "delimiter"), ("header", "bad_lines"), ("totals", "words")):
        for column, name in zip(st.columns(2, wrap=False), pair, strict=True):
            with column:
                _choice(name, Reading, getattr(preparation.reading, name), _set_reading)
    fill("skip", preparation.reading.skip)
    st.number_input(
        _(Reading.model_fields["skip"].title or ""),
        min_value=0,
        max_value=10_000,
        value=None,
        key="skip",
        placeholder=_("auto-detect"),
        help=_(Reading.model_fields["skip"].description or ""),
        on_change=_set_reading,
        args=("skip",),
    )


def split(preparation: Preparation, columns: Sequence[str], is_given: bool) -> None:
    """Draw the kind of split, and the column that groups where it needs one.

    `is_given` says whether the table came with test rows of its own.
    """
    left_out = () if is_given else ("given",)
    _choice("split", Preparation, preparation.split, _set, left_out)
    if preparation.split == "group":
        fill("group", preparation.group or None)
        st.selectbox(
            _("Group"),
            list(columns),
            index=None,
            key="group",
            placeholder=_("choose a column"),
            help=_("The column whose rows stay together."),
            on_change=_set,
            args=("group",),
        )
    if problem := state.problem("preparation"):
        st.caption(f":red[{escape(problem)}]")


def preparing(sheet: Sheet) -> None:
    """Draw what holds for all columns that nothing else was chosen for."""
    data = sheet.choices.experiment.data
    preparation = data.preparation
    left, right = st.columns(2, wrap=False)
    with left:
        _choice("missing", Preparation, preparation.missing, _set)
    with right:
        _choice("scaling", Preparation, preparation.scaling, _set)
    left, right = st.columns(2, wrap=False, vertical_alignment="center")
    with left:
        fill("indicators", preparation.indicators)
        st.toggle(
            _(Preparation.model_fields["indicators"].title or ""),
            key="indicators",
            help=_(Preparation.model_fields["indicators"].description or ""),
            on_change=_set,
            args=("indicators",),
        )
    with right:
        fill("standardize", data.standardize)
        st.toggle(
            title_of("standardize"),
            key="standardize",
            help=help_of("standardize"),
            on_change=changed,
            args=("standardize",),
        )
    left, right = st.columns(2, wrap=False)
    with left:
        _choice("target_scaling", Preparation, preparation.target_scaling, _set)
    with right:
        _whole_number("levels", preparation.levels, 1, 10_000)
    _whole_number("bins", preparation.bins, 0, 64)
    fill("dates", list(preparation.dates))
    st.multiselect(
        _(Preparation.model_fields["dates"].title or ""),
        list(WORDS["dates"]),
        format_func=lambda part: _(WORDS["dates"][part]),
        key="dates",
        help=_(Preparation.model_fields["dates"].description or ""),
        on_change=_set_dates,
    )


def _whole_number(name: str, value: int, least: int, most: int) -> None:
    fill(name, value)
    st.number_input(
        _(Preparation.model_fields[name].title or ""),
        min_value=least,
        max_value=most,
        key=name,
        help=_(Preparation.model_fields[name].description or ""),
        on_change=_set,
        args=(name,),
    )


def choose_reading(name: str, value: Any) -> None:
    """Change one choice about reading."""
    before = state.choices().experiment.data.preparation
    made = before.reading.model_copy(update={name: value})
    state.change("preparation", before.model_copy(update={"reading": made}))


def choose_kind(column: str, kind: str) -> None:
    """Say what a column holds."""
    before = state.choices().experiment.data.preparation
    state.change("preparation", before.with_column(column, kind=kind))


def _choice(
    name: str,
    spec: type[Preparation] | type[Reading],
    value: Any,
    take: Any,
    left_out: Sequence[str] = (),
) -> None:
    words = {word: said for word, said in WORDS[name].items() if word not in left_out}
    fill(name, value)
    st.selectbox(
        _(spec.model_fields[name].title or name),
        list(words) if value in words else [*words, value],
        format_func=lambda choice: _(words.get(choice, str(choice))),
        key=name,
        help=_(spec.model_fields[name].description or ""),
        on_change=take,
        args=(name,),
    )


def _set_reading(name: str) -> None:
    choose_reading(name, st.session_state[name])


def _set(name: str) -> None:
    value = st.session_state[name]
    if value is not None:
        before = state.choices().experiment.data.preparation
        state.change("preparation", before.model_copy(update={name: value}))


def _set_dates() -> None:
    chosen = st.session_state["dates"]
    before = state.choices().experiment.data.preparation
    parts = tuple(part for part in WORDS["dates"] if part in chosen)
    state.change("preparation", before.model_copy(update={"dates": parts}))
