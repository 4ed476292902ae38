"""Choosing device and threads: what is tried, what is taken, what is remembered."""

import json
import math

import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.errors import DeviceError
from mlpdash.training.machine import calibrate as module
from mlpdash.training.machine import devices
from mlpdash.training.machine.calibrate import calibrate, in_words
from mlpdash.training.machine.devices import Chosen, Device, candidates
from mlpdash.training.net.size import Size

EXPERIMENT = starting_point("circle")
OPTIONS = [Chosen("cpu", 1), Chosen("cpu", 2), Chosen("cpu", 4)]


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


@pytest.fixture
def prepared():
    return prepare(load(EXPERIMENT.data), EXPERIMENT.data)


def speeds(monkeypatch, *found):
    """Let the measurement find these speeds, and count how often it is asked."""
    asked = []
    monkeypatch.setattr(module, "_measure", lambda *a: asked.append(1) or list(found))
    return asked


@pytest.mark.parametrize(
    ("found", "best"), [((100, 300, 200), 2), ((100, 105, 109), 1), ((100, 90, 111), 4)]
)
def test_more_threads_are_taken_only_when_they_are_a_tenth_faster(
    monkeypatch, prepared, found, best
):
    speeds(monkeypatch, *found)
    first, *rest = calibrate(prepared, EXPERIMENT, OPTIONS)
    assert first.chosen == Chosen("cpu", best)
    assert sorted(m.chosen.threads for m in (first, *rest)) == [1, 2, 4]


def test_a_shape_is_measured_once(monkeypatch, prepared):
    asked = speeds(monkeypatch, 1.0, 2.0, 3.0)
    first = calibrate(prepared, EXPERIMENT, OPTIONS)
    assert calibrate(prepared, EXPERIMENT.changed(lr=0.5, seed=3), OPTIONS) == first
    assert len(asked) == 1
    calibrate(prepared, EXPERIMENT.changed(hidden=(9,)), OPTIONS)
    assert len(asked) == 2


def test_a_population_is_measured_as_what_it_is(monkeypatch, prepared):
    asked = speeds(monkeypatch, 1.0, 2.0, 3.0)
    grids = ("width=4,512", "lr=0.1,0.2", "dropout=0,0.2")
    choices = [{}, {"nets": 16}, {"nets": 2}, *({"sweep": grid} for grid in grids)]
    for n, choice in enumerate(choices, start=1):
        calibrate(prepared, EXPERIMENT.changed(**choice), OPTIONS)
        assert len(asked) == n
    calibrate(prepared, EXPERIMENT.changed(sweep="lr=0.3,0.4"), OPTIONS)
    assert len(asked) == n


def test_a_damaged_memory_is_measured_anew(monkeypatch, prepared, tmp_path):
    asked = speeds(monkeypatch, 1.0, 2.0, 3.0)
    (tmp_path / "calibration.json").write_text("{nonsense")
    calibrate(prepared, EXPERIMENT, OPTIONS)
    assert len(asked) == 1
    assert len(json.loads((tmp_path / "calibration.json").read_text())) == 1


def test_one_candidate_needs_no_measurement(monkeypatch, prepared):
    asked = speeds(monkeypatch)
    (only,) = calibrate(prepared, EXPERIMENT, OPTIONS[:1])
    assert only.chosen == OPTIONS[0]
    assert math.isnan(only.steps_per_second)
    assert not asked
    assert in_words((only,)) == ""


def test_words_name_each_with_its_speed(monkeypatch, prepared):
    speeds(monkeypatch, 24_321.0, 9_049.0, 12.3)
    said = in_words(calibrate(prepared, EXPERIMENT, OPTIONS))
    assert said == (
        "CPU, 1 thread: 24,000 steps/s; CPU, 2 threads: 9,000 steps/s; CPU, 4 threads: 12 steps/s"
    )


def test_measuring_leaves_threads_and_random_numbers_as_they_were(prepared):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    before = torch.get_num_threads()
    found = module._measure(prepared, EXPERIMENT, OPTIONS[:2])
    assert torch.get_num_threads() == before
    assert torch.equal(torch.rand(1), expected)
    assert len(found) == 2
    assert all(speed > 0 for speed in found)


@pytest.mark.parametrize("choices", [{"schedule": "cosine"}, {"patience": 1, "plateau": 1}])
def test_a_plan_with_an_end_is_measured_without_it(prepared, choices):
    found = module._measure(prepared, EXPERIMENT.changed(**choices, lr=1e-9), OPTIONS[:2])
    assert all(speed > 0 for speed in found)


def machine(monkeypatch, cores, *gpus):
    found = (Device("cpu", "CPU", 10**10), *(Device(name, name, 10**9) for name in gpus))
    monkeypatch.setattr(devices, "available", lambda: found)
    monkeypatch.setattr(devices, "cores", lambda: cores)
    monkeypatch.setattr(devices, "free_memory", lambda: 10**10)


SMALL, LARGE = Size(28, 1_000), Size(10**6, 10**8)


@pytest.mark.parametrize(
    ("wanted", "size", "spare", "expected"),
    [
        ("auto", SMALL, 6, ["cpu/1", "cuda:0/1"]),
        ("auto", LARGE, 6, ["cpu/1", "cpu/2", "cpu/4", "cpu/6", "cuda:0/1"]),
        ("cpu", LARGE, 2, ["cpu/1", "cpu/2"]),
        ("cpu", LARGE, 0, ["cpu/1"]),
        ("cuda", LARGE, 6, ["cuda:0/1"]),
        ("auto", Size(10**6, 2 * 10**9), 1, ["cpu/1"]),  # too large for the GPU
    ],
)
def test_what_is_worth_trying(monkeypatch, wanted, size, spare, expected):
    machine(monkeypatch, 6, "cuda:0")
    assert [f"{c.device}/{c.threads}" for c in candidates(wanted, size, 100, spare)] == expected


def test_a_device_that_is_not_there_is_named_with_those_that_are(monkeypatch):
    machine(monkeypatch, 2)
    with pytest.raises(DeviceError, match=r'no device "cuda:1".*; there are: auto, cpu'):
        candidates("cuda:1", SMALL, 10, 2)


def test_a_net_that_does_not_fit_is_refused(monkeypatch):
    machine(monkeypatch, 2)
    with pytest.raises(DeviceError, match="needs 20 GB to train, but CPU has 10 GB free"):
        candidates("auto", Size(10**9, 2 * 10**10), 10, 2)
