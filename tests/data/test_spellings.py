"""Words that differ only in case, spaces and accents: offered as one, and kept so."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from mlpdash.cures import cures_of
from mlpdash.data.cells.spellings import alike, merged, plain_spelling
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import (
    Prepared,
    Preprocessor,
    prepared_to_json,
    preprocessor_from_json,
)
from mlpdash.data.reading.read import read_table
from mlpdash.results.exporting.onnx import onnx_description
from mlpdash.results.predicting import predictor_of
from mlpdash.specs import DataSpec, Experiment
from mlpdash.specs.cured import cured
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for

CITIES = ["Zürich"] * 30 + ["Bern"] * 28 + ["zurich", " ZÜRICH "]
STATUS = [*["ok", "fraud", "ok", "ok"] * 14, "Ok", "OK", "o k", "Fraud"]
TEXT = pd.DataFrame({"x": np.arange(60) ** 2 % 47 / 7, "city": CITIES, "status": STATUS}).to_csv(
    index=False
)


def prepared_with(spec: DataSpec, text: str = TEXT) -> Prepared:
    return prepare(read_table(text.encode(), "own.csv"), spec)


def merging() -> DataSpec:
    """Take the cure of each sentence about spellings."""
    spec = DataSpec()
    for note in prepared_with(spec).told:
        if "differ only in case" in str(note):
            (cure,) = cures_of(note)
            spec = cured(spec, cure)
    return spec


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ok", "ok"), (" a  b", "A b"), ("São Paulo", "sao paulo"), ("STRASSE", "straße"), ("é", "é")],
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert plain_spelling(one) == plain_spelling(other)
    assert alike([one, "else", other]) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"), [("ok", "oke"), ("a-b", "ab"), ("1.0", "10"), ("+", "-")]
)
def test_other_words_are_not_alike(one: str, other: str) -> None:
    assert alike([one, other]) == []


def test_the_most_frequent_spelling_stays() -> None:
    cells = pd.Series(["Ok", "ok", None, "ok", "no", "Ok "], dtype="str")
    assert merged(cells).tolist()[:2] == ["ok", "ok"]
    assert merged(cells).isna().tolist() == [False, False, True, False, False, False]
    assert merged(pd.Series(["A", "a", "a"], dtype="str")).tolist() == ["a"] * 3


def test_they_are_told_with_a_cure_and_stay_apart_until_it_is_taken() -> None:
    prepared = prepared_with(DataSpec())
    assert prepared.classes == ("Fraud", "OK", "Ok", "fraud", "o k", "ok")
    told = [note for note in prepared.notes if "differ only in case" in note]
    assert [note.split(",")[0] for note in told] == ['In "city"', 'In "status"']
    assert '"OK", "Ok", "o k", "ok"' in told[1]


def test_merged_words_are_one_level_and_one_class() -> None:
    prepared = prepared_with(merging())
    assert prepared.classes == ("fraud", "ok")
    assert next(f for f in prepared.features if f.name == "city").levels == ("Bern", "Zürich")
    assert not any("differ only" in note for note in prepared.notes)
    assert np.bincount(prepared.y).tolist() == [15, 45]


def test_rows_to_predict_and_what_is_exported_know_it() -> None:
    prepared = prepared_with(merging())
    experiment = Experiment(data=DataSpec()).changed(epochs=2, hidden=(3,))
    learner = learner_for(prepared, experiment, "cpu")
    for _progress in train(learner):
        pass
    known = preprocessor_from_json(prepared_to_json(prepared))
    predictor = predictor_of(known, experiment.model, learner.net.flat.numpy())
    rows = pd.DataFrame({"x": [1.5] * 4, "city": ["Zürich", "ZURICH", "zürich ", "Basel"]})
    found = predictor.rows(rows).frame()
    probabilities = found.select_dtypes("number").to_numpy()
    assert (probabilities[:3] == probabilities[0]).all()
    assert (probabilities[3] != probabilities[0]).any()
    with_class = rows.assign(status=["OK", "FRAUD", "o k", "lost"])
    assert known.y(with_class).tolist() == [1, 0, 1, -1]
    assert "make no difference" in onnx_description(predictor)


def test_what_was_fitted_before_there_was_the_choice_opens() -> None:
    found = json.loads(prepared_to_json(prepared_with(DataSpec())))
    del found["merged"]
    assert not any("merged" in feature for feature in found["features"])
    opened: Preprocessor = preprocessor_from_json(json.dumps(found))
    assert not opened.merged


def test_yes_and_no_written_in_several_ways_are_two_classes_once_merged() -> None:
    text = "x,y\n" + "".join(f"{n}.5,{('yes', 'no', 'Yes', 'NO')[n % 4]}\n" for n in range(40))
    assert len(prepared_with(DataSpec(), text).classes) == 4
    spec = DataSpec(preparation=DataSpec().preparation.with_column("y", merge=True))
    assert len(prepared_with(spec, text).classes) == 2
