"""What a person may ask of a run, and what comes of it in each of its states."""

from __future__ import annotations

from typing import Any, Final

from mlpdash.errors import RunError, SpecError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.known_runs import PACES, Run
from mlpdash.runs.server.lifecycle import Event, Phase
from mlpdash.runs.server.scheduler import Scheduler
from mlpdash.runs.wire import Header
from mlpdash.specs import LIVE_FIELDS, title_of
from mlpdash.text import _
from mlpdash.training.members import refuse_swept

MOST_WEIGHT: Final = 1e6  # a larger one is a slip of the finger


def carry_out(scheduler: Scheduler, run: Run, message: Header) -> None:
    """Carry out a command; asking twice is asking once.

    Raises
    ------
    RunError, SpecError : it cannot be done, in one sentence
    """
    kind = message.get("kind")
    if kind == "pace":
        set_pace(scheduler, run, message.get("pace"))
        return
    if run.phase is Phase.RESTING or run.at_rest == "running":
        refresh(run)
    if kind in ("train", "step"):
        train(scheduler, run, str(kind))
    elif kind == "pause":
        pause(scheduler, run)
    elif kind == "stop":
        stop(scheduler, run)
    elif kind == "set":
        change(scheduler, run, message.get("changes"))
    elif kind == "find_lr":
        scheduler.handle(run, Event.MESSAGE, {"kind": "find_lr"})
    elif kind == "edit":
        scheduler.handle(run, Event.MESSAGE, edit_message(run, message))
    else:
        raise RunError(_('there is no command "{name}".').format(name=str(kind)[:40]))


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


def train(scheduler: Scheduler, run: Run, command: str) -> None:
    """Train or step, from whatever the run is at; a finished one trains for as long again."""
    if command == "step" and run.state == "running":
        pause(scheduler, run)
        return
    if run.store is None:
        run.store = Store.create(run.id, run.experiment, run.control_sha256, pace=run.pace)
    if command == "train" and run.at_rest == "finished" and run.state != "running":
        command = "extend"
    run.command = command
    scheduler.handle(run, Event.TRAIN)


def pause(scheduler: Scheduler, run: Run) -> None:
    """Pause a running net; a queued run leaves the queue."""
    scheduler.handle(run, Event.PAUSE)


def stop(scheduler: Scheduler, run: Run) -> None:
    """End the run where it is; it can still be trained on."""
    scheduler.handle(run, Event.STOP)


def change(scheduler: Scheduler, run: Run, changes: Any) -> None:
    """Change a live field, such as the learning rate, of a running net or of one at rest."""
    if not isinstance(changes, dict):
        raise RunError(_("a change needs names and values."))
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


def edit_message(run: Run, message: Header) -> Header:
    """Return what its process is told to set one weight or bias.

    Parameters
    ----------
    message : with {"weight": [layer, to, from], "value": x} or {"bias": [layer, to], "value": x}

    Raises
    ------
    RunError : the net was not trained yet, or there is no such place or number
    """
    if run.store is None or not run.listens:
        raise RunError(_("press Step or Train first; then weights can be set."))
    name = "weight" if "weight" in message else "bias"
    place, value = message.get(name), message.get("value")
    wanted = {"weight": 3, "bias": 2}[name]
    if not isinstance(place, list) or [type(n) for n in place] != [int] * wanted or min(place) < 0:
        raise RunError(_("there is no such weight."))
    if not isinstance(value, int | float) or not abs(value) <= MOST_WEIGHT:
        raise RunError(
            _("a weight must be a number from {low:,} to {high:,}.").format(
                low=-MOST_WEIGHT, high=MOST_WEIGHT
            )
        )
    return {"kind": "edit", "field": name, "value": [*place, float(value)]}


def set_pace(scheduler: Scheduler, run: Run, pace: Any) -> None:
    """Set how many epochs a second are trained."""
    if pace not in PACES:
        raise RunError(
            _("the pace must be one of {paces}; got {pace}.").format(
                paces=", ".join(PACES), pace=str(pace)[:40]
            )
        )
    if pace == run.pace:
        return
    run.pace = pace
    if run.listens:
        scheduler.handle(run, Event.MESSAGE, {"kind": "pace", "pace": pace})
    scheduler.tell(run)
