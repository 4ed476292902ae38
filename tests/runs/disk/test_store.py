import json
import multiprocessing
import zlib

import numpy as np
import pytest

from mlpdash.errors import RunError
from mlpdash.runs.disk import history, snapshots, store
from mlpdash.runs.disk.store import Store
from mlpdash.specs import Experiment

RUN = "AAAAAAAAAAAAAAAAAAAAA_"


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


@pytest.fixture
def run():
    return Store.create(RUN, Experiment().changed(lr=0.5), "ab" * 32)


# -- the folder --------------------------------------------------------------------------------


def test_a_run_is_known_as_of_each_step(home):
    store = Store.create_at(home / "run", Experiment(), "")
    store.append_event(5, "lr", 0.5)
    store.append_event(9, "lr", 0.7)
    rates = {step: store.as_of(step).train.lr for step in (4, 5, 8, 9)}
    assert rates == {4: Experiment().train.lr, 5: 0.5, 8: 0.5, 9: 0.7}
    assert store.current().train.lr == 0.7
    store.append_history(history.records([history.Row(1, 10), history.Row(2, 20)]))
    assert [store.epoch_at(step) for step in (9, 10, 19, 20, 99)] == [0, 1, 1, 2, 2]


def test_created_run_is_found_again(run):
    found = Store.open(RUN)
    assert found.folder == run.folder
    assert found.experiment == Experiment().changed(lr=0.5)
    record = found.record()
    assert record["state"] == "idle"
    assert record["control_sha256"] == "ab" * 32
    assert record["versions"]["torch"]
    assert store.run_ids() == [RUN]


def test_creating_twice_changes_nothing(run):
    run.update(state="paused")
    again = Store.create(RUN, Experiment(), "")
    assert again.experiment.train.lr == 0.5
    assert again.record()["state"] == "paused"


@pytest.mark.parametrize(
    "name", ["", "x", "A" * 23, "../../../../etc/passwd", "A" * 21 + "/", "A" * 21 + "\n", "." * 22]
)
def test_what_is_no_run_id_never_becomes_a_path(name):
    with pytest.raises(RunError):
        Store.open(name)
    with pytest.raises(RunError):
        Store.create(name, Experiment(), "")


def test_unknown_run_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(RunError, match=r'there is no run "B{22}"'):
        Store.open("B" * 22)
    assert not list(tmp_path.rglob("B*"))


@pytest.mark.parametrize("name", ["experiment.json", "run.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b'{"state": 1}', b"\xff\xfe"])
def test_damaged_run_is_refused(run, name, content):
    if content is None:
        (run.folder / name).unlink()
    else:
        (run.folder / name).write_bytes(content)
    if name == "experiment.json" and content == b"{}":
        return  # an experiment in which nothing was chosen
    with pytest.raises(RunError):
        Store.open(RUN)


def test_no_half_written_file_is_left_when_writing_fails(run):
    with pytest.raises(TypeError):
        run.update(message=object())
    assert run.record()["message"] == ""
    run.update(message="fine")
    assert not list(run.folder.glob(".*"))


# -- lock and state ----------------------------------------------------------------------------


def hold(folder, holding, done):
    with Store(folder).lock():
        holding.set()
        done.wait(10)


def test_lock_of_another_process_tells_that_it_lives(run):
    context = multiprocessing.get_context("spawn")
    holding, done = context.Event(), context.Event()
    assert not run.is_alive()
    process = context.Process(target=hold, args=(run.folder, holding, done))
    process.start()
    try:
        assert holding.wait(10)
        assert run.is_alive()
        run.update(state="running")
        assert run.state() == "running"
        with pytest.raises(RunError, match="another process"):
            run.lock(timeout=0)
        process.kill()
        process.join(10)
        assert not run.is_alive()
        assert run.state() == "failed"
        run.lock(timeout=0).release()
    finally:
        process.kill()
        process.join(10)
        process.close()


@pytest.mark.parametrize("state", ["idle", "paused", "stopped", "finished", "failed", "diverged"])
def test_run_without_worker_is_in_the_state_it_says(run, state):
    run.update(state=state)
    assert run.state() == state


# -- events ------------------------------------------------------------------------------------


def test_events_are_applied_in_order(run):
    run.append_event(10, "lr", 0.1)
    run.append_event(20, "batch_size", None)
    run.append_event(30, "lr", 0.2)
    assert [(e.step, e.field, e.value) for e in run.events()] == [
        (10, "lr", 0.1),
        (20, "batch_size", None),
        (30, "lr", 0.2),
    ]
    assert run.current() == Experiment().changed(lr=0.2, batch_size=None)
    assert run.experiment.train.lr == 0.5


def test_event_that_was_torn_off_is_left_out_and_the_next_one_is_not(run):
    run.append_event(10, "lr", 0.1)
    path = run.folder / "events.jsonl"
    path.write_bytes(path.read_bytes() + b'{"step": 20, "fie')
    assert [e.step for e in run.events()] == [10]
    run.append_event(30, "lr", 0.3)
    assert [e.step for e in run.events()] == [10, 30]


# -- history -----------------------------------------------------------------------------------


def rows(first, last):
    return history.records(
        [history.Row(epoch=e, step=25 * e, loss_train=1 / e) for e in range(first, last + 1)]
    )


def test_history_is_read_as_it_was_written(run):
    run.append_history(rows(1, 3))
    run.append_history(history.records([history.Row(4, 100, loss_validation=0.25)]))
    found = run.read_history()
    assert found["epoch"].tolist() == [1, 2, 3, 4]
    assert found["step"].tolist() == [25, 50, 75, 100]
    np.testing.assert_array_equal(found["loss_train"], [1, 1 / 2, 1 / 3, np.nan])
    np.testing.assert_array_equal(found["loss_validation"], [np.nan] * 3 + [0.25])
    assert run.position() == (4, 100)


def test_history_bytes_are_those_of_the_description(run):
    run.append_history(rows(1, 2))
    content = (run.folder / "history.bin").read_bytes()
    assert content[:16] == b"MLPDHIST" + (1).to_bytes(4, "little") + (76).to_bytes(4, "little")
    record = content[16:92]
    assert int.from_bytes(record[72:], "little") == zlib.crc32(record[:72])
    assert len(content) == 16 + 2 * 76


def test_history_of_a_run_that_has_none_is_empty(run):
    assert len(run.read_history()) == 0
    assert run.position() == (0, 0)
    run.truncate_history(5)


@pytest.mark.parametrize("where", [0, 40, 75])
def test_history_stops_at_the_first_damaged_record(run, where):
    run.append_history(rows(1, 5))
    path = run.folder / "history.bin"
    content = bytearray(path.read_bytes())
    content[16 + 2 * 76 + where] ^= 1
    path.write_bytes(content)
    assert run.read_history()["epoch"].tolist() == [1, 2]
    run.truncate_history(4)
    assert path.stat().st_size == 16 + 2 * 76


@pytest.mark.parametrize("torn", [1, 30, 75])
def test_history_torn_in_the_middle_of_a_record_goes_on_after_the_last_whole_one(run, torn):
    run.append_history(rows(1, 3))
    path = run.folder / "history.bin"
    path.write_bytes(path.read_bytes()[: -76 + torn])
    assert run.position() == (2, 50)
    run.append_history(rows(3, 4))
    assert run.read_history()["epoch"].tolist() == [1, 2, 3, 4]


def test_history_filled_with_zeros_by_a_crash_is_damaged(run):
    run.append_history(rows(1, 1))
    path = run.folder / "history.bin"
    path.write_bytes(path.read_bytes() + bytes(76))
    assert run.read_history()["epoch"].tolist() == [1]
    assert run.position() == (1, 25)


def test_truncated_history_goes_on_from_there(run):
    run.append_history(rows(1, 9))
    run.truncate_history(4)
    run.append_history(rows(5, 6))
    assert run.read_history()["epoch"].tolist() == [1, 2, 3, 4, 5, 6]


# -- snapshots ---------------------------------------------------------------------------------


def test_snapshot_comes_back_to_the_bit(run):
    generator = np.random.Generator(np.random.PCG64(1))
    tensors = {
        "weights": generator.normal(size=(2, 3)).astype("f4").T,  # not contiguous
        "generator": generator.integers(0, 255, 100).astype("u1"),
        "step": np.array(7, "i8"),
        "nothing": np.zeros((0, 3)),
    }
    run.write_snapshot(70, tensors, {"epoch": "7"})
    found = run.latest_snapshot()
    assert (found.step, found.meta) == (70, {"epoch": "7"})
    assert found.tensors.keys() == tensors.keys()
    for name, value in tensors.items():
        assert found.tensors[name].dtype == value.dtype
        assert found.tensors[name].shape == value.shape
        np.testing.assert_array_equal(found.tensors[name], value)


@pytest.mark.parametrize("damage", ["empty", "cut", "header", "bit"])
def test_damaged_last_snapshot_falls_back_to_the_one_before(run, damage):
    for step in (5, 10, 100):
        run.write_snapshot(step, {"w": np.full(50, step, "f4")}, {"at": str(step)})
    path = run.folder / "snapshots" / "100.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "bit":
        content[-3] ^= 1
    elif damage == "header":
        content[:8] = b"\xff" * 8
    path.write_bytes({"empty": b"", "cut": content[:-5]}.get(damage, content))
    found = run.latest_snapshot()
    assert (found.step, found.meta["at"]) == (10, "10")
    with pytest.raises(RunError, match="step 100"):
        run.read_snapshot(100)
    run.drop_snapshots_after(found.step)
    assert run.snapshot_steps() == [5, 10]


def test_run_without_snapshots_has_no_latest(run):
    assert run.latest_snapshot() is None
    assert run.snapshot_steps() == []


def test_snapshots_are_thinned_to_the_budget_with_a_geometric_spread(run, monkeypatch):
    monkeypatch.setattr(snapshots, "_LEAST", 0)
    size = 4 * 1000 + 200
    for step in range(0, 1001, 10):
        run.write_snapshot(step, {"w": np.zeros(1000, "f4")}, {}, budget=8 * size)
    kept = run.snapshot_steps()
    files = list((run.folder / "snapshots").iterdir())
    assert sum(path.stat().st_size for path in files) <= 8 * size
    assert len(kept) >= 6
    assert kept[0] == 0
    assert kept[-2:] == [990, 1000]
    inner = np.diff(np.log(kept[1:-1]))
    assert inner.max() < 4 * inner.mean()  # none of the decades is empty


def test_first_and_last_snapshot_stay_whatever_the_budget(run):
    for step in (1, 2, 3, 4):
        run.write_snapshot(step, {"w": np.zeros(10)}, {}, budget=1)
    assert run.snapshot_steps() == [1, 4]


def test_snapshot_is_written_whole_or_not_at_all(run, monkeypatch):
    run.write_snapshot(1, {"w": np.zeros(10)}, {})

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        run.write_snapshot(2, {"w": np.zeros(10)}, {})
    monkeypatch.undo()
    assert [p.name for p in (run.folder / "snapshots").iterdir()] == ["1.safetensors"]


def test_preprocessor_is_kept(run):
    with pytest.raises(RunError):
        run.read_preprocessor()
    run.write_preprocessor(json.dumps({"mean": [0.5]}))
    assert json.loads(run.read_preprocessor()) == {"mean": [0.5]}
