"""What a frame's header says of a run: where it is, its numbers, how its nets are doing.

Nothing here draws. The names are those that the browser knows.
"""

from __future__ import annotations

import math
from typing import Final, TypedDict

from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.worker_to_server import Axis, Grid, Population
from mlpdash.runs.worker.pictures import Pictures
from mlpdash.runs.worker.session import Session
from mlpdash.runs.worker.view import View


class Progress(TypedDict):
    """Where a run is in epochs, steps and seconds."""

    epoch: int
    step: int
    steps_per_second: float | None
    elapsed: float | None  # seconds
    left: float | None  # seconds


class SeveralNets(TypedDict, total=False):
    """What a frame says of several nets; nothing of one."""

    population: Population
    grid: Grid
    one: int
    member: int


class About(Progress, SeveralNets):
    """What a frame says of the run itself, whatever is drawn of it: a part of `Frame`."""

    state: State
    message: str
    device: str
    device_note: str
    overhead: float
    frame_rate: float | None
    values: dict[str, float | None]


NO_PROGRESS: Final = Progress(epoch=0, step=0, steps_per_second=None, elapsed=None, left=None)


def header_of(
    session: Session, pictures: Pictures, view: View, state: State, message: str
) -> About:
    """Return what the header says of the run itself, whatever is drawn of it."""
    return {
        "state": state,
        "message": message,
        **progress_of(session, state),
        "device": session.chosen.label,
        "device_note": session.processor.note,
        "overhead": session.overhead,
        "frame_rate": session.budget.slow_rate if state == "running" else None,
        "values": values(session, view.member),
        **_several_nets(session, pictures, view, state),
    }


def progress_of(session: Session, state: State) -> Progress:
    """Return where the run is in epochs, steps and seconds."""
    return {
        "epoch": session.learner.epoch,
        "step": session.learner.step,
        "steps_per_second": session.steps_per_second,
        "elapsed": session.clock.seconds,
        "left": session.seconds_left if state == "running" else None,
    }


def values(session: Session, member: int | None = None) -> dict[str, float | None]:
    """Return the numbers of now: the last epoch's loss, the last scores taken.

    Of several nets the medians, and their quantiles as _low and _high; or those of one net.
    """
    curves = session.curves
    found = {"loss_train": curves.last.loss_train}
    names = ("loss_validation", "metric_train", "metric_validation", "metric2_validation")
    found |= {name: getattr(curves.scored, name) for name in names}
    if curves.population is not None:
        population = curves.population
        found |= population.of_member(member) if member is not None else population.spread()
    return {name: x if math.isfinite(x) else None for name, x in found.items()}


def _several_nets(session: Session, pictures: Pictures, view: View, state: State) -> SeveralNets:
    """Return what is said of several nets and their grid; nothing where there is one net."""
    if session.curves.population is None:
        return {}
    header: SeveralNets = {
        "population": _population(session, session.curves.population.best, state),
        "one": pictures.shown_member(session.learner, view),
    }
    if session.grid:
        axes = [Axis(name=axis.name, values=tuple(axis.values)) for axis in session.grid]
        header["grid"] = Grid(x=axes[0], y=axes[1] if len(axes) > 1 else None)
    if view.member is not None and view.member < len(session.learner.members):
        header["member"] = view.member
    return header


def _population(session: Session, best: int | None, state: State) -> Population:
    """Return how many nets there are, which have diverged, and which is the best.

    All have diverged in a run that has.
    """
    alive = session.learner.alive
    gone = (~alive).nonzero().flatten().tolist() if session.learner.dead else []
    if state == "diverged":
        gone = list(range(len(alive)))
    return Population(nets=len(alive), dead=len(gone), gone=tuple(gone), best=best)
