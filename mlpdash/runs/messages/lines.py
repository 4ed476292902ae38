"""What is said in lines of JSON: to the launcher of workers, and by children about their work."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import TypeAdapter

from mlpdash.runs.messages.message import Count, Part
from mlpdash.runs.messages.server_to_browser import Baseline


class WorkerWanted(Part):
    """To the launcher: start a worker that connects to `address` and says the token."""

    address: tuple[str, int]
    token: str
    run: str


class WorkerNews(Part):
    """From the launcher: what became of a worker; `status` is that of a process that has ended."""

    kind: Literal["started", "ended"]
    run: str
    pid: int
    status: int | None = None


class ReportWanted(Part):
    """To the analyst: compute the report of a run, or of a cell of it, as of a step."""

    run: str
    step: Count
    cell: Count | None


class Doing(Part):
    """From a child: how far it is, and what it does now."""

    done: Count
    of: Count
    doing: str


class Failed(Part):
    """From a child: why it cannot be done, in a sentence."""

    refused: str


DOING: Final = TypeAdapter[Doing | Failed](Doing | Failed)
BASELINE: Final = TypeAdapter[Baseline | Failed](Baseline | Failed)
WORKER_WANTED: Final = TypeAdapter[WorkerWanted](WorkerWanted)
WORKER_NEWS: Final = TypeAdapter[WorkerNews](WorkerNews)
REPORT_WANTED: Final = TypeAdapter[ReportWanted](ReportWanted)
