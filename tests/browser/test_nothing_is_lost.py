"""Reloads, second tabs, killed workers and restarted servers find the run again."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visiting
from tests.serving import Server, alive, descendants, wait_until

pytestmark = pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="the processes are read from /proc"
)
ENDLESS = "?epochs=until-stopped"


def test_a_reload_finds_the_run_and_keeps_control(visiting: Visiting) -> None:
    visit = visiting().open(ENDLESS)
    run = visit.train()
    epoch = visit.after("epoch", 20)
    visit.page.reload()
    visit.ready()
    visit.state("running")
    assert visit.run() == run
    assert visit.after("epoch", epoch) > epoch  # it went on meanwhile
    losses = visit.plot("loss", "Math.max(...gd.data.map((t) => (t.x ?? []).length))")
    assert isinstance(losses, int)
    assert losses >= 20  # the curve is there from the beginning
    visit.press("Pause")
    visit.state("paused")


def test_a_second_tab_has_control_and_another_person_only_watches(visiting: Visiting) -> None:
    first = visiting().open(ENDLESS)
    run = first.train()
    second = visiting()
    other = visiting(stranger=True)
    for visit in (second, other):
        visit.open(f"?run={run}")
        visit.state("running")
    watched = other.after("epoch", 0)
    second.press("Pause")
    for visit in (first, second, other):
        visit.state("paused")
    assert other.number("epoch") >= watched
    assert first.number("epoch") == second.number("epoch") == other.number("epoch")
    expect(other.button("Train")).to_be_disabled()
    first.press("Train")
    for visit in (first, second, other):
        visit.state("running")
    first.press("Stop")
    other.state("stopped")


def test_an_unknown_run_in_the_url_is_said(visiting: Visiting) -> None:
    visit = visiting().open("?run=nobody-knows-this-run")
    expect(visit.page.locator("[data-testid=stAlert]").first).to_be_visible()
    expect(visit.button("Train")).to_be_enabled()


def test_a_killed_worker_is_failed_and_train_resumes_it(
    own_server: Server, visiting: Visiting
) -> None:
    visit = visiting(at=own_server).open(ENDLESS)
    run = visit.train()
    visit.after("epoch", 10)
    visit.press("Pause")  # a snapshot
    visit.state("paused")
    kept = visit.number("epoch")
    visit.press("Train")
    visit.after("epoch", kept + 5)
    worker = own_server.worker_of(run)
    assert worker
    os.kill(worker, signal.SIGKILL)
    visit.state("failed")
    assert list(own_server.run_folder(run).glob("snapshots/*.safetensors"))
    visit.press("Train")
    visit.state("running")
    again = visit.after("epoch", kept)
    assert again > kept
    assert own_server.worker_of(run) != worker
    assert visit.run() == run


def test_a_restarted_server_finds_the_run(own_server: Server, visiting: Visiting) -> None:
    visit = visiting(at=own_server).open(ENDLESS)
    visit.server_goes = True
    run = visit.train()
    epoch = visit.after("epoch", 10)
    processes = descendants(own_server.process.pid)
    assert processes
    own_server.stop()
    wait_until(lambda: not any(map(alive, processes)), "no process stays behind", 10)
    assert list(own_server.run_folder(run).glob("snapshots/*.safetensors"))
    own_server.start()
    visit.page.reload()
    visit.ready()
    visit.state("stopped", "paused")
    assert visit.run() == run
    assert visit.number("epoch") >= epoch
    visit.press("Train")
    visit.state("running")
    visit.after("epoch", epoch)
    assert "Traceback" not in own_server.said(), own_server.said()


def test_an_open_page_finds_a_restarted_server_by_itself(
    own_server: Server, visiting: Visiting
) -> None:
    visit = visiting(at=own_server).open(ENDLESS)
    visit.server_goes = True
    visit.train()
    epoch = visit.after("epoch", 10)
    own_server.stop()
    expect(visit.page.get_by_text(re.compile("reconnecting", re.I)).first).to_be_visible()
    assert visit.number("epoch") >= epoch  # the last picture stays
    own_server.start()
    visit.state("stopped", "paused")
    expect(visit.button("Train")).to_be_enabled()


def test_a_killed_server_leaves_no_process(own_server: Server, visiting: Visiting) -> None:
    visit = visiting(at=own_server).open(ENDLESS)
    visit.server_goes = True
    visit.train()
    visit.after("epoch", 5)
    processes = descendants(own_server.process.pid)
    own_server.process.kill()
    own_server.process.wait()
    wait_until(lambda: not any(map(alive, processes)), "no process stays behind", 10)


def test_a_closed_tab_leaves_a_finite_run_to_its_end(
    own_server: Server, visiting: Visiting
) -> None:
    visit = visiting(at=own_server).open("?epochs=300")
    run = visit.train()
    visit.page.close()
    visit = visiting(at=own_server)
    wait_until(lambda: own_server.worker_of(run) is None or _finished(own_server, run), "its end")
    visit.open(f"?run={run}")
    visit.state("finished")
    assert visit.number("epoch") == 300


def _finished(server: Server, run: str) -> bool:
    return '"finished"' in (server.run_folder(run) / "run.json").read_text(encoding="utf-8")
