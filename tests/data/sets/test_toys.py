"""The sets of points on the plane; six of them against TensorFlow Playground's formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.data.load import load
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.sets.toys import BUMPS, TOYS, bump, circle, gauss, multi_gauss, plane, spiral, xor
from mlpdash.specs import DataSpec


def pcg(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("name", TOYS)
@given(n=st.integers(10, 300), noise=st.integers(0, 50), seed=st.integers(0, 2**32 - 1))
def test_every_set_has_its_shape_and_labels(name: str, n: int, noise: int, seed: int) -> None:
    x, y = TOYS[name](n, noise / 100, pcg(seed))
    assert x.shape == (n, 2)
    assert y.shape == (n,)
    assert np.isfinite(x).all()
    if CATALOGUE[name].task == "classification":
        assert y.dtype == np.int64
        labels = set(y.tolist())
        assert labels <= {-1, 1} or labels <= set(range(5))
    else:
        assert y.dtype == np.float64


def test_circle_without_noise_is_a_disc_and_a_ring() -> None:
    x, y = circle(2_001, 0.0, pcg())
    radius = np.hypot(*x.T)
    assert (y == 1).sum() == 1_001
    assert radius[y == 1].max() < 2.5
    assert radius[y == -1].min() >= 3.5
    assert radius[y == -1].max() < 5
    assert radius[y == 1].mean() == pytest.approx(1.25, abs=0.1)  # uniform in the radius
    assert np.abs(x[y == -1].mean(axis=0)).max() < 0.4  # all around


@pytest.mark.parametrize("draw", [circle, xor], ids=["circle", "xor"])
def test_noise_changes_labels_and_leaves_the_points_where_they_are(draw) -> None:  # type: ignore[no-untyped-def]
    x, y = draw(2_000, 0.0, pcg(5))
    noisy_x, noisy_y = draw(2_000, 0.5, pcg(5))
    assert np.array_equal(x, noisy_x)
    assert 0.05 < (y != noisy_y).mean() < 0.5


def test_labels_are_those_of_the_jittered_points() -> None:
    again = pcg(3)  # the same draws, in the same order
    radius = np.concatenate([again.uniform(0, 2.5, 1_000), again.uniform(3.5, 5, 1_000)])
    angle = again.uniform(0, 2 * np.pi, 2_000)
    jitter = again.uniform(-5, 5, (2_000, 2)) * 0.4
    moved = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]) + jitter
    x, y = circle(2_000, 0.4, pcg(3))
    assert x + jitter == pytest.approx(moved)
    assert np.array_equal(y == 1, moved[:, 0] ** 2 + moved[:, 1] ** 2 < 2.5**2)

    again = pcg(4)
    corner = again.uniform(-5, 5, (2_000, 2))
    moved = corner + 0.3 * np.sign(corner) + again.uniform(-5, 5, (2_000, 2)) * 0.4
    _, y = xor(2_000, 0.4, pcg(4))
    assert np.array_equal(y == 1, (moved[:, 0] > 0) == (moved[:, 1] > 0))


def test_xor_keeps_off_the_axes_and_labels_the_sign_of_the_product() -> None:
    x, y = xor(2_000, 0.0, pcg())
    assert np.abs(x).min() >= 0.3
    assert 5.2 < np.abs(x).max() <= 5.3
    assert np.array_equal(y, np.sign(x[:, 0] * x[:, 1]))


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_its_centres_and_a_variance_that_grows_with_noise(
    noise: float, variance: float
) -> None:
    x, y = gauss(40_000, noise, pcg())
    for label in (-1, 1):
        cloud = x[y == label]
        assert len(cloud) == 20_000
        assert cloud.mean(axis=0) == pytest.approx([2 * label, 2 * label], abs=0.06)
        assert cloud.var(axis=0) == pytest.approx([variance, variance], rel=0.05)


def test_spiral_arms_follow_the_formula_half_a_turn_apart() -> None:
    x, y = spiral(400, 0.0, pcg())
    for label, turn in ((1, 0.0), (-1, np.pi)):
        for i, point in enumerate(x[y == label]):
            t = 1.75 * i / 200 * 2 * np.pi + turn
            assert point == pytest.approx([5 * i / 200 * np.sin(t), 5 * i / 200 * np.cos(t)])


def test_noise_moves_the_points_of_the_spiral_by_at_most_itself() -> None:
    still, _ = spiral(1_000, 0.0, pcg())
    moved, _ = spiral(1_000, 0.3, pcg())
    assert 0.29 < np.abs(moved - still).max() <= 0.3


def test_plane_is_a_tenth_of_the_sum() -> None:
    x, y = plane(1_000, 0.0, pcg())
    assert y == pytest.approx((x[:, 0] + x[:, 1]) / 10)
    assert 5.9 < np.abs(x).max() < 6
    _, noisy = plane(1_000, 0.5, pcg())
    assert 0 < np.abs(noisy - y).max() <= 0.6


@pytest.mark.parametrize(
    ("point", "value"),
    [
        ((-4, 2.5), 1),
        ((0, 2.5), -1),
        ((4, -2.5), -1),
        ((0, -2.5), 1),
        ((4, 3.5), 0.5),  # one away from a hill
        ((0, 0.5), 0),  # two away from the nearest centres
        ((1.5, 2.5), -0.25),
        ((6, 6), 0),
    ],
)
def test_a_bump_is_one_at_its_centre_and_falls_to_nothing_two_away(
    point: tuple[float, float], value: float
) -> None:
    assert bump(np.array([point], float))[0] == pytest.approx(value)


def test_multi_gauss_has_three_hills_and_three_hollows() -> None:
    assert [sign for *_, sign in BUMPS] == [1, -1, 1, -1, 1, -1]
    x, y = multi_gauss(3_000, 0.0, pcg())
    assert y == pytest.approx(bump(x))
    assert -1 <= y.min() < -0.9 < 0.9 < y.max() <= 1


@pytest.mark.parametrize("name", TOYS)
def test_the_seed_decides_the_points(name: str) -> None:
    spec = DataSpec(data=name, rows=50, noise=20)
    once, again = load(spec).frame, load(spec).frame
    other = load(spec.model_copy(update={"data_seed": 1})).frame
    assert once.equals(again)
    assert not once.equals(other)
    assert len(once) == 50
