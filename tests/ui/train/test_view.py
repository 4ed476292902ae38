"""The inputs on the axes: those that tell most before training, those that matter most after it."""

from __future__ import annotations

from typing import Any

from mlpdash.data.load import starting_point
from mlpdash.runs.disk.reports import ReportFolder, important_inputs, last_step
from mlpdash.runs.disk.store import Store, run_ids
from mlpdash.runs.worker.headless import run_headless

BEFORE = "These tell most about the target, each alone."
AFTER = "These matter most to the trained net."


def captions(stage: Any) -> list[str]:
    return [one.value for one in stage.page.caption]


def axes(stage: Any) -> tuple[str, str]:
    return tuple(stage.page.selectbox(key=letter).value for letter in "xy")  # type: ignore[return-value]


def test_before_training_the_axes_are_what_tells_most(stage: Any) -> None:
    stage.open(data="iris")
    assert axes(stage) == ("petal length", "petal width")
    assert BEFORE in captions(stage)


def test_afterwards_the_axes_are_what_matters_to_the_net(stage: Any) -> None:
    experiment = starting_point("iris").changed(epochs=2, hidden=(4,))
    run_headless(experiment)
    run = run_ids()[0]
    stage.supervisor.add(run, experiment, "finished")
    stage.open(run=run)
    assert BEFORE in captions(stage)  # nothing has been reported yet

    store = Store.open(run)
    names = ("sepal width", "petal width", "petal length", "sepal length")
    why = {"importance": [{"feature": name} for name in names]}
    ReportFolder(store, last_step(store) or 0).write_json("why", why)
    assert important_inputs(store) == names
    stage.open(run=run)
    assert axes(stage) == ("sepal width", "petal width")
    assert (stage.last.view["x"], stage.last.view["y"]) == ("sepal width", "petal width")
    assert "sepal width" in stage.last.figures[0].title
    assert AFTER in captions(stage)


def test_axes_of_ones_own_stay_and_nothing_is_said_of_them(stage: Any) -> None:
    stage.open(data="iris", x="sepal length", y="petal width")
    assert axes(stage) == ("sepal length", "petal width")
    assert not {BEFORE, AFTER}.intersection(captions(stage))
