"""Nets that learn from some of the rows: which rows they see, and that more of them help."""

import itertools

import numpy as np
import pytest
import torch

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.errors import RunError
from mlpdash.results.judging import nets_of_fewer_rows
from mlpdash.results.judging.nets_of_fewer_rows import learning_curve
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_from_arrays
from tests.one_net import one_net


def made(data="iris", **choices):
    experiment = one_net(data).changed(epochs=3, **choices)
    return prepare(load(experiment.data), experiment.data), experiment


def seen(prepared, experiment):
    rows, held = nets_of_fewer_rows._held_out(prepared)
    return rows, held, nets_of_fewer_rows._used(prepared, rows, held, 0)


@pytest.mark.parametrize("choices", [{}, {"folds": 3}])
def test_sizes_are_nested_stratified_and_never_of_rows_that_they_are_judged_on(choices) -> None:
    prepared, experiment = made(**choices)
    rows, held, used = seen(prepared, experiment)
    assert not np.isin(rows, prepared.split.test).any()
    for less, more in itertools.pairwise(used):
        assert not (less & ~more).any()
    assert not any((one & held).any() for one in used)
    assert ((~held) == used[-1]).all()
    shares = np.array([one.sum() for one in used]) / used[-1].sum()
    assert shares == pytest.approx([0.1, 0.2, 0.4, 0.7, 1], abs=0.03)
    smallest = prepared.y[rows][used[0][0]]
    assert (np.bincount(smallest, minlength=3) >= 2).all()


def test_repeats_learn_from_other_rows() -> None:
    _rows, _held, used = seen(*made())
    assert len({one.tobytes() for one in used[0]}) == 5


def test_nets_of_a_repeat_are_judged_on_its_fold_whatever_their_size() -> None:
    prepared, experiment = made(folds=3)
    rows, held, used = seen(prepared, experiment)
    learner, _epochs = nets_of_fewer_rows._learner(prepared, experiment, rows, held, used)
    judged = learner.validation
    for net in (0, 1, 11, 24):  # of the sizes 0, 0, 2, 4
        fold = prepared.split.of_fold(0, net % 5 % 3).validation
        counted = slice(None) if judged.weight is None else judged.weight[net] > 0
        assert judged.x[net][counted].numpy() == pytest.approx(prepared.x[fold])


def test_every_net_takes_as_many_steps_as_the_run_would() -> None:
    prepared, experiment = made("diabetes", batch_size=8)
    rows, held, used = seen(prepared, experiment)
    learner, epochs = nets_of_fewer_rows._learner(prepared, experiment, rows, held, used)
    assert len(learner.members) == 25
    for _progress in train(learner):
        pass
    per_epoch = -(-int(used[-1][0].sum()) // 8)
    assert learner.epoch == epochs
    assert learner.step == pytest.approx(3 * per_epoch, rel=0.1)


def test_a_net_of_few_rows_is_the_one_trained_on_them_alone() -> None:
    prepared, experiment = made("diabetes", batch_size=8)
    rows, held, used = seen(prepared, experiment)
    learner, _epochs = nets_of_fewer_rows._learner(prepared, experiment, rows, held, used)
    mine = rows[used[0][1]]  # the second net of the smallest size
    x, y = (torch.from_numpy(part) for part in (prepared.x, prepared.y))
    alone = learner_from_arrays(
        Rows(x[mine], y[mine]),
        Rows(x[prepared.split.validation], y[prepared.split.validation]),
        loss="squared_error",
        outputs=1,
        model=experiment.model,
        spec=learner.trainable.spec,
        members=learner.members[1:2],
    )
    for one in (learner, alone):
        for _progress in train(one):
            pass
    assert alone.step == learner.step
    for ours, theirs in zip(learner.net.weights, alone.net.weights, strict=True):
        torch.testing.assert_close(ours[1], theirs[0], rtol=1e-4, atol=1e-6)


def test_more_rows_lower_the_error() -> None:
    prepared, experiment = made("breast-cancer")
    told: list[float] = []
    found = learning_curve(prepared, experiment.changed(epochs=30), on_progress=told.append)
    assert found.measure == "log_loss"
    assert found.errors.shape == (5, 5)
    assert found.errors[0].mean() > found.errors[-1].mean()
    assert found.by == "seeds"
    assert found.complete
    assert told == sorted(told)
    assert told[-1] == 1


def test_when_time_is_up_all_nets_stop_together() -> None:
    prepared, experiment = made("breast-cancer")
    found = learning_curve(prepared, experiment, longest=0)
    assert not found.complete
    assert np.isfinite(found.errors).all()


def test_nets_that_diverged_have_no_errors() -> None:
    prepared, experiment = made("diabetes", optimizer="sgd", lr=10)
    found = learning_curve(prepared, experiment.changed(epochs=100))
    assert np.isnan(found.errors).all()


def test_without_rows_held_out_there_is_nothing_to_compare_on() -> None:
    prepared, experiment = made(validation=0)
    with pytest.raises(RunError, match="there are no validation rows"):
        learning_curve(prepared, experiment)


def test_of_too_few_rows_there_is_no_curve() -> None:
    prepared, experiment = made(validation=0.6, test=0.2)
    with pytest.raises(RunError, match="at least 40 rows to learn from; there are 30"):
        learning_curve(prepared, experiment)
