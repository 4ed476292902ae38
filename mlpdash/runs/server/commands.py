"""What a person may ask of a run, and what comes of it in each of its states."""

from __future__ import annotations

from typing import Any, Final

from mlpdash.errors import RunError, SpecError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.known_runs import PACES, Run
from mlpdash.runs.server.places import Crew
from mlpdash.runs.wire import Header
from mlpdash.specs import LIVE_FIELDS, title_of
from mlpdash.text import _
from mlpdash.training.members import refuse_swept

MOST_WEIGHT: Final = 1e6  # a larger one is a slip of the finger


def obey(crew: Crew, run: Run, message: Header) -> None:
    """Carry out a command; asking twice is asking once.

    Raises
    ------
    RunError, SpecError : it cannot be done, in one sentence
    """
    kind = message.get("kind")
    if kind == "pace":
        set_pace(crew, run, message.get("pace"))
        return
    if run.worker is None and run.wanted is None and run.store is not None:
        refresh(run, run.store)
    if kind in ("train", "step"):
        train(crew, run, str(kind))
    elif kind == "pause":
        pause(crew, run)
    elif kind == "stop":
        stop(crew, run)
    elif kind == "set":
        change(crew, run, message.get("changes"))
    elif kind == "find_lr":
        crew.ask(run, {"kind": "find_lr"})
    elif kind == "edit":
        edit(run, message)
    else:
        raise RunError(_('there is no command "{name}".').format(name=str(kind)[:40]))


def refresh(run: Run, store: Store) -> None:
    """Look again at the folder of a run that has no process of ours; a command line may train it.

    Raises
    ------
    RunError : another process trains it
    """
    run.enter(store.state())
    if store.is_alive():
        raise RunError(_("this run is being trained by another process; it can be watched only."))


def train(crew: Crew, run: Run, command: str) -> None:
    """Train or step, from whatever the run is at; a finished one goes on for as long again."""
    if command == "step" and run.state == "running":
        pause(crew, run)
        return
    if run.wanted == command:
        return
    if run.store is None:
        run.store = Store.create(run.id, run.experiment, run.control_sha256, pace=run.pace)
    if command == "train" and run.settled == "finished" and run.state != "running":
        command = "extend"
    crew.request(run, command)


def pause(crew: Crew, run: Run) -> None:
    """Pause a running net; a queued run leaves the queue."""
    if run.wanted is not None:
        crew.cancel(run)
    elif run.state == "running" and run.worker is not None:
        run.worker.send({"kind": "pause"})


def stop(crew: Crew, run: Run) -> None:
    """End the run where it is; it can still be trained on."""
    if run.wanted is not None:
        crew.cancel(run)
    worker = run.worker
    if worker is not None and worker.training and not worker.leaving:
        worker.send({"kind": "stop"})
    elif run.state == "paused" and run.store is not None:
        run.enter("stopped")
        crew.tell(run)
        if worker is None or not worker.training:
            crew.record(run)  # else when the worker has gone


def change(crew: Crew, run: Run, changes: Any) -> None:
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
        crew.renew(run)
    else:
        run.live.update(new)
        crew.change(run, new)
    crew.tell(run)


def edit(run: Run, message: Header) -> None:
    """Set one weight, {"weight": [layer, to, from], "value": x}, or bias, {"bias": [layer, to]}.

    Raises
    ------
    RunError : the net was not trained yet, or there is no such place or number
    """
    if run.store is None or run.worker is None or run.worker.leaving:
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
    run.worker.send({"kind": "edit", "field": name, "value": [*place, float(value)]})


def set_pace(crew: Crew, run: Run, pace: Any) -> None:
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
    if run.worker is not None:
        run.worker.send({"kind": "pace", "pace": pace})
    crew.tell(run)
