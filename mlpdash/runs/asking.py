"""The server's side of the analyst: reports in the making, and questions with their answers."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from mlpdash.errors import RunError
from mlpdash.runs.reports import STAGES
from mlpdash.runs.wire import Header, pack, unpack
from mlpdash.text import _

PACKAGE: Final = Path(__file__).parents[2]
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Making:
    """A report in the making. It waits for those before it, since each takes a core."""

    def __init__(self, run: str, step: int, turn: threading.Lock) -> None:
        self.done, self.of, self.doing = 0, STAGES, _("waiting for another report")
        self.refused = ""
        self.is_cancelled = False
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = turn
        self._thread = threading.Thread(target=self._make, args=(run, step), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it is done, cancelled or refused."""
        return self.done == self.of or not self._thread.is_alive()

    def cancel(self) -> None:
        """Stop; what was written so far stays."""
        self.is_cancelled = True
        if self._process is not None:
            self._process.kill()

    def _is_stopped(self) -> bool:
        """Whether it was cancelled meanwhile; asked by a call, since another thread does it."""
        return self.is_cancelled

    def wait(self, seconds: float) -> bool:
        """Wait until it is over, or some time; return whether it is over."""
        self._thread.join(seconds)
        return self.is_over

    def _make(self, run: str, step: int) -> None:
        with self._turn:
            if self._is_stopped():
                return
            self.doing = _("starting")
            with _started("report", run, str(step)) as process:
                self._process = process
                if self._is_stopped():  # just before there was a process
                    process.kill()
                assert process.stdout is not None
                for line in process.stdout:
                    self._take(json.loads(line))
                if process.wait() not in (0, 2) and not self.is_cancelled:
                    self.refused = _(
                        "The numbers could not be computed; the server's log says why."
                    )

    def _take(self, line: dict[str, Any]) -> None:
        if "refused" in line:
            self.refused = line["refused"]
            return
        self.done, self.of, self.doing = line["done"], line["of"], line["doing"]


class Analysts:
    """The processes that look at nets for a server: one that answers, one that reports."""

    def __init__(self) -> None:
        self._makings: dict[tuple[str, int], Making] = {}
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._asking = threading.Lock()
        self._answering: subprocess.Popen[bytes] | None = None

    def report(self, run: str, step: int) -> Making:
        """Return the making of the report of a run as of `step`, begun if nobody has."""
        with self._guard:
            if (run, step) not in self._makings:
                self._makings[run, step] = Making(run, step, self._turn)
            return self._makings[run, step]

    def again(self, run: str, step: int) -> None:
        """Forget a making that is over, so that the next `report` begins anew."""
        with self._guard:
            self._makings.pop((run, step), None)

    def ask(self, question: Header, payload: bytes = b"") -> tuple[Header, memoryview]:
        """Return the answer to a question of `runs.answers`.

        Raises
        ------
        RunError : the sentence with which it was refused, or that the process has died
        """
        with self._asking:
            try:
                header, content = self._exchange(question, payload)
            except (OSError, EOFError):  # it left, since nobody had asked for long
                self._end()
                header, content = self._exchange_anew(question, payload)
        if "refused" in header:
            raise RunError(str(header["refused"]))
        return header, content

    def close(self) -> None:
        """End all processes."""
        with self._guard:
            for making in self._makings.values():
                making.cancel()
        with self._asking:
            self._end()

    def _exchange(self, question: Header, payload: bytes) -> tuple[Header, memoryview]:
        if self._answering is None or self._answering.poll() is not None:
            self._end()
            self._answering = _started("answer")
        process = self._answering
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(pack(question, payload))
        process.stdin.flush()
        prefix = process.stdout.read(4)
        if len(prefix) < 4:
            raise EOFError
        return unpack(process.stdout.read(struct.unpack("<I", prefix)[0]))

    def _exchange_anew(self, question: Header, payload: bytes) -> tuple[Header, memoryview]:
        try:
            return self._exchange(question, payload)
        except (OSError, EOFError):
            self._end()
            raise RunError(
                _("the process that asks the net has ended twice; the server's log says why.")
            ) from None

    def _end(self) -> None:
        process, self._answering = self._answering, None
        if process is None:
            return
        with contextlib.suppress(OSError), process:  # closes its pipes, and waits
            process.kill()


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "mlpdash.runs.analyst", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
    )
