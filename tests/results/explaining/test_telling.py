"""Which inputs are worth an axis, next to what is known of made rows."""

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.table import Table
from mlpdash.results.explaining.plane_points import axes
from mlpdash.results.explaining.telling import most_telling, share_told
from mlpdash.specs import DataSpec

ROWS = 800


def made(target: str = "rent"):
    """A table of flats: weekday means nothing, distance matters in both directions."""
    rng = np.random.default_rng(0)
    weekday, distance = rng.integers(0, 7, ROWS), rng.uniform(0, 10, ROWS).round(2)
    state = rng.choice(["new", "old", "worn"], ROWS)
    built = rng.integers(1920, 2020, ROWS)
    rent = 700 + 60 * (distance - 5) ** 2 + 300 * (state == "new") + 0.6 * (built - 1970)
    frame = pd.DataFrame(
        {"weekday": weekday, "built": built, "state": state, "distance": distance,
         "rent": (rent + rng.normal(0, 60, ROWS)).round(), "dear": np.where(rent > 1300, "y", "n")}
    )  # fmt: skip
    spec = DataSpec(target=(target,), validation=0.2, test=0.2)
    other = {"rent": "dear", "dear": "rent"}[target]
    return prepare(Table(frame.drop(columns=other), "flats.csv"), spec)


@pytest.mark.parametrize("target", ["rent", "dear"])
def test_the_axes_are_the_inputs_that_tell_most_also_where_no_line_shows_it(target):
    """The rent falls and rises with the distance: its correlation is near zero."""
    found = made(target)
    names = [feature.name for feature in axes(found, None, None)]
    assert names == ["state", "distance"]
    assert {feature.name for feature in most_telling(found)[2:]} == {"weekday", "built"}


def test_the_share_is_that_of_the_variance_between_groups():
    rng = np.random.default_rng(1)
    groups, y = rng.integers(0, 4, 60), rng.normal(size=(60, 2))
    means = np.stack([y[groups == g].mean(0) for g in range(4)])
    within = np.square(y - means[groups]).sum() / np.square(y - y.mean(0)).sum()
    assert share_told(groups, y) == pytest.approx(1 - within * 59 / 56)


def test_a_group_for_each_row_tells_nothing():
    assert share_told(np.arange(5), np.arange(5.0)[:, None]) == 0
    assert share_told(np.zeros(5, int), np.arange(5.0)[:, None]) == 0
    assert share_told(np.arange(5) % 2, np.ones((5, 1))) == 0
