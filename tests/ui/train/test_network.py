"""Layers by buttons."""

from __future__ import annotations

import pytest

from mlpdash.specs import MAX_WIDTH
from mlpdash.ui.train.layers import (
    common_changed,
    fewer,
    more,
    with_activation,
    with_layer,
    without_layer,
)


@pytest.mark.parametrize(
    ("width", "wider"), [(1, 2), (4, 5), (8, 9), (16, 18), (64, 72), (256, 288), (8192, 8192)]
)
def test_more_and_fewer_are_each_others_inverse(width: int, wider: int) -> None:
    assert more((3, width), 1) == (3, wider)
    assert fewer((3, wider), 1) == (3, width if width < MAX_WIDTH else 8192 - 910)


def test_widths_stay_in_their_bounds() -> None:
    assert fewer((1,), 0) == (1,)
    assert more((8000,), 0) == (MAX_WIDTH,)


def test_a_layer_that_is_gone_changes_nothing() -> None:
    assert more((4,), 3) == (4,)
    assert without_layer(()) == ()


def test_a_new_layer_is_as_wide_as_the_last() -> None:
    assert with_layer((8, 3)) == (8, 3, 3)
    assert with_layer(()) == (4,)
    assert without_layer((8, 3)) == (8,)


def test_an_activation_of_its_own_is_written_as_short_as_it_can_be() -> None:
    assert with_activation((), 2, "tanh", "relu") == ("relu", "relu", "tanh")
    assert with_activation(("relu", "tanh"), 1, "relu", "relu") == ()
    assert with_activation(("elu", "tanh"), 0, "relu", "relu") == ("relu", "tanh")


def test_layers_with_the_common_activation_follow_it() -> None:
    assert common_changed(("relu", "tanh"), "relu", "elu") == ("elu", "tanh")
    assert common_changed(("elu", "tanh"), "elu", "tanh") == ()
