"""What a frame shows, next to the same thing computed another way."""

import numpy as np
import pytest
import torch

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.sample import MOST_EACH, sample_rows
from mlpdash.results.explaining.components import components
from mlpdash.results.explaining.images import pictured_rows
from mlpdash.runs.worker.pictures import Pictures
from mlpdash.runs.worker.view import View
from mlpdash.training.loop.setup import learner_for
from tests.one_net import one_net


def pictured(name, **choices):
    experiment = one_net(name).changed(**choices)
    prepared = prepare(load(experiment.data), experiment.data)
    return prepared, learner_for(prepared, experiment), Pictures(prepared, "cpu")


def probabilities(learner, x):
    return torch.softmax(learner.net.forward(torch.tensor(x, dtype=torch.float32))[0], -1).numpy()


def test_two_classes_show_the_probability_of_the_second():
    _, learner, pictures = pictured("circle")
    found = pictures.field(learner, View(), 25)
    i, j = 20, 3
    point = [[found["field_x"][j], found["field_y"][i]]]
    assert found["field"].shape == (25, 25)
    assert found["field"][i, j] == pytest.approx(probabilities(learner, point)[0, 1], abs=1e-6)


def test_discretised_field_says_only_which_class():
    _, learner, pictures = pictured("circle")
    plain = pictures.field(learner, View(), 25)["field"]
    hard = pictures.field(learner, View(discretize=True), 25)["field"]
    assert np.array_equal(hard, (plain > 0.5).astype(np.float32))


def test_more_classes_show_class_and_confidence():
    prepared, learner, pictures = pictured("iris")
    z = pictures.field(learner, View(), 25)["field"].ravel()
    from mlpdash.results.explaining.plane_points import plane

    p = probabilities(learner, plane(prepared, None, None, 25).points)
    assert np.array_equal(np.floor(z), p.argmax(1))
    expected = (p.max(1) - 1 / 3) / (1 - 1 / 3)
    np.testing.assert_allclose(z - np.floor(z), expected, atol=1e-5)


def test_regression_shows_the_target_in_its_own_units():
    prepared, learner, pictures = pictured("temperature")
    z = pictures.field(learner, View(), 25)["field"]
    assert abs(z.mean() - prepared.target_mean[0]) < 3 * prepared.target_scale[0]
    ends = pictures.field(learner, View(discretize=True), 25)["field"]
    values = prepared.y[:, 0] * prepared.target_scale[0] + prepared.target_mean[0]
    assert set(np.unique(ends)) <= {np.float32(values.min()), np.float32(values.max())}


def test_confusion_counts_the_held_out_rows():
    prepared, learner, pictures = pictured("iris")
    found = pictures.predictions(learner, View())["confusion"]
    rows = prepared.split.validation
    predicted = probabilities(learner, prepared.x[rows]).argmax(1)
    from sklearn.metrics import confusion_matrix

    expected = confusion_matrix(prepared.y[rows], predicted, labels=range(3))
    assert np.array_equal(found, expected)


def test_wrong_rows_are_marked_where_they_lie():
    prepared, learner, pictures = pictured("circle", noise=30)
    learner.epoch = 1
    found = pictures.predictions(learner, View())
    rows = sample_rows(prepared).train
    wrong = rows[probabilities(learner, prepared.x[rows]).argmax(1) != prepared.y[rows]]
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
    from mlpdash.data import uploads

    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))
    lines = "x,y\n" + "\n".join(f"{i / 7},{i * i / 9}" for i in range(60))
    key = uploads.keep(lines.encode(), "line.csv")
    prepared, learner, pictures = pictured("circle", data=key, target=("y",), standardize=True)
    found = pictures.field(learner, View(), 100)
    assert set(found) == {"curve_x", "curve_y"}
    assert found["curve_x"].shape == found["curve_y"].shape == (200,)
    assert pictures.predictions(learner, View())["predicted_train"].shape == (
        len(prepared.split.train),
    )


def test_several_nets_show_their_mean_and_how_far_they_agree():
    prepared, learner, pictures = pictured("circle", nets=5)
    found = pictures.field(learner, View(), 25)
    from mlpdash.results.explaining.plane_points import plane

    x = torch.tensor(plane(prepared, None, None, 25).points)
    p = torch.softmax(learner.net.forward(x), -1).mean(0).double().numpy()  # (points, 2)
    np.testing.assert_allclose(found["field"].ravel(), p[:, 1], atol=1e-6)
    entropy = -(p * np.log(p)).sum(1) / np.log(2)
    np.testing.assert_allclose(found["field_opacity"].ravel(), 1 - entropy, atol=1e-5)
    alone = pictures.field(learner, View(member=3), 25)
    one = torch.softmax(learner.net.forward(x)[3], -1)[:, 1]
    np.testing.assert_allclose(alone["field"].ravel(), one, atol=1e-6)
    assert "field_opacity" not in alone


def test_several_nets_predict_with_a_band():
    prepared, learner, pictures = pictured("temperature", nets=9)
    found = pictures.predictions(learner, View())
    rows = sample_rows(prepared).train
    values = learner.net.forward(torch.tensor(prepared.x[rows]))[..., 0].numpy()
    values = values * prepared.target_scale[0] + prepared.target_mean[0]  # (P, rows)
    np.testing.assert_allclose(found["predicted_train"], values.mean(0), rtol=1e-4)
    np.testing.assert_allclose(
        found["predicted_train_low"], np.quantile(values, 0.1, axis=0), rtol=1e-4
    )
    spread = pictures.field(learner, View(), 25)["field_spread"]
    assert spread.shape == (25, 25)
    assert (spread > 0).all()


def test_a_cell_of_a_grid_shows_the_mean_of_its_nets():
    _, learner, pictures = pictured("circle", nets=2, sweep="lr=0.01,0.1; dropout=0,0.5,0.9")
    cells = pictures.cells(learner, View(), 6)
    assert cells.shape == (6, 20, 20)
    both = [pictures.field(learner, View(member=m), 20)["field"] for m in (4, 5)]
    np.testing.assert_allclose(cells[2], np.mean(both, axis=0), atol=1e-6)


def test_components_show_what_the_net_says_of_their_points():
    prepared, learner, pictures = pictured("digits")
    found = pictures.field(learner, View(), 25)
    along = components(prepared)
    at = np.array([[found["field_x"][4], found["field_y"][20]]])
    p = probabilities(learner, along.points(at))[0]
    assert np.floor(found["field"][20, 4]) == p.argmax()
    assert found["field"].shape == (25, 25)


def test_before_the_first_epoch_no_row_is_marked_as_wrong():
    _, learner, pictures = pictured("circle", noise=30)
    untrained = pictures.predictions(learner, View())
    assert {name: len(untrained[name]) for name in ("wrong_x", "wrong_validation_y")} == {
        "wrong_x": 0,
        "wrong_validation_y": 0,
    }
    assert untrained["confusion"].sum() > 0  # which is counted all the same


def test_wrong_rows_lie_on_the_plane_that_is_shown():
    prepared, learner, pictures = pictured("iris")
    learner.epoch = 1
    view = View(plane="pca")
    found = pictures.predictions(learner, view)
    rows = sample_rows(prepared).train
    wrong = rows[probabilities(learner, prepared.x[rows]).argmax(1) != prepared.y[rows]]
    assert len(wrong) > 0
    places = components(prepared).place(prepared.x[wrong])
    np.testing.assert_allclose(found["wrong_x"], places[:, 0], atol=1e-5)
    np.testing.assert_allclose(found["wrong_y"], places[:, 1], atol=1e-5)
    assert len(pictures.predictions(learner, View())["wrong_x"]) == len(wrong)
    assert not np.allclose(pictures.predictions(learner, View())["wrong_x"], found["wrong_x"])


def test_one_class_is_shown_as_its_probability():
    prepared, learner, pictures = pictured("iris")
    found = pictures.field(learner, View(output="virginica"), 25)["field"].ravel()
    from mlpdash.results.explaining.plane_points import plane

    p = probabilities(learner, plane(prepared, None, None, 25).points)
    np.testing.assert_allclose(found, p[:, 2], atol=1e-6)
    hard = pictures.field(learner, View(output="virginica", discretize=True), 25)["field"].ravel()
    assert np.array_equal(hard, (found > 0.5).astype(np.float32))
    both = pictures.predictions(learner, View(output="virginica"))["confusion"]
    assert both.sum() == len(prepared.split.validation)  # which is about all classes


def test_a_class_that_there_is_not_changes_nothing():
    _, learner, pictures = pictured("iris")
    usual, odd = (pictures.field(learner, View(output=o), 25)["field"] for o in (None, "rose"))
    assert np.array_equal(usual, odd)


def test_one_of_several_targets_is_shown_in_its_own_units():
    prepared, learner, pictures = pictured("two-layer")
    rows = sample_rows(prepared).train
    values = learner.net.forward(torch.tensor(prepared.x[rows]))[0].numpy()
    values = values * prepared.target_scale + prepared.target_mean
    for name in (None, "y1", "y7"):
        found = pictures.predictions(learner, View(output=name))["predicted_train"]
        column = values[:, prepared.targets.index(name or "y1")]
        np.testing.assert_allclose(found, column, rtol=1e-4, atol=1e-5)
    ends = pictures.field(learner, View(output="y7", discretize=True), 25)["field"]
    actual = prepared.y[:, 6] * prepared.target_scale[6] + prepared.target_mean[6]
    assert set(np.unique(ends)) <= {np.float32(actual.min()), np.float32(actual.max())}


def test_a_curve_of_several_nets_has_a_band():
    _, learner, pictures = pictured("sine", nets=7)
    found = pictures.field(learner, View(), 100)
    x = torch.tensor(pictures._plane(View(), 100)[0].points)
    values = learner.net.forward(x)[..., 0].numpy()
    np.testing.assert_allclose(found["curve_y"], values.mean(0), atol=1e-5)
    np.testing.assert_allclose(found["curve_y_low"], np.quantile(values, 0.1, axis=0), atol=1e-5)
    np.testing.assert_allclose(found["curve_y_high"], np.quantile(values, 0.9, axis=0), atol=1e-5)
    assert set(pictures.field(learner, View(member=2), 100)) == {"curve_x", "curve_y"}


def test_rows_that_are_pictures_come_with_the_likeliest_class():
    prepared, learner, pictures = pictured("digits")
    found = pictures.images(learner, View(show="rows"))
    p = probabilities(learner, prepared.x[pictured_rows(prepared)])
    assert np.array_equal(found["picture_code"], p.argmax(1))
    np.testing.assert_allclose(found["picture_share"], p.max(1), atol=1e-6)


def test_pictures_of_a_number_come_with_the_number():
    prepared, learner, pictures = pictured("digits", task="regression", loss="auto")
    found = pictures.images(learner, View(show="rows"))
    x = torch.tensor(prepared.x[pictured_rows(prepared)])
    expected = learner.net.forward(x)[0, :, 0].numpy() * prepared.target_scale[0]
    np.testing.assert_allclose(
        found["picture_value"], expected + prepared.target_mean[0], rtol=1e-4
    )


def test_weights_of_the_first_layer_are_pictures_to_a_hundredth_of_the_largest():
    _, learner, pictures = pictured("digits", nets=3, hidden=(70, 5))
    found = pictures.first_weights(learner, View(member=1))
    weights = learner.net.weights[0][1, :64].numpy()
    assert found["unit_weights"].dtype == np.int8
    assert found["unit_weights"].shape == (64, 8, 8)
    scale = found["unit_scale"][0]
    assert scale == pytest.approx(np.abs(weights).max())
    shown = found["unit_weights"].reshape(64, 64) * (scale / 127)
    np.testing.assert_allclose(shown, weights, atol=scale / 127)


def test_other_rows_have_no_pictures():
    _, learner, pictures = pictured("iris")
    assert pictures.images(learner, View()) == pictures.first_weights(learner, View()) == {}
