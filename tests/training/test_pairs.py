"""Every pair of choices trains: dataset, optimiser, activation, loss and schedule.

The cases are generated so that each two values of different choices meet in at least one of them.
"""

import itertools
from functools import cache

import numpy as np
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.sets.fetching import SOURCES
from mlpdash.specs import choices_of
from mlpdash.training.choices import LOSSES_FOR
from mlpdash.training.loop.loop import scores, train
from mlpdash.training.loop.setup import learner_for

DATASETS = tuple(name for name in CATALOGUE if name not in SOURCES)  # those need no download
SCHEDULES = {
    "constant": {},
    "step": {"schedule": "step", "step_epochs": 1},
    "cosine": {"schedule": "cosine"},
    "warm-up": {"warmup": 2},
    "plateau": {"plateau": 1},
    "all of them": {"schedule": "cosine", "warmup": 1, "plateau": 1, "clip": 1.0},
}
CHOICES = {
    "data": DATASETS,
    "optimizer": choices_of("optimizer"),
    "activation": choices_of("activation"),
    "loss": tuple(itertools.chain(*LOSSES_FOR.values())),
    "schedule": tuple(SCHEDULES),
}
NAMES = tuple(CHOICES)


@cache
def prepared(data):
    experiment = small(data)
    return prepare(load(experiment.data), experiment.data)


def small(data):
    rows = {"rows": 60} if "rows" in CATALOGUE[data].knobs else {}
    return starting_point(data).changed(**rows, hidden=(5, 4), batch_size=32, epochs=2, lr=1e-4)


@cache
def task_of(data):
    return prepared(data).task


def fits(case):
    """Whether the loss is one of the dataset's task, as far as both are chosen."""
    return (
        "data" not in case
        or "loss" not in case
        or case["loss"] in LOSSES_FOR[task_of(case["data"])]
    )


def pairs_in(case):
    return {((a, case[a]), (b, case[b])) for a, b in itertools.combinations(NAMES, 2)}


def cover():
    """Return cases that hold all pairs that can be, each filled up by what covers most."""
    left = {
        ((a, x), (b, y))
        for a, b in itertools.combinations(NAMES, 2)
        for x, y in itertools.product(CHOICES[a], CHOICES[b])
        if fits({a: x, b: y})
    }
    cases = []
    while left:
        (a, x), (b, y) = min(left)
        case = {a: x, b: y}
        for name in NAMES:
            if name not in case:
                case[name] = max(
                    (v for v in CHOICES[name] if fits({**case, name: v})),
                    key=lambda v, name=name, case=case: gained(case, name, v, left),
                )
        left -= pairs_in(case)
        cases.append(case)
    return cases


def gained(case, name, value, left):
    """Count the pairs still left that a value makes with what is chosen."""
    met = {**case, name: value}
    return sum(
        ((a, met[a]), (b, met[b])) in left
        for a, b in itertools.combinations(NAMES, 2)
        if name in (a, b) and a in met and b in met
    )


CASES = cover()


def test_every_pair_is_in_a_case():
    met = set().union(*(pairs_in(case) for case in CASES))
    for a, b in itertools.combinations(NAMES, 2):
        for x, y in itertools.product(CHOICES[a], CHOICES[b]):
            assert ((a, x), (b, y)) in met or not fits({a: x, b: y})
    assert len(CASES) < 2 * len(DATASETS) * len(CHOICES["activation"])


@pytest.mark.parametrize("data", DATASETS)
def test_it_trains_two_epochs(data):
    for case in (case for case in CASES if case["data"] == data):
        names = ("optimizer", "activation", "loss")
        experiment = small(data).changed(
            **{name: case[name] for name in names}, **SCHEDULES[case["schedule"]]
        )
        learner = learner_for(prepared(data), experiment)
        before = learner.net.flat.clone()
        losses = [p.losses[0] for p in train(learner) if p.finished_epoch]
        assert np.isfinite(losses).all(), case
        assert len(losses) == 2, case
        assert not before.equal(learner.net.flat), case
        for part in scores(learner)[: 2 if len(learner.validation) else 1]:
            assert np.isfinite(part.loss).all(), case
            assert np.isfinite(part.metric).all(), case
