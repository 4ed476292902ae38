"""Which rows are shown as pictures, and their pixels."""

import numpy as np
from sklearn.datasets import load_digits

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.results.explaining.images import image_of, pictured_rows, pixels, stand_in_lines


def prepared(name, **choices):
    spec = starting_point(name).changed(**choices).data
    return prepare(load(spec), spec)


def test_each_class_has_as_many_pictures_and_they_follow_one_another():
    digits = prepared("digits")
    rows = pictured_rows(digits)
    assert digits.y[rows].tolist() == np.repeat(np.arange(10), 6).tolist()
    assert np.isin(rows, digits.split.validation).all()
    assert len(set(rows)) == 60
    assert stand_in_lines(digits)


def test_a_rare_class_has_as_many_pictures_as_a_common_one():
    uneven = prepared("breast-cancer")
    assert np.bincount(uneven.y[pictured_rows(uneven)]).tolist() == [12, 12]


def test_training_rows_are_shown_where_none_is_held_out():
    digits = prepared("digits", validation=0.0)
    assert np.isin(pictured_rows(digits), digits.split.train).all()


def test_numbers_are_spread_in_order():
    digits = prepared("digits", task="regression")
    values = digits.y[pictured_rows(digits), 0]
    assert len(values) == 60
    assert (np.diff(values) >= 0).all()
    assert len(set(values)) == 10
    assert not stand_in_lines(digits)


def test_pixels_are_those_of_the_table():
    digits = prepared("digits")
    found = pixels(digits, np.array([3, 77]))
    expected = load_digits().images[[3, 77]] * 255 / 16
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found, expected, atol=0.5)


def test_other_rows_are_no_pictures():
    assert image_of(prepared("iris")) is None
    assert image_of(prepared("digits")) == (8, 8)
