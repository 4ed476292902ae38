"""Sets with one input, against their formulas."""

import numpy as np
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.sets.curves import CURVES

FORMULAS = {
    "line": lambda x: 2 * x + 1,
    "sine": np.sin,
    "polynomial": lambda x: x**3 - 2 * x,
}
SPREAD = {"line": 4.0, "sine": 1.0, "polynomial": 4.0}


def pcg(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("name", CURVES)
def test_the_formula_holds_and_noise_adds_to_it(name: str) -> None:
    x, y = CURVES[name](5_000, 0.0, pcg())
    assert x.shape == y.shape == (5_000,)
    assert y == pytest.approx(FORMULAS[name](x))
    same, noisy = CURVES[name](5_000, 0.3, pcg())
    assert np.array_equal(same, x)
    assert (noisy - y).std() == pytest.approx(0.3 * SPREAD[name], rel=0.05)
    assert abs((noisy - y).mean()) < 0.1


def test_the_line_has_eleven_points_as_they_are() -> None:
    spec = starting_point("line").data
    prepared = prepare(load(spec), spec)
    assert prepared.x[:, 0].tolist() == list(range(11))
    assert prepared.y[:, 0].tolist() == [2 * x + 1 for x in range(11)]
    assert [f.name for f in prepared.features] == ["x"]
    assert (prepared.features[0].low, prepared.features[0].high) == (0, 10)


def test_the_cubic_has_twenty_rows_to_learn_from_and_a_hundred_held_out() -> None:
    spec = starting_point("polynomial").data
    split = prepare(load(spec), spec).split
    assert [len(split.train), len(split.validation), len(split.test)] == [20, 100, 0]
