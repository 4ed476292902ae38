"""Rows by column name in, predictions out; checked against torch and numpy written out by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.errors import DataError
from mlpdash.results.predicting import Predictor, predictor_of
from mlpdash.specs import ModelSpec

AGE = Number("age", 0, mean=40.0, scale=10.0, typical=38.0, low=0, high=99)
CITY = Category("city", 1, typical=1, levels=("Bonn", "Köln", ""))
MODEL = ModelSpec(hidden=(5,), activation="tanh")
ROWS = pd.DataFrame({"age": [20.0, 50.0, np.nan], "city": ["Köln", "Rome", None]})
ENCODED = np.array([[-2, 0, 1, 0], [1, 0, 0, 0], [-0.2, 0, 1, 0]], np.float32)


def preprocessor(classes: tuple[str, ...] = ("no", "yes"), targets: int = 1) -> Preprocessor:
    names = tuple(f"t{n}" for n in range(targets))
    return Preprocessor(
        task="classification" if classes else "regression",
        name="people",
        features=(AGE, CITY),
        targets=names,
        target_units=("",) * targets,
        classes=classes,
        target_mean=tuple(100.0 + n for n in range(targets)),
        target_scale=(3.0,) * targets,
        time_name="",
    )


def nets(seeds: list[int], outputs: int) -> tuple[list[torch.nn.Sequential], np.ndarray]:
    """Return nets as torch has them, and their parameters as a snapshot has them."""
    made = []
    for seed in seeds:
        torch.manual_seed(seed)
        made.append(
            torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, outputs))
        )
    parts = [
        net[layer].get_parameter(name).detach().ravel()
        for name in ("weight", "bias")
        for layer in (0, 2)
        for net in made
    ]
    return made, torch.cat(parts).numpy()


def softmax(v: np.ndarray) -> np.ndarray:
    e = np.exp(v)
    return e / e.sum(-1, keepdims=True)


def test_probabilities_are_the_mean_of_each_nets_softmax() -> None:
    made, flat = nets([1, 2, 3], 2)
    each = np.stack([softmax(net(torch.tensor(ENCODED)).detach().double().numpy()) for net in made])
    found = predictor_of(preprocessor(), MODEL, flat).rows(ROWS)
    np.testing.assert_allclose(found.each, each, rtol=1e-5)
    np.testing.assert_allclose(found.mean, each.mean(0), rtol=1e-5)
    np.testing.assert_allclose(found.std, each.std(0), rtol=1e-3)
    assert found.values.tolist() == [("no", "yes")[k] for k in each.mean(0).argmax(1)]


def test_numbers_come_in_the_targets_units() -> None:
    (net,), flat = nets([4], 2)
    expected = net(torch.tensor(ENCODED)).detach().double().numpy() * 3.0 + [100.0, 101.0]
    found = predictor_of(preprocessor((), 2), MODEL, flat)
    np.testing.assert_allclose(found.predict(ROWS), expected, rtol=1e-6)
    with pytest.raises(DataError, match="predict numbers"):
        found.predict_proba(ROWS)


def test_labels_have_a_probability_each() -> None:
    (net,), flat = nets([5], 3)
    known = dataclasses.replace(preprocessor((), 3), task="classification")
    found = predictor_of(known, MODEL, flat, link="sigmoid").rows(ROWS)
    expected = torch.sigmoid(net(torch.tensor(ENCODED)).detach().double()).numpy()
    np.testing.assert_allclose(found.mean, expected, rtol=1e-5)
    np.testing.assert_array_equal(found.values, expected > 0.5)
    assert list(found.frame())[:4] == ["predicted t0", "predicted t1", "predicted t2",
                                       "probability t0"]  # fmt: skip


@pytest.fixture
def predictor() -> Predictor:
    return predictor_of(preprocessor(), MODEL, nets([1, 2, 3], 2)[1])


def test_columns_go_by_name_and_further_ones_are_ignored(predictor: Predictor) -> None:
    other = ROWS.assign(note="=1+1", t0="yes")[["note", "city", "t0", "age"]]
    np.testing.assert_array_equal(predictor.rows(other).each, predictor.rows(ROWS).each)


def test_what_is_new_or_missing_is_counted_by_column(predictor: Predictor) -> None:
    found = predictor.rows(ROWS)
    assert found.unseen == {"city": 1}
    assert found.missing == {"age": 1, "city": 1}


def test_all_missing_columns_are_named_at_once(predictor: Predictor) -> None:
    with pytest.raises(DataError, match=r'lacks 2 of the columns .*"age", "city"'):
        predictor.rows(pd.DataFrame({"Age": [1]}))


def test_a_column_that_is_there_twice_is_refused(predictor: Predictor) -> None:
    with pytest.raises(DataError, match='more than one column called "age"'):
        predictor.rows(pd.concat([ROWS, ROWS[["age"]]], axis=1))


def test_the_table_of_several_nets_has_intervals(predictor: Predictor) -> None:
    frame = predictor.rows(ROWS).frame(level=0.5)
    each = predictor.rows(ROWS).each[:, :, 1]  # (3, rows)
    assert list(frame) == [
        "predicted t0", "probability no", "probability yes",
        "probability no, nets from", "probability yes, nets from",
        "probability no, nets to", "probability yes, nets to",
    ]  # fmt: skip
    np.testing.assert_allclose(frame["probability yes, nets from"], np.quantile(each, 0.25, axis=0))
    np.testing.assert_allclose(frame["probability yes, nets to"], np.quantile(each, 0.75, axis=0))


def test_no_rows_give_no_predictions(predictor: Predictor) -> None:
    assert predictor.predict(ROWS.iloc[:0]).shape == (0,)


def test_weights_of_another_shape_are_a_fault() -> None:
    with pytest.raises(ValueError, match="are not nets"):
        predictor_of(preprocessor(), MODEL, np.zeros(38, np.float32))
