"""Points drawn by hand, as text and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.data.sets.drawn import points_of
from mlpdash.errors import SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.data import LONGEST_DRAWING

PLACE = st.floats(-6, 6).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(PLACE, PLACE, st.integers(0, 19)), max_size=30))
def test_points_read_back_as_they_were_written(points: list[tuple[float, float, int]]) -> None:
    written = "; ".join(f"{a:g},{b:g},{label}" for a, b, label in points) or ";"
    found, classes = points_of(written)
    assert found.tolist() == [[a, b] for a, b, _label in points]
    assert classes.tolist() == [label for _a, _b, label in points]


def test_nothing_written_is_two_groups_to_begin_with_and_a_semicolon_is_nothing() -> None:
    x, labels = points_of("")
    assert (len(x), x[0].tolist(), x[-1].tolist()) == (12, [-3, 2], [2.2, -3.4])
    assert labels.tolist() == [0] * 6 + [1] * 6
    for empty in (";", " ; "):
        assert points_of(empty)[0].shape == (0, 2)


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
    places = np.random.default_rng(0).uniform(-6, 6, (2_400, 2)).tolist()
    text = "; ".join(f"{a:.2f},{b:.2f},10" for a, b in places)
    assert len(text) <= LONGEST_DRAWING
    assert len(points_of(DataSpec(points=text).points)[0]) == 2_400
