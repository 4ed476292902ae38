"""How long the server waits for what, and what is due when that time has passed."""

from __future__ import annotations

from dataclasses import dataclass

from mlpdash.runs.server.known_runs import Run
from mlpdash.runs.server.lifecycle import Event, Phase


@dataclass(frozen=True)
class Times:
    """How long the server waits for what, in seconds."""

    paused_leave: float = 60.0  # until a paused run gives its place away
    viewer_leave: float = 60.0  # after the last request, until a viewer exits
    unwatched_pause: float = 120.0  # until a run without an end that nobody watches is paused
    draft_expiry: float = 3600.0  # until a draft that nobody looks at is forgotten
    connect: float = 60.0  # for a process to connect, torch's import included
    exit_grace: float = 20.0  # for a process to save and end before it is killed
    tick: float = 1.0  # between two looks at all of this


def due(run: Run, now: float, times: Times) -> Event | None:
    """Return what is due for a run at the time `now`, or None."""
    in_phase = now - run.phase_since
    unused = min(in_phase, now - run.touched)
    if run.phase in (Phase.VIEWING, Phase.QUEUED_VIEWING):
        return Event.DISMISS if unused > times.viewer_leave else None
    if run.phase is Phase.PAUSED:
        return Event.DISMISS if in_phase > times.paused_leave else None
    if run.phase is Phase.TRAINING and run.experiment.train.epochs is None and not run.watchers:
        return Event.PAUSE if unused > times.unwatched_pause else None
    return None
