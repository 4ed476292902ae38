"""The supervisor with real processes: a real launcher, and workers that only speak the protocol."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlpdash.errors import RunError
from mlpdash.runs import wire
from mlpdash.runs.disk.store import Store, run_ids
from mlpdash.runs.messages.worker_to_server import Hello
from mlpdash.runs.server.supervisor import Supervisor, default_limit
from mlpdash.runs.server.times import Times
from mlpdash.specs import Experiment

HERE = Path(__file__).parent
LONG = Experiment().changed(epochs=None)
SHORT = Experiment().changed(epochs=5)
QUICK = Times(tick=0.02, exit_grace=5)


@pytest.fixture(autouse=True)
def _surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(HERE))


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


async def until(condition, seconds=10.0):
    """Wait for a condition, and return what it became."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.005)
    return found


class Browser:
    """One watcher: remembers what it was sent, and asks for frames when told to."""

    def __init__(self, server, watcher):
        self.server = server
        self.watcher = watcher
        self.run = watcher.run
        self.frames = []
        self.statuses = []
        self.refused = []
        self.closed = False
        self.count = -1

    def take(self):
        while not self.watcher.outbox.empty():
            body = self.watcher.outbox.get_nowait()
            if body is None:
                self.closed = True
                continue
            text, payload = wire.unpack(body)
            header = json.loads(text)
            if header["kind"] == "frame":
                self.count = header["curve"]["count"]
                header |= json.loads(header["message"])  # what a fake worker tells of itself
                self.frames.append((header, bytes(payload)))
            elif header["kind"] == "refused":
                self.refused.append(header["message"])
            else:
                self.statuses.append(header)
        return self

    @property
    def status(self):
        self.take()
        return self.statuses[-1]

    def say(self, kind, **more):
        self.server.hear(self.watcher, json.dumps({"kind": kind, **more}))

    async def frame(self, force=False):
        self.take()
        known = len(self.frames)
        self.say("next", view={"x": "x1"}, have={"count": self.count}, force=force)
        await until(lambda: len(self.take().frames) > known)
        return self.frames[-1][0]

    async def past(self, epoch):
        while self.run.epoch <= epoch:
            await self.frame()

    async def reaches(self, state):
        await until(lambda: self.take().statuses and self.statuses[-1]["state"] == state)
        return self.statuses[-1]

    def leave(self):
        self.server.leave(self.watcher)


@contextlib.asynccontextmanager
async def serving(**options):
    server = Supervisor(**{"limit": 2, "times": QUICK, "worker": "fake_worker:main", **options})
    await server.start()
    try:
        yield server
    finally:
        pids = server.processes()
        await server.close()
        assert [pid for pid in pids if is_alive(pid)] == []
        assert server.processes() == []


async def opened(server, experiment=LONG, secret=True):
    ticket = server.draft(experiment)
    return await joined(server, ticket, secret)


async def joined(server, ticket, secret=True):
    browser = Browser(server, await server.watch(ticket.run_id))
    browser.ticket = ticket
    browser.say("hello", secret=ticket.secret if secret else None)
    return browser


async def until_frame(browser, found):
    while not found(await browser.frame(force=True)):
        pass


def in_a_loop(function):
    """Make a test of a coroutine."""
    return lambda: asyncio.run(asyncio.wait_for(function(), 30))


# -- drafts and frames -------------------------------------------------------------------------


def test_draft_is_described_without_a_server():
    server = Supervisor()
    ticket = server.draft(SHORT, pace="60")
    info = server.describe(ticket.run_id)
    assert (info.state, info.epoch, info.experiment, info.pace) == ("idle", 0, SHORT, "60")
    assert info.folder is None
    assert server.processes() == []
    assert server.devices == (("cpu", "CPU"),)
    assert server.describe("A" * 22) is None
    assert server.describe("../../etc/passwd") is None
    assert run_ids() == []


def test_ids_and_secrets_are_long_and_differ():
    server = Supervisor()
    tickets = [server.draft(SHORT) for _ in range(20)]
    assert len({t.run_id for t in tickets} | {t.secret for t in tickets}) == 40
    assert all(len(t.run_id) == 22 and len(t.secret) == 32 for t in tickets)


def test_drafts_are_bounded_and_the_oldest_goes_first():
    server = Supervisor(drafts=3)
    tickets = [server.draft(SHORT) for _ in range(5)]
    known = [server.describe(t.run_id) is not None for t in tickets]
    assert known == [False, False, True, True, True]


@in_a_loop
async def test_draft_that_nobody_looks_at_is_forgotten():
    async with serving(times=Times(tick=0.01, draft_expiry=0.05)) as server:
        kept = await opened(server)
        ticket = server.draft(SHORT)
        await until(lambda: server.describe(ticket.run_id) is None)
        assert server.describe(kept.ticket.run_id).state == "idle"


@in_a_loop
async def test_two_watch_one_draft_and_its_viewer_leaves_with_the_last():
    async with serving() as server:
        first = await opened(server)
        second = await joined(server, first.ticket, secret=False)
        one, two = await first.frame(), await second.frame()
        assert one["pid"] == two["pid"]
        assert (one["to"], two["to"]) == (first.watcher.id, second.watcher.id)
        assert first.frames[0][1] == bytes(wire.unpack(wire.body(b"{}", first.frames[0][1]))[1])
        assert len(first.frames) == len(second.frames) == 1
        assert (await first.frame(force=True))["state"] == "idle"
        assert server.devices == (("cpu", "CPU, fake"),)
        assert server.describe(first.ticket.run_id).folder is None
        pid = one["pid"]
        first.leave()
        assert is_alive(pid)
        second.leave()
        await until(lambda: not is_alive(pid))


@in_a_loop
async def test_each_watcher_has_at_most_one_request_waiting():
    async with serving() as server:
        browser = await opened(server)
        await browser.frame()
        for _ in range(20):  # nothing new: they wait, and only one is answered in the end
            browser.say("next", view={}, have={"count": browser.count}, force=False)
        assert len(browser.take().frames) == 1
        browser.say("step")
        await until(lambda: len(browser.take().frames) == 2)
        await browser.reaches("paused")
        assert len(browser.take().frames) == 2


@in_a_loop
async def test_strange_messages_do_no_harm():
    async with serving() as server:
        browser = await opened(server)
        for value in (None, 3, "x", [1], {"x": {"deep": [1]}, "y": "z" * 10_000}):
            browser.say("next", view=value, have=value, force=value)
        browser.say("hello", secret=["no"])
        browser.say(None)
        browser.say("next", view={}, have={}, force=True)
        await until(lambda: browser.take().frames)
        assert browser.refused


@in_a_loop
async def test_viewer_that_keeps_dying_is_given_up():
    async with serving() as server:
        browser = await opened(server, SHORT.changed(data="crash"))
        browser.say("next", view={}, have={}, force=True)
        await until(lambda: "cannot be drawn" in browser.status["message"])
        assert browser.status["state"] == "idle"
        await until(lambda: len(server.processes()) == 1)


@in_a_loop
async def test_viewer_leaves_after_the_last_request_and_comes_back_for_the_next():
    async with serving(times=Times(tick=0.02, viewer_leave=0.1)) as server:
        browser = await opened(server)
        pid = (await browser.frame())["pid"]
        browser.say("next", view={}, have={"count": browser.count}, force=False)
        await until(lambda: not is_alive(pid) and browser.run.worker is None)
        await asyncio.sleep(0.1)  # some rounds of the caretaker
        assert browser.run.worker is None  # the request that waits calls nobody
        again = await browser.frame(force=True)
        assert again["pid"] != pid


@in_a_loop
async def test_viewers_are_bounded():
    async with serving(viewers=1, times=Times(tick=0.02, viewer_leave=0.2)) as server:
        first, second = await opened(server), await opened(server)
        one = await first.frame()
        two = await second.frame()  # when the first one's viewer has left
        assert one["pid"] != two["pid"]
        assert not is_alive(one["pid"])


# -- training ----------------------------------------------------------------------------------


@in_a_loop
async def test_training_to_the_end_and_then_as_long_again():
    async with serving() as server:
        browser = await opened(server, SHORT)
        browser.say("train")
        assert (await browser.reaches("running"))["control"] is True
        done = await browser.reaches("finished")
        assert done["epoch"] == 5
        info = server.describe(browser.ticket.run_id)
        assert (info.state, info.epoch, info.step) == ("finished", 5, 50)
        store = Store.open(browser.ticket.run_id)
        assert store.state() == "finished"
        assert store.read_history()["epoch"].tolist() == [1, 2, 3, 4, 5]
        assert browser.ticket.secret not in (store.folder / "run.json").read_text()
        browser.say("train")
        await until(lambda: server.describe(browser.ticket.run_id).epoch == 10)
        await browser.reaches("finished")


@in_a_loop
async def test_fifty_clicks_start_one_run():
    async with serving() as server:
        browser = await opened(server)
        for _ in range(50):
            browser.say("train")
        await until(lambda: server.describe(browser.ticket.run_id).epoch > 3)
        for _ in range(50):
            browser.say("train")
        assert len(server.processes()) == 2  # the launcher and one worker
        assert run_ids() == [browser.ticket.run_id]
        for _ in range(50):
            browser.say("pause")
        await browser.reaches("paused")
        before = browser.run.epoch
        history = Store.open(browser.ticket.run_id).read_history()
        assert history["epoch"].tolist() == list(range(1, before + 1))


@in_a_loop
async def test_run_never_looks_idle_again_once_it_was_started():
    async with serving() as server:
        browser = await opened(server)
        browser.say("next", view={}, have={"count": -1}, force=True)  # a viewer is on its way,
        browser.say("train")  # and will say that it is idle before it hears of this
        await browser.past(3)
        states = [status["state"] for status in browser.take().statuses]
        states += [header["state"] for header, _ in browser.frames[1:]]
        assert states[0] == "idle"
        assert set(states[1:]) == {"running"}
        assert server.describe(browser.ticket.run_id).state == "running"


@in_a_loop
async def test_step_pause_stop_and_on():
    async with serving() as server:
        browser = await opened(server)
        await browser.frame()
        for expected in (1, 2, 3):
            browser.say("step")
            await until(lambda: browser.status["state"] == "paused")
            assert browser.status["epoch"] == expected
        browser.say("train")
        await browser.reaches("running")
        browser.say("step")  # on a running net: it holds
        await browser.reaches("paused")
        browser.say("stop")
        await browser.reaches("stopped")
        browser.say("train")  # a stopped run can still be trained on
        await browser.reaches("running")


@in_a_loop
async def test_live_values_and_pace_are_checked_and_passed_on():
    async with serving() as server:
        browser = await opened(server)
        browser.say("train")
        await browser.reaches("running")
        browser.say("set", changes={"lr": 0.25})
        browser.say("pace", pace="10")
        info = server.describe(browser.ticket.run_id)
        assert (info.live["lr"], info.started.train.lr, info.pace) == (0.25, 0.03, "10")
        await until(lambda: [e.value for e in Store.open(info.run_id).events()] == [0.25])
        await until(lambda: browser.status["pace"] == "10")
        frame = await browser.frame()
        assert (frame["pace"], frame["live"]) == ("10", {"lr": 0.25})
        for bad in ({"lr": -1}, {"lr": "x"}, {"hidden": [3]}, {"": 1}, None, {"batch_size": 0}):
            browser.say("set", changes=bad)
        browser.say("pace", pace="fast")
        assert len(browser.take().refused) == 7
        assert "greater than 0" in browser.refused[0]
        assert server.describe(info.run_id).live == info.live


@in_a_loop
async def test_all_who_watch_hear_which_learning_rate_was_found():
    async with serving() as server:
        first = await opened(server)
        second = await joined(server, first.ticket, secret=False)
        second.say("find_lr")
        assert second.take().refused
        first.say("find_lr")  # a process is started for it

        def heard(browser):
            return [h for h in browser.take().statuses if h["kind"] == "lr_found"]

        for browser in (first, second):
            (found,) = await until(lambda browser=browser: heard(browser))
            assert (found["lr"], found["suggestion"]) == ([0.1], 0.1)


@in_a_loop
async def test_changed_draft_starts_as_what_it_was_changed_to():
    async with serving() as server:
        browser = await opened(server)
        before = (await browser.frame())["pid"]
        browser.say("set", changes={"lr": 0.25})
        assert server.describe(browser.ticket.run_id).started.train.lr == 0.25
        assert (await browser.frame(force=True))["pid"] != before
        browser.say("train")
        await browser.reaches("running")
        assert Store.open(browser.ticket.run_id).experiment.train.lr == 0.25


@in_a_loop
async def test_who_has_no_secret_watches_only():
    async with serving() as server:
        owner = await opened(server)
        assert owner.status["control"] is True
        guest = await joined(server, owner.ticket, secret=False)
        assert guest.status["control"] is False
        wrong = await joined(server, owner.ticket, secret=False)
        wrong.say("hello", secret="x" * 32)
        for kind in ("train", "pause", "step", "stop", "set", "pace"):
            guest.say(kind)
            wrong.say(kind, changes={"lr": 1})
        assert len(guest.take().refused) == len(wrong.take().refused) == 6
        assert guest.run.state == "idle"
        owner.say("train")
        assert (await guest.reaches("running"))["control"] is False
        assert (await guest.frame())["state"] == "running"


# -- places and the queue ----------------------------------------------------------------------


@in_a_loop
async def test_runs_beyond_the_limit_wait_in_a_visible_queue():
    async with serving(limit=1) as server:
        first, second, third = [await opened(server) for _ in range(3)]
        for browser in (first, second, third):
            browser.say("train")
        await first.reaches("running")
        assert (await second.reaches("queued"))["queue"] == 1
        assert (await third.reaches("queued"))["queue"] == 2
        assert server.describe(third.ticket.run_id).queue == 2
        assert (await second.frame())["state"] == "idle"  # a viewer takes no place
        assert second.status["state"] == "queued"
        second.say("stop")  # leaves the queue
        assert (await second.reaches("idle"))["queue"] is None
        await until(lambda: third.status["queue"] == 1)
        second.say("train")
        first.say("pause")
        await first.reaches("paused")
        assert third.status["state"] == "queued"  # a paused worker keeps its place
        first.say("stop")
        await third.reaches("running")
        assert (await second.reaches("queued"))["queue"] == 1
        third.say("stop")
        await second.reaches("running")


@in_a_loop
async def test_each_process_knows_how_many_train_beside_it():
    async with serving(limit=3) as server:
        first, second, third = [await opened(server) for _ in range(3)]
        first.say("train")
        assert (await first.frame())["others"] == 0
        second.say("train")
        await second.reaches("running")
        await until_frame(first, lambda frame: frame["others"] == 1)
        await until_frame(third, lambda frame: frame["others"] == 2)  # a draft
        second.say("pause")
        await until_frame(first, lambda frame: frame["others"] == 0)
        await until_frame(second, lambda frame: frame["others"] == 1)
        second.say("train")
        await until_frame(first, lambda frame: frame["others"] == 1)
        second.say("stop")
        await until_frame(third, lambda frame: frame["others"] == 1)


@in_a_loop
async def test_a_setting_of_a_grid_is_refused_and_the_run_goes_on():
    async with serving() as server:
        browser = await opened(server, LONG.changed(sweep="lr=0.01,0.1"))
        browser.say("train")
        await browser.reaches("running")
        browser.say("set", changes={"lr": 0.5})
        await until(lambda: browser.take().refused)
        assert "is a setting of the grid" in browser.refused[0]
        assert server.describe(browser.ticket.run_id).state == "running"
        assert server.describe(browser.ticket.run_id).live["lr"] == LONG.train.lr


@in_a_loop
async def test_paused_worker_gives_its_place_away_and_comes_back():
    times = Times(tick=0.02, paused_leave=0.1)
    async with serving(limit=1, times=times) as server:
        browser, other = await opened(server), await opened(server)
        browser.say("train")
        pid = (await browser.frame())["pid"]
        await browser.past(30)
        browser.say("pause")
        paused = await browser.reaches("paused")
        other.say("train")
        await until(lambda: not is_alive(pid))
        await other.reaches("running")
        assert browser.status["state"] == "paused"
        assert Store.open(browser.ticket.run_id).state() == "paused"
        other.say("stop")
        await other.reaches("stopped")
        browser.say("train")
        await browser.reaches("running")
        await browser.past(paused["epoch"] + 3)
        epochs = Store.open(browser.ticket.run_id).read_history()["epoch"].tolist()
        assert epochs == list(range(1, len(epochs) + 1))  # none lost, none twice


@in_a_loop
async def test_paused_run_without_worker_can_be_changed_and_stopped():
    async with serving(times=Times(tick=0.02, paused_leave=0.05)) as server:
        browser = await opened(server)
        browser.say("step")
        await browser.reaches("paused")
        await until(lambda: browser.run.worker is None)
        browser.say("set", changes={"lr": 0.125})  # a process comes to write it down
        run_id = browser.ticket.run_id
        await until(lambda: [e.value for e in Store.open(run_id).events()] == [0.125])
        browser.say("stop")
        await browser.reaches("stopped")
        assert Store.open(run_id).state() == "stopped"


@in_a_loop
async def test_unwatched_run_pauses_if_it_has_no_end_and_goes_on_if_it_has():
    times = Times(tick=0.02, unwatched_pause=0.2)
    async with serving(times=times) as server:
        endless = await opened(server, LONG)
        finite = await opened(server, Experiment().changed(epochs=200))
        for browser in (endless, finite):
            browser.say("train")
            await browser.reaches("running")
            browser.leave()
        await until(lambda: server.describe(endless.ticket.run_id).state == "paused")
        assert server.describe(finite.ticket.run_id).state in ("running", "finished")
        await until(lambda: server.describe(finite.ticket.run_id).state == "finished")
        again = await joined(server, endless.ticket)
        again.say("train")
        await again.reaches("running")


def test_limit_comes_from_the_environment(monkeypatch, caplog):
    monkeypatch.setenv("MLPDASH_WORKERS", "3")
    assert default_limit() == 3
    monkeypatch.setenv("MLPDASH_WORKERS", "many")
    assert default_limit() == os.cpu_count()
    assert "MLPDASH_WORKERS" in caplog.text


# -- death -------------------------------------------------------------------------------------


@in_a_loop
async def test_killed_worker_fails_its_run_which_goes_on_from_the_last_snapshot():
    async with serving(limit=1) as server:
        browser = await opened(server)
        browser.say("train")
        pid = (await browser.frame())["pid"]
        await browser.past(45)
        os.kill(pid, signal.SIGKILL)
        failed = await browser.reaches("failed")
        assert "killed" in failed["message"]
        store = Store.open(browser.ticket.run_id)
        await until(lambda: browser.run.worker is None)
        assert store.state() == store.record()["state"] == "failed"
        assert store.position()[0] > 40
        assert store.latest_snapshot().step >= 400
        browser.say("train")
        await browser.reaches("running")
        assert browser.status["message"] == ""
        await browser.past(70)
        epochs = store.read_history()["epoch"].tolist()
        assert epochs == list(range(1, len(epochs) + 1))


@in_a_loop
async def test_killed_launcher_is_replaced_and_its_workers_go_on():
    async with serving() as server:
        browser = await opened(server)
        browser.say("train")
        pid = (await browser.frame())["pid"]
        launcher = next(p for p in server.processes() if p != pid)
        os.kill(launcher, signal.SIGKILL)
        other = await opened(server)
        frame = await other.frame()  # drawn by a child of the next launcher
        assert frame["pid"] not in (pid, launcher)
        await browser.past(browser.run.epoch + 3)
        assert browser.run.state == "running"
        assert (await browser.frame())["pid"] == pid  # the orphan trains on
        assert launcher not in server.processes()


@in_a_loop
async def test_worker_that_the_server_does_not_understand_fails_its_run_alone():
    async with serving(limit=1) as server:
        browser, other = await opened(server, LONG.changed(data="nonsense")), await opened(server)
        browser.say("train")
        await browser.reaches("failed")
        other.say("train")
        await other.reaches("running")


@pytest.mark.parametrize("behaviour", ["dies", "never_connects", "knows_no_token"])
def test_worker_that_never_comes_is_a_failed_run(behaviour):
    async def waiting():
        times = Times(tick=0.02, connect=1.5, exit_grace=2)
        async with serving(worker=f"fake_worker:{behaviour}", times=times) as server:
            browser = await opened(server)
            browser.say("train")
            failed = await browser.reaches("failed")
            assert "No worker could be started" in failed["message"]
            await until(lambda: browser.run.worker is None)
            assert Store.open(browser.ticket.run_id).record()["state"] == "failed"

    asyncio.run(asyncio.wait_for(waiting(), 30))


@in_a_loop
async def test_stranger_on_the_workers_port_is_shut_out():
    async with serving() as server:
        browser = await opened(server)
        await browser.frame()
        port = server._scheduler.processes.pool._server.sockets[0].getsockname()
        assert port[0] == "127.0.0.1"
        for message in (
            wire.pack(Hello(token="guess", run=browser.ticket.run_id, pid=1).text()),
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"\xff\xff\xff\xff",
            wire.pack(b'{"kind": "hello", "token": ["x"]}'),
        ):
            reader, writer = await asyncio.open_connection(*port)
            writer.write(message)
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        assert (await browser.frame(force=True))["state"] == "idle"


@in_a_loop
async def test_run_that_another_process_trains_can_only_be_watched():
    async with serving() as server:
        browser = await opened(server)
        browser.say("step")
        await browser.reaches("paused")
        server._scheduler.dismiss(browser.run)
        await until(lambda: browser.run.worker is None)
        with Store.open(browser.ticket.run_id).lock():
            for kind in ("train", "step", "stop"):
                browser.say(kind)
        assert [("another process" in text) for text in browser.take().refused] == [True] * 3
        browser.say("train")
        await browser.reaches("running")


# -- the server's end --------------------------------------------------------------------------


@in_a_loop
async def test_restarted_server_finds_its_runs_again():
    async with serving() as server:
        running, paused, done = [await opened(server, e) for e in (LONG, LONG, SHORT)]
        for browser in (running, paused):
            browser.say("train")
            await browser.past(5)
        paused.say("pause")
        await paused.reaches("paused")
        running.say("next", view={}, have={"count": -1}, force=False)
        finished = await joined(server, done.ticket)
        paused.say("stop")
        await paused.reaches("stopped")
        running.say("pace", pace="60")
        finished.say("train")
        await finished.reaches("finished")
    assert running.take().closed
    async with serving() as server:
        states = [server.describe(b.ticket.run_id).state for b in (running, paused, done)]
        assert states == ["paused", "stopped", "finished"]
        assert set(run_ids()) == {b.ticket.run_id for b in (running, paused, done)}
        assert server.describe(running.ticket.run_id).pace == "60"
        before = server.describe(running.ticket.run_id).epoch
        assert before > 5
        again = await joined(server, running.ticket)
        assert again.status["control"] is True
        assert again.status["epoch"] == before
        assert (await again.frame())["epoch"] == before
        again.say("train")
        await again.past(before + 3)
        epochs = Store.open(running.ticket.run_id).read_history()["epoch"].tolist()
        assert epochs == list(range(1, len(epochs) + 1))
        with pytest.raises(RunError):
            await server.watch("A" * 22)


@in_a_loop
async def test_server_that_closes_while_a_worker_starts_leaves_nothing():
    async with serving() as server:
        browser = await opened(server)
        browser.say("train")  # the launcher is not even up
    assert browser.take().closed
    async with serving() as server:
        assert server.describe(browser.ticket.run_id).state in ("idle", "paused")


SERVER = """
import asyncio, sys, json
from mlpdash.runs.messages.browser_to_server import Hello, Next, Train
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.specs import Experiment

async def main():
    server = Supervisor(worker="fake_worker:main")
    await server.start()
    ticket = server.draft(Experiment().changed(epochs=None))
    watcher = await server.watch(ticket.run_id)
    server.hear(watcher, Hello(secret=ticket.secret).text())
    server.hear(watcher, Train().text())
    while watcher.run.epoch < 1:
        server.hear(watcher, Next().text())
        await asyncio.sleep(0.01)
    print(json.dumps([ticket.run_id, server.processes()]), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_server_killed_outright_leaves_no_process_and_its_run_paused(monkeypatch):
    root = str(HERE.parents[2])
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((root, str(HERE)))},
    )
    try:
        run_id, pids = json.loads(server.stdout.readline())
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)
        os.kill(server.pid, signal.SIGKILL)
        asyncio.run(until(lambda: not any(is_alive(pid) for pid in pids)))
        assert Store.open(run_id).state() == "paused"
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def test_no_port_is_open_to_others():
    async def looking():
        async with serving() as server:
            address = server._scheduler.processes.pool._server.sockets[0].getsockname()[0]
            assert socket.inet_aton(address) == b"\x7f\0\0\1"

    asyncio.run(looking())
