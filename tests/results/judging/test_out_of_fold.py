"""Rows cut into folds are judged by the nets that did not learn from them."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging.baselines import fitted_outputs
from mlpdash.results.judging.conformal import margins_of
from mlpdash.results.judging.judge import compare, judge
from mlpdash.results.judging.out_of_fold import fold_scores, outputs_on
from mlpdash.results.judging.rows import actual_values
from mlpdash.specs import Experiment


def cut(**choices: float) -> Prepared:
    spec = Experiment().changed(**{"data": "diabetes", "folds": 5, "test": 0.2, **choices}).data
    return prepare(load(spec), spec)


def numbered(prepared: Prepared, nets: int) -> np.ndarray:
    """Return what nets say whose every prediction is their own number, (nets, rows, 1)."""
    return np.tile(np.arange(nets, dtype=float)[:, None, None], (1, len(prepared.x), 1))


def test_a_row_is_predicted_by_the_nets_that_did_not_learn_from_it() -> None:
    prepared = cut(repeats=2)
    split, every = prepared.split, np.arange(len(prepared.x))
    assert split.folds is not None
    said = outputs_on(prepared, lambda x: numbered(prepared, 10), every)(prepared.x)[:, 0]
    expected = (split.folds[0] + split.folds[1] + 5) / 2
    assert said[split.train] == pytest.approx(expected)
    assert said[split.test] == pytest.approx(4.5)


def test_some_rows_are_predicted_in_their_own_order() -> None:
    prepared = cut()
    rows = np.concatenate([prepared.split.test[:3], prepared.split.train[::-7]])
    each = numbered(prepared, 5)[:, : len(rows)]
    said = outputs_on(prepared, lambda x: each, rows)(prepared.x[rows])[:, 0]
    assert prepared.split.folds is not None
    assert said[:3] == pytest.approx(2.0)
    assert said[3:].tolist() == prepared.split.folds[0][::-7].tolist()


def test_without_folds_it_is_the_mean_of_all() -> None:
    prepared = cut(folds=None)  # type: ignore[arg-type]
    rows = prepared.split.validation
    said = outputs_on(prepared, lambda x: numbered(prepared, 4)[:, : len(rows)], rows)
    assert said(prepared.x[rows]) == pytest.approx(1.5)


def test_baselines_do_not_learn_from_the_rows_that_they_are_judged_on() -> None:
    prepared = cut(test=0.0)
    rows = prepared.split.validation
    said = dict(fitted_outputs(prepared, rows))["linear"]
    expected, actual = np.zeros_like(said), actual_values(prepared)
    for fold in range(5):
        own = prepared.split.of_fold(0, fold)
        fitted = LinearRegression().fit(prepared.x[own.train], actual[own.train])
        expected[np.isin(rows, own.validation)] = fitted.predict(prepared.x[own.validation])
    assert said == pytest.approx(expected)


def test_test_rows_are_judged_by_baselines_that_learned_from_all_others() -> None:
    prepared = cut()
    said = dict(fitted_outputs(prepared, prepared.split.test))["linear"]
    train, actual = prepared.split.train, actual_values(prepared)
    fitted = LinearRegression().fit(prepared.x[train], actual[train])
    assert said == pytest.approx(fitted.predict(prepared.x[prepared.split.test]))


def test_a_judgement_has_no_training_part_and_tells_the_spread_over_folds() -> None:
    prepared = cut()
    outputs = actual_values(prepared) + 10.0
    found = judge(prepared, outputs)
    assert list(found["parts"]) == ["test", "validation"]
    assert found["folds"]["scores"]["rmse"] == {
        "mean": pytest.approx(10.0),
        "deviation": pytest.approx(0.0),
    }
    assert judge(cut(folds=None), outputs)["folds"] is None  # type: ignore[arg-type]


def test_the_spread_is_that_of_the_folds_scores() -> None:
    prepared = cut()
    folds, train = prepared.split.folds, prepared.split.train
    assert folds is not None
    outputs = actual_values(prepared).astype(float)
    outputs[train, 0] += folds[0] + 1
    found = fold_scores(prepared, outputs)["mae"]
    assert (found.mean, found.deviation) == (pytest.approx(3.0), pytest.approx(np.sqrt(2.5)))


def test_margins_are_taken_on_rows_predicted_out_of_fold() -> None:
    prepared = cut()
    outputs = actual_values(prepared) + 7.0
    margins = margins_of(prepared, outputs)
    assert margins is not None
    assert (margins.part, margins.rows) == ("validation", len(prepared.split.train))


def test_a_comparison_without_test_rows_is_on_all_rows_out_of_fold() -> None:
    prepared = cut(test=0.0)
    found = list(compare(prepared, actual_values(prepared) * 1.0))
    linear = next(one for one in found if one["name"] == "linear")
    whole = replace(prepared, split=replace(prepared.split, folds=None))
    flattered = next(one for one in compare(whole, actual_values(prepared) * 1.0)
                     if one["name"] == "linear")  # fmt: skip
    assert linear["scores"]["rmse"] > flattered["scores"]["rmse"]
