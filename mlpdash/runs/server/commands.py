"""What a person may ask of a run, and what comes of it in each of its states."""

from __future__ import annotations

from typing import Final, Literal, assert_never

from mlpdash.errors import RunError, SpecError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.messages import server_to_worker
from mlpdash.runs.messages.browser_to_server import (
    Command,
    Edit,
    FindLr,
    Pause,
    Set,
    SetPace,
    Step,
    Stop,
    Train,
)
from mlpdash.runs.messages.message import PACES, Changes, is_pace
from mlpdash.runs.server.known_runs import Run
from mlpdash.runs.server.lifecycle import Event, Phase
from mlpdash.runs.server.scheduler import Scheduler
from mlpdash.specs import LIVE_FIELDS, title_of
from mlpdash.text import _
from mlpdash.training.members import refuse_swept

MOST_WEIGHT: Final = 1e6  # a larger one is a slip of the finger


def carry_out(scheduler: Scheduler, run: Run, message: Command) -> None:
    """Carry out a command; asking twice is asking once.

    Raises
    ------
    RunError, SpecError : it cannot be done, in one sentence
    """
    if isinstance(message, SetPace):
        set_pace(scheduler, run, message.pace)
        return
    if run.phase is Phase.RESTING or run.at_rest == "running":
        refresh(run)
    match message:
        case Train():
            train(scheduler, run)
        case Step():
            step(scheduler, run)
        case Pause():
            scheduler.handle(run, Event.PAUSE)
        case Stop():
            scheduler.handle(run, Event.STOP)
        case Set():
            change(scheduler, run, message.changes)
        case FindLr():
            scheduler.handle(run, Event.MESSAGE, server_to_worker.FindLr())
        case Edit():
            scheduler.handle(run, Event.MESSAGE, edit_message(run, message))
        case _:
            assert_never(message)


def refresh(run: Run) -> None:
    """Read the state of a run that no process of ours trains; a command line may train it.

    Raises
    ------
    RunError : another process trains it
    """
    if run.store is None:
        return
    is_alive = run.store.is_alive()
    run.at_rest = run.store.state()
    if is_alive or run.at_rest == "running":
        raise RunError(_("this run is being trained by another process; it can be watched only."))


def train(scheduler: Scheduler, run: Run) -> None:
    """Train, from whatever the run is at; a finished one trains for as long again."""
    is_over = run.at_rest == "finished" and run.state != "running"
    _begin(scheduler, run, "extend" if is_over else "train")


def step(scheduler: Scheduler, run: Run) -> None:
    """Train for one epoch; a running net pauses."""
    if run.state == "running":
        scheduler.handle(run, Event.PAUSE)
    else:
        _begin(scheduler, run, "step")


def _begin(scheduler: Scheduler, run: Run, command: Literal["train", "step", "extend"]) -> None:
    if run.store is None:
        run.store = Store.create(run.id, run.experiment, run.control_sha256, pace=run.pace)
    run.command = command
    scheduler.handle(run, Event.TRAIN)


def change(scheduler: Scheduler, run: Run, changes: Changes) -> None:
    """Change a live field, such as the learning rate, of a running net or of one at rest."""
    for name in changes:
        if name not in LIVE_FIELDS:
            raise SpecError(
                _("{fields} can be changed while a net is trained; got {name}.").format(
                    fields=", ".join(title_of(field) for field in LIVE_FIELDS), name=str(name)[:40]
                )
            )
        refuse_swept(run.experiment, name)
    before = run.current()
    after = before.changed(**changes)
    new = {name: after.flat()[name] for name in changes}
    new = {name: value for name, value in new.items() if value != before.flat()[name]}
    if not new:
        return
    if run.store is None:  # nothing has been trained yet, so the draft itself changes
        run.experiment = after
        scheduler.replace_viewer(run)
    else:
        run.live.update(new)
        scheduler.change(run, new)
    scheduler.tell(run)


def edit_message(run: Run, message: Edit) -> server_to_worker.Edit:
    """Return what its process is told to set one weight or bias.

    Raises
    ------
    RunError : the net was not trained yet, or there is no such place or number
    """
    if run.store is None or not run.listens:
        raise RunError(_("press Step or Train first; then weights can be set."))
    if not abs(message.value) <= MOST_WEIGHT:
        raise RunError(
            _("a weight must be a number from {low:,} to {high:,}.").format(
                low=-MOST_WEIGHT, high=MOST_WEIGHT
            )
        )
    if message.weight is not None:
        return server_to_worker.Edit(field="weight", place=message.weight, value=message.value)
    if message.bias is not None:
        return server_to_worker.Edit(field="bias", place=message.bias, value=message.value)
    raise RunError(_("there is no such weight."))


def set_pace(scheduler: Scheduler, run: Run, pace: str) -> None:
    """Set how many epochs a second are trained."""
    if not is_pace(pace):
        raise RunError(
            _("the pace must be one of {paces}; got {pace}.").format(
                paces=", ".join(PACES), pace=pace[:40]
            )
        )
    if pace == run.pace:
        return
    run.pace = pace
    if run.listens:
        scheduler.handle(run, Event.MESSAGE, server_to_worker.SetPace(pace=pace))
    scheduler.tell(run)
