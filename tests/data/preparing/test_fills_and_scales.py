"""Fills, scales and levels: each column as its own pipeline of scikit-learn would find them."""

import itertools
import sys
from collections import Counter

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

from mlpdash.data.preparing.fills_and_scales import STRATEGIES, fit_levels, fit_numbers

SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
TREATMENTS = list(itertools.product(STRATEGIES, (*SCALERS, "none"), (False, True)))


def test_columns_treated_differently_are_fitted_as_each_would_be_alone():
    random = np.random.default_rng(0)
    train = random.normal(5, 3, (90, len(TREATMENTS))).round(1)
    for n, (_fill, _scaling, gaps) in enumerate(TREATMENTS):
        if gaps:
            train[random.random(90) < 0.2, n] = np.nan
    fills, scalings = [t[0] for t in TREATMENTS], [t[1] for t in TREATMENTS]
    kept = train.copy()
    found = np.array(fit_numbers(train, fills, scalings))
    np.testing.assert_array_equal(train, kept)
    for n, (fill, scaling, _gaps) in enumerate(TREATMENTS):
        imputer = SimpleImputer(strategy=STRATEGIES[fill])
        whole = imputer.fit_transform(kept[:, [n]])
        typical, mean, scale = found[:, n]
        assert typical == imputer.statistics_[0]
        if scaling == "none":
            assert (mean, scale) == (0, 1)
        else:
            theirs = SCALERS[scaling]().fit_transform(whole)
            np.testing.assert_allclose((whole - mean) / scale, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("scaling", [*SCALERS, "none"])
def test_columns_of_one_value_or_of_none_stay_finite(scaling):
    train = np.array([[7.0, np.nan], [7.0, np.nan]])
    fill, mean, scale = fit_numbers(train, ["median", "mean"], [scaling, scaling])
    assert fill.tolist() == [7, 0]
    assert np.isfinite(mean).all()
    assert (scale == 1).all()


def test_levels_are_the_encoders_and_the_rare_are_left_out():
    random = np.random.default_rng(0)
    train = random.choice(
        list("abcdefgh"), (200, 3), p=[0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05]
    )
    train = train.astype(object)
    train[random.random((200, 3)) < 0.1] = None
    most = [None, 2, None]
    for n, levels in enumerate(fit_levels(train, most)):
        seen = train[train[:, n] != None][:, [n]]  # noqa: E711 - elementwise
        encoder = OneHotEncoder(max_categories=most[n] and most[n] + 1).fit(seen)
        rare = [] if most[n] is None else encoder.infrequent_categories_[0].tolist()
        assert levels.kept == tuple(one for one in encoder.categories_[0] if one not in rare)
        assert levels.mode == Counter(seen[:, 0]).most_common(1)[0][0]
    assert len(fit_levels(train, most)[1].kept) == 2


def test_a_set_without_gaps_and_scales_needs_no_scikit_learn(monkeypatch):
    """The playground's sets: importing it takes longer than training on them."""
    monkeypatch.setitem(sys.modules, "sklearn.compose", None)
    fill, mean, scale = fit_numbers(np.array([[1.0], [2], [9]]), ["median"], ["none"])
    assert (fill.tolist(), mean.tolist(), scale.tolist()) == ([2], [0], [1])
