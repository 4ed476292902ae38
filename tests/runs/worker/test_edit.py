"""A weight set by hand: what is refused, and that it is part of the run like any other change."""

import secrets
from types import SimpleNamespace

import numpy as np
import pytest

from mlpdash.data.load import starting_point
from mlpdash.errors import RunError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.messages import server_to_worker
from mlpdash.runs.messages.browser_to_server import Edit
from mlpdash.runs.server.commands import edit_message
from mlpdash.runs.worker.session import Session

EXPERIMENT = starting_point("circle").changed(epochs=12)  # 2-4-2-2


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


def started():
    store = Store.create(secrets.token_urlsafe(16), EXPERIMENT, "")
    session = Session(EXPERIMENT)
    session.write_to(store)
    return store, session


def advance_to(session, epoch):
    while session.learner.epoch < epoch:
        session.advance()


def set_by_hand(store, session, name, place, value):
    event = session.edit(name, place, value)
    store.append_event(event.step, event.field, event.value)


def test_a_weight_and_a_bias_take_their_numbers():
    _store, session = started()
    session.edit("weight", (1, 0, 3), -2.5)
    session.edit("bias", (2, 1), 0.75)
    assert session.learner.net.weights[1][0, 0, 3] == -2.5
    assert session.learner.net.biases[2][0, 0, 1] == 0.75


def test_what_was_set_at_rest_is_seen_by_whoever_opens_the_run_next():
    store, session = started()
    advance_to(session, 4)
    session.save()
    set_by_hand(store, session, "weight", (0, 3, 1), 4.0)
    viewer = Session(EXPERIMENT)
    viewer.open(store)
    assert viewer.learner.net.weights[0][0, 3, 1] == 4.0


def test_a_run_that_was_cut_off_after_it_ends_the_same():
    store, session = started()
    advance_to(session, 4)
    session.save()
    advance_to(session, 6)
    set_by_hand(store, session, "weight", (0, 3, 1), 4.0)
    again = Session(EXPERIMENT)  # the first one is gone; its last snapshot is of epoch 4
    again.open(store)
    advance_to(session, 12)
    advance_to(again, 12)
    np.testing.assert_array_equal(session.learner.net.flat, again.learner.net.flat)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("weight", (3, 0, 0)),
        ("weight", (0, 4, 0)),
        ("weight", (0, 0, 2)),
        ("bias", (0, 4)),
    ],
)
def test_places_that_the_net_does_not_have_are_refused(name, place):
    _store, session = started()
    with pytest.raises(RunError, match="no such weight"):
        session.edit(name, place, 1.0)


def test_a_net_without_biases_has_none_to_set():
    session = Session(EXPERIMENT.changed(bias=False))
    with pytest.raises(RunError, match="no such weight"):
        session.edit("bias", (0, 0), 1.0)


TRAINED = SimpleNamespace(store=object(), listens=True)


def test_what_the_browser_asks_reaches_the_worker():
    sent = edit_message(TRAINED, Edit(weight=(0, 1, 2), value=3))
    assert sent == server_to_worker.Edit(field="weight", place=(0, 1, 2), value=3.0)
    sent = edit_message(TRAINED, Edit(bias=(0, 1), value=-0.5))
    assert sent == server_to_worker.Edit(field="bias", place=(0, 1), value=-0.5)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Edit(bias=(0, 1), value=float("nan")), "must be a number"),
        (Edit(bias=(0, 1), value=1e7), "must be a number"),
        (Edit(value=1), "no such weight"),
    ],
)
def test_what_is_no_place_or_no_number_is_refused(message, words):
    with pytest.raises(RunError, match=words):
        edit_message(TRAINED, message)


def test_an_untrained_draft_has_nothing_to_set():
    with pytest.raises(RunError, match="press Step or Train first"):
        edit_message(SimpleNamespace(store=None, listens=False), Edit(bias=(0, 0), value=1))
