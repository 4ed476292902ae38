"""The server's side of the analyst: reports in the making, and questions with their answers."""

from __future__ import annotations

import contextlib
import struct
import threading
from collections.abc import Callable
from typing import Any

from mlpdash.errors import RunError
from mlpdash.runs.children import Child, died
from mlpdash.runs.disk.reports import STAGES
from mlpdash.runs.messages.lines import DOING, Doing, ReportWanted
from mlpdash.runs.messages.reader import read
from mlpdash.runs.wire import Header, as_header, as_text, pack, unpack
from mlpdash.text import _


class Making:
    """A report in the making. It waits for those before it, since each takes a core.

    Parameters
    ----------
    wanted : which report
    turn : held by the report that is being made
    start : returns a process that waits for the question
    """

    def __init__(
        self,
        wanted: ReportWanted,
        turn: threading.Lock,
        start: Callable[[], Child],
    ) -> None:
        self.done, self.of, self.doing = 0, STAGES, _("waiting for another report")
        self.refused = ""
        self.is_cancelled = False
        self._child: Child | None = None
        self._turn = turn
        self._start = start
        self._thread = threading.Thread(target=self._make, args=(wanted,), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it is done, cancelled or refused."""
        return self.done == self.of or not self._thread.is_alive()

    def cancel(self) -> None:
        """Stop; what was written so far stays."""
        self.is_cancelled = True
        if self._child is not None:
            self._child.kill()

    def _is_stopped(self) -> bool:
        """Whether it was cancelled meanwhile; asked by a call, since another thread does it."""
        return self.is_cancelled

    def wait(self, seconds: float) -> bool:
        """Wait until it is over, or some time; return whether it is over."""
        self._thread.join(seconds)
        return self.is_over

    def _make(self, wanted: ReportWanted) -> None:
        with self._turn:
            if self._is_stopped():
                return
            self.doing = _("starting")
            child = self._child = self._start()
            try:
                if self._is_stopped():  # just before there was a process
                    child.kill()
                with contextlib.suppress(OSError):
                    child.tell(wanted.line())
                for line in child.answers:
                    self._take(line)
                died = child.wait()
            finally:
                child.end()
            if died and not self.is_cancelled:
                self.refused = died

    def _take(self, line: bytes) -> None:
        said = read(DOING, line)
        if isinstance(said, Doing):
            self.done, self.of, self.doing = said.done, said.of, said.doing
        else:
            self.refused = said.refused


class Analysts:
    """The processes that look at nets for a server: one that answers, one that reports, and one
    that has imported what the next report needs.
    """

    def __init__(self) -> None:
        self._makings: dict[tuple[Any, ...], Making] = {}
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._asking = threading.Lock()
        self._answering: Child | None = None
        self._spare: Child | None = None

    def get_ready(self) -> None:
        """Start what the next report and the next question will need, if nobody has."""
        with self._guard:
            if self._spare is None or not self._spare.is_alive:
                _end(self._spare)
                self._spare = _started("report")
        if self._asking.acquire(blocking=False):  # else it is there, and busy
            try:
                self._answerer()
            finally:
                self._asking.release()

    def report(self, run: str, step: int, cell: int | None = None, mark: str = "") -> Making:
        """Return the making of the report of a run as of `step`, begun if nobody has.

        Parameters
        ----------
        mark : of the nets, see `Store.mark`
        """
        key = (run, step, cell, mark)
        with self._guard:
            if key not in self._makings:
                wanted = ReportWanted(run=run, step=step, cell=cell)
                self._makings[key] = Making(wanted, self._turn, self._take_spare)
            return self._makings[key]

    def again(self, run: str, step: int, cell: int | None = None, mark: str = "") -> None:
        """Forget a making that is over, so that the next `report` begins anew."""
        with self._guard:
            self._makings.pop((run, step, cell, mark), None)

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
                self._end_answering()
                header, content = self._exchange_anew(question, payload)
        if "refused" in header:
            raise RunError(str(header["refused"]))
        return header, content

    def close(self) -> None:
        """End all processes."""
        with self._guard:
            for making in self._makings.values():
                making.cancel()
            _end(self._spare)
            self._spare = None
        with self._asking:
            self._end_answering()

    def _take_spare(self) -> Child:
        """Return a process that waits for a report's question."""
        with self._guard:
            spare, self._spare = self._spare, None
        if spare is not None and spare.is_alive:
            return spare
        _end(spare)
        return _started("report")

    def _answerer(self) -> Child:
        if self._answering is None or not self._answering.is_alive:
            self._end_answering()
            self._answering = _started("answer")
        return self._answering

    def _exchange(self, question: Header, payload: bytes) -> tuple[Header, memoryview]:
        child = self._answerer()
        child.tell(pack(as_text(question), payload))
        prefix = child.answers.read(4)
        if len(prefix) < 4:
            raise EOFError
        text, content = unpack(child.answers.read(struct.unpack("<I", prefix)[0]))
        return as_header(text), content

    def _exchange_anew(self, question: Header, payload: bytes) -> tuple[Header, memoryview]:
        try:
            return self._exchange(question, payload)
        except (OSError, EOFError):
            self._end_answering()
            raise RunError(died()) from None

    def _end_answering(self) -> None:
        child, self._answering = self._answering, None
        _end(child)


def _end(child: Child | None) -> None:
    if child is not None:
        child.end()


def _started(what: str) -> Child:
    return Child("mlpdash.runs.analyst.process", what)
