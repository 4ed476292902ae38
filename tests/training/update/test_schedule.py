"""Schedules against torch's own, and in a run that is interrupted."""

import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.errors import SpecError
from mlpdash.training.choices import check_plan, loss_for, losses_for
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of
from mlpdash.training.update.schedule import factor

CIRCLE = starting_point("circle").changed(epochs=9, rows=60, lr=0.2)
PLANS = {
    "step": {"schedule": "step", "step_epochs": 3, "step_factor": 0.1},
    "cosine": {"schedule": "cosine"},
    "warm-up": {"warmup": 4},
    "warm-up, cosine": {"warmup": 3, "schedule": "cosine"},
}


def learner(experiment):
    return learner_for(prepare(load(experiment.data), experiment.data), experiment)


def torchs(name, choices):
    """Return the learning rates of nine epochs, made by torch's schedulers."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.2)
    made = []
    if choices.get("schedule") == "step":
        made.append(torch.optim.lr_scheduler.StepLR(optimizer, 3, 0.1))
    if choices.get("schedule") == "cosine":
        made.append(torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9))
    if "warmup" in choices:
        n = choices["warmup"]
        made.append(torch.optim.lr_scheduler.LinearLR(optimizer, 1 / (n + 1), total_iters=n))
    rates = []
    for _epoch in range(9):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        for scheduler in made:
            scheduler.step()
    return rates


def rates_of(experiment):
    """Return the learning rate at the end of each epoch of a run."""
    net = learner(experiment)
    return [net.trainable.optimizer.param_groups[0]["lr"] for p in train(net) if p.finished_epoch]


@pytest.mark.parametrize("name", PLANS)
def test_rates_are_torchs(name):
    choices = PLANS[name]
    assert rates_of(CIRCLE.changed(**choices)) == pytest.approx(torchs(name, choices))


def test_a_plateau_halves_what_the_schedule_leaves():
    experiment = CIRCLE.changed(schedule="cosine", plateau=1, lr=1e-9, epochs=30)
    net = learner(experiment)
    for _progress in train(net):
        pass
    left = net.status.patience.factor.item()
    assert left < 1
    expected = 1e-9 * left * factor(experiment.train, net.epoch - 1, 30)
    assert net.trainable.optimizer.param_groups[0]["lr"] == pytest.approx(expected)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("stop", [7, 24])
def test_a_schedule_survives_a_snapshot(name, stop):
    experiment = CIRCLE.changed(**PLANS[name])
    whole = [p.losses[0] for p in train(learner(experiment)) if p.finished_epoch]
    first, found = learner(experiment), []
    for progress in train(first, slice_seconds=0.0):
        if progress.finished_epoch:
            found.append(progress.losses[0])
        if progress.step == stop:
            break
    second = learner(experiment)
    load_state(second, *state_of(first))
    found += [p.losses[0] for p in train(second) if p.finished_epoch]
    assert found == whole


def test_an_end_that_moves_within_an_epoch_survives_a_snapshot_too():
    def trained(resumed):
        net, found = learner(CIRCLE.changed(schedule="cosine")), []
        for progress in train(net, slice_seconds=0.0):
            if progress.finished_epoch:
                found.append(progress.losses[0])
            if progress.step == 7:
                change(net, "epochs", 20)
                if resumed:
                    break
        if resumed:
            second = learner(CIRCLE.changed(schedule="cosine"))
            load_state(second, *state_of(net))
            found += [p.losses[0] for p in train(second) if p.finished_epoch]
        return found

    assert len(trained(False)) == 20
    assert trained(True) == trained(False)


def test_a_rate_changed_while_it_runs_is_scheduled_too():
    net = learner(CIRCLE.changed(**PLANS["step"]))
    for progress in train(net):
        if progress.epoch == 3:
            change(net, "lr", 0.4)
    assert net.trainable.optimizer.param_groups[0]["lr"] == pytest.approx(0.4 * 0.1**2)


def test_half_a_cosine_needs_an_end():
    with pytest.raises(SpecError, match=r"\(schedule\) cosine needs a number of epochs"):
        learner(CIRCLE.changed(schedule="cosine", epochs=None))


@pytest.mark.parametrize(("task", "other"), [("classification", "huber"),
                                            ("regression", "cross_entropy")])  # fmt: skip
def test_a_loss_of_the_other_task_is_refused(task, other):
    assert other not in losses_for(task)
    with pytest.raises(SpecError, match=rf"Loss \(loss\) must be one of auto, .*; got {other}\."):
        check_plan(CIRCLE.changed(loss=other), task, ())


def test_auto_is_the_first_of_the_task():
    assert loss_for("classification", "auto") == "cross_entropy"
    assert loss_for("regression", "auto") == "squared_error"
    assert loss_for("regression", "huber") == "huber"
