"""Which device, and how many threads, train this net and batch fastest: measured, on copies.

Threads hurt small nets and help large ones, and a GPU is often slower than the CPU; where the
border lies depends on the machine. So every candidate takes a few steps on scratch copies before
the first real one. What was found is remembered for the shape.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import torch

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.home import home
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.machine.devices import Chosen, cores
from mlpdash.training.members import Member, members_of, widest

ROUNDS: Final = 3
ROUND_SECONDS: Final = 0.03  # of each candidate in each round
MOST_SECONDS: Final = 1.0  # of the whole calibration
SAME_STEP: Final = (  # a step costs the same for all values, or by what is made of them
    *("hidden", "activation", "activations", "init", "batch_size"),
    *("seed", "nets", "sweep", "device"),
)
WORTH: Final = 1.1  # how much faster more threads must be to be taken


@dataclass(frozen=True)
class Measured:
    """What a candidate reached."""

    chosen: Chosen
    steps_per_second: float


def calibrate(
    prepared: Prepared, experiment: Experiment, options: list[Chosen]
) -> tuple[Measured, ...]:
    """Let each candidate take steps in turn, and return them with their speeds, the best first.

    More threads are taken only when they are a tenth faster. With one candidate there is nothing
    to measure, and its speed is NaN.
    """
    if len(options) == 1:
        return (Measured(options[0], float("nan")),)
    key = _key(prepared, experiment, options)
    speeds = _remembered().get(key)
    if speeds is None or len(speeds) != len(options):
        speeds = _measure(prepared, experiment, options)
        _remember(key, speeds)
    measured = [Measured(c, s) for c, s in zip(options, speeds, strict=True)]
    best = measured[0]
    for option in measured[1:]:
        if option.steps_per_second > WORTH * best.steps_per_second:
            best = option
    rest = sorted((m for m in measured if m is not best), key=lambda m: -m.steps_per_second)
    return (best, *rest)


def in_words(measured: tuple[Measured, ...]) -> str:
    """Say what was chosen and how fast the others were: `CPU, 1 thread: 24,000 steps/s; ...`.

    Empty where there was nothing to choose from.
    """
    if len(measured) < 2:
        return ""
    return "; ".join(
        _("{device}: {speed:,} steps/s").format(
            device=m.chosen.label, speed=_rounded(m.steps_per_second)
        )
        for m in measured
    )


def _measure(prepared: Prepared, experiment: Experiment, options: list[Chosen]) -> list[float]:
    forever = _endless(experiment)
    before, began = torch.get_num_threads(), time.perf_counter()
    with torch.random.fork_rng(devices=[]), _restored_threads(before):
        scratch = [_warm(learner_for(prepared, forever, c.device), c) for c in options]
        rates: list[list[float]] = [[] for _option in options]
        for _round in range(ROUNDS):
            for option, learner, found in zip(options, scratch, rates, strict=True):
                if time.perf_counter() - began < MOST_SECONDS or not found:
                    torch.set_num_threads(option.threads)
                    found.append(_rate(learner, option, ROUND_SECONDS))
    return [statistics.median(found) for found in rates]


def _endless(experiment: Experiment) -> Experiment:
    """Return an experiment of the same steps that never ends by itself."""
    return experiment.changed(epochs=None, schedule="constant", patience=None, plateau=None)


@contextlib.contextmanager
def _restored_threads(count: int) -> Iterator[None]:
    try:
        yield
    finally:
        torch.set_num_threads(count)


def _warm(learner: Learner, option: Chosen) -> Learner:
    torch.set_num_threads(option.threads)
    _rate(learner, option, 0.0)
    return learner


def _rate(learner: Learner, option: Chosen, seconds: float) -> float:
    """Return steps per second over at least one slice of training."""
    began, first = time.perf_counter(), learner.step
    for _progress in itertools.chain(train(learner, slice_seconds=0.005)):
        if time.perf_counter() - began >= seconds:
            break
    if option.device.startswith("cuda"):
        torch.cuda.synchronize(option.device)
    return (learner.step - first) / (time.perf_counter() - began)


def _key(prepared: Prepared, experiment: Experiment, options: list[Chosen]) -> str:
    """Name all that the speeds depend on."""
    train_rows = len(prepared.split.train)
    members = members_of(experiment)
    own = [field.name for field in fields(Member)]  # a step costs more where members' differ
    differs = [len({getattr(m, name) for m in members}) > 1 for name in own]
    return json.dumps(
        [
            torch.__version__,
            cores(),
            [f"{c.device}/{c.threads}" for c in options],
            [prepared.width, *widest(members), prepared.outputs],
            len(members),
            differs,
            experiment.model.layer_activations,
            _kind_of_step(experiment),
            min(experiment.train.batch_size or train_rows, train_rows),
        ]
    )


def _kind_of_step(experiment: Experiment) -> dict[str, Any]:
    """Return what is chosen by name, and of each number whether it is off."""
    endless = _endless(experiment)
    chosen = endless.model.model_dump() | endless.train.model_dump()
    return {
        name: value if isinstance(value, str | bool) else not value
        for name, value in chosen.items()
        if name not in SAME_STEP
    }


def _file() -> Path:
    return home() / "calibration.json"


def _remembered() -> dict[str, list[float]]:
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(key: str, speeds: list[float]) -> None:
    """Keep the last 500 shapes; written whole, so that a reader never sees a part."""
    known = {**_remembered(), key: speeds}
    part = _file().with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(dict(list(known.items())[-500:])), encoding="utf-8")
    part.replace(_file())


def _rounded(speed: float) -> int:
    """Round to two significant digits, since more would not hold."""
    return int(float(f"{speed:.2g}"))
