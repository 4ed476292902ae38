"""The benchmark itself: contestants take turns in rounds, and ratios are medians over the rounds.

Interleaving lets every contestant see the same state of a noisy machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch

from mlpdash.bench.agreement import losses_from_the_same_weights
from mlpdash.bench.contestants import Contestant, Engine, PlainTorch, Products, ScikitLearn
from mlpdash.bench.workloads import WORKLOADS, Workload

OURS: Final = "mlpdash"
MANY: Final = 64
MANY_ON: Final = ("W1", "W2", "W3")  # where 64 nets at once are a sensible size
CUDA: Final = "-cuda"  # after the name of who computes on the GPU
TARGETS: Final = {  # (workload, contestant, against): at least, aim; how many times faster per net
    ("W1", OURS, "scikit-learn"): (2.0, 3.0),
    ("W2", OURS, "scikit-learn"): (1.7, 2.5),
    ("W3", OURS, "scikit-learn"): (2.0, 3.0),
    ("W4", OURS, "scikit-learn"): (1.2, 1.4),
    ("W6", OURS, "scikit-learn"): (1.2, 1.4),
    ("W1", OURS, "plain-torch"): (4.0, 6.0),
    ("W3", OURS, "plain-torch"): (4.0, 6.0),
    ("W1", "population-64", "scikit-learn"): (40.0, 60.0),
    ("W3", "population-64", "scikit-learn"): (15.0, 25.0),
    ("W4", OURS, "gemm-limit"): (0.70, 0.85),
    ("W7", OURS, "gemm-limit"): (0.70, 0.85),
    **{(w, OURS + CUDA, "plain-torch" + CUDA): (5.0, 20.0) for w in ("W1", "W2", "W3", "W4")},
}


@dataclass(frozen=True)
class Plan:
    """How long to measure: turns of about `seconds` each, `rounds` times, epochs of few steps."""

    seconds: float
    rounds: int
    steps: int = 10**9  # in an epoch at most; large tables are cut to it


QUICK: Final = Plan(seconds=0.1, rounds=3, steps=8)
FULL: Final = Plan(seconds=1.0, rounds=7)


def measure(
    names: list[str],
    plan: Plan,
    tell: Callable[[str], None] = lambda line: None,
    gpu: str | None = None,
) -> dict[str, Any]:
    """Measure workloads and return what `--json` prints.

    Parameters
    ----------
    gpu : torch's name of a device on which this engine and the plain loop are measured too

    Returns
    -------
    rows : workload, contestant, us_per_step (per net; median over the rounds)
    ratios : workload, contestant, against, times (median over the rounds of the speed ratio), and
        at_least and aim where there is a target
    losses : workload, contestant, loss after one epoch from the same weights in the same order
    machine : threads there are, torch's version
    """
    rows, ratios, losses = [], [], []
    for name in names:
        workload = WORKLOADS[name].shortened(plan.steps)
        tell(f"{name}: {workload.shape()}")
        seconds = _rounds(workload, plan, gpu)
        rows += [
            {"workload": name, "contestant": who, "us_per_step": 1e6 * statistics.median(found)}
            for who, found in seconds.items()
        ]
        ratios += list(_ratios(name, seconds))
        losses += losses_from_the_same_weights(workload)
    machine = {"cores": torch.get_num_threads(), "torch": torch.__version__, "gpu": gpu}
    return {"rows": rows, "ratios": ratios, "losses": losses, "machine": machine}


def gpu_here() -> str | None:
    """Return torch's name of the first GPU, or None."""
    return "cuda:0" if torch.cuda.is_available() else None


def contestants(workload: Workload, gpu: str | None = None) -> dict[str, Contestant]:
    """Make everyone who takes part in a workload."""
    made: dict[str, Contestant] = {
        OURS: Engine(workload),
        "scikit-learn": ScikitLearn(workload),
        "plain-torch": PlainTorch(workload),
        "gemm-limit": Products(workload),
    }
    if workload.name in MANY_ON:
        made[f"population-{MANY}"] = Engine(workload, nets=MANY)
    if gpu is not None:
        made[OURS + CUDA] = Engine(workload, device=gpu)
        made["plain-torch" + CUDA] = PlainTorch(workload, gpu)
    return made


def _rounds(workload: Workload, plan: Plan, gpu: str | None) -> dict[str, list[float]]:
    """Return seconds per step and net of each contestant in each round."""
    before = torch.get_num_threads()
    torch.set_num_threads(workload.threads)
    try:
        taking_part = contestants(workload, gpu)
        epochs = {who: _epochs_for(c, plan.seconds) for who, c in taking_part.items()}
        found: dict[str, list[float]] = {who: [] for who in taking_part}
        for _round in range(plan.rounds):
            for who, contestant in taking_part.items():
                took = _timed(contestant, epochs[who])
                steps = epochs[who] * workload.steps_per_epoch * contestant.nets
                found[who].append(took / steps)
        return found
    finally:
        torch.set_num_threads(before)


def _epochs_for(contestant: Contestant, seconds: float) -> int:
    """Warm a contestant up and return how many epochs it takes in about `seconds`."""
    contestant.epochs(1)
    epochs = 1
    while (took := _timed(contestant, epochs)) < seconds / 4:
        epochs *= 2
    return max(1, round(epochs * seconds / took))


def _timed(contestant: Contestant, epochs: int) -> float:
    began = time.perf_counter()
    contestant.epochs(epochs)
    return time.perf_counter() - began


def _ratios(workload: str, seconds: dict[str, list[float]]) -> Iterator[dict[str, Any]]:
    ours = [who for who in seconds if who.startswith((OURS, "population"))]
    for who in ours:
        others = ("scikit-learn", "plain-torch", "gemm-limit")
        for against in ("plain-torch" + CUDA,) if who.endswith(CUDA) else others:
            pairs = zip(seconds[against], seconds[who], strict=True)
            times = statistics.median(theirs / own for theirs, own in pairs)
            row = {"workload": workload, "contestant": who, "against": against, "times": times}
            if (workload, who, against) in TARGETS:
                row["at_least"], row["aim"] = TARGETS[workload, who, against]
            yield row


def as_table(document: dict[str, Any]) -> str:
    """Lay a document out for people."""
    lines = ["workload  contestant      us per step and net"]
    lines += [
        f"{r['workload']:<8}  {r['contestant']:<14}  {r['us_per_step']:>12,.2f}"
        for r in document["rows"]
    ]
    lines += ["", "workload  contestant      against             times  at least  aim"]
    for r in document["ratios"]:
        target = f"{r['at_least']:>8g}  {r['aim']:>4g}" if "at_least" in r else ""
        names = f"{r['workload']:<8}  {r['contestant']:<14}  {r['against']:<16}"
        lines.append(f"{names}  {r['times']:>7.2f}  {target}".rstrip())
    lines += ["", "workload  contestant      loss after one epoch from the same weights"]
    lines += [
        f"{r['workload']:<8}  {r['contestant']:<14}  {r['loss']:>12.6f}" for r in document["losses"]
    ]
    return "\n".join(lines)
