"""The learning-rate finder: what it finds, and that the run does not notice."""

import math

import numpy as np
import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.specs import Experiment
from mlpdash.training.finder import MOST_ROWS, find_lr
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for, learner_from_arrays
from mlpdash.training.members import members_of

CIRCLE = starting_point("circle").changed(epochs=6, optimizer="adam", dropout=0.1, nets=2)


def learner(experiment):
    return learner_for(prepare(load(experiment.data), experiment.data), experiment)


def line(rows=20, batch_size=None, slope=1.0, **choices):
    """Return a linear net without bias on y = slope x: its loss is (w - slope)^2 times a number."""
    experiment = Experiment().changed(
        hidden=(), bias=False, init="zeros", batch_size=batch_size, **choices
    )
    x = torch.linspace(-1, 1, rows).unsqueeze(1)
    y = slope * x
    return learner_from_arrays(
        Rows(x, y),
        Rows(x[:0], y[:0]),
        loss="squared_error",
        outputs=1,
        model=experiment.model,
        spec=experiment.train,
        members=members_of(experiment),
    )


def test_the_rates_and_the_first_loss_are_known():
    found = find_lr(line())
    assert found.lr[[0, -1]] == pytest.approx([1e-7, 10])
    assert np.ptp(np.diff(np.log(found.lr))) < 1e-12
    x = np.linspace(-1, 1, 20)
    assert found.loss[0] == pytest.approx((x**2).mean(), rel=1e-4)


def test_the_loss_of_a_line_is_that_of_the_recursion():
    """With q = mean x^2, a step is w += 2 lr q (1 - w), in which nothing is random."""
    found = find_lr(line())
    q, w, losses = np.mean(np.linspace(-1, 1, 20) ** 2), 0.0, []
    for rate in found.lr:
        losses.append(q * (1 - w) ** 2)
        w += 2 * rate * q * (1 - w)
    bell = np.exp(-((np.arange(-15, 16) / 2.5) ** 2) / 2)
    expected = np.convolve(losses, bell / bell.sum(), "valid")  # (70,) from place 15 on
    assert found.loss[15:80] == pytest.approx(expected[:65], rel=1e-4)
    fastest = found.lr[15 + np.diff(expected[:70]).argmin()]
    assert found.suggestion == pytest.approx(fastest, rel=0.25)


@pytest.mark.parametrize("name", ["circle", "iris", "diabetes", "spiral"])
def test_the_suggestion_learns(name):
    """After two epochs at the suggestion the loss is less than at a hundredth of it."""
    start = starting_point(name).changed(epochs=2, optimizer="adam")
    suggestion = find_lr(learner(start)).suggestion
    assert 1e-4 < suggestion < 1
    ends = []
    for lr in (suggestion, suggestion / 100):
        *_, last = train(learner(start.changed(lr=lr)))
        ends.append(last.losses[0])
    assert ends[0] < ends[1]


def test_nothing_is_suggested_where_nothing_falls():
    net = line(slope=0.0)
    assert find_lr(net).suggestion is None


def test_it_stops_when_the_loss_is_four_times_the_best():
    found = find_lr(learner(CIRCLE))
    known = found.loss[np.isfinite(found.loss)]
    assert 50 < len(known) < 100
    assert np.isnan(found.loss[len(known) :]).all()
    assert known.max() < 5 * known.min()


@pytest.mark.parametrize("steps", [0, 30])
def test_the_run_does_not_notice(steps):
    def trained(asking):
        net = learner(CIRCLE)
        losses = []
        if asking and not steps:
            find_lr(net)
        for progress in train(net, slice_seconds=0.0):
            if asking and progress.step == steps:
                find_lr(net)
            if progress.finished_epoch:
                losses.append(progress.losses)
        return np.array(losses), net.net.flat

    (one, flat), (other, flat_other) = trained(False), trained(True)
    assert np.array_equal(one, other)
    assert torch.equal(flat, flat_other)


def test_a_schedule_does_not_bend_the_sweep():
    plain = find_lr(line())
    assert np.array_equal(
        find_lr(line(schedule="cosine", warmup=5)).loss, plain.loss, equal_nan=True
    )


def test_a_full_batch_of_a_large_table_is_cut():
    net = line(rows=3 * MOST_ROWS)
    found = find_lr(net)
    assert math.isfinite(found.loss[0])
    assert net.feed.batch == 3 * MOST_ROWS


def test_the_optimisers_state_goes_with_the_copy():
    net = learner(CIRCLE)
    for _progress in train(net):
        pass
    found = find_lr(net)
    for tensor in net.trainable.optimizer_state().values():
        tensor.zero_()
    assert not np.array_equal(find_lr(net).loss, found.loss, equal_nan=True)
