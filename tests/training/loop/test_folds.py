"""Nets of folds: each as if it were trained alone on its rows, and stopped by its own fold."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics

from mlpdash.cures import Cure
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.splitting import Split
from mlpdash.errors import SpecError
from mlpdash.specs import Experiment
from mlpdash.training.loop.folds import all_learned, held_out
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import Progress, train
from mlpdash.training.loop.setup import learner_for, rows_of
from mlpdash.training.loop.state import load_state, state_of
from mlpdash.training.members import members_of

START = Experiment().changed(
    data="diabetes", folds=5, hidden=(6,), activation="relu", optimizer="adam", lr=0.01, epochs=8
)


def prepared_for(experiment: Experiment) -> Prepared:
    return prepare(load(experiment.data), experiment.data)


def even(prepared: Prepared, rows: int, folds: int = 5) -> Prepared:
    """Return the table with folds of exactly the same size, of its first rows."""
    first = np.arange(rows)
    return replace(prepared, split=Split(first, first, first[:0], (first % folds)[None]))


def trained(prepared: Prepared, experiment: Experiment) -> tuple[Learner, list[Progress]]:
    learner = learner_for(prepared, experiment)
    return learner, [one for one in train(learner, slice_seconds=1e9) if one.finished_epoch]


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"batch_size": None},
        {"dropout": 0.2, "patience": 3, "epochs": 40},
        {"plateau": 2, "epochs": 20},
        {"weight_decay": 0.1, "optimizer": "adamw", "schedule": "cosine"},
    ],
)
def test_a_net_of_a_fold_is_the_net_trained_alone_on_its_rows(choices: dict[str, Any]) -> None:
    experiment = START.changed(**choices)
    prepared = even(prepared_for(experiment), 400)
    together, _epochs = trained(prepared, experiment)
    alone = experiment.changed(folds=None)
    for fold in range(5):
        own = replace(prepared, split=prepared.split.of_fold(0, fold))
        learner = learner_for(own, alone.changed(seed=fold))
        learner.scoring = replace(learner.scoring, judged_every=together.scoring.judged_every)
        for _progress in train(learner, slice_seconds=1e9):
            pass
        mine = [w[fold] for w in together.net.weights]
        theirs = [w[0] for w in learner.net.weights]
        for a, b in zip(mine, theirs, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_no_net_ever_sees_a_row_of_its_fold() -> None:
    experiment = START.changed(repeats=2, batch_size=16)
    prepared = prepared_for(experiment)
    learner = learner_for(prepared, experiment)
    held = held_out(prepared.split)
    assert held is not None
    seen = torch.zeros_like(held)
    for _epoch in range(30):
        learner.feed.start_epoch()
        seen.scatter_(1, learner.feed.order, True)
    assert not (seen & held).any()
    assert torch.equal(seen, ~held)


def test_epochs_have_as_many_rows_for_each_net_and_other_ones_each_time() -> None:
    experiment = START.changed(folds=4)
    prepared = prepared_for(experiment)
    folds = np.r_[np.zeros(100), np.arange(len(prepared.split.train) - 100) % 4].astype(np.int64)
    learner = learner_for(replace(prepared, split=replace(prepared.split, folds=folds[None])), START
                          .changed(folds=4))  # fmt: skip
    assert len(learner.feed) == int((folds != 0).sum())
    learner.feed.start_epoch()
    first = learner.feed.order[1].clone()
    assert len(set(first.tolist())) == len(learner.feed)
    learner.feed.start_epoch()
    assert set(first.tolist()) != set(learner.feed.order[1].tolist())


def test_validation_is_on_each_nets_own_fold() -> None:
    experiment = START.changed(folds=3, test=0.1)
    prepared = prepared_for(experiment)
    learner, epochs = trained(prepared, experiment)
    found = epochs[-1].validation
    assert found is not None
    split = prepared.split
    assert split.folds is not None
    assert (
        len(set(np.bincount(split.folds[0]))) > 1
    )  # folds differ in size: shorter ones are filled
    for fold in range(3):
        rows = split.train[split.folds[0] == fold]
        said = learner.net.forward(torch.from_numpy(prepared.x[rows]))[fold].detach().numpy()
        expected = metrics.mean_squared_error(prepared.y[rows], said)
        assert found.loss[fold] == pytest.approx(expected, rel=1e-4)
        assert found.metric2[fold] == pytest.approx(
            metrics.r2_score(prepared.y[rows], said), rel=1e-4
        )


def test_classes_are_validated_on_each_nets_own_fold_too() -> None:
    experiment = START.changed(data="iris", folds=4)
    prepared = prepared_for(experiment)
    learner, epochs = trained(prepared, experiment)
    found, split = epochs[-1].validation, prepared.split
    assert found is not None
    assert split.folds is not None
    for fold in range(4):
        rows = split.train[split.folds[0] == fold]
        said = learner.net.forward(torch.from_numpy(prepared.x[rows]))[fold].softmax(-1)
        y = prepared.y[rows]
        assert found.loss[fold] == pytest.approx(
            metrics.log_loss(y, said.numpy(), labels=range(3)), rel=1e-4
        )
        assert found.metric[fold] == pytest.approx((said.argmax(1).numpy() == y).mean())


def test_training_scores_count_the_rows_that_each_net_learned_from() -> None:
    experiment = START.changed(data="iris", folds=4)
    prepared = prepared_for(experiment)
    learner, _epochs = trained(prepared, experiment)
    held = held_out(prepared.split)
    assert held is not None
    found = learner.scores(all_learned(rows_of(prepared, "train", "cpu"), held))
    for fold in range(4):
        own = prepared.split.of_fold(0, fold).train
        said = learner.net.forward(torch.from_numpy(prepared.x[own]))[fold].argmax(1).numpy()
        assert found.metric[fold] == pytest.approx((said == prepared.y[own]).mean())


def test_together_they_are_scored_as_one_net() -> None:
    experiment = START.changed(data="iris", test=0.3)
    prepared = prepared_for(experiment)
    learner, _epochs = trained(prepared, experiment)
    rows = rows_of(prepared, "test", "cpu")
    mean = learner.net.forward(rows.x).softmax(-1).mean(0).numpy()
    found = learner.scores_together(rows)
    expected = metrics.log_loss(rows.y.numpy(), mean, labels=range(3))
    assert found.loss == pytest.approx([expected], rel=1e-4)
    assert found.metric == pytest.approx([(mean.argmax(1) == rows.y.numpy()).mean()])


def test_nets_are_judged_after_every_epoch_and_end_at_their_own_best() -> None:
    experiment = START.changed(patience=4, epochs=200, lr=0.03)
    prepared = prepared_for(experiment)
    learner, epochs = trained(prepared, experiment)
    patience = learner.status.patience
    assert patience is not None
    assert learner.all_stopped
    assert len(set(patience.best_epoch.tolist())) > 1
    assert learner.scores(learner.validation).loss == pytest.approx(patience.best.numpy())
    assert learner.epoch == int(patience.best_epoch.max()) + 4
    assert epochs[-1].epoch == learner.epoch


def test_a_run_goes_on_from_a_snapshot_to_the_same_bits() -> None:
    experiment = START.changed(repeats=2, dropout=0.1, patience=5)
    prepared = prepared_for(experiment)
    whole, _epochs = trained(prepared, experiment)
    first = learner_for(prepared, experiment)
    for progress in train(first, slice_seconds=1e-5):
        if progress.step >= 37:
            break
    arrays, values = state_of(first)
    second = learner_for(prepared, experiment)
    load_state(second, arrays, values)
    for _progress in train(second, slice_seconds=1e9):
        pass
    assert torch.equal(second.net.flat, whole.net.flat)


def test_there_is_a_net_for_each_fold_and_repeat_with_a_seed_of_its_own() -> None:
    members = members_of(START.changed(repeats=3, seed=7))
    assert [member.seed for member in members] == list(range(7, 22))


@pytest.mark.parametrize("choices", [{"nets": 2}, {"sweep": "lr=0.1,0.2"}])
def test_folds_do_not_go_together_with_seeds_or_a_grid(choices: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match="do not go together") as refused:
        members_of(START.changed(**choices))
    assert refused.value.cures == (Cure("Train without folds", data={"folds": None}),)


def test_too_many_nets_are_refused() -> None:
    with pytest.raises(SpecError, match="make 400 nets"):
        members_of(START.changed(folds=20, repeats=20))
