"""What a frame shows of a net's inside, against the same net in plain torch."""

import numpy as np
import torch

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.results.explaining.plane_points import plane
from mlpdash.runs.worker.neurons import MOST_NEURONS, neurons
from mlpdash.specs import Experiment
from mlpdash.training.loop.setup import learner_for

POINTS = 5


def learner_and_points(**choices):
    experiment = Experiment().changed(**choices)
    prepared = prepare(load(experiment.data), experiment.data)
    learner = learner_for(prepared, experiment)
    return learner, torch.from_numpy(plane(prepared, None, None, POINTS).points)


def test_fields_are_what_each_neuron_says_of_the_plane():
    learner, points = learner_and_points(hidden=(3, 2), activation="tanh", nets=2)
    found = neurons(learner.net, points, (POINTS, POINTS), 1, 12)
    net = learner.net
    first = torch.tanh(points @ net.weights[0][1].T + net.biases[0][1])
    second = torch.tanh(first @ net.weights[1][1].T + net.biases[1][1])
    last = second @ net.weights[2][1].T + net.biases[2][1]
    expected = torch.cat([points, first, second, last], 1).T.reshape(-1, POINTS, POINTS)
    assert found["neuron_fields"].shape == (2 + 3 + 2 + 2, POINTS, POINTS)
    np.testing.assert_allclose(found["neuron_fields"], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(found["neuron_weights"][:6], net.weights[0][1].flatten())
    np.testing.assert_array_equal(found["neuron_biases"][3:5], net.biases[1][1, 0])


def test_of_wide_layers_only_the_first_neurons_come_whatever_is_asked_for():
    learner, points = learner_and_points(hidden=(40, 40))
    for asked, shown in ((4, 4), (10_000, MOST_NEURONS), (-3, 1)):
        found = neurons(learner.net, points, (POINTS, POINTS), 0, asked)
        ends = min(2, shown)
        assert len(found["neuron_fields"]) == ends + shown + shown + ends
        assert len(found["neuron_weights"]) == shown * ends + shown * shown + ends * shown
        assert len(found["neuron_biases"]) == shown + shown + ends
        np.testing.assert_array_equal(
            found["neuron_weights"][shown * ends :][: shown * shown],
            learner.net.weights[1][0, :shown, :shown].flatten(),
        )
