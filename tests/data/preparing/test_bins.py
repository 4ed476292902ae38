"""Bins of numbers: the formula in plain numpy, JSON, and columns that have none."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.overview import overview
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.feature_json import feature_from_json, feature_to_json
from mlpdash.data.preparing.features import encode
from mlpdash.data.preparing.fitting import edges_of
from mlpdash.data.preparing.prepared import prepared_to_json, preprocessor_from_json
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.cured import cured
from mlpdash.specs.preparation import Preparation

ROWS = 80


def table():
    drawn = np.random.default_rng(0)
    age = drawn.gamma(2, 20, ROWS)
    age[::7] = np.nan
    return Table(
        pd.DataFrame(
            {
                "age": age,
                "two": drawn.integers(3, 5, ROWS),
                "few": drawn.choice([1.0, 2.0, 5.0], ROWS),
                "far": np.where(np.arange(ROWS) % 9 == 0, 1e30, drawn.normal(size=ROWS)),
                "city": drawn.choice(["Ulm", "Bonn"], ROWS),
                "goal": drawn.normal(size=ROWS),
            }
        ),
        "some",
    )


def prepared_of(preparation):
    return prepare(table(), DataSpec(target=("goal",), preparation=preparation))


def feature_of(prepared, name):
    return next(feature for feature in prepared.features if feature.name == name)


def plain(values, learned, typical, most):
    """State the formula cell by cell."""
    edges = sorted(set(np.quantile(learned[~np.isnan(learned)], np.arange(most + 1) / most)))
    made = np.zeros((len(values), len(edges) - 1))
    for i, value in enumerate(values):
        x = typical if math.isnan(value) else value
        for t in range(1, len(edges)):
            made[i, t - 1] = min(1, max(0, (x - edges[t - 1]) / (edges[t] - edges[t - 1])))
    return made


@pytest.mark.parametrize("most", [2, 3, 8, 64])
def test_bins_are_those_of_the_formula_on_the_rows_learned_from(most):
    prepared = prepared_of(Preparation(bins=most))
    for name in ("age", "few", "far"):
        feature = feature_of(prepared, name)
        raw = prepared.raw[:, prepared.features.index(feature)]
        expected = plain(raw, raw[prepared.split.train], feature.typical, most)
        found = prepared.x[:, feature.start + 1 : feature.start + 1 + feature.bins]
        if expected.shape[1] < 2:
            assert feature.bins == 0
        else:
            assert found == pytest.approx(expected, abs=1e-6)


def test_the_standardised_column_and_the_mark_of_gaps_stay():
    with_bins, without = prepared_of(Preparation(bins=8)), prepared_of(Preparation())
    for one, other in zip(with_bins.features, without.features, strict=True):
        assert np.array_equal(with_bins.x[:, one.start], without.x[:, other.start])
    age, plain_age = feature_of(with_bins, "age"), feature_of(without, "age")
    assert age.indicator
    assert np.array_equal(with_bins.x[:, age.stop - 1], without.x[:, plain_age.stop - 1])
    assert with_bins.width == without.width + sum(
        getattr(feature, "bins", 0) for feature in with_bins.features
    )


def test_columns_of_two_values_or_fewer_have_no_bins():
    assert feature_of(prepared_of(Preparation(bins=8)), "two").edges == ()
    for values in ([1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0], [np.nan, np.nan], [1.0, np.nan, 2.0]):
        assert edges_of(np.array(values), 8) == ()


def test_equal_edges_are_merged_and_one_bin_is_none():
    assert edges_of(np.array([0.0] * 50 + [1.0, 2.0]), 2) == ()  # quantiles 0, 0, 2
    assert edges_of(np.array([0.0] * 4 + [1.0, 2.0, 3.0, 4.0]), 4) == (0.0, 0.5, 2.25, 4.0)


def test_rows_beyond_the_range_stay_between_0_and_1():
    prepared = prepared_of(Preparation(bins=8))
    row = prepared.raw[:1].copy()
    age = feature_of(prepared, "age")
    place = prepared.features.index(age)
    for value, expected in ((-1e30, 0), (1e30, 1)):
        row[0, place] = value
        bins = encode(prepared.features, row)[0, age.start + 1 : age.start + 1 + age.bins]
        assert (bins == expected).all()


def test_names_say_from_where_to_where():
    age = feature_of(prepared_of(Preparation(bins=8)), "age")
    low, high = age.edges[:2]
    assert age.names_out[:2] == ("age", f"age {low:.4g} to {high:.4g}")
    assert age.names_out[-1] == "age is missing"
    assert len(age.names_out) == age.stop - age.start


def test_one_column_alone_can_have_bins():
    prepared = prepared_of(Preparation().with_column("age", kind="bins"))
    assert feature_of(prepared, "age").bins == 8
    assert feature_of(prepared, "far").bins == 0


def test_json_keeps_the_edges_and_older_json_opens():
    prepared = prepared_of(Preparation(bins=8))
    read = preprocessor_from_json(prepared_to_json(prepared))
    assert read.features == prepared.features
    assert np.array_equal(encode(read.features, prepared.raw), prepared.x)
    plain_age = feature_to_json(feature_of(prepared_of(Preparation()), "age"))
    assert "edges" not in plain_age
    assert feature_from_json(json.loads(json.dumps(plain_age))).edges == ()


@pytest.mark.parametrize("edges", [(0.0, 1.0), (0.0, 2.0, 1.0), (0.0, 1.0, math.inf), (1.0,)])
def test_edges_from_elsewhere_that_are_not_possible_are_not_sound(edges):
    age = replace(feature_of(prepared_of(Preparation()), "age"), edges=edges)
    assert not age.is_sound()


def test_the_overview_says_how_many_bins():
    spec = DataSpec(target=("goal",), preparation=Preparation(bins=8))
    views = overview(table().frame, find_columns(table(), spec), ["age"], prepare(table(), spec))
    assert "and as 8 bins" in views[0].becomes


def test_bins_are_told_and_left_out_by_one_click():
    frame = pd.DataFrame({"x": np.arange(60) % 17 + 0.5, "price": np.arange(60) / 7})
    table = read_table(frame.to_csv(index=False).encode(), "t.csv")
    spec = DataSpec(data="t", preparation=Preparation(bins=8))
    (note,) = (n for n in prepare(table, spec).told if "up to 8 bins" in str(n))
    again = cured(spec, note.cures[0])
    assert again.preparation.bins == 0
    assert not any("bins" in one for one in prepare(table, again).notes)
