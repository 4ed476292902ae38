"""The launcher by itself, as a process."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def launcher():
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mlpdash.runs.server.launcher"),
            *("--worker", "fake_worker:never_connects", "--grace", "0.2"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parents[2]), str(HERE)))},
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    with contextlib.suppress(OSError):
        process.stdin.close()


def ask(launcher, run):
    request = {"address": ["127.0.0.1", 9], "token": "t", "run": run}
    launcher.stdin.write((json.dumps(request) + "\n").encode())
    launcher.stdin.flush()


def test_launcher_ends_with_stdin_and_ends_children_that_stay(launcher):
    ask(launcher, "one")
    ask(launcher, "two")
    told = [json.loads(launcher.stdout.readline()) for _ in range(2)]
    assert [(t["kind"], t["run"]) for t in told] == [("started", "one"), ("started", "two")]
    launcher.stdin.close()
    assert launcher.wait(5) == 0
    assert not any(is_alive(t["pid"]) for t in told)


def test_launcher_reports_the_end_of_a_child_and_ignores_ctrl_c(launcher):
    ask(launcher, "one")
    pid = json.loads(launcher.stdout.readline())["pid"]
    launcher.send_signal(signal.SIGINT)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    ended = json.loads(launcher.stdout.readline())
    assert ended == {"kind": "ended", "run": "one", "pid": pid, "status": -signal.SIGTERM}
    assert launcher.poll() is None


WATCHED_IMPORTS = """
import importlib, json, sys, threading
import torch.cuda

asked = []
for name in ("is_available", "device_count", "_lazy_init", "init", "current_device"):
    def ask(*arguments, _name=name, **named):
        asked.append(_name)
        return False
    setattr(torch.cuda, name, ask)

from mlpdash.runs.server import launcher

launcher.load(launcher.WORKER)
for module in launcher.LATER:
    importlib.import_module(module)
threads, known = threading.active_count(), set(sys.modules)

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.loop import train

for optimizer in ("sgd", "momentum", "adam"):
    experiment = starting_point("circle").changed(optimizer=optimizer)
    next(train(learner_for(prepare(load(experiment.data), experiment.data), experiment)))
late = sorted(name for name in set(sys.modules) - known if name.startswith(("torch.", "sympy")))
print(json.dumps([asked, threads, "torch" in sys.modules, late]))
"""


@pytest.mark.slow
def test_launcher_asks_for_no_gpu_starts_no_thread_and_its_forks_import_nothing_of_torch():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_IMPORTS],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[2])},
    )
    asked, threads, imported, late = json.loads(done.stdout)
    assert (asked, threads, imported) == ([], 1, True)
    assert late == []  # torch's compiler would take a second in every fork
