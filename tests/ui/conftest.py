"""The Train page without a browser: a supervisor and a board that a test holds in its hands."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mlpdash.data.load import default_pace
from mlpdash.specs import Experiment
from mlpdash.ui.board.board import BoardData, BoardEvents
from mlpdash.ui.train import page

APP = Path(__file__).parents[2] / "app.py"


@dataclass
class Info:
    """What the page reads of a RunInfo."""

    state: str
    experiment: Experiment
    pace: str


@dataclass(frozen=True)
class Ticket:
    run_id: str
    secret: str


class Supervisor:
    """Hands out drafts with readable ids and tells what a test says of them."""

    devices = (("cpu", "CPU, 2 cores"),)

    def __init__(self) -> None:
        self.runs: dict[str, Info] = {}
        self._count = itertools.count(1)

    def draft(self, experiment: Experiment) -> Ticket:
        run = f"run-{next(self._count)}"
        self.add(run, experiment, "idle")
        return Ticket(run, f"secret of {run}")

    def add(self, run: str, experiment: Experiment, state: str) -> None:
        self.runs[run] = Info(state, experiment, default_pace(experiment.data.data))

    def describe(self, run: str) -> Info | None:
        return self.runs.get(run)


@dataclass
class Stage:
    """The page, what it gave the board last, and what the board will say."""

    page: AppTest
    supervisor: Supervisor
    shown: list[BoardData] = field(default_factory=list)
    events: BoardEvents = field(default_factory=lambda: BoardEvents(None, False, False, None))

    @property
    def last(self) -> BoardData:
        return self.shown[-1]

    def open(self, **query: str) -> AppTest:
        """Open the page in a fresh session with these URL parameters."""
        self.page = AppTest.from_file(str(APP), default_timeout=30)
        for name, value in query.items():
            self.page.query_params[name] = value
        return self.run()

    def run(self) -> AppTest:
        self.page.run()
        assert not self.page.exception
        return self.page

    def press(self, **event: Any) -> AppTest:
        """Let the board report once what was done on it; `started` stays, as in the browser."""
        self.events = BoardEvents(**{"started": self.events.started, **NOTHING, **event})
        return self.run()

    def start(self) -> str:
        """Press Train on the draft that the board shows."""
        run = self.last.run
        self.supervisor.runs[run].state = "running"
        self.press(started=run)
        return run


NOTHING: dict[str, Any] = {"reset": False, "new_seed": False, "pace": None}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(AppTest.from_file(str(APP)), Supervisor())

    def board(data: BoardData, key: str = "board") -> BoardEvents:
        stage.shown.append(data)
        events = stage.events
        stage.events = BoardEvents(started=events.started, **NOTHING)
        return events

    monkeypatch.setattr(page, "board", board)
    monkeypatch.setattr(page, "supervisor", lambda: stage.supervisor)
    return stage
