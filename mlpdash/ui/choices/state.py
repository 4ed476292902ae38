"""One session: what is chosen, which run is on the board, what went wrong.

Everything is kept in `st.session_state` under names that start with `mlpdash.`; widgets use the
flat names of the fields and are filled from the choices before they are drawn. ui/address.py reads
the URL when a session starts and writes it after each rerun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from mlpdash.cures import Cure
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.sets import fetching
from mlpdash.errors import SpecError
from mlpdash.runs.messages.message import PACES
from mlpdash.runs.server.known_runs import RunInfo
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.specs import FIELDS, MAX_SEED, Experiment
from mlpdash.specs.cured import cured
from mlpdash.text import _
from mlpdash.training.choices import check_plan
from mlpdash.ui.choices import several_nets
from mlpdash.ui.choices.choices import Choices
from mlpdash.ui.choices.usable import usable_view

CHOICES: Final = "mlpdash.choices"
RUN: Final = "mlpdash.run"  # id of the run that was started, else absent
PROBLEMS: Final = "mlpdash.problems"  # sentences, by what they are about
DRAFT: Final = "mlpdash.draft"  # the draft on the board
DRAFTS: Final = "mlpdash.drafts"  # drafts this session was given, by run id
OPENED: Final = "mlpdash.opened"  # an example was opened and the board has not seen it yet
LAST_STARTED: Final = "mlpdash.last-started"
WATCHED: Final = "mlpdash.watched"  # id of the run that this browser may only watch
LAST_PACE: Final = "mlpdash.last-pace"
BY_HAND: Final = "mlpdash.by-hand"  # names of fields that were set by hand, or by the address
MAX_DRAFTS: Final = 50
OVER: Final = ("stopped", "finished", "failed", "diverged")


@dataclass(frozen=True)
class OnBoard:
    """The run or draft that the board shows; `info` is None for a draft nobody has started."""

    run_id: str
    secret: str | None
    experiment: Experiment
    info: RunInfo | None


def choices() -> Choices:
    """Return what is chosen now."""
    found: Choices = st.session_state[CHOICES]
    return found


def fit(prepared: Prepared) -> None:
    """Let go of axes that are no inputs any more, and of a loss or schedule that cannot be."""
    now = choices()
    view = usable_view(prepared, now.view)
    if view != now.view:
        choose(replace(now, view=view))
    try:
        check_plan(now.experiment, prepared.task, prepared.classes)
    except SpecError as error:
        choose(choices().changed(**{error.field: FIELDS[error.field].default}))
        say(error.field, str(error))


def choose(new: Choices) -> None:
    """Make `new` the choices."""
    st.session_state[CHOICES] = new


def change(name: str, value: Any) -> None:
    """Change one field of the experiment; a value that is not possible is told at its control."""
    change_all(name, **{name: value})


def change_all(about: str, **values: Any) -> None:
    """Change some fields together; what is not possible is told at the control `about`."""
    settle_page()
    try:
        new = choices().changed(**values)
        if values.keys() & {"nets", "sweep", "hidden", "folds", "repeats"}:
            several_nets.check(new.experiment)
    except SpecError as error:
        say(about, str(error))
    else:
        choose(new)
        note_by_hand(values)
        say(about, None)


def note_by_hand(names: Collection[str]) -> None:
    """Note fields that stay as they are when another dataset is picked."""
    st.session_state[BY_HAND] = by_hand() | {*names}


def by_hand() -> frozenset[str]:
    """Return the names of the fields that were set by hand, or by the address."""
    found: frozenset[str] = st.session_state.get(BY_HAND, frozenset())
    return found


def take(cure: Cure) -> None:
    """Decide as a sentence proposes."""
    data = cured(choices().experiment.data, cure)
    change_all("data", **{name: getattr(data, name) for name in (*cure.data, "preparation")})


def adopt(settings: object) -> bool:
    """Take over the settings of a cell of the grid, which is then gone; True when that is done."""
    if not isinstance(settings, Mapping):
        return False
    now = choices()
    try:
        choose(replace(now, experiment=several_nets.adopted(now.experiment, settings)))
    except (SpecError, TypeError, ValueError):  # a browser may send anything
        return False
    say("sweep", None)
    return True


def say(about: str, problem: str | None) -> None:
    """Keep a sentence about a control or the page until it is settled; None settles it."""
    problems = dict(st.session_state.get(PROBLEMS, {}))
    problems.pop(about, None)
    if problem:
        problems[about] = problem
    st.session_state[PROBLEMS] = problems


def problem(about: str) -> str | None:
    """Return what is wrong with a control, if anything."""
    found: str | None = st.session_state.get(PROBLEMS, {}).get(about)
    return found


def page_problems() -> list[str]:
    """Return the sentences that stand at the top of the page."""
    return [
        text
        for about, text in st.session_state.get(PROBLEMS, {}).items()
        if about == "run" or about.startswith("url-")
    ]


def settle_page() -> None:
    """Take the sentences at the top of the page away."""
    for about in list(st.session_state.get(PROBLEMS, {})):
        if about == "run" or about.startswith("url-"):
            say(about, None)


def started_run() -> str | None:
    """Return the id of the run that was started, if one is on the board."""
    found: str | None = st.session_state.get(RUN)
    return found


def on_board(supervisor: Supervisor) -> OnBoard | None:
    """Return what the board shows: the run that was started, else a draft of the choices.

    None stands for a draft whose rows have to be downloaded first.
    """
    run = started_run()
    if run is not None:
        info = supervisor.describe(run)
        if info is not None and not _left_behind(info):
            secret = _drafts()[run].secret if run in _drafts() else None
            return OnBoard(run, secret, info.experiment, info)
        if info is None:
            say("run", _("This server no longer knows the run, so this is a new draft."))
        forget_run()
    experiment = choices().experiment
    return _draft(supervisor, experiment) if fetching.is_here(experiment.data.data) else None


def _left_behind(info: RunInfo) -> bool:
    """Whether a run is over and something else was picked since: nothing waits for a Reset."""
    opened = bool(st.session_state.pop(OPENED, False))
    other = info.experiment.data.data != choices().experiment.data.data
    return info.state in OVER and (other or opened)


def _draft(supervisor: Supervisor, experiment: Experiment) -> OnBoard:
    """Return this session's draft of the experiment, asking for one where there is none."""
    last: OnBoard | None = st.session_state.get(DRAFT)
    if last is not None and last.experiment == experiment:
        info = supervisor.describe(last.run_id)
        if info is not None and info.state != "idle":  # started, and we were not told
            st.session_state[RUN] = last.run_id
            return replace(last, info=info)
        if info is not None:
            return OnBoard(last.run_id, last.secret, experiment, None)
    ticket = supervisor.draft(experiment)
    draft = OnBoard(ticket.run_id, ticket.secret, experiment, None)
    st.session_state[DRAFT] = draft
    kept = [*_drafts().items(), (draft.run_id, draft)]
    st.session_state[DRAFTS] = dict(kept[-MAX_DRAFTS:])
    return draft


def _drafts() -> dict[str, OnBoard]:
    found: dict[str, OnBoard] = st.session_state.get(DRAFTS, {})
    return found


def note_started(run: str | None) -> bool:
    """Take up that a draft of this session was started; True when that is news."""
    if run is None or run == st.session_state.get(LAST_STARTED):
        return False
    st.session_state[LAST_STARTED] = run
    if run not in _drafts():
        return False
    st.session_state[RUN] = run
    return True


def note_watched(run: str | None) -> bool:
    """Take up that this browser only watches a run; True when that is news."""
    news = run is not None and run != st.session_state.get(WATCHED)
    if news:
        st.session_state[WATCHED] = run
    return news


def watched() -> str | None:
    """Return the id of the run on the board, if this browser only watches it."""
    run = started_run()
    return run if run is not None and run == st.session_state.get(WATCHED) else None


def follow_owner(supervisor: Supervisor) -> None:
    """Let the choices be those of the owner, where a run is only watched."""
    run = watched()
    info = supervisor.describe(run) if run is not None else None
    if info is not None:
        choose(replace(choices(), experiment=info.experiment, pace=info.pace))


def note_pace(pace: str | None) -> bool:
    """Take up a pace that was chosen on the board; True when that is news."""
    news = pace != st.session_state.get(LAST_PACE) and pace in PACES
    st.session_state[LAST_PACE] = pace
    if news and pace is not None:
        choose(replace(choices(), pace=pace))
    return news


def forget_run() -> None:
    """Leave the run on the board: the next thing it shows is a fresh draft of the choices."""
    st.session_state.pop(RUN, None)
    st.session_state.pop(DRAFT, None)


def new_seed() -> None:
    """Draw other initial weights and another order, with the next training seed."""
    change("seed", (choices().experiment.train.seed + 1) % (MAX_SEED + 1))
