"""The process that looks at trained nets, so that the server needs neither torch nor the time.

    python -m mlpdash.runs.analyst.process report   computes a report into a run's folder
    python -m mlpdash.runs.analyst.process answer   answers questions until stdin ends

A report is asked for by a line on stdin (`messages.lines.ReportWanted`), which may come late: what
is slow to import is imported by then. How far it is, or why it gives up, it says on stdout in such
lines. Both kinds end when their stdin does, as it does when the server goes.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from mlpdash.errors import MlpDashError
from mlpdash.results.explaining.importance import importance_of
from mlpdash.results.judging import judge
from mlpdash.results.judging.baselines import baselines
from mlpdash.results.judging.out_of_fold import outputs_on
from mlpdash.runs.analyst.idle import IDLE_SECONDS, leaves_after
from mlpdash.runs.analyst.opening import Opened, explained_rows, opened
from mlpdash.runs.children import SAID_WHY
from mlpdash.runs.disk.reports import STAGES, ReportFolder
from mlpdash.runs.disk.store import Store
from mlpdash.runs.messages.lines import REPORT_WANTED, Doing, Failed
from mlpdash.runs.messages.reader import read
from mlpdash.text import _

PROMPT_SECONDS: Final = 5.0  # after which nets that train go first
LARGE: Final = 5_000_000  # numbers of x, from which on baselines take minutes
Say = Callable[[str], None]  # what is being done now


def write_report(net: Opened, say: Say, *, others: bool = True) -> None:
    """Compute what is missing of the report of a run, or of a cell of it, as of a step.

    Parameters
    ----------
    others : fit the baselines too, which takes minutes on a large table
    """
    folder = ReportFolder(net.store, net.step, net.cell)
    before = folder.read()
    say(_("scoring the net"))
    if before.net is None:
        folder.write_arrays("rows", {"outputs": net.outputs})
        folder.write_json("net", {"whole": False, **judge.judge(net.prepared, net.outputs)})
    say(_("how far the scores could be off"))
    if before.net is None or not before.net["whole"]:
        found = judge.judge(net.prepared, net.outputs, intervals=True)
        folder.write_json("net", {"whole": True, **found})
    first_why = net.prepared.x.size > LARGE
    if before.why is None and first_why:
        _explain(folder, net, say)
    if others and (before.baselines is None or not before.baselines["whole"]):
        _compare(folder, net, say)
    if before.why is None and not first_why:
        _explain(folder, net, say)


def _compare(folder: ReportFolder, net: Opened, say: Say) -> None:
    """Write the baselines anew after each, so that the page can show those that are there."""
    titles = [_(one.title) for one in baselines(net.prepared).values()]
    found: list[dict[str, Any]] = []
    say(_("fitting: {name}").format(name=titles[0]))
    for one in judge.compare(net.prepared, net.outputs):
        found.append(one)
        whole = len(found) == len(titles)
        folder.write_json("baselines", {"whole": whole, "found": found})
        if not whole:
            say(_("fitting: {name}").format(name=titles[len(found)]))


def _explain(folder: ReportFolder, net: Opened, say: Say) -> None:
    say(_("shuffling the inputs"))
    honest = partial(outputs_on, net.prepared, net.predictor.each)
    found = importance_of(net.prepared, honest, explained_rows(net))
    part = "validation" if len(net.prepared.split.validation) else "train"
    folder.write_json("why", {"part": part, **asdict(found)})


def _yield_to_training() -> None:
    """Let nets that train go first from now on; what is left takes long and can wait."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, os.getpid(), 10)


def _leave_with_server() -> None:
    """End this process when stdin does, whatever it is doing."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def report() -> int:
    """Compute the report that stdin asks for, saying how far it is; return the exit status."""
    prepare_imports()
    idle = leaves_after(IDLE_SECONDS)
    line = sys.stdin.buffer.readline()
    idle.cancel()
    if not line:
        return 0
    _leave_with_server()
    later = threading.Timer(PROMPT_SECONDS, _yield_to_training)
    later.daemon = True
    later.start()
    done = 0

    def say(doing: str) -> None:
        nonlocal done
        _say(Doing(done=done, of=STAGES, doing=doing))
        done += 1

    try:
        wanted = read(REPORT_WANTED, line)
        say(_("reading the run"))
        write_report(opened(Store.open(wanted.run), wanted.step, wanted.cell), say)
    except MlpDashError as mistake:
        _say(Failed(refused=str(mistake)))
        return SAID_WHY
    _say(Doing(done=STAGES, of=STAGES, doing=""))
    return 0


def prepare_imports() -> None:
    """Import what a report needs, while nobody waits for it."""
    import pandas  # noqa: F401
    import sklearn.ensemble
    import sklearn.inspection
    import sklearn.linear_model
    import sklearn.metrics
    import sklearn.neighbors  # noqa: F401


def _say(what: Doing | Failed) -> None:
    sys.stdout.buffer.write(what.line())
    sys.stdout.buffer.flush()


def main(arguments: list[str]) -> int:
    """Do what the word after the module's name says."""
    match arguments:
        case ["report"]:
            return report()
        case ["answer"]:
            from mlpdash.runs.analyst.answers import serve

            serve(sys.stdin.buffer, sys.stdout.buffer)
            return 0
    sys.stderr.write(_("analyst: report, or answer\n"))
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
