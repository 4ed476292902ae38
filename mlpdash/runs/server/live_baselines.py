"""What simpler methods reach on a run's rows, for those who watch it.

The methods take a tenth of a second or minutes, so a process of its own fits them: neither the
server nor the training waits. It reads what it is about on stdin and says on stdout what each
method reaches, one line each, as soon as it knows.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mlpdash.errors import MlpDashError
from mlpdash.runs.children import SAID_WHY, Child
from mlpdash.runs.messages.lines import BASELINE, Failed
from mlpdash.runs.messages.reader import read
from mlpdash.runs.messages.server_to_browser import Baseline, Baselines
from mlpdash.specs import DataSpec, Experiment
from mlpdash.text import _

MOST_KEPT: Final = 32  # answers

Tell = Callable[[Baselines], None]


@dataclass(eq=False)
class Answer:
    """What is known so far, and who wants to hear more."""

    found: list[Baseline] = field(default_factory=list)
    over: bool = False
    message: str = ""
    listeners: dict[int, Tell] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    child: Child | None = None

    def now(self) -> Baselines:
        """Return what a browser is told."""
        return Baselines(found=tuple(self.found), over=self.over, message=self.message)

    def tell(self) -> None:
        """Tell all who listen."""
        for tell in self.listeners.values():
            tell(self.now())


class LiveBaselines:
    """The answers of a server, each worked out once; one process at a time."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    def subscribe(self, listener: int, experiment: Experiment, tell: Tell) -> None:
        """Tell a listener what is known, and more as it comes."""
        self.unsubscribe(listener)
        train = experiment.train
        summed = train.batch_size if train.loss == "squared_error_sum" else None
        data = experiment.data.model_dump(mode="json")
        about = json.dumps({"data": data, "loss": train.loss, "batch": summed})
        answer = self._answers.get(about)
        if answer is None or answer.message:
            answer = self._answers[about] = Answer()
            answer.task = asyncio.create_task(self._compute(about, answer))
        self._answers.move_to_end(about)
        answer.listeners[listener] = tell
        tell(answer.now())
        for old in [key for key, one in self._answers.items() if one.over][:-MOST_KEPT]:
            del self._answers[old]

    def unsubscribe(self, listener: int) -> None:
        """Tell a listener no more; what nobody waits for is given up."""
        for about, answer in list(self._answers.items()):
            if answer.listeners.pop(listener, None) is None or answer.listeners or answer.over:
                continue
            del self._answers[about]
            _end(answer)

    async def close(self) -> None:
        """End all processes."""
        tasks = [answer.task for answer in self._answers.values() if answer.task is not None]
        for answer in self._answers.values():
            _end(answer)
        await asyncio.gather(*tasks, return_exceptions=True)

    def processes(self) -> list[int]:
        """Return the ids of the processes."""
        there = [answer.child for answer in self._answers.values()]
        return [one.pid for one in there if one is not None and one.is_alive]

    async def _compute(self, about: str, answer: Answer) -> None:
        async with self._turn:
            child = answer.child = Child("mlpdash.runs.server.live_baselines")
            try:
                await self._read(child, about, answer)
            finally:
                ending = asyncio.ensure_future(asyncio.to_thread(child.end))  # it waits
                while not ending.done():  # a task that is cancelled now ends its child all the same
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.shield(ending)

    async def _read(self, child: Child, about: str, answer: Answer) -> None:
        with contextlib.suppress(OSError):  # it has died already
            child.tell(about.encode())
        child.release()
        while line := await asyncio.to_thread(child.answers.readline):
            said = read(BASELINE, line)
            if isinstance(said, Failed):
                answer.message = said.refused
            else:
                answer.found.append(said)
                answer.tell()
        answer.message = answer.message or await asyncio.to_thread(child.wait)
        answer.over = True
        answer.tell()
        answer.listeners.clear()


def _end(answer: Answer) -> None:
    if answer.task is not None:
        answer.task.cancel()


def main() -> int:
    """Fit the methods on what stdin describes, and say on stdout what each reaches."""
    from mlpdash.data.prepared_once import prepared_of
    from mlpdash.results.judging.baselines import baselines, fitted_outputs, live_scores

    about = json.load(sys.stdin)
    try:
        prepared = prepared_of(DataSpec.model_validate(about["data"]))
        rows = prepared.split.validation
        if len(rows) == 0:
            rows = prepared.split.train
        batch = min(about["batch"] or len(prepared.split.train), len(prepared.split.train))
        titles = {name: _(one.title) for name, one in baselines(prepared).items()}
        for name, outputs in fitted_outputs(prepared, rows):
            scores = live_scores(prepared, rows, outputs, about["loss"], batch)
            _write_line(Baseline(title=titles[name], **scores))
    except MlpDashError as error:
        _write_line(Failed(refused=str(error)))
        return SAID_WHY
    return 0


def _write_line(what: Baseline | Failed) -> None:
    sys.stdout.buffer.write(what.line())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
