"""Sets of points beyond the playground's, against their descriptions."""

import numpy as np
import pytest

from mlpdash.data.sets.shapes import (
    checkerboard,
    five_blobs,
    moons,
    rings,
    three_blobs,
    two_gaussians,
)
from mlpdash.data.sets.toys import EXTENT, TOYS


def pcg(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_moons_are_two_half_circles_of_radius_three() -> None:
    x, y = moons(1_001, 0.0, pcg())
    assert np.bincount(y + 1).tolist() == [500, 0, 501]
    upper, lower, middle = x[y == 1], x[y == -1], np.array([1.5, 0.75])
    assert np.hypot(*(upper + middle).T) == pytest.approx(3)
    assert np.hypot(*(lower - middle).T) == pytest.approx(3)
    assert (upper[:, 1] >= -0.75).all()
    assert (lower[:, 1] <= 0.75).all()
    assert np.abs(x.mean(axis=0)).max() < 0.2
    moved, _ = moons(1_001, 0.2, pcg())
    assert (moved - x).std() == pytest.approx(0.6, abs=0.03)


def test_rings_lie_at_radius_one_three_and_five() -> None:
    x, y = rings(3_000, 0.0, pcg())
    radius = np.hypot(*x.T)
    for label, middle in enumerate((1, 3, 5)):
        assert np.abs(radius[y == label] - middle).max() <= 0.3
        assert np.abs(x[y == label].mean(axis=0)).max() < 0.3  # all around
    noisy, _ = rings(3_000, 0.25, pcg())
    assert (np.hypot(*noisy.T) - radius).std() == pytest.approx(0.5, abs=0.1)


def test_neighbouring_squares_of_the_board_differ() -> None:
    x, y = checkerboard(4_000, 0.0, pcg())
    assert np.abs(x).max() <= 5
    across, up = np.floor(x.T / 2.5).astype(int)
    assert (y == np.where((across + up) % 2, 1, -1)).all()
    assert (y == 1).mean() == pytest.approx(0.5, abs=0.03)
    still, noisy = checkerboard(4_000, 0.3, pcg())
    assert np.array_equal(still, x)
    assert 0.05 < (noisy != y).mean() < 0.5


@pytest.mark.parametrize(("noise", "deviation"), [(0.0, 1.0), (0.5, 2.0)])
def test_two_gaussians_have_their_centres_and_deviation(noise: float, deviation: float) -> None:
    x, y = two_gaussians(40_000, noise, pcg())
    for label in (-1, 1):
        cloud = x[y == label]
        assert len(cloud) == 20_000
        assert cloud.mean(axis=0) == pytest.approx([2 * label, 2 * label], abs=0.06)
        assert cloud.std(axis=0) == pytest.approx([deviation, deviation], rel=0.03)


@pytest.mark.parametrize(("draw", "classes"), [(three_blobs, 3), (five_blobs, 5)])
def test_blobs_stand_in_a_circle(draw, classes: int) -> None:  # type: ignore[no-untyped-def]
    x, y = draw(classes * 4_000, 0.0, pcg())
    centres = np.array([x[y == label].mean(axis=0) for label in range(classes)])
    assert np.hypot(*centres.T) == pytest.approx(3.5, abs=0.06)
    assert x[y == 0].std(axis=0) == pytest.approx([0.7, 0.7], rel=0.05)
    steps = np.linalg.norm(centres - np.roll(centres, 1, axis=0), axis=1)
    assert steps == pytest.approx(steps[0], abs=0.1)


@pytest.mark.parametrize("name", TOYS)
def test_without_noise_nearly_all_points_are_on_the_picture(name: str) -> None:
    x, _y = TOYS[name](2_000, 0.0, pcg())
    assert (np.abs(x) <= EXTENT).mean() > 0.999
