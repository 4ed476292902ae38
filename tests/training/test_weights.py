"""Class and row weights, against scikit-learn's and against rows that stand there several times."""

import io
import runpy
import zipfile

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score, f1_score, log_loss, r2_score
from sklearn.utils.class_weight import compute_class_weight

from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared_file import read_prepared, write_prepared
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.results.exporting.script.script import script_zip
from mlpdash.specs import DataSpec, Experiment
from mlpdash.specs.preparation import Preparation
from mlpdash.training.loop.best import measured
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.net.initial import build
from mlpdash.training.weights import in_force, row_weights, weights_by_class

ROWS = 60


def frame():
    drawn = np.random.default_rng(0)
    x = drawn.normal(size=ROWS)
    return pd.DataFrame(
        {
            "x": x,
            "z": drawn.normal(size=ROWS),
            "w": drawn.integers(1, 4, ROWS).astype(float),
            "kind": np.where(x + drawn.normal(size=ROWS) > 0.9, "yes", "no"),
        }
    )


def prepared_of(table=None, *, target="kind", weight="w", folds=None):
    table = frame() if table is None else table
    roles = Preparation() if not weight else Preparation().with_column(weight, role="weight")
    spec = DataSpec(
        target=(target,), preparation=roles, validation=0.2, test=0.0 if folds else 0.2, folds=folds
    )
    return prepare(Table(table, "some"), spec)


def experiment(**choices):
    usual = {"hidden": (4,), "epochs": 6, "batch_size": 8, "lr": 0.05}
    return Experiment().changed(**{**usual, **choices})


def test_balanced_weights_are_those_of_scikit_learn_on_the_rows_learned_from():
    prepared = prepared_of(weight="")
    y = prepared.y[prepared.split.train]
    expected = compute_class_weight("balanced", classes=np.unique(y), y=y)
    assert row_weights(prepared, "balanced") == pytest.approx(expected[prepared.y])


def test_weights_by_class_multiply_those_of_the_column():
    prepared = prepared_of()
    by_name = np.where(prepared.y == prepared.classes.index("yes"), 5.0, 1.0)
    assert prepared.weight is not None
    assert "w" not in [feature.name for feature in prepared.features]
    assert row_weights(prepared, "yes=5") == pytest.approx(by_name * prepared.weight)
    assert row_weights(prepared, "") is prepared.weight


def test_names_with_commas_and_equal_signs_are_read():
    classes = ("a, b", "c=d", "e")
    assert weights_by_class('"a, b"=2, c=d=0.5', classes) == {"a, b": 2, "c=d": 0.5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maybe=2", 'names "maybe", which is not a class; the classes are'),
        ("yes=-1", "weights of at least 0"),
        ("yes", "must be balanced"),
        ("yes=nan", "weights of at least 0"),
        ("yes=0, no=0", "not all of them 0"),
    ],
)
def test_class_weights_that_are_not_possible_are_refused(text, said):
    with pytest.raises(SpecError, match=said) as caught:
        learner_for(prepared_of(), experiment(class_weight=text))
    assert caught.value.field == "class_weight"


def test_class_weights_for_numbers_are_refused():
    with pytest.raises(SpecError, match="is for classes, and here numbers are predicted"):
        learner_for(prepared_of(target="z"), experiment(class_weight="balanced"))


@pytest.mark.parametrize(("value", "said"), [(-1.0, "is -1 in row 5"), (np.nan, "missing in row")])
def test_weights_that_are_negative_or_missing_are_told_with_row_and_way_out(value, said):
    table = frame()
    table.loc[4, "w"] = value
    with pytest.raises(DataError, match=said) as caught:
        prepared_of(table)
    assert [dict(cure.columns)["w"]["role"] for cure in caught.value.cures] == ["input", "ignored"]


def test_a_word_among_weights_is_quoted():
    table = frame()
    table["w"] = table["w"].astype(str)
    table.loc[4, "w"] = "abc"
    with pytest.raises(DataError, match='and is "abc" in row 5'):
        prepared_of(table)


def test_weights_that_leave_a_fold_without_rows_are_refused_with_a_way_out():
    table = frame()
    table["w"] = 0.0
    table.loc[7, "w"] = 1.0
    with pytest.raises(DataError, match="of 5 nets of folds") as caught:
        prepared_of(table, folds=5)
    assert caught.value.cures[0].data == {"folds": None}
    table.loc[prepared_of(frame(), weight="").split.train, "w"] = 1.0
    table.loc[prepared_of(frame(), weight="").split.validation, "w"] = 0.0
    with pytest.raises(DataError, match="0 in all validation rows"):
        prepared_of(table)


def test_a_weight_is_as_many_copies_of_the_row():
    prepared = prepared_of(target="z")
    learner = learner_for(prepared, experiment(batch_size=None, loss="squared_error"))
    copies = np.repeat(prepared.split.train, prepared.weight[prepared.split.train].astype(int))
    net = learner.net.forward(torch.from_numpy(prepared.x[copies]))[0]
    expected = (net - torch.from_numpy(prepared.y[copies])).square().mean().item()
    first = next(p for p in train(learner) if p.finished_epoch)
    assert first.losses[0] == pytest.approx(expected, rel=1e-5)


def test_the_validation_loss_is_weighted():
    prepared = prepared_of()
    learner = learner_for(prepared, experiment(class_weight="balanced"))
    rows = prepared.split.validation
    p = torch.softmax(learner.net.forward(torch.from_numpy(prepared.x[rows]))[0].double(), -1)
    weight = row_weights(prepared, "balanced")[rows]
    expected = log_loss(prepared.y[rows], p.numpy(), sample_weight=weight, labels=[0, 1])
    assert learner.scores(learner.validation).loss[0] == pytest.approx(expected, rel=1e-5)


def test_a_prepared_file_keeps_the_weights(tmp_path):
    prepared = prepared_of()
    write_prepared(tmp_path / "one.prepared", prepared)
    read = read_prepared(tmp_path / "one.prepared")
    assert read is not None
    assert np.array_equal(read.weight, prepared.weight)


def test_weights_in_force_are_told():
    assert in_force(prepared_of(weight=""), "") == ""
    assert "Class weights and row weights" in in_force(prepared_of(), "balanced")


@pytest.mark.parametrize("style", ["tensors", "module", "sequential"])
@pytest.mark.parametrize("folds", [None, 3])
@pytest.mark.parametrize(
    ("target", "choices"),
    [
        ("kind", {"class_weight": "balanced", "best_by": "balanced_accuracy"}),
        ("kind", {"class_weight": "yes=3", "best_by": "macro_f1"}),
        ("kind", {"best_by": "log_loss"}),
        ("kind", {"class_weight": "yes=3"}),
        ("z", {"loss": "squared_error_sum", "best_by": "mae", "lr": 0.001}),
        ("z", {"best_by": "r2"}),
        ("z", {"loss": "huber", "best_by": "rmse"}),
    ],
)
def test_a_script_trains_with_the_same_weights(target, choices, folds, style, tmp_path):
    if folds and style != "tensors":
        pytest.skip("one style is enough for folds")
    prepared = prepared_of(target=target, folds=folds)
    chosen = experiment(patience=4, epochs=12, **choices).changed(
        **({"folds": folds} if folds else {})
    )
    learner = learner_for(prepared, chosen)
    losses = [p.losses for p in train(learner) if p.finished_epoch]
    content = script_zip(prepared, chosen, style, epochs=len(losses))
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    found = runpy.run_path(str(tmp_path / "train.py"))["main"]()
    if folds is None:
        assert found == pytest.approx([one[0] for one in losses], rel=1e-4)
    else:
        first = [one[0] for one in losses][: len(found[0])]
        assert found[0] == pytest.approx(first, rel=1e-4)


def scored(name, y, v, weight=None, scale=(1.0,)):
    net = build((v.shape[1], v.shape[1]), (), [0])
    net.weights[0].copy_(torch.eye(v.shape[1])[None])
    net.biases[0].zero_()
    own = None if weight is None else torch.from_numpy(weight)
    rows = Rows(torch.from_numpy(v), torch.from_numpy(y), own)
    return measured(net, rows, torch.tensor(scale), name)[0]


@pytest.mark.parametrize("weighted", [False, True])
def test_measures_are_those_of_scikit_learn(weighted):
    drawn = np.random.default_rng(1)
    y, v = drawn.integers(0, 3, 40), drawn.normal(size=(40, 3)).astype(np.float32)
    weight = drawn.uniform(0.1, 2, 40) if weighted else None
    said, p = v.argmax(1), torch.softmax(torch.from_numpy(v), -1).numpy()
    expected = {
        "accuracy": -np.average(said == y, weights=weight),
        "balanced_accuracy": -balanced_accuracy_score(y, said, sample_weight=weight),
        "macro_f1": -f1_score(y, said, average="macro", sample_weight=weight),
        "log_loss": log_loss(y, p, sample_weight=weight),
    }
    for name, value in expected.items():
        assert scored(name, y, v, weight) == pytest.approx(value, rel=1e-5), name
    z = drawn.normal(size=(40, 3)).astype(np.float32)
    off = (v - z) * np.array([1.0, 2.0, 3.0])
    expected = {
        "mae": np.average(np.abs(off), axis=0, weights=weight).mean(),
        "rmse": np.sqrt(np.average(off**2, axis=0, weights=weight).mean()),
        "r2": -r2_score(z, v, sample_weight=weight),
    }
    for name, value in expected.items():
        assert scored(name, z, v, weight, (1.0, 2.0, 3.0)) == pytest.approx(value, rel=1e-5), name


def test_the_best_weights_are_those_of_the_measure_that_was_chosen():
    prepared = prepared_of(weight="")
    learner = learner_for(prepared, experiment(epochs=40, patience=30, best_by="accuracy"))
    scored = [p.validation.metric[0] for p in train(learner) if p.validation is not None]
    assert learner.scores(learner.validation).metric[0] == pytest.approx(max(scored))


def test_a_measure_that_is_not_for_the_task_is_refused():
    with pytest.raises(SpecError, match="Best by"):
        learner_for(prepared_of(), experiment(best_by="rmse"))
