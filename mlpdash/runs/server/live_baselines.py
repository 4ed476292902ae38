"""What simpler methods reach on a run's rows, for those who watch it.

The methods take a tenth of a second or minutes, so a process of its own fits them: neither the
server nor the training waits. It reads what it is about on stdin and says on stdout what each
method reaches, one line each, as soon as it knows.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from mlpdash.errors import MlpDashError
from mlpdash.runs.children import ONE_THREAD, environment
from mlpdash.runs.wire import Header
from mlpdash.specs import DataSpec, Experiment
from mlpdash.text import _

MOST_KEPT: Final = 32  # answers

Tell = Callable[[Header], None]


@dataclass(eq=False)
class Answer:
    """What is known so far, and who wants to hear more."""

    found: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False
    message: str = ""
    listeners: dict[int, Tell] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    process: asyncio.subprocess.Process | None = None

    def header(self) -> Header:
        """Return what a browser is told."""
        return {
            "kind": "baselines",
            "found": list(self.found),
            "over": self.over,
            "message": self.message,
        }

    def tell(self) -> None:
        """Tell all who listen."""
        for tell in self.listeners.values():
            tell(self.header())


class Yardsticks:
    """The answers of a server, each worked out once; one process at a time."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    def want(self, listener: int, experiment: Experiment, tell: Tell) -> None:
        """Tell somebody what is known, and more as it comes."""
        self.leave(listener)
        train = experiment.train
        summed = train.batch_size if train.loss == "squared_error_sum" else None
        data = experiment.data.model_dump(mode="json")
        about = json.dumps({"data": data, "loss": train.loss, "batch": summed})
        answer = self._answers.get(about)
        if answer is None or answer.message:
            answer = self._answers[about] = Answer()
            answer.task = asyncio.create_task(self._work(about, answer))
        self._answers.move_to_end(about)
        answer.listeners[listener] = tell
        tell(answer.header())
        for old in [key for key, one in self._answers.items() if one.over][:-MOST_KEPT]:
            del self._answers[old]

    def leave(self, listener: int) -> None:
        """Somebody wants no more; what nobody waits for is given up."""
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
        there = [answer.process for answer in self._answers.values()]
        return [one.pid for one in there if one is not None and one.returncode is None]

    async def _work(self, about: str, answer: Answer) -> None:
        async with self._turn:
            process = answer.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "mlpdash.runs.server.live_baselines",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=environment() | ONE_THREAD,
            )
            try:
                await self._hear(process, about, answer)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    async def _hear(self, process: asyncio.subprocess.Process, about: str, answer: Answer) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(about.encode())
        process.stdin.close()
        async for line in process.stdout:
            said = json.loads(line)
            answer.message = said.pop("refused", "")
            if said:
                answer.found.append(said)
                answer.tell()
        if await process.wait() != 0 and not answer.message:
            answer.message = _("The baselines could not be computed; the server's log says why.")
        answer.over = True
        answer.tell()
        answer.listeners.clear()


def _end(answer: Answer) -> None:
    if answer.task is not None:
        answer.task.cancel()


def main() -> int:
    """Fit the methods on what stdin describes, and say on stdout what each reaches."""
    from mlpdash.data.load import load
    from mlpdash.data.prepare import prepare
    from mlpdash.results.judging.baselines import baselines, fitted_outputs, live_scores

    about = json.load(sys.stdin)
    try:
        spec = DataSpec.model_validate(about["data"])
        prepared = prepare(load(spec), spec)
        rows = prepared.split.validation
        if len(rows) == 0:
            rows = prepared.split.train
        batch = min(about["batch"] or len(prepared.split.train), len(prepared.split.train))
        titles = {name: _(one.title) for name, one in baselines(prepared).items()}
        for name, outputs in fitted_outputs(prepared, rows):
            scores = live_scores(prepared, rows, outputs, about["loss"], batch)
            finite = {key: value for key, value in scores.items() if abs(value) < float("inf")}
            _say({"title": titles[name], **finite})
    except MlpDashError as error:
        _say({"refused": str(error)})
    return 0


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
