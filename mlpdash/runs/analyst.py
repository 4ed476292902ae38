"""The process that looks at trained nets, so that the server needs neither torch nor the time.

    python -m mlpdash.runs.analyst report RUN STEP   computes a report into the run's folder
    python -m mlpdash.runs.analyst answer            answers questions until stdin ends

A report says on stdout, in lines of JSON, how far it is: {"done": 2, "of": 8, "doing": "..."}; or
{"refused": sentence}. Both kinds end when their stdin does, as it does when the server goes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from mlpdash.data.datasets import load
from mlpdash.data.preparing import Prepared, prepare
from mlpdash.errors import MlpDashError, RunError
from mlpdash.results import judging
from mlpdash.results.baselines import baselines
from mlpdash.results.dependence import dependence
from mlpdash.results.importance import MEASURE, permutation_importance
from mlpdash.results.predicting import Predictor, predictor_of
from mlpdash.results.rows import Floats, Indices
from mlpdash.runs.reports import STAGES, Arrays, ReportFolder, refuse_sweep
from mlpdash.runs.store import Store
from mlpdash.text import _

MOST_DEPENDENCES: Final = 12
Say = Callable[[str], None]  # what is being done now


@dataclass(frozen=True)
class Opened:
    """A run, its rows, and its net as of the snapshot at a step."""

    store: Store
    step: int
    prepared: Prepared
    predictor: Predictor


def opened(run: str, step: int) -> Opened:
    """Open a run as of a step.

    Raises
    ------
    MlpDashError : the run, its table or the snapshot is unknown or damaged
    """
    store = Store.open(run)
    snapshot = store.read_snapshot(step)
    experiment = store.current()
    refuse_sweep(experiment)
    prepared = prepare(load(experiment.data), experiment.data)
    try:
        predictor = predictor_of(prepared.preprocessor, experiment.model, snapshot.tensors["flat"])
    except (ValueError, KeyError):
        raise RunError(
            _('run "{run}" is damaged: its weights do not fit its net.').format(run=run)
        ) from None
    return Opened(store, step, prepared, predictor)


def write_report(run: str, step: int, say: Say) -> None:
    """Compute what is missing of the report of a run as of a step.

    Raises
    ------
    MlpDashError : as `opened`
    """
    say(_("reading the run"))
    net = opened(run, step)
    prepared, predictor = net.prepared, net.predictor
    folder = ReportFolder(net.store, step)
    before = folder.read()
    say(_("scoring the net"))
    outputs = predictor.outputs(prepared.x)
    if before.net is None:
        folder.write_arrays("rows", {"outputs": outputs})
        found = judging.judge(prepared, outputs, intervals=False)
        folder.write_json("net", {"whole": False, **found})
    _yield_to_training()
    say(_("how far the scores could be off"))
    if before.net is None or not before.net["whole"]:
        folder.write_json("net", {"whole": True, **judging.judge(prepared, outputs)})
    if before.baselines is None or not before.baselines["whole"]:
        _compare(folder, prepared, outputs, say)
    if before.why is None:
        _explain(folder, prepared, predictor, say)


def _compare(folder: ReportFolder, prepared: Prepared, outputs: Floats, say: Say) -> None:
    """Write the baselines anew after each, so that the page can show those that are there."""
    titles = [_(one.title) for one in baselines(prepared).values()]
    found: list[dict[str, Any]] = []
    say(_("fitting: {name}").format(name=titles[0]))
    for one in judging.compare(prepared, outputs):
        found.append(one)
        whole = len(found) == len(titles)
        folder.write_json("baselines", {"whole": whole, "found": found})
        if not whole:
            say(_("fitting: {name}").format(name=titles[len(found)]))


def _explain(folder: ReportFolder, prepared: Prepared, predictor: Predictor, say: Say) -> None:
    rows = explained_rows(prepared)
    say(_("shuffling the inputs"))
    found = permutation_importance(prepared, predictor.outputs, rows)
    say(_("trying the values of each input"))
    arrays: Arrays = {}
    shown = [one.feature for one in found[:MOST_DEPENDENCES]]
    for n, feature in enumerate(shown):
        made = dependence(prepared, predictor.outputs, rows, feature)
        for name, values in asdict(made).items():
            arrays[f"{n}.{name}"] = values
    folder.write_arrays("dependence", arrays)
    folder.write_json(
        "why",
        {
            "measure": MEASURE[prepared.task],
            "part": "validation" if len(prepared.split.validation) else "train",
            "rows": len(rows),
            "importance": [asdict(one) for one in found],
            "dependence": shown,
        },
    )


def explained_rows(prepared: Prepared) -> Indices:
    """Return the rows on which the net is explained: validation rows, or training rows."""
    held_out = prepared.split.validation
    return held_out if len(held_out) else prepared.split.train


def _yield_to_training() -> None:
    """Let nets that train go first from here on; what follows takes long and can wait."""
    if hasattr(os, "nice"):
        os.nice(10)


def _leave_with_server() -> None:
    """End this process when stdin does, whatever it is doing."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def report(run: str, step: int) -> int:
    """Compute the report of a run, saying on stdout how far it is; return the exit status."""
    _leave_with_server()
    done = 0

    def say(doing: str) -> None:
        nonlocal done
        _say({"done": done, "of": STAGES, "doing": doing})
        done += 1

    try:
        write_report(run, step, say)
    except MlpDashError as mistake:
        _say({"refused": str(mistake)})
        return 2
    _say({"done": STAGES, "of": STAGES, "doing": ""})
    return 0


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Do what the words after the module's name say."""
    match arguments:
        case ["report", run, step] if step.isdecimal():
            return report(run, int(step))
        case ["answer"]:
            from mlpdash.runs.answers import serve

            serve(sys.stdin.buffer, sys.stdout.buffer)
            return 0
    sys.stderr.write(_("analyst: report RUN STEP, or answer\n"))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
