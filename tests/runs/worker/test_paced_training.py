"""Epochs at a pace, on a clock made by hand."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

from mlpdash.runs.worker.paced_training import PacedTraining
from mlpdash.training.loop.loop import Progress


class Session:
    """Trains an epoch in a fixed time of the clock."""

    def __init__(self, monkeypatch, epoch_seconds):
        self.now = 100.0
        self.epoch = 0
        self.clock = SimpleNamespace(seconds=0.0)
        self._epoch_seconds = epoch_seconds
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)

    def advance(self):
        self.now += self._epoch_seconds
        self.clock.seconds += self._epoch_seconds
        self.epoch += 1
        return Progress(self.epoch, self.epoch, np.zeros(1))


def train_for(seconds, training, session):
    """Train as the worker does: slice by slice, waiting in between when it is too early."""
    end = session.now + seconds
    while session.now < end:
        assert training.train(session) is None
        session.now += max(0.0, training.seconds_to_wait())


@pytest.mark.parametrize(("pace", "rate"), [("10", 10), ("60", 60)])
@pytest.mark.parametrize("epoch_seconds", [0.0001, 0.01])
def test_epochs_follow_each_other_at_the_pace(monkeypatch, pace, rate, epoch_seconds):
    session, training = Session(monkeypatch, epoch_seconds), PacedTraining(pace)
    training.start()
    train_for(20, training, session)
    assert session.epoch == pytest.approx(20 * rate, abs=2)
    assert session.clock.seconds == pytest.approx(20, abs=0.1)  # waiting counts as training


def test_at_full_speed_nothing_waits(monkeypatch):
    session, training = Session(monkeypatch, 0.001), PacedTraining("full")
    train_for(1, training, session)
    assert session.epoch == pytest.approx(1000, abs=4)


def test_time_lost_in_a_slow_epoch_is_not_made_up_for_in_a_rush(monkeypatch):
    session, training = Session(monkeypatch, 0.0001), PacedTraining("10")
    training.start()
    train_for(1, training, session)
    session.now += 10  # the machine was asleep
    before = session.epoch
    train_for(1, training, session)
    assert session.epoch - before <= 12


def test_a_single_step_ends_with_its_epoch(monkeypatch):
    session, training = Session(monkeypatch, 0.0001), PacedTraining("full")
    training.start(stop_after=3)
    assert training.train(session) == ("paused", "")
    assert session.epoch == 3


def test_another_pace_acts_from_the_next_epoch_on(monkeypatch):
    session, training = Session(monkeypatch, 0.0001), PacedTraining("10")
    training.start()
    training.train(session)
    assert training.seconds_to_wait() > 0
    training.change_pace("full")
    assert training.seconds_to_wait() <= 0
