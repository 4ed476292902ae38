"""Points drawn by hand, as text and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.data.sets.drawn import STARTER, points_of, points_text
from mlpdash.errors import SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.data import LONGEST_DRAWING

PLACE = st.floats(-6, 6).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(PLACE, PLACE, st.integers(0, 19)), max_size=30))
def test_points_read_back_as_they_were_written(points: list[tuple[float, float, int]]) -> None:
    x = np.array([point[:2] for point in points], float).reshape(-1, 2)
    labels = [point[2] for point in points]
    found, classes = points_of(points_text(x, labels))
    np.testing.assert_array_equal(found, x)
    assert classes.tolist() == labels


def test_a_hundredth_is_kept_and_no_more() -> None:
    assert points_text(np.array([[1.0, -2.345], [-0.001, 6]]), [0, 12]) == "1,-2.35,0; 0,6,12"


def test_nothing_written_is_two_groups_to_begin_with_and_a_semicolon_is_nothing() -> None:
    x, labels = points_of("")
    assert points_text(x, labels) == STARTER
    assert set(labels.tolist()) == {0, 1}
    for empty in (";", " ; "):
        assert points_of(empty)[0].shape == (0, 2)
    assert points_text(np.empty((0, 2)), []) == ";"


@pytest.mark.parametrize(
    "text",
    ["1,2", "1,2,3,4", "a,2,0", "1,2,x", "nan,0,0", "inf,0,0", "6.01,0,0", "0,0,20", "0,0,-1"],
)
def test_anything_else_is_one_sentence(text: str) -> None:
    with pytest.raises(SpecError, match=r"Points \(points\) must each be") as caught:
        points_of(f"1,1,0; {text}")
    assert caught.value.field == "points"
    assert f'"{text}"' in str(caught.value)


def test_a_few_thousand_points_can_be_held() -> None:
    x = np.random.default_rng(0).uniform(-6, 6, (2_400, 2))
    text = points_text(x, [10] * len(x))
    assert len(text) <= LONGEST_DRAWING
    assert len(points_of(DataSpec(points=text).points)[0]) == 2_400
