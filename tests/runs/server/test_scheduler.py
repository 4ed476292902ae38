"""The scheduler, whatever people and processes do, in whatever order."""

import contextlib
import logging
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpdash.errors import RunError
from mlpdash.runs.messages.browser_to_server import Have, View
from mlpdash.runs.messages.server_to_worker import DrawFrame, FindLr
from mlpdash.runs.server.known_runs import Run
from mlpdash.runs.server.lifecycle import (
    ENDING,
    HOLDS_PLACE,
    QUEUED,
    RUNNING,
    WITHOUT_PROCESS,
    Event,
    Phase,
)
from mlpdash.runs.server.scheduler import Scheduler
from mlpdash.runs.server.times import Times
from mlpdash.specs import Experiment
from tests.runs.server.simulated_workers import SimulatedPool, SimulatedStore

ENDLESS = Experiment().changed(epochs=None)
LONG_AGO = 1_000.0  # seconds; longer than anything that the server waits for
REQUEST = DrawFrame(to=1, view=View(), have=Have(), force=False)
UNSETTLED = ENDING | {Phase.OPENING, Phase.QUEUED_OPENING, Phase.STARTING, Phase.HALTING}


class World:
    """Three runs, one place, and all that can happen next."""

    def __init__(self, folder):
        self.scheduler = Scheduler(limit=1, viewers=2, times=Times(), worker="nobody:main")
        self.pool = self.scheduler.processes.pool = SimulatedPool(self.scheduler)
        self.runs = [Run(f"run{n}", ENDLESS, "", store=SimulatedStore(folder)) for n in range(3)]

    def moves(self):
        """Return what can happen now."""
        moves = [lambda: None]  # what a failing example is made simpler by
        for run in self.runs:
            moves += 2 * [partial(self.press, run, command) for command in ("train", "step")]
            moves += [partial(self.press, run, event) for event in (Event.PAUSE, Event.STOP)]
            moves += [partial(move, run) for move in (self.ask, self.change, self.watch)]
            moves += [partial(self.wait_long, run)]
            if run.phase not in RUNNING:  # which only a server that closes dismisses
                moves += [partial(self.scheduler.dismiss, run)]
            worker = run.worker
            if worker is None:
                continue
            if worker.is_alive and worker.inbox:
                moves += 10 * [partial(worker.hear, run.store)]
                moves += [partial(worker.hear, run.store, well=False)]
            if worker.is_alive and worker.state == "running":
                moves += [partial(worker.become, state) for state in ("paused", "finished")]
            if worker.is_alive:
                moves += [worker.die, worker.leave]
            if worker.outbox or not worker.is_alive:
                moves += 10 * [partial(self.pool.deliver, run)]
        return moves

    def press(self, run, what):
        if isinstance(what, Event):
            self.scheduler.handle(run, what)
            assert run.state != "queued"
        else:
            run.command = what
            self.scheduler.handle(run, Event.TRAIN)
            assert run.state in ("queued", "running")

    def ask(self, run):
        if run.phase in ENDING:
            with pytest.raises(RunError, match="is being saved"):
                self.scheduler.handle(run, Event.MESSAGE, FindLr())
        else:
            self.scheduler.handle(run, Event.MESSAGE, FindLr())

    def change(self, run):
        self.scheduler.change(run, {"lr": 0.1})

    def watch(self, run):
        """Let somebody come who waits for a frame, or leave."""
        if run.watchers:
            run.watchers = {}
            return
        watcher = SimpleNamespace(request=REQUEST, deferred=False, control=True)
        watcher.tell = lambda message: None
        run.watchers = {1: watcher}
        self.scheduler.draw(run)

    def wait_long(self, run):
        run.phase_since -= LONG_AGO
        run.touched -= LONG_AGO
        self.scheduler.look_after(self.runs)

    def come_to_rest(self):
        """Let each process read all it was sent, and the server hear all that they say."""
        while busy := [run for run in self.runs if is_busy(run.worker)]:
            for run in busy:
                while run.worker.is_alive and run.worker.inbox:
                    run.worker.hear(run.store)
                self.pool.deliver(run)

    def check(self):
        """Check what always holds."""
        runs, queue = self.runs, self.scheduler.queue
        waiting = [run for run in runs if run.phase in QUEUED]
        assert sorted(run.id for run in queue) == [run.id for run in waiting]
        assert [self.scheduler.position(run) for run in queue] == list(range(1, len(queue) + 1))
        holders = [run for run in runs if run.phase in HOLDS_PLACE]
        assert len(holders) <= 1
        assert all(run.worker in self.pool.workers for run in holders)
        assert holders or not any(run.phase in QUEUED - ENDING for run in runs)
        assert len(self.pool.workers) == sum(run.worker is not None for run in runs)
        for run in runs:
            assert (run.state == "queued") == (run in waiting)
            assert (run.state == "running") == (run.phase in RUNNING)
            assert (run.worker is None) == (run.phase in WITHOUT_PROCESS)

    def check_at_rest(self):
        """Check that what is shown is so, once all that was said was heard."""
        for run in self.runs:
            assert run.phase not in UNSETTLED
            assert not run.unsent
            if run.worker is not None and run.state != "queued":
                assert run.state == run.worker.state
            if run.phase is Phase.RESTING and run.state != "failed":  # of which a viewer said so
                assert run.state == run.store.record()["state"]


def is_busy(worker):
    return worker is not None and bool(worker.inbox or worker.outbox or not worker.is_alive)


@contextlib.contextmanager
def errors_of(name):
    """Give what is logged as an error meanwhile."""
    found, logger, handler = [], logging.getLogger(name), logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


@pytest.mark.slow
@settings(max_examples=100)
@given(choices=st.lists(st.integers(0, 9_999), min_size=150, max_size=150))
def test_places_queue_and_what_is_shown_agree_with_the_processes(folder, choices):
    world = World(folder)
    with errors_of("mlpdash.runs.server.scheduler") as errors:
        for choice in choices:
            moves = world.moves()
            moves[choice % len(moves)]()
            world.check()
        world.come_to_rest()
        world.check()
        world.check_at_rest()
    assert errors == []  # nothing has happened that the table does not have


@pytest.fixture
def world(folder):
    return World(folder)


def test_what_was_said_before_the_last_command_to_train_does_not_count(world):
    run = world.runs[0]
    for what in ("train", Event.PAUSE, "train"):
        world.press(run, what)
        while run.worker.inbox:
            run.worker.hear(run.store)
    while run.worker.outbox:
        assert run.state == "running"  # not idle, as it was opened, nor paused
        world.pool.deliver(run)
    assert run.phase is Phase.TRAINING


def test_process_that_leaves_before_it_trains_is_a_failed_attempt(world):
    run = world.runs[0]
    world.press(run, "train")
    run.worker.hear(run.store)
    run.worker.attempt = run.attempt
    run.worker.leave()
    world.come_to_rest()
    assert (run.phase, run.state) == (Phase.RESTING, "failed")
    assert "ended before it could train" in run.message
    assert run.store.record()["message"] == run.message


def paused(world):
    run = world.runs[0]
    world.press(run, "train")
    world.come_to_rest()
    world.press(run, Event.PAUSE)
    world.come_to_rest()
    assert run.phase is Phase.PAUSED
    return run


def test_run_that_is_stopped_while_its_process_leaves_it_paused_is_stopped(world):
    run = paused(world)
    world.wait_long(run)
    world.press(run, Event.STOP)
    world.come_to_rest()
    assert (run.phase, run.state, run.store.record()["state"]) == (
        Phase.RESTING,
        "stopped",
        "stopped",
    )


def test_paused_run_that_has_a_viewer_can_be_stopped(world):
    run = paused(world)
    world.wait_long(run)
    world.come_to_rest()
    world.watch(run)
    world.come_to_rest()
    assert (run.phase, run.state) == (Phase.VIEWING, "paused")
    world.press(run, Event.STOP)
    assert run.store.record()["state"] == "stopped"
    world.come_to_rest()
    assert run.state == run.worker.state == "stopped"


def test_viewer_that_is_late_does_not_make_a_stopped_run_a_paused_one(world):
    run = paused(world)
    world.wait_long(run)
    world.come_to_rest()
    world.watch(run)
    run.worker.hear(run.store)
    world.press(run, Event.STOP)
    run.worker.die()
    world.come_to_rest()
    assert run.state == run.store.record()["state"] == "stopped"


def test_viewer_that_could_not_open_its_run_is_replaced_before_it_trains(world):
    run = world.runs[0]
    world.watch(run)
    run.worker.hear(run.store, well=False)
    world.come_to_rest()
    viewer = run.worker
    assert run.state == "failed"
    world.press(run, "train")
    world.come_to_rest()
    assert run.phase is Phase.TRAINING
    assert run.worker is not viewer


def test_run_that_has_to_leave_while_it_trains_is_paused(world):
    run = world.runs[0]
    world.press(run, "train")
    world.come_to_rest()
    world.scheduler.handle(run, Event.DISMISS)
    assert run.state == "paused"
