"""Which rows one begins with: another dataset, a table of one's own, a worked example."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlpdash.data import uploads
from mlpdash.data.sets import fetching
from mlpdash.errors import MlpDashError, SpecError
from mlpdash.ui.choices import several_nets, state
from mlpdash.ui.choices.carried import carried, with_net_of
from mlpdash.ui.choices.choices import Choices, example_choices, starting_choices
from mlpdash.ui.shared import cached

BEFORE: Final = "mlpdash.before"  # the choices before the dataset was picked
TABLES: Final = "mlpdash.tables"  # tables uploaded in this session
REFUSED: Final = "mlpdash.refused"  # key of a table that may open once its reading is chosen


def pick(data: str) -> None:
    """Begin with another dataset: its suggestion, with what goes along to it.

    A table of the person's may need a choice before it opens, which the pages then ask for.
    """
    try:
        new = _suggested(data)
        if fetching.is_here(data) and not uploads.is_key(data):
            cached.prepared(new.experiment.data)
    except MlpDashError as error:
        state.say("data", str(error))
        return
    _begin(new)


def _suggested(data: str) -> Choices:
    """Return the choices for a dataset, with what goes along to it, if that goes together."""
    suggested = starting_choices(data, cached.starting_point)
    try:
        new = carried(state.choices(), suggested, state.by_hand())
        several_nets.check(new.experiment)
    except SpecError:
        return suggested
    return new


def _begin(new: Choices) -> None:
    """Make `new` the choices, keeping those before for a person who wants the net of them."""
    st.session_state[state.PROBLEMS] = {}
    st.session_state[BEFORE] = state.choices()
    state.choose(new)


def before() -> Choices | None:
    """Return the choices before the dataset was picked; None where it was not, or long ago."""
    found: Choices | None = st.session_state.get(BEFORE)
    return found


def use_suggested() -> None:
    """Take the settings that are suggested for the dataset, whatever was set by hand."""
    st.session_state.pop(BEFORE, None)
    st.session_state[state.BY_HAND] = frozenset()
    state.choose(starting_choices(state.choices().experiment.data.data, cached.starting_point))


def keep_net() -> None:
    """Take the net, learning rate and optimiser back that were there before this dataset."""
    earlier = st.session_state.pop(BEFORE, None)
    if earlier is None:
        return
    try:
        new = with_net_of(state.choices(), earlier)
        several_nets.check(new.experiment)
    except SpecError as error:
        state.say("hidden", str(error))
        return
    state.choose(new)


def open_example(name: str) -> None:
    """Begin with a worked example; a run that is going on keeps the board until Reset."""
    st.session_state[state.PROBLEMS] = {}
    st.session_state[state.OPENED] = True
    st.session_state[state.BY_HAND] = frozenset()
    st.session_state.pop(BEFORE, None)
    state.choose(example_choices(name))


def uploaded() -> list[str]:
    """Return the keys of the tables that were uploaded in this session."""
    found: list[str] = st.session_state.get(TABLES, [])
    return found


def pick_uploaded(key: str) -> None:
    """Begin with a table that was just uploaded; what is wrong is told where it was given."""
    state.say("upload", None)
    try:
        cached.prepared(cached.starting_point(key).data)
    except MlpDashError as error:
        state.say("upload", str(error))
        st.session_state[REFUSED] = key
        return
    st.session_state[TABLES] = [*(k for k in uploaded() if k != key), key]
    pick(key)


def refused() -> str | None:
    """Return the key of the table whose problem is told where it was given, if there is one."""
    found: str | None = st.session_state.get(REFUSED)
    return found if state.problem("upload") else None


def open_table(key: str) -> None:
    """Begin with a table that was just given, also where a choice is needed before it opens."""
    st.session_state[TABLES] = [*(k for k in uploaded() if k != key), key]
    _begin(_suggested(key))
