"""A run on disk: what was written, what a crash loses, and that what follows is the same."""

import secrets

import numpy as np
import pytest
import torch

from mlpdash.data.load import starting_point
from mlpdash.data.preparing.prepared import prepared_to_json
from mlpdash.errors import SpecError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker import processor
from mlpdash.runs.worker.session import Session
from mlpdash.training.machine import calibrate as calibrating
from mlpdash.training.machine import devices
from mlpdash.training.machine.devices import Chosen

EXPERIMENT = starting_point("circle").changed(epochs=30, dropout=0.1)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


def started(experiment=EXPERIMENT):
    store = Store.create(secrets.token_urlsafe(16), experiment, "")
    session = Session(experiment)
    session.write_to(store)
    return store, session


def resumed(store):
    session = Session(store.experiment)
    session.open(store)
    session.write_to(store)
    return session


def advance_to(session, epoch):
    while session.learner.epoch < epoch:
        session.advance()


def change(store, session, name, value):
    event = session.change(name, value)
    store.append_event(event.step, event.field, event.value)


def finish(session):
    while session.advance() is not None:
        pass
    session.save()


def test_what_a_crash_loses_is_trained_again_with_the_changes_made_to_it():
    whole_store, whole = started()
    store, session = started()
    for each, folder in ((whole, whole_store), (session, store)):
        advance_to(each, 5)
        each.save()
        advance_to(each, 9)
        change(folder, each, "lr", 0.3)
        advance_to(each, 12)
        change(folder, each, "batch_size", 25)
    finish(whole)
    advance_to(session, 17)
    session.recorder.write_history()  # then the worker is gone, 12 epochs after its last snapshot
    again = resumed(store)
    assert again.learner.epoch == 5
    finish(again)
    expected = whole_store.read_history()
    assert store.read_history()["loss_train"].tolist() == expected["loss_train"].tolist()
    assert store.read_history()["epoch"].tolist() == list(range(1, 31))
    assert len(store.events()) == 2


def test_curves_of_a_run_that_is_opened_again_are_those_it_had():
    store, session = started()
    finish(session)
    again = Session(EXPERIMENT)
    again.open(store)
    (_, ours), (_, theirs) = again.curves.losses.since(-1, -1), session.curves.losses.since(-1, -1)
    assert np.array_equal(ours["loss_train"], theirs["loss_train"])
    (_, ours), (_, theirs) = again.curves.scores.since(-1, -1), session.curves.scores.since(-1, -1)
    assert np.array_equal(ours["metric_validation"], theirs["metric_validation"])
    assert again.clock.seconds == session.clock.seconds > 0


def curves_of(session):
    """Return all columns of both curves."""
    return {
        name: column
        for curve in (session.curves.losses, session.curves.scores)
        for name, column in curve.since(-1, -1)[1].items()
    }


def test_the_bands_of_several_nets_are_those_they_had():
    store, session = started(EXPERIMENT.changed(nets=3))
    advance_to(session, 20)
    session.save()
    again = resumed(store)
    expected = curves_of(session)
    assert np.isfinite(expected["loss_high"]).all()
    for name, column in curves_of(again).items():
        assert np.array_equal(column, expected[name], equal_nan=True), name
    finish(again)
    _, whole = started(EXPERIMENT.changed(nets=3))
    finish(whole)
    for name, column in curves_of(again).items():
        assert np.array_equal(column, curves_of(whole)[name], equal_nan=True), name
    assert store.read_bands()["epoch"].tolist() == list(range(1, 31))


def test_the_curves_of_each_net_are_those_they_had():
    store, session = started(EXPERIMENT.changed(nets=3))
    advance_to(session, 20)
    session.save()
    expected = session.curves.population.net_curves.table()
    assert expected[-1, 0] > 0
    viewer = Session(store.experiment)
    viewer.open(store)
    assert viewer.curves.population.net_curves.table().tolist() == expected.tolist()
    path = store.folder / "nets.bin"
    whole = path.read_bytes()
    for damaged in (whole[:-10], whole[:40] + b"x" + whole[41:], b""):
        path.write_bytes(damaged)
        untouched = Session(store.experiment)
        untouched.open(store)
        assert untouched.curves.population.net_curves.table()[:, 0].tolist() == [0]


def cell_metrics(session):
    return session.curves.population.cell_metrics(session.grid)


def test_a_grid_that_is_opened_again_shows_what_its_nets_reach_now():
    store, session = started(EXPERIMENT.changed(sweep="lr=0.001,0.3", epochs=16))
    finish(session)
    viewer = Session(store.experiment)
    untrained = cell_metrics(viewer)
    viewer.open(store)
    assert np.array_equal(cell_metrics(viewer), cell_metrics(session))
    assert not np.array_equal(cell_metrics(viewer), untrained)


def test_bands_that_a_crash_tore_are_left_out(tmp_path):
    store, session = started(EXPERIMENT.changed(nets=3))
    advance_to(session, 5)
    session.save()
    path = store.folder / "bands.bin"
    path.write_bytes(path.read_bytes()[:-10])
    assert store.read_bands()["epoch"].tolist() == [1, 2, 3, 4]
    again = Session(store.experiment)
    again.open(store)
    assert np.isnan(curves_of(again)["loss_low"]).tolist() == [False] * 5 + [True]
    finish(resumed(store))
    assert store.read_bands()["epoch"].tolist() == [1, 2, 3, 4, *range(6, 31)]


def test_a_run_whose_net_was_changed_is_what_it_is_now_for_all_who_read_it():
    """An activation was swapped and a weight set at rest, after the last snapshot."""
    store, session = started()
    store.write_preprocessor(prepared_to_json(session.prepared))
    advance_to(session, 5)
    session.save()
    change(store, session, "activation", "prelu")
    event = session.edit("weight", (0, 1, 0), 1.5)
    store.append_event(event.step, event.field, event.value)
    assert store.current().model.activation == "prelu"
    assert predictor_of_run(store).net.flat.equal(session.learner.net.flat)
    viewer = resumed(store)
    assert viewer.learner.net.activations == ("prelu", "prelu")
    assert viewer.learner.net.weights[0][0, 1, 0] == 1.5
    finish(session)
    finish(viewer)
    assert viewer.learner.net.flat.equal(session.learner.net.flat)
    found = predictor_of_run(store).net
    assert found.activations == ("prelu", "prelu")
    assert found.flat.equal(session.learner.net.flat)


@pytest.mark.parametrize("nets", [1, 3])
def test_numbers_of_a_net_changed_at_rest_are_those_of_the_net_as_it_is(nets):
    store, session = started(starting_point("circle").changed(epochs=60, nets=nets))
    finish(session)
    session.save()
    before = session.curves.scored.loss_validation
    assert not session.score_at_rest()
    assert session.curves.scored.loss_validation == before
    change(store, session, "activation", "relu")
    assert session.score_at_rest()
    now = np.median(session.learner.scores(session.learner.validation).loss)
    assert now != pytest.approx(before)
    for shown in (session, resumed(store)):
        assert shown.curves.scored.loss_validation == pytest.approx(now)
        assert shown.curves.scored.epoch == shown.curves.last.epoch == 60
        assert shown.curves.scores.since(-1, -1)[1]["loss_validation"][-1] == pytest.approx(before)


def test_numbers_of_a_net_paused_within_an_epoch_are_those_of_the_net_as_it_is():
    _store, session = started(starting_point("circle").changed(rows=100_000))
    while (session.advance() or pytest.fail("it has ended")).losses is not None:
        pass
    assert session.curves.scored.step < session.learner.step
    trained = session.curves.last.loss_train
    session.score_at_rest()
    now = session.learner.scores(session.learner.validation).loss[0]
    assert session.curves.scored.loss_validation == pytest.approx(now)
    assert session.curves.last.loss_train == trained  # that of a whole epoch


@pytest.mark.parametrize("nets", [1, 3])
def test_after_early_stopping_the_numbers_are_those_of_the_best_weights(nets):
    choices = {"rows": 60, "noise": 50, "hidden": (40,), "optimizer": "adam", "lr": 0.02}
    experiment = starting_point("gauss").changed(**choices, epochs=400, patience=30, nets=nets)
    store, session = started(experiment)
    finish(session)
    assert session.learner.all_stopped
    validation = session.learner.scores(session.learner.validation)
    worst = session.curves.scores.since(-1, -1)[1]["loss_validation"][-1]
    viewer = Session(experiment)
    viewer.open(store)
    for shown in (session, viewer):
        assert shown.curves.scored.loss_validation == pytest.approx(np.median(validation.loss))
        assert shown.curves.scored.loss_validation < 0.9 * worst
        assert shown.curves.last.loss_train == pytest.approx(
            np.median(session.learner.scores(session.learner.scoring.sampled).loss)
        )


def test_a_viewer_writes_nothing():
    store, session = started()
    finish(session)
    before = {p: p.stat().st_mtime_ns for p in store.folder.rglob("*")}
    Session(EXPERIMENT).open(store)
    assert {p: p.stat().st_mtime_ns for p in store.folder.rglob("*")} == before


def test_a_change_out_of_bounds_leaves_the_net_as_it_was():
    _, session = started()
    with pytest.raises(SpecError, match="Learning rate"):
        session.change("lr", 99)
    assert session.learner.lr == EXPERIMENT.train.lr


def test_time_left_is_counted_in_epochs_at_the_speed_of_now():
    _, session = started()
    advance_to(session, 10)
    steps_left = 20 * 25
    assert session.seconds_left == pytest.approx(steps_left / session.steps_per_second)
    finish(session)
    assert session.seconds_left == 0


def test_a_setting_of_the_grid_does_not_change_for_all():
    session = Session(EXPERIMENT.changed(sweep="lr=0.01,0.1"))
    with pytest.raises(SpecError, match="is a setting of the grid"):
        session.change("lr", 0.5)
    assert session.change("batch_size", 50).value == 50


BIG = starting_point("gauss").changed(hidden=(256, 256), batch_size=100, epochs=20)


@pytest.fixture
def two_threads(monkeypatch):
    """Two cores, and a memory of calibrations in which two threads are faster."""
    monkeypatch.setattr(processor, "cores", lambda: 2)
    monkeypatch.setattr(devices, "cores", lambda: 2)
    monkeypatch.setattr(calibrating, "_measure", lambda *_: [100.0, 180.0])
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_a_run_leaves_cores_to_those_that_start_beside_it_and_takes_them_back(two_threads):
    store, session = started(BIG)
    session.calibrate()
    assert session.processor.record == {
        "device": "cpu",
        "threads": 2,
        "calibration": "CPU, 2 threads: 180 steps/s; CPU, 1 thread: 100 steps/s",
    }
    session.advance()
    assert session.share_cores(0) is None
    event = session.share_cores(1)
    store.append_event(event.step, event.field, event.value)
    assert (event.field, event.value, torch.get_num_threads()) == ("threads", 1, 1)
    assert session.processor.note.endswith("; now CPU, 1 thread, shared with other runs")
    assert store.current() == BIG
    advance_to(session, 3)
    session.save()
    torch.set_num_threads(2)
    again = Session(store.experiment, Chosen("cpu", 2))
    again.open(store)
    assert torch.get_num_threads() == 1
    assert again.share_cores(0).value == torch.get_num_threads() == 2


def test_a_draft_beside_others_chooses_among_the_cores_they_leave(two_threads):
    draft = Session(BIG, others=1)
    assert draft.share_cores(0) is None
    draft.calibrate()
    assert draft.chosen.threads == 2
    crowded = Session(BIG, others=1)
    crowded.calibrate()
    assert crowded.processor.reason == "CPU, 1 thread: other runs use the other cores"


def test_why_a_small_net_has_one_thread_is_said(monkeypatch):
    monkeypatch.setattr(devices, "cores", lambda: 2)
    session = Session(EXPERIMENT)
    session.calibrate()
    assert session.processor.reason == "CPU, 1 thread: a step is too small for a second one to help"
