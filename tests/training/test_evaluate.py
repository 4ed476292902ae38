"""Scores against scikit-learn."""

import math

import numpy as np
import pytest
import torch
from sklearn import metrics

from mlpdash.training.evaluate import evaluate, validation_every
from mlpdash.training.initial import build

ONE = torch.ones(1)


def test_classification_scores_are_scikit_learns():
    net = build((3, 8, 4), "relu", [0])
    x, y = torch.randn(50, 3), torch.randint(0, 4, (50,))
    p = torch.softmax(net.forward(x)[0], -1).numpy()
    found = evaluate(net, x, y, ONE)
    assert found.loss[0] == pytest.approx(metrics.log_loss(y, p, labels=range(4)), rel=1e-5)
    assert found.metric[0] == pytest.approx(metrics.accuracy_score(y, p.argmax(1)))
    assert found.named("classification") == {"loss": found.loss[0], "accuracy": found.metric[0]}


def test_regression_scores_are_scikit_learns_in_the_targets_units():
    net = build((3, 8, 2), "tanh", [0])
    x, y = torch.randn(50, 3), torch.randn(50, 2)
    scale = torch.tensor([10.0, 0.5])
    v = net.forward(x)[0].numpy()
    found = evaluate(net, x, y, scale)
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
    found = evaluate(net, x, y, torch.ones(2), loss=loss, batch=10)
    for member in range(2):
        expected = oracle(net.forward(x)[member], y).item()
        assert found.loss[member] == pytest.approx(expected, rel=1e-5)
    assert found.metric == pytest.approx(evaluate(net, x, y, torch.ones(2)).metric)


def test_the_softmax_taken_twice_is_scored_as_it_is_trained():
    net = build((3, 8, 4), "relu", [0])
    x, y = torch.randn(50, 3), torch.randint(0, 4, (50,))
    p = torch.softmax(net.forward(x)[0], -1)
    found = evaluate(net, x, y, ONE, loss="cross_entropy_after_softmax")
    assert found.loss[0] == pytest.approx(torch.nn.functional.cross_entropy(p, y).item(), rel=1e-5)


def test_no_rows_have_no_scores():
    net = build((3, 1), "tanh", [0])
    assert evaluate(net, torch.zeros(0, 3), torch.zeros(0, 1), ONE).named("regression") is None


def test_r2_of_a_constant_target_has_no_value():
    net = build((1, 1), "identity", [0])
    found = evaluate(net, torch.randn(5, 1), torch.ones(5, 1), ONE)
    assert found.named("regression")["r2"] is None


def test_many_rows_are_scored_in_parts():
    net = build((2, 4_096, 2), "relu", [0])
    x = torch.randn(1_500, 2)
    with torch.inference_mode():
        whole = net._forward(x)
    torch.testing.assert_close(net.forward(x), whole)


@pytest.mark.parametrize("shape", [(28, 250, 10, 500), (200_000, 60_000, 256, 11_000)])
def test_scoring_takes_a_small_share_of_the_operations(shape):
    parameters, rows, batch, scored = shape
    every = validation_every(parameters, rows, batch, scored)
    steps = math.ceil(rows / batch)
    training = every * (steps * 200_000 + 6 * parameters * rows)
    assert 2 * parameters * scored + 400_000 <= 0.0081 * training or every == 100
    assert validation_every(parameters, rows, batch, 0) <= every


def test_no_rows_have_no_outputs():
    assert build((3, 4, 2), "tanh", [0, 1]).forward(torch.zeros(0, 3)).shape == (2, 0, 2)


def test_scores_do_not_depend_on_numpy_errors():
    with np.errstate(all="raise"):
        net = build((1, 2), "tanh", [0])
        found = evaluate(net, torch.zeros(2, 1), torch.tensor([0, 1]), ONE)
    assert math.isfinite(found.loss[0])
