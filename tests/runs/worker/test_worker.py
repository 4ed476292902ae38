"""A worker over a socket, with the test in the server's place."""

import functools
import math
import secrets
import socket
import threading
import time

import numpy as np
import pytest

from mlpdash.data.load import starting_point
from mlpdash.runs.disk.store import Store
from mlpdash.runs.wire import Link, as_header, as_text
from mlpdash.runs.worker.headless import run_headless
from mlpdash.runs.worker.worker import Worker

DEADLINE = 120.0  # seconds; a busy machine is slow


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


LEAST = {  # what a message needs besides what a test is about
    "open": {"attempt": 0, "others": 0},
    "train": {"attempt": 1},
    "step": {"attempt": 1},
    "extend": {"attempt": 1},
    "frame": {"force": False},
}


class Server:
    """The other end of a worker's connection, and what has come through it."""

    def __init__(self, experiment, folder=None, pace="full"):
        ours, theirs = socket.socketpair()
        self.link = Link(ours)
        self.worker = Worker(Link(theirs))
        self.thread = threading.Thread(target=self.worker.run)
        self.thread.start()
        self.statuses = []
        self.send(
            kind="open",
            experiment=experiment.model_dump(mode="json"),
            folder=None if folder is None else str(folder),
            pace=pace,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.link.close()
        self.thread.join(DEADLINE)
        assert not self.thread.is_alive()

    def send(self, *, kind, **more):
        self.link.send(as_text({"kind": kind, **LEAST.get(kind, {}), **more}))

    def wait(self, found):
        """Return the first message for which `found(header)` holds."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            received = self.link.receive(timeout=1.0)
            if received is None:
                continue
            header = as_header(received[0])
            if header["kind"] == "status":
                self.statuses.append(header)
            if found(header):
                return header, received[1]
        raise AssertionError(f"not within {DEADLINE} s; statuses {self.statuses}")

    def wait_state(self, state):
        return self.wait(lambda h: h["kind"] == "status" and h["state"] == state)[0]

    def frame(self, watcher=1, **more):
        self.send(kind="frame", to=watcher, view={"token": 4}, have={}, **more)
        header, payload = self.wait(lambda h: h["kind"] == "frame")
        return header, arrays(header, payload)


def arrays(header, payload):
    return {
        name: np.frombuffer(payload, "<f4", math.prod(shape), offset).reshape(shape)
        for name, _kind, shape, offset in header["arrays"]
    }


def store_for(experiment):
    return Store.create(secrets.token_urlsafe(16), experiment, "")


CIRCLE = starting_point("circle").changed(epochs=40)
ENDLESS = CIRCLE.changed(epochs=None)


def test_a_draft_shows_its_untrained_net_and_touches_no_folder(tmp_path):
    with Server(CIRCLE) as server:
        header, found = server.frame()
        assert (header["state"], header["epoch"], header["view"]) == ("idle", 0, 4)
        assert found["field"].shape == (100, 100)
        assert found["loss_x"].tolist() == [0.0]
        assert header["values"]["loss_train"] == pytest.approx(found["loss_train"][0])
        assert not (tmp_path / "runs").exists()


def test_a_frame_comes_only_when_there_is_something_new():
    with Server(CIRCLE) as server:
        server.frame()
        server.send(kind="frame", to=1, view={"token": 4}, have={})
        server.send(kind="frame", to=2, view={}, have={})
        header, _ = server.wait(lambda h: h["kind"] == "frame")
        assert header["to"] == 2
        server.send(kind="frame", to=1, view={"token": 4}, have={}, force=True)
        assert server.wait(lambda h: h["kind"] == "frame")[0]["to"] == 1


def test_training_ends_with_the_losses_of_the_command_line():
    document = run_headless(CIRCLE)
    store = store_for(CIRCLE)
    with Server(CIRCLE) as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        header, _ = server.frame()
        assert header["state"] in ("running", "finished")
        server.wait_state("finished")
    headless = Store(document["run"]).read_history()
    live = store.read_history()
    assert live["loss_train"].tolist() == headless["loss_train"].tolist()
    assert np.array_equal(live["metric_validation"], headless["metric_validation"], equal_nan=True)
    assert len(live) == 40
    assert store.state() == "finished"


def test_pause_step_stop():
    store = store_for(ENDLESS)
    with Server(ENDLESS, pace="60") as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        server.send(kind="pause")
        paused = server.wait_state("paused")
        assert store.is_alive()
        server.send(kind="step", folder=str(store.folder))
        server.wait_state("running")
        stepped = server.wait_state("paused")
        assert stepped["epoch"] == paused["epoch"] + 1
        server.send(kind="stop")
        server.wait_state("stopped")
        assert store.state() == "stopped"
        assert store.latest_snapshot().step == stepped["step"]


def test_training_a_draft_by_a_step_runs_one_epoch():
    store = store_for(CIRCLE)
    with Server(CIRCLE) as server:
        server.send(kind="step", folder=str(store.folder))
        assert server.wait_state("paused")["epoch"] == 1
    assert store.read_history()["epoch"].tolist() == [1]


def test_a_pace_holds_the_epochs_back():
    store = store_for(ENDLESS)
    with Server(ENDLESS, pace="60") as server:
        server.send(kind="train", folder=str(store.folder))
        began = time.monotonic()
        server.wait_state("running")
        while (header := server.frame()[0])["epoch"] < 30:
            pass
        assert header["epoch"] / (time.monotonic() - began) <= 66


def test_changes_are_events_and_replay_to_the_same_losses():
    store = store_for(ENDLESS)
    with Server(ENDLESS) as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        server.send(kind="set", changes={"lr": 0.2, "batch_size": 25})
        server.wait(lambda h: h["kind"] == "status")
        while server.frame()[0]["epoch"] < 60:
            pass
        server.send(kind="pause")
        server.wait_state("paused")
    assert [(e.field, e.value) for e in store.events()] == [("lr", 0.2), ("batch_size", 25)]
    history = store.read_history()
    from mlpdash.data.load import load
    from mlpdash.data.prepare import prepare
    from mlpdash.training.loop.loop import train
    from mlpdash.training.loop.setup import learner_for

    experiment = ENDLESS.changed(epochs=int(history["epoch"][-1]))
    learner = learner_for(prepare(load(CIRCLE.data), CIRCLE.data), experiment)
    replayed = [p.losses[0] for p in train(learner, replay=store.events()) if p.finished_epoch]
    assert history["loss_train"].tolist() == replayed


@pytest.mark.parametrize("state", ["idle", "running", "paused"])
def test_the_learning_rate_finder_answers_and_the_run_goes_on(state):
    store = store_for(ENDLESS)
    with Server(ENDLESS) as server:
        if state != "idle":
            server.send(kind="train", folder=str(store.folder))
            server.wait_state("running")
        if state == "paused":
            server.send(kind="pause")
            server.wait_state("paused")
        server.send(kind="find_lr")
        found = server.wait(lambda h: h["kind"] == "lr_found")[0]
        assert len(found["lr"]) == len(found["loss"]) == 100
        if state == "idle":
            assert 0.001 < found["suggestion"] < 10
        assert found["message"] == ""
        header, _ = server.frame(force=True)
        assert header["state"] == state


def test_activation_and_optimiser_are_swapped_on_a_paused_net():
    store = store_for(ENDLESS)
    swaps = {"activation": "prelu", "optimizer": "adamw", "activations": ["silu"]}
    with Server(ENDLESS) as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        server.send(kind="pause")
        server.wait_state("paused")
        server.send(kind="set", changes=swaps)
        server.wait(lambda h: h["kind"] == "status")
        server.send(kind="step", folder=str(store.folder))
        server.wait_state("paused")
    assert {e.field: e.value for e in store.events()} == swaps
    assert store.current().model.layer_activations == ("silu", "prelu")
    snapshot = store.latest_snapshot()
    assert "optimizer.exp_avg" in snapshot.tensors
    with Server(ENDLESS, folder=store.folder) as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        epoch = server.frame()[0]["epoch"]
        while server.frame()[0]["epoch"] <= epoch:
            pass


def test_a_value_out_of_bounds_is_refused_in_a_sentence():
    store = store_for(ENDLESS)
    with Server(ENDLESS, pace="60") as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        server.send(kind="set", changes={"lr": -1})
        told = server.wait(lambda h: h["kind"] == "status" and h["message"])[0]
        assert "Learning rate (lr) must be" in told["message"]
        assert told["state"] == "running"
        server.send(kind="set", changes={"lr": 0.01})
        told = server.wait(lambda h: h["kind"] == "status")[0]
        assert (told["state"], told["message"]) == ("running", "")
    assert [event.value for event in store.events()] == [0.01]


def test_the_server_going_away_saves_and_a_second_worker_goes_on_to_the_same_losses():
    whole = Store(run_headless(CIRCLE)["run"]).read_history()["loss_train"].tolist()
    store = store_for(CIRCLE)
    with Server(CIRCLE, pace="60") as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("running")
        while server.frame()[0]["epoch"] < 5:
            pass
    assert store.state() == "paused"
    assert 5 <= len(store.read_history()) < 40
    with Server(CIRCLE, folder=store.folder) as server:
        server.send(kind="train", folder=str(store.folder))
        server.wait_state("finished")
    assert store.read_history()["loss_train"].tolist() == whole


def test_a_viewer_shows_a_finished_run_and_train_extends_it():
    store = Store(run_headless(CIRCLE)["run"])
    with Server(CIRCLE, folder=store.folder) as server:
        header, found = server.frame()
        assert (header["state"], header["epoch"]) == ("finished", 40)
        assert found["loss_x"].tolist() == [0, *range(1, 41)]
        assert not store.is_alive()
        server.send(kind="extend", folder=str(store.folder))
        assert server.wait_state("finished")["epoch"] == 80
    assert [(e.field, e.value) for e in store.events()] == [("epochs", 80)]
    longer = Store(run_headless(CIRCLE.changed(epochs=80))["run"]).read_history()
    assert store.read_history()["loss_train"].tolist() == longer["loss_train"].tolist()


def test_divergence_says_the_epoch_and_the_knob():
    experiment = starting_point("plane").changed(lr=10, hidden=(8, 8), activation="relu")
    store = store_for(experiment)
    with Server(experiment) as server:
        server.send(kind="train", folder=str(store.folder))
        told = server.wait_state("diverged")
        assert "Lower the learning rate (it is 10)" in told["message"]
        assert f"epoch {told['epoch'] + 1:,}" in told["message"]
        _header, found = server.frame()
        assert np.isfinite(found["field"]).all()


def test_a_net_that_does_not_fit_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr("mlpdash.training.machine.devices.free_memory", lambda: 10**9)
    experiment = CIRCLE.changed(hidden=(8_192,) * 16, optimizer="adam")
    with Server(experiment) as server:
        told = server.wait_state("failed")
        assert "1,006,796,802 parameters and needs 28.2 GB" in told["message"]


def test_early_stopping_is_said_and_train_goes_on():
    experiment = starting_point("gauss").changed(
        rows=60, noise=50, hidden=(40,), optimizer="adam", lr=0.02, epochs=400, patience=30
    )
    store = store_for(experiment)
    with Server(experiment) as server:
        server.send(kind="train", folder=str(store.folder))
        told = server.wait_state("finished")
        assert "Stopped early after epoch" in told["message"]
        assert told["epoch"] < 400
        server.send(kind="extend", folder=str(store.folder))
        server.wait_state("running")
        assert server.wait_state("finished")["epoch"] > told["epoch"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "edit", "field": "weight", "place": [0, 1, 0], "value": 2.5},
        {"kind": "set", "changes": {"lr": 0.25}},
    ],
    ids=["weight", "learning rate"],
)
def test_a_viewer_changes_a_run_only_with_its_lock(monkeypatch, change):
    """While another process trains the run, nothing is written and the shown net stays as it is."""
    store = Store(run_headless(CIRCLE)["run"])
    monkeypatch.setattr(Store, "lock", functools.partialmethod(Store.lock, timeout=0.1))
    with Server(CIRCLE, folder=store.folder) as server:
        weights = first_weights(server)
        before = files_of(store)
        with store.lock():
            server.send(**change)
            told = server.wait(lambda h: h["kind"] == "status")[0]
            assert "is being trained by another process" in told["message"]
            assert files_of(store) == before
            assert first_weights(server) == weights
        server.send(**change)
        server.wait(lambda h: h["kind"] == "status")
        assert len(store.events()) == 1
        assert (first_weights(server) != weights) == (change["kind"] == "edit")
        assert not store.is_alive()  # the lock was held for that moment alone


def first_weights(server):
    """The weights of the first layer, as the picture of the net shows them."""
    server.send(kind="frame", to=1, view={"show": "net", "network": 4}, have={}, force=True)
    header, payload = server.wait(lambda h: h["kind"] == "frame")
    return arrays(header, payload)["neuron_weights"].tolist()


def files_of(store):
    """What is on disk of a run: each file's content."""
    files = (path for path in store.folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files if path.name != "lock"}
