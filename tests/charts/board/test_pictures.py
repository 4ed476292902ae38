"""Rows and weights as pictures: what the board gets."""

import base64
import json
from dataclasses import asdict

import numpy as np

from mlpdash.charts.board.pictures import board_pictures
from mlpdash.charts.theme import class_colors


def made(**changes):
    given = {
        "pixels": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
        "rows": np.array([7, 9]),
        "values": np.array([1.0, 0.0]),
        "classes": ("shirt", "<b>" + "trouser" * 9),
        "groups": (1, 1),
        "units": 70,
        "most_units": 64,
        "held_out": True,
    }
    return board_pictures(**(given | changes))


def test_pixels_are_bytes_in_a_row():
    found = json.loads(json.dumps(asdict(made())))
    assert (found["height"], found["width"]) == (3, 4)
    assert list(base64.b64decode(found["pixels"]["bdata"])) == list(range(24))
    assert found["pixels"]["dtype"] == "u1"


def test_classes_have_their_colours_and_names_that_fit():
    found = made()
    assert found.codes == (1, 0)
    assert found.colors == class_colors(2)
    assert found.actual == (found.classes[1], "shirt")
    assert len(found.classes[1]) <= 18


def test_numbers_are_said_to_three_digits():
    found = made(classes=(), groups=(), values=np.array([3.14159, 20.0]))
    assert (found.actual, found.codes, found.colors) == (("3.14", "20"), (), ())


def test_units_are_named_as_far_as_they_are_shown():
    found = made()
    assert (len(found.units), found.unit_count, found.units[-1]) == (64, 70, "neuron 64")
    outputs = made(units=("a", "b"))
    assert (outputs.units, outputs.unit_count) == (("a", "b"), 2)


def test_weights_go_from_orange_over_pale_to_blue():
    scales = made().scales
    for scale in scales.values():
        assert [place for place, _ in scale] == [0, 0.5, 1]
        assert (scale[0][1], scale[2][1]) == class_colors(2)
    assert scales["light"][1] != scales["dark"][1]
