"""What a frame shows, next to the same thing computed another way."""

import numpy as np
import pytest
import torch

from mlpdash.data.datasets import load, starting_point
from mlpdash.data.preparing import prepare
from mlpdash.data.sample import MOST_EACH, sample_rows
from mlpdash.runs.pictures import Pictures, View
from mlpdash.training.learner import learner_for


def pictured(name, **choices):
    experiment = starting_point(name).changed(**choices)
    prepared = prepare(load(experiment.data), experiment.data)
    return prepared, learner_for(prepared, experiment).net, Pictures(prepared, "cpu")


def probabilities(net, x):
    return torch.softmax(net.forward(torch.tensor(x, dtype=torch.float32))[0], -1).numpy()


def test_two_classes_show_the_probability_of_the_second():
    _, net, pictures = pictured("circle")
    found = pictures.field(net, View(), 25)
    i, j = 20, 3
    point = [[found["field_x"][j], found["field_y"][i]]]
    assert found["field"].shape == (25, 25)
    assert found["field"][i, j] == pytest.approx(probabilities(net, point)[0, 1], abs=1e-6)


def test_discretised_field_says_only_which_class():
    _, net, pictures = pictured("circle")
    plain = pictures.field(net, View(), 25)["field"]
    hard = pictures.field(net, View(discretize=True), 25)["field"]
    assert np.array_equal(hard, (plain > 0.5).astype(np.float32))


def test_more_classes_show_class_and_confidence():
    prepared, net, pictures = pictured("iris")
    z = pictures.field(net, View(), 25)["field"].ravel()
    from mlpdash.results.fields import plane

    p = probabilities(net, plane(prepared, None, None, 25).points)
    assert np.array_equal(np.floor(z), p.argmax(1))
    expected = (p.max(1) - 1 / 3) / (1 - 1 / 3)
    np.testing.assert_allclose(z - np.floor(z), expected, atol=1e-5)


def test_regression_shows_the_target_in_its_own_units():
    prepared, net, pictures = pictured("temperature")
    z = pictures.field(net, View(), 25)["field"]
    assert abs(z.mean() - prepared.target_mean[0]) < 3 * prepared.target_scale[0]
    ends = pictures.field(net, View(discretize=True), 25)["field"]
    values = prepared.y[:, 0] * prepared.target_scale[0] + prepared.target_mean[0]
    assert set(np.unique(ends)) <= {np.float32(values.min()), np.float32(values.max())}


def test_confusion_counts_the_held_out_rows():
    prepared, net, pictures = pictured("iris")
    found = pictures.predictions(net, View())["confusion"]
    rows = prepared.split.validation
    predicted = probabilities(net, prepared.x[rows]).argmax(1)
    from sklearn.metrics import confusion_matrix

    expected = confusion_matrix(prepared.y[rows], predicted, labels=range(3))
    assert np.array_equal(found, expected)


def test_wrong_rows_are_marked_where_they_lie():
    prepared, net, pictures = pictured("circle", noise=30)
    found = pictures.predictions(net, View())
    rows = sample_rows(prepared).train
    wrong = rows[probabilities(net, prepared.x[rows]).argmax(1) != prepared.y[rows]]
    assert 0 < len(wrong) < len(rows)
    assert np.array_equal(found["wrong_x"], prepared.raw[wrong, 0].astype(np.float32))
    assert len(found["wrong_validation_x"]) == len(found["wrong_validation_y"])


def test_sample_has_a_fixed_size_and_every_class():
    prepared, *_ = pictured("spiral", rows=50_000)
    sample = sample_rows(prepared)
    assert len(sample.train) == len(sample.held_out) == MOST_EACH
    shares = np.bincount(prepared.y[sample.train]) / MOST_EACH
    whole = np.bincount(prepared.y[prepared.split.train]) / len(prepared.split.train)
    np.testing.assert_allclose(shares, whole, atol=0.002)
    assert np.isin(sample.train, prepared.split.train).all()


def test_sample_of_a_series_is_in_order_of_time():
    prepared, *_ = pictured("temperature")
    times = prepared.time[sample_rows(prepared).held_out]
    assert (np.diff(times) > np.timedelta64(0)).all()


def test_one_input_shows_a_curve(tmp_path, monkeypatch):
    from mlpdash.data import tables

    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))
    lines = "x,y\n" + "\n".join(f"{i / 7},{i * i / 9}" for i in range(60))
    key = tables.keep(lines.encode(), "line.csv")
    prepared, net, pictures = pictured("circle", data=key, target=("y",), standardize=True)
    found = pictures.field(net, View(), 100)
    assert set(found) == {"curve_x", "curve_y"}
    assert found["curve_x"].shape == found["curve_y"].shape == (200,)
    assert pictures.predictions(net, View())["predicted_train"].shape == (
        len(prepared.split.train),
    )
