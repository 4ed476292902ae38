"""Scores against scikit-learn."""

import math

import numpy as np
import pytest
import torch
from sklearn import metrics

from mlpdash.specs import Experiment
from mlpdash.training.loop.evaluate import evaluate, judged_every, validation_every
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.loop import scores
from mlpdash.training.loop.setup import learner_from_arrays
from mlpdash.training.net.initial import build

ONE = torch.ones(1)


def test_classification_scores_are_scikit_learns():
    net = build((3, 8, 4), "relu", [0])
    x, y = torch.randn(50, 3), torch.randint(0, 4, (50,))
    p = torch.softmax(net.forward(x)[0], -1).numpy()
    found = evaluate(net, Rows(x, y), ONE)
    assert found.loss[0] == pytest.approx(metrics.log_loss(y, p, labels=range(4)), rel=1e-5)
    assert found.metric[0] == pytest.approx(metrics.accuracy_score(y, p.argmax(1)))
    assert found.named("classification") == {"loss": found.loss[0], "accuracy": found.metric[0]}


def test_regression_scores_are_scikit_learns_in_the_targets_units():
    net = build((3, 8, 2), "tanh", [0])
    x, y = torch.randn(50, 3), torch.randn(50, 2)
    scale = torch.tensor([10.0, 0.5])
    v = net.forward(x)[0].numpy()
    found = evaluate(net, Rows(x, y), scale)
    assert found.loss[0] == pytest.approx(metrics.mean_squared_error(y, v), rel=1e-5)
    in_units = metrics.mean_squared_error(y * scale, v * scale.numpy())
    assert found.metric[0] == pytest.approx(math.sqrt(in_units), rel=1e-5)
    assert found.metric2[0] == pytest.approx(metrics.r2_score(y, v), rel=1e-5)


@pytest.mark.parametrize(
    ("loss", "oracle"),
    [
        ("absolute_error", torch.nn.functional.l1_loss),
        ("huber", torch.nn.functional.huber_loss),
        ("squared_error", torch.nn.functional.mse_loss),
        ("squared_error_sum", lambda v, y: torch.nn.functional.mse_loss(v, y) * 2 * 10),
    ],
)
def test_the_loss_is_the_one_that_is_trained_on(loss, oracle):
    """The sum is over two outputs and a batch of ten rows."""
    net = build((3, 8, 2), "tanh", [0, 1])
    x, y = torch.randn(50, 3), 3 * torch.randn(50, 2)
    found = evaluate(net, Rows(x, y), torch.ones(2), loss=loss, batch=10)
    for member in range(2):
        expected = oracle(net.forward(x)[member], y).item()
        assert found.loss[member] == pytest.approx(expected, rel=1e-5)
    assert found.metric == pytest.approx(evaluate(net, Rows(x, y), torch.ones(2)).metric)


def test_the_softmax_taken_twice_is_scored_as_it_is_trained():
    net = build((3, 8, 4), "relu", [0])
    x, y = torch.randn(50, 3), torch.randint(0, 4, (50,))
    p = torch.softmax(net.forward(x)[0], -1)
    found = evaluate(net, Rows(x, y), ONE, loss="cross_entropy_after_softmax")
    assert found.loss[0] == pytest.approx(torch.nn.functional.cross_entropy(p, y).item(), rel=1e-5)


def test_no_rows_have_no_scores():
    net = build((3, 1), "tanh", [0])
    assert (
        evaluate(net, Rows(torch.zeros(0, 3), torch.zeros(0, 1)), ONE).named("regression") is None
    )


def test_r2_of_a_constant_target_has_no_value():
    net = build((1, 1), "identity", [0])
    found = evaluate(net, Rows(torch.randn(5, 1), torch.ones(5, 1)), ONE)
    assert found.named("regression")["r2"] is None


def test_many_rows_are_scored_in_parts():
    net = build((2, 4_096, 2), "relu", [0])
    x = torch.randn(1_500, 2)
    with torch.inference_mode():
        whole = net._forward(x)
    torch.testing.assert_close(net.forward(x), whole)


@pytest.mark.parametrize(
    ("shape", "share"),
    [
        ((28, 250, 10, 500), 0.0081),
        ((256 * 5_000, 500, 500, 1_000), 0.0201),  # an epoch takes most of a second
        ((200_000, 60_000, 256, 11_000), 0.1),
    ],
)
def test_scoring_takes_a_small_share_of_the_operations(shape, share):
    parameters, rows, batch, scored = shape
    every = validation_every(parameters, rows, batch, scored)
    steps = math.ceil(rows / batch)
    training = every * (steps * 200_000 + 6 * parameters * rows)
    assert 2 * parameters * scored + 400_000 <= share * training or every == 100
    assert validation_every(parameters, rows, batch, 0) <= every


def test_epochs_that_take_seconds_are_scored_each():
    """784-256-10 on 60,000 rows, with 10,000 held out."""
    assert validation_every(203_530, 60_000, 256, 11_000) == 1


def test_many_nets_are_scored_once_a_second_or_as_often_as_two_percent_allow():
    """64 nets of 20-64-64-2 on 2,000 rows: an epoch takes most of a second."""
    operations = 63 * 200_000 + 6 * 64 * 5_634 * 2_000
    for scored, seconds in ((200, 1.75), (1_500, 12)):
        every = validation_every(64 * 5_634, 2_000, 32, scored)
        assert every * operations <= seconds * 5e9
    share = 2 * 64 * 5_634 * 1_500 / (every * operations)
    assert 0.018 < share <= 0.02


def test_early_stopping_is_judged_often_enough():
    assert judged_every(Experiment().changed(patience=30, plateau=9).train) == 3
    assert judged_every(Experiment().changed(plateau=1).train) == 1
    assert judged_every(Experiment().changed(patience=1_000).train) == 10
    assert judged_every(Experiment().train) is None


def test_no_rows_have_no_outputs():
    assert build((3, 4, 2), "tanh", [0, 1]).forward(torch.zeros(0, 3)).shape == (2, 0, 2)


def test_scores_do_not_depend_on_numpy_errors():
    with np.errstate(all="raise"):
        net = build((1, 2), "tanh", [0])
        found = evaluate(net, Rows(torch.zeros(2, 1), torch.tensor([0, 1])), ONE)
    assert math.isfinite(found.loss[0])


def test_no_sampled_rows_are_not_all_of_them():
    """A caller who wants no scores pays for none: those of W4 took a third of its time."""
    x, y = torch.randn(20, 3), torch.randint(0, 2, (20,))
    chosen = Experiment()
    made = {"loss": "cross_entropy", "outputs": 2, "model": chosen.model, "spec": chosen.train}
    none = learner_from_arrays(Rows(x, y), Rows(x[:0], y[:0]), sampled=Rows(x[:0], y[:0]), **made)
    assert scores(none)[0].named("classification") is None
    by_default = learner_from_arrays(Rows(x, y), Rows(x[:0], y[:0]), **made)
    assert scores(by_default)[0].named("classification") is not None
