"""The exported scripts are run, and reach the engine's losses."""

import ast
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import SpecError
from mlpdash.results.exporting.script.script import STYLES, Style, script, script_zip
from mlpdash.specs import Experiment, choices_of
from mlpdash.training.choices import losses_for
from mlpdash.training.loop.events import Event
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for, rows_of
from tests.one_net import one_net
from tests.scripts import run_alone, run_here, unpack

Run = tuple[Prepared, Experiment, Learner, list[float]]


def trained(data: str, choices: dict[str, Any], events: list[Event]) -> Run:
    experiment = one_net(data).changed(**choices)
    prepared = prepare(load(experiment.data), experiment.data)
    learner = learner_for(prepared, experiment)
    losses = [float(p.losses[0]) for p in train(learner, replay=events) if p.losses is not None]
    return prepared, experiment, learner, losses


CASES = {
    "sgd, two classes": ("circle", {"epochs": 60}, []),
    "adam, dropout, L1, L2": (
        "iris",
        {"epochs": 40, "dropout": 0.2, "weight_decay": 0.01, "l1": 0.003},
        [],
    ),
    "momentum, numbers, L2": (
        "diabetes",
        {"epochs": 20, "optimizer": "momentum", "weight_decay": 0.01, "activation": "sigmoid"},
        [],
    ),
    "changed while it ran": (
        "circle",
        {"epochs": 20, "activation": "identity"},
        [
            Event(0, "lr", 0.05),
            Event(110, "batch_size", 7),
            Event(200, "weight_decay", 0.01),
            Event(300, "lr", 0.01),
            Event(500, "batch_size", None),
        ],
    ),
    "changed, scheduled, clipped, AdamW": (
        "circle",
        {"epochs": 12, "schedule": "step", "step_epochs": 4, "clip": 0.1, "optimizer": "adamw",
         "lr": 0.01},
        [Event(30, "lr", 0.03), Event(70, "weight_decay", 0.1)],
    ),
    "several activations, no biases, Xavier": (
        "circle",
        {"epochs": 20, "hidden": (6, 5, 4), "activations": ("prelu", "gelu"), "bias": False,
         "init": "xavier", "optimizer": "nadam", "lr": 0.01, "dropout": 0.1,
         "momentum_decay": 0.5},
        [],
    ),
    "He, softmax twice, cosine after warm-up": (
        "iris",
        {"epochs": 20, "init": "he", "activation": "leaky_relu", "schedule": "cosine", "warmup": 4,
         "loss": "cross_entropy_after_softmax", "optimizer": "nesterov", "lr": 0.05},
        [],
    ),
    "summed squares, clipped with both penalties": (
        "diabetes",
        {"epochs": 20, "loss": "squared_error_sum", "clip": 0.5, "weight_decay": 0.1, "l1": 0.01,
         "optimizer": "rmsprop", "lr": 0.003, "activation": "prelu", "init": "normal"},
        [],
    ),
    "absolute error, Adagrad": (
        "diabetes",
        {"epochs": 20, "loss": "absolute_error", "optimizer": "adagrad", "lr": 0.05,
         "lr_decay": 0.01, "activation": "silu"},
        [],
    ),
    "Huber, RAdam, L2 clipped alone": (
        "diabetes",
        {"epochs": 20, "loss": "huber", "optimizer": "radam", "lr": 0.01, "activation": "softplus",
         "weight_decay": 0.05, "clip": 0.3, "activations": ("elu",)},
        [],
    ),
    "L2 in the loss, changed and scheduled": (
        "circle",
        {"epochs": 12, "clip": 0.2, "weight_decay": 0.3, "schedule": "cosine", "loss": "auto"},
        [Event(30, "lr", 0.3)],
    ),
    "stopped early, halved on the way": (
        "gauss",
        {"rows": 60, "noise": 50, "hidden": (40,), "optimizer": "adam", "lr": 0.02, "epochs": 300,
         "patience": 30, "plateau": 8, "activation": "tanh"},
        [],
    ),
    "halved on the training loss": (
        "circle",
        {"validation": 0, "epochs": 60, "plateau": 3, "lr": 0.8, "rows": 60, "batch_size": 5},
        [],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return {name: trained(*case) for name, case in CASES.items()}


def script_of(name: str, style: Style, runs: dict[str, Run]) -> bytes:
    prepared, experiment, _learner, losses = runs[name]
    events = CASES[name][2]
    return script_zip(prepared, experiment, style, epochs=len(losses), events=events, losses=losses)


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_scripts_reach_the_losses_of_the_runs(
    style: Style, runs: dict[str, Run], tmp_path: Path
) -> None:
    for number, (name, (prepared, _experiment, learner, losses)) in enumerate(runs.items()):
        found, said = run_here(unpack(script_of(name, style, runs), tmp_path / str(number)))
        np.testing.assert_allclose(found, losses, atol=1e-4, rtol=0, err_msg=name)
        assert abs(losses[0] - losses[-1]) > 0.01  # there was something to reach
        _check_scores(said, prepared, learner)


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_a_script_needs_nothing_but_its_folder(
    style: Style, runs: dict[str, Run], tmp_path: Path
) -> None:
    """`python train.py` in a new process reaches the losses too; mlpdash cannot be imported."""
    name = "L2 in the loss, changed and scheduled"
    prepared, _experiment, learner, losses = runs[name]
    said = run_alone(unpack(script_of(name, style, runs), tmp_path))
    assert f"epoch {len(losses)}: training loss" in said
    assert float(said.splitlines()[-1].split()[-3]) < 1e-4  # from the run's losses, at most
    _check_scores(said, prepared, learner)


def _check_scores(said: str, prepared: Prepared, learner: Learner) -> None:
    part = "validation" if len(prepared.split.validation) else "train"
    expected = learner.scores(rows_of(prepared, part, "cpu")).named(prepared.task)
    line = next(line for line in said.splitlines() if line.startswith(f"{part} "))
    found = ast.literal_eval(line.removeprefix(f"{part} "))
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-4)
    assert "the run's training loss differs by" in said


def test_a_linear_net_and_a_full_batch_are_scripts_too(tmp_path: Path) -> None:
    prepared, experiment, _learner, losses = trained(
        "multi-gauss", {"hidden": (), "batch_size": None, "epochs": 5}, []
    )
    content = script_zip(prepared, experiment, "module", epochs=5)
    found, said = run_here(unpack(content, tmp_path))
    np.testing.assert_allclose(found, losses, atol=1e-4)
    assert "differs" not in said  # there was nothing to compare with


@pytest.fixture
def circle() -> tuple[Prepared, Experiment]:
    experiment = one_net("circle")
    return prepare(load(experiment.data), experiment.data), experiment


@pytest.mark.parametrize("style", STYLES)
def test_every_choice_of_the_dashboard_can_be_written(
    style: Style, circle: tuple[Prepared, Experiment]
) -> None:
    prepared, experiment = circle
    for field in ("optimizer", "activation", "init", "schedule", "bias", "loss"):
        values = choices_of(field) or (True, False)
        for value in losses_for(prepared.task) if field == "loss" else values:
            source = script(prepared, experiment.changed(**{field: value}), style, 1)
            compile(source, "train.py", "exec")
            assert max(map(len, source.splitlines())) <= 100


@pytest.mark.parametrize("style", STYLES)
def test_a_tables_name_is_text_and_never_code(
    style: Style, circle: tuple[Prepared, Experiment]
) -> None:
    prepared, experiment = circle
    evil = '"""\nimport os\nos.abort()\n"""\\'
    known = dataclasses.replace(prepared.preprocessor, name=evil)
    named = dataclasses.replace(prepared, preprocessor=known)
    source = script(named, experiment, style, 1)
    tree = ast.parse(source)
    assert "abort" not in {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert evil in {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}


@pytest.mark.parametrize("style", STYLES)
def test_lines_of_a_script_are_not_longer_than_a_hundred(
    style: Style, circle: tuple[Prepared, Experiment]
) -> None:
    events = [Event(3, "lr", 0.1)]
    source = script(circle[0], circle[1].changed(dropout=0.1), style, 1, events)
    assert max(map(len, source.splitlines())) <= 100


@pytest.mark.parametrize(
    ("choices", "event", "said"),
    [
        ({}, Event(3, "activation", "relu"), r"Activation \(activation\) was changed"),
        ({}, Event(3, "optimizer", "adam"), r"Optimiser \(optimizer\) was changed"),
        ({}, Event(3, "weight", [0, 0, 0, 1.0]), r"weight \(weight\) was changed"),
        ({"clip": 1.0}, Event(3, "weight_decay", 0.1), r"L2 \(weight_decay\) was changed"),
        ({"patience": 5}, Event(3, "epochs", 900), r"Epochs \(epochs\) was changed"),
    ],
)
def test_what_a_script_cannot_do_is_refused(
    choices: dict[str, Any], event: Event, said: str, circle: tuple[Prepared, Experiment]
) -> None:
    with pytest.raises(SpecError, match=rf"a script cannot be written of this run, since {said}"):
        script(circle[0], circle[1].changed(**choices), "module", 1, [event])


def test_an_unknown_style_is_one_sentence(circle: tuple[Prepared, Experiment]) -> None:
    with pytest.raises(SpecError, match="tensors, module, sequential"):
        script(*circle, "keras", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "choices",
    [
        {"patience": 6, "epochs": 60, "dropout": 0.1},
        {"batch_size": None, "plateau": 4, "epochs": 15},
        {"schedule": "cosine", "epochs": 6, "optimizer": "sgd"},
    ],
)
def test_a_script_of_folds_trains_all_nets_and_scores_them_together(
    style: Style, choices: dict[str, Any], tmp_path: Path
) -> None:
    experiment = Experiment().changed(
        data="iris",
        folds=4,
        repeats=2,
        test=0.2,
        hidden=(6,),
        lr=0.02,
        **{"optimizer": "adam", "activation": "relu", "batch_size": 16, **choices},
    )
    prepared = prepare(load(experiment.data), experiment.data)
    learner = learner_for(prepared, experiment)
    for _progress in train(learner, slice_seconds=1e9):
        pass
    content = script_zip(prepared, experiment, style, epochs=learner.epoch)
    _losses, said = run_here(unpack(content, tmp_path))
    each, test = learner.scores(learner.validation), rows_of(prepared, "test", "cpu")
    together = learner.scores_together(test)
    lines = [line for line in said.splitlines() if " validation {" in line]
    found = [ast.literal_eval(line[line.index("{") :]) for line in lines]
    assert [one["loss"] for one in found] == pytest.approx(each.loss.tolist(), rel=1e-3)
    assert [one["accuracy"] for one in found] == pytest.approx(each.metric.tolist())
    (last,) = (line for line in said.splitlines() if line.startswith("test {"))
    scores = ast.literal_eval(last[last.index("{") :])
    assert scores["loss"] == pytest.approx(float(together.loss[0]), rel=1e-3)
