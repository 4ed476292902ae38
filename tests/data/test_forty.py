"""Each of the forty files: read, prepare, two epochs, prediction, export, or one sentence."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from mlpdash.data import describe
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import prepared_to_json, preprocessor_from_json
from mlpdash.data.preparing.read_cells import unseen
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.data.reading.read import read_table
from mlpdash.data.uploads import keep
from mlpdash.errors import DataError, MlpDashError
from mlpdash.results.exporting.script.script import script_zip
from mlpdash.results.exporting.tables import as_csv
from mlpdash.results.predicting import predictor_of
from mlpdash.specs import Experiment
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from tests.data.forty import CASES, CHINESE, JAPANESE, RUSSIAN, WORDS, Case, csv

OPENED = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]


def named(case: Case) -> str:
    return f"{case.number} {case.name}"


def test_all_forty_are_here() -> None:
    assert {case.number for case in CASES} - {0} == set(range(1, 41))


@pytest.mark.parametrize("case", REFUSED, ids=named)
def test_what_cannot_be_used_is_one_sentence(case: Case) -> None:
    with pytest.raises(MlpDashError) as caught:
        prepare(read_table(case.content, "x.csv", case.preparation.reading), case.spec)
    assert case.refused in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", OPENED, ids=named)
def test_it_opens_trains_and_predicts(case: Case) -> None:
    spec = case.spec.model_copy(update={"data": keep(case.content, "x.csv")})
    table = load(spec)
    prepared = prepare(table, spec)
    told = " ".join(prepared.notes)
    for words in case.notes:
        assert words in told
    if case.inputs:
        assert tuple(describe(prepared)["inputs"]) == case.inputs
    assert case.holds(prepared)
    assert np.isfinite(prepared.x).all()

    experiment = Experiment(data=spec).changed(epochs=2, hidden=(4,), batch_size=32)
    learner = learner_for(prepared, experiment, "cpu")
    losses = [p.losses[0] for p in train(learner) if p.losses is not None]
    assert len(losses) == 2
    assert np.isfinite(losses).all()

    again = preprocessor_from_json(prepared_to_json(prepared))
    turned = table.frame[table.frame.columns[::-1]].iloc[::-1]
    found = again.x(turned)
    assert np.isfinite(found).all()
    if len(found) == len(prepared.x):  # no row was left out
        np.testing.assert_array_equal(found[::-1], prepared.x)

    predictor = predictor_of(again, experiment.model, learner.net.flat.numpy())
    predicted = predictor.rows(turned).frame()
    assert len(predicted) == len(turned)
    written = pd.read_csv(io.BytesIO(as_csv(predicted)), keep_default_na=False)
    assert len(written) == len(turned)
    with zipfile.ZipFile(io.BytesIO(script_zip(prepared, experiment, "tensors", epochs=2))) as made:
        assert "train.py" in made.namelist()


def test_a_pasted_block_is_a_table() -> None:
    pasted = csv().replace(",", "\t")
    assert read_table(pasted.encode(), "pasted table").frame.shape == (60, 3)


@pytest.mark.parametrize(
    ("cells", "encoding"),
    [(WORDS, "cp1252"), (RUSSIAN, "cp1251"), (CHINESE, "gb18030"), (JAPANESE, "shift_jis")],
)
def test_likely_encodings_are_offered_with_a_preview(cells: list[str], encoding: str) -> None:
    with pytest.raises(ChoiceNeededError) as caught:
        read_table(csv(city=cells).encode(encoding), "x.csv")
    offered = [answer.value for answer in caught.value.answers]
    assert encoding in offered[:3]
    right = next(answer for answer in caught.value.answers if answer.value == encoding)
    assert cells[0] in right.preview


def test_at_prediction_columns_go_by_name_and_unseen_categories_are_counted() -> None:
    case = next(c for c in CASES if c.number == 36)
    table = read_table(case.content, "x.csv")
    fitted = prepare(table, case.spec).preprocessor
    other = table.frame.assign(city=["Ulm", "Köln"] * 30)
    assert unseen(fitted.features, fitted.raw(other)) == {"city": 30}
    assert (fitted.x(other)[1::2, 2:] == 0).all()
    with pytest.raises(DataError, match='the column "city" is missing'):
        fitted.x(other.drop(columns="city"))


def test_a_hundred_thousand_categories_are_never_that_many_columns() -> None:
    rows = 100_000
    text = "size,word,kind\n" + "".join(f"{n % 7},w{n},{'ab'[n % 2]}\n" for n in range(rows))
    prepared = prepare(read_table(text.encode(), "x.csv"), CASES[0].spec)
    assert prepared.width == 1
    assert 'as row identifiers: "word"' in " ".join(prepared.notes)
