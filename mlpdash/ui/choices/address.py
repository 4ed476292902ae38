"""The address of the page: read when a session starts, written after each rerun.

What Back and Forward bring is an address that this session wrote before, and is taken up again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from mlpdash.data.sets import fetching
from mlpdash.errors import MlpDashError, SpecError
from mlpdash.runs.server.known_runs import RunInfo
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.specs import FIELDS
from mlpdash.specs.presets import PRESETS
from mlpdash.text import _
from mlpdash.ui.choices import state
from mlpdash.ui.choices.choices import Choices, View, read_query, starting_choices, write_query
from mlpdash.ui.choices.usable import axes_of
from mlpdash.ui.shared import cached

WRITTEN: Final = "mlpdash.written"  # URLs, oldest first
MAX_WRITTEN: Final = 100
SETTLED: Final = 1.0  # seconds after which the browser has surely taken a URL


@dataclass(frozen=True)
class Written:
    """A URL that this session wrote, what it stood for, and when (monotonic, in seconds)."""

    query: dict[str, str]
    choices: Choices
    run: str | None
    at: float


def open_session(supervisor: Supervisor) -> None:
    """Read the URL, once in a session: its run if it names one, else its choices."""
    query = st.query_params.to_dict()
    if state.CHOICES in st.session_state:
        _follow_history(query)
        return
    run = query.pop("run", "")
    choices, problems = read_query(query, cached.starting_point)
    choices, more = _usable(choices)
    st.session_state[state.PROBLEMS] = {f"url-{n}": text for n, text in enumerate(problems + more)}
    if run:
        info = supervisor.describe(run)
        if info is None:
            state.say(
                "run",
                _("This server does not know the run in this address, so this is a new draft."),
            )
        else:
            choices = of_run(info, choices)
            st.session_state[state.RUN] = run
    st.session_state[state.CHOICES] = choices
    state.note_by_hand({name.replace("-", "_") for name in query} & FIELDS.keys() - {"data"})


def of_run(info: RunInfo, asked: Choices) -> Choices:
    """Return the choices of a run, with the view and the example that the URL asks for."""
    data = info.experiment.data.data
    began = [name for name in (asked.example, data) if name in PRESETS]
    example = next((name for name in began if PRESETS[name].data == data), "")
    return replace(asked, experiment=info.experiment, pace=info.pace, example=example)


def _follow_history(query: dict[str, str]) -> None:
    """Take up what the browser's Back and Forward brought: a URL that this session wrote before.

    A rerun that was on its way while we wrote carries the URL of before that, too; so it counts
    only some time after the last writing.
    """
    written: list[Written] = st.session_state.get(WRITTEN, [])
    if not written or query == written[-1].query:
        return
    if time.monotonic() - written[-1].at < SETTLED:
        return
    for earlier in reversed(written):
        if earlier.query == query:
            state.choose(earlier.choices)
            state.forget_run()
            if earlier.run is not None:
                st.session_state[state.RUN] = earlier.run
            return


def _usable(choices: Choices) -> tuple[Choices, list[str]]:
    """Fall back to the dataset's usual columns and rows where the chosen ones cannot be used."""
    data = choices.experiment.data
    if not fetching.is_here(data.data):
        return choices, []
    try:
        prepared = cached.prepared(data)
    except MlpDashError as error:
        return starting_choices(data.data, cached.starting_point), [str(error)]
    problems = []
    view = choices.view
    for axis in ("x", "y"):
        try:
            axes_of(prepared, View().changed(axis, getattr(view, axis)))
        except SpecError as error:
            problems.append(str(error))
            view = view.changed(axis, "")
    return replace(choices, view=view), problems


def write_url() -> None:
    """Make the URL say what is chosen and which run is on the board."""
    try:
        query = write_query(state.choices(), cached.starting_point)
    except MlpDashError:  # the table is gone; what the URL says is all there is
        return
    if run := state.started_run():
        query["run"] = run
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    written: list[Written] = st.session_state.get(WRITTEN, [])
    if not written or written[-1].query != query:
        now = Written(query, state.choices(), state.started_run(), time.monotonic())
        st.session_state[WRITTEN] = [*written, now][-MAX_WRITTEN:]
