"""Reports and answers: computed in a process of their own, kept in the run's folder."""

import json
import os
import signal

import numpy as np
import pytest

from mlpdash.data.datasets import load, starting_point
from mlpdash.data.home import home
from mlpdash.data.preparing import prepare
from mlpdash.errors import RunError
from mlpdash.runs.analyst import opened
from mlpdash.runs.asking import Analysts
from mlpdash.runs.exporting import EXPORTS
from mlpdash.runs.headless import run_headless
from mlpdash.runs.reports import STAGES, ReportFolder, last_step
from mlpdash.runs.store import Store, run_ids


@pytest.fixture
def trained():
    document = run_headless(starting_point("iris").changed(epochs=20, hidden=(6,)))
    return run_ids()[0], document


@pytest.fixture
def analysts():
    made = Analysts()
    yield made
    made.close()


def test_a_report_is_made_once_and_says_how_far_it_is(trained, analysts):
    run, document = trained
    store = Store.open(run)
    step = last_step(store)
    assert ReportFolder(store, step).read().net is None
    making = analysts.report(run, step)
    assert analysts.report(run, step) is making
    seen = set()
    while not making.wait(0.02):
        seen.add((making.done, making.doing))
    assert making.refused == ""
    assert making.done == making.of == STAGES
    assert len(seen) >= 4
    report = ReportFolder(store, step).read()
    assert report.is_whole
    test = report.net["parts"]["test"]
    assert report.net["part"] == "test"
    assert test["scores"]["accuracy"]["value"] == pytest.approx(document["test"]["accuracy"])
    assert test["scores"]["log_loss"]["value"] == pytest.approx(document["test"]["loss"], rel=1e-5)
    assert test["rows"] == 30
    assert [one["name"] for one in report.baselines["found"]] == [
        "simplest",
        "linear",
        "neighbours",
        "boosting",
    ]
    assert {one["feature"] for one in report.why["importance"]} == {
        "sepal length",
        "sepal width",
        "petal length",
        "petal width",
    }
    net = opened(run, step)
    assert np.array_equal(report.outputs, net.predictor.outputs(net.prepared.x))
    assert report.dependence["0.mean"].shape[1] == 3


def test_a_damaged_report_counts_as_not_there(trained):
    run, _document = trained
    folder = ReportFolder(Store.open(run), 5)
    folder.write_json("net", {"part": "test"})
    folder.write_arrays("rows", {"outputs": np.eye(3)})
    assert folder.read().net == {"version": 1, "part": "test"}
    path = home() / "runs" / run / "report" / "5"
    (path / "rows.npz").write_bytes((path / "rows.npz").read_bytes()[:50])
    assert folder.read().net is None
    folder.write_arrays("rows", {"outputs": np.eye(3)})
    (path / "net.json").write_text(json.dumps({"version": 99}))
    assert folder.read().net is None


def test_a_cancelled_report_ends_its_process(trained, analysts):
    run, _document = trained
    making = analysts.report(run, last_step(Store.open(run)))
    making.cancel()
    assert making.wait(10)
    assert making.is_cancelled
    assert making.refused == ""
    analysts.again(run, last_step(Store.open(run)))
    assert analysts.report(run, last_step(Store.open(run))) is not making


def test_answers_are_the_nets_own(trained, analysts):
    run, _document = trained
    step = last_step(Store.open(run))
    net = opened(run, step)
    prepared, predictor = net.prepared, net.predictor
    said, _payload = analysts.ask(
        {"ask": "predict", "run": run, "step": step, "values": prepared.raw[:3].tolist()}
    )
    assert np.array_equal(said["outputs"], predictor.outputs(prepared.x[:3]))
    missing = [[None, *prepared.raw[0, 1:].tolist()]]
    typical = prepared.raw[0].copy()
    typical[0] = prepared.features[0].typical
    both = [
        analysts.ask({"ask": "predict", "run": run, "step": step, "values": values})[0]["outputs"]
        for values in (missing, [typical.tolist()])
    ]
    assert both[0] == both[1]

    header, content = analysts.ask(
        {"ask": "cut", "run": run, "step": step, "x": "petal width", "y": "petal length", "base": 3}
    )
    n = header["resolution"]
    numbers = np.frombuffer(content, "<f4")
    assert len(numbers) == n * n * 4 + 2 * n + 2 * 150
    assert numbers[: n * n * 3].reshape(-1, 3).sum(1) == pytest.approx(np.ones(n * n), abs=1e-5)

    header, content = analysts.ask(
        {"ask": "table", "run": run, "step": step, "name": "more.csv"},
        b"colour;petal width;petal length;sepal width;sepal length\n"
        b"red;0.2;1.4;3.5;5.1\nblue;;1.4;3.5;5.1\n",
    )
    assert header["rows"] == 2
    assert header["extra"] == ["colour"]
    assert header["missing"] == {"petal width": 1}
    lines = bytes(content).decode().splitlines()
    assert lines[0].startswith("colour,petal width")
    assert "setosa" in lines[1]


def test_everything_that_is_offered_can_be_taken_away(trained, analysts):
    pytest.importorskip("onnx")
    run, _document = trained
    step = last_step(Store.open(run))
    question = {"ask": "export", "run": run, "step": step}
    for name in EXPORTS:
        assert len(analysts.ask({**question, "what": name})[1]) > 400, name
    with pytest.raises(RunError, match="there is no file"):
        analysts.ask({**question, "what": "../../etc"})


def test_a_mistake_is_one_sentence_and_the_next_question_is_answered(trained, analysts):
    run, _document = trained
    step = last_step(Store.open(run))
    with pytest.raises(RunError, match="petal width"):
        analysts.ask(
            {"ask": "table", "run": run, "step": step, "name": "x.csv"}, b"a,b\n1,2\n3,4\n"
        )
    with pytest.raises(RunError, match="no run"):
        analysts.ask({"ask": "predict", "run": "A" * 22, "step": 1, "values": []})
    assert analysts.ask({"ask": "predict", "run": run, "step": step, "values": [[1, 2, 3, 4]]})
    os.kill(analysts._answering.pid, signal.SIGKILL)
    analysts._answering.wait()
    assert analysts.ask({"ask": "predict", "run": run, "step": step, "values": [[1, 2, 3, 4]]})


def test_a_run_that_has_not_begun_is_refused():
    spec = starting_point("iris")
    store = Store.create("B" * 22, spec, control_sha256="")
    assert last_step(store) is None
    with pytest.raises(RunError, match="snapshot at step 0"):
        opened(store.id, 0)


def test_what_the_page_needs_is_prepared_as_the_run_was(trained):
    run, _document = trained
    experiment = Store.open(run).current()
    again = prepare(load(experiment.data), experiment.data)
    assert np.array_equal(again.x, opened(run, last_step(Store.open(run))).prepared.x)


def test_a_sweep_has_no_one_net_to_look_at():
    run_headless(starting_point("iris").changed(epochs=1, sweep="lr=0.01,0.1"))
    (run,) = run_ids()
    with pytest.raises(RunError, match="adopt one of its cells"):
        opened(run, last_step(Store.open(run)))


def test_several_nets_say_their_mean():
    run_headless(starting_point("iris").changed(epochs=1, nets=3))
    (run,) = run_ids()
    net = opened(run, last_step(Store.open(run)))
    each = net.predictor.each(net.prepared.x)
    assert len(each) == 3
    assert np.array_equal(net.predictor.outputs(net.prepared.x), each.mean(0))
