"""Reports and answers: computed in a process of their own, kept in the run's folder."""

import io
import json
import os
import signal
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.errors import RunError
from mlpdash.home import home
from mlpdash.results.explaining.dependence import dependence
from mlpdash.runs.analyst import exporting
from mlpdash.runs.analyst.exporting import EXPORTS, exported
from mlpdash.runs.analyst.opening import nets_of, opened
from mlpdash.runs.bundles.opened import keep_bundle
from mlpdash.runs.disk.reports import STAGES, ReportFolder, last_step
from mlpdash.runs.disk.store import Store, run_ids
from mlpdash.runs.server.analysts import Analysts
from mlpdash.runs.worker.headless import run_headless
from tests.one_net import one_net


@pytest.fixture
def trained():
    document = run_headless(one_net("iris").changed(epochs=20, hidden=(6,)))
    return run_ids()[0], document


@pytest.fixture
def analysts():
    made = Analysts()
    yield made
    made.close()


@pytest.mark.slow
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
    net = opened(store, step)
    assert np.array_equal(report.outputs, net.predictor.outputs(net.prepared.x))
    assert (report.why["repeats"], report.why["rows"], report.why["part"]) == (10, 30, "validation")
    margins = report.net["margins"]
    assert (margins["part"], margins["rows"]) == ("validation", 30)
    inside = report.outputs[net.prepared.split.test] >= 1 - margins["widths"][0]
    own = inside[np.arange(30), net.prepared.y[net.prepared.split.test]]
    assert margins["covered"] >= own.mean()  # a set holds its likeliest class, too


@pytest.mark.slow
def test_a_report_goes_on_where_it_was_left(trained, analysts):
    run, _document = trained
    store = Store.open(run)
    net = opened(store)
    folder = ReportFolder(store, net.step)
    folder.write_arrays("rows", {"outputs": net.outputs})
    kept = {"whole": True, "part": "test", "parts": {}, "margins": None}
    folder.write_json("net", kept)
    folder.write_json("why", {"importance": []})
    assert analysts.report(run, net.step).wait(60)
    report = folder.read()
    assert report.is_whole
    assert (report.net["parts"], report.why["importance"]) == ({}, [])  # neither made anew
    assert len(report.baselines["found"]) == 4


def test_nets_that_were_edited_want_a_report_of_their_own(trained):
    run, _document = trained
    store = Store.open(run)
    step = last_step(store)
    folder = ReportFolder(store, step)
    folder.write_arrays("rows", {"outputs": np.eye(3)})
    folder.write_json("net", {"part": "test"})
    assert folder.read().net is not None
    store.append_event(step - 1, "lr", 0.5)  # of before
    assert ReportFolder(store, step).read().net is not None
    store.append_event(step, "weight", [0, 1, 2, 0.75])
    assert ReportFolder(store, step).read().net is None
    marks = {store.mark(step)}
    snapshot = store.latest_snapshot()
    tensors = snapshot.tensors | {"flat": snapshot.tensors["flat"] + 1}
    store.write_snapshot(step, tensors, snapshot.meta)  # trained anew to the same step
    assert store.mark(step) not in marks


@pytest.mark.slow
def test_what_is_slow_to_import_is_imported_before_it_is_needed(trained, analysts):
    run, _document = trained
    analysts.get_ready()
    spare, answering = analysts._spare, analysts._answering
    assert spare.is_alive
    assert answering.is_alive
    analysts.get_ready()
    assert (analysts._spare, analysts._answering) == (spare, answering)
    making = analysts.report(run, last_step(Store.open(run)))
    assert making.wait(60)
    assert making._child is spare
    assert analysts._spare is None
    analysts.get_ready()
    analysts._spare.kill()
    analysts._spare.wait()
    again = Store.open(run)
    (again.folder / "report").rename(again.folder / "away")
    analysts.again(run, last_step(again))
    making = analysts.report(run, last_step(again))
    assert making.wait(60)  # a spare that died is nobody's trouble
    assert (making.refused, making.done) == ("", STAGES)


@pytest.mark.slow
def test_a_cell_has_a_report_of_its_own(analysts):
    run_headless(one_net("iris").changed(epochs=2, sweep="lr=0.01,0.1"))
    (run,) = run_ids()
    store = Store.open(run)
    step = last_step(store)
    found, _payload = analysts.ask({"ask": "cells", "run": run, "step": step})
    assert [one["settings"] for one in found["cells"]] == [{"lr": 0.01}, {"lr": 0.1}]
    assert found["best"] == opened(store).cell
    makings = [analysts.report(run, step, cell) for cell in (0, 1)]
    assert all(making.wait(60) for making in makings)
    each = [ReportFolder(store, step, cell).read() for cell in (0, 1)]
    assert all(report.is_whole for report in each)
    assert not np.array_equal(each[0].outputs, each[1].outputs)
    expected = opened(store, cell=1)
    assert np.array_equal(each[1].outputs, expected.outputs)
    said, _payload = analysts.ask(
        {
            "ask": "predict",
            "run": run,
            "step": step,
            "cell": 1,
            "values": expected.prepared.raw[:3].tolist(),
        }
    )
    assert np.array_equal(said["outputs"], expected.predictor.outputs(expected.prepared.x[:3]))


def test_a_damaged_report_counts_as_not_there(trained):
    run, _document = trained
    folder = ReportFolder(Store.open(run), 5)
    folder.write_json("net", {"part": "test"})
    folder.write_arrays("rows", {"outputs": np.eye(3)})
    assert folder.read().net["part"] == "test"
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


@pytest.mark.slow
def test_answers_are_the_nets_own(trained, analysts):
    run, _document = trained
    step = last_step(Store.open(run))
    net = opened(Store.open(run), step)
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
    assert lines[0].endswith('"predicted species, 90 % set"')
    assert "setosa" in lines[1]

    odd = b"petal width,petal length,sepal width,sepal length\n0.2,1.4,?,5.1\nTotal,1,2,3\n"
    header, content = analysts.ask(
        {"ask": "table", "run": run, "step": step, "name": "odd.csv"}, odd
    )
    assert header["rows"] == 2
    assert header["missing"] == {"petal width": 1, "sepal width": 1}
    assert 'In "petal width" 1 cell is not a number' in " ".join(header["notes"])
    latin = odd.replace(b"?", b"\xe4")
    question = {"ask": "table", "run": run, "step": step, "name": "odd.csv"}
    with pytest.raises(RunError, match=r"not UTF-8\. Save it as UTF-8"):
        analysts.ask(question, latin)
    assert analysts.ask({**question, "encoding": "cp1252"}, latin)[0]["rows"] == 2

    evil = b"petal width,petal length,sepal width,sepal length,=note\n0.2,1.4,3.5,5.1,=1+1\n"
    question = {"ask": "table", "run": run, "step": step, "name": "evil.csv"}
    assert b"\n0.2,1.4,3.5,5.1,=1+1," in bytes(analysts.ask(question, evil)[1])
    content = analysts.ask({**question, "format": "parquet"}, evil)[1]
    assert pd.read_parquet(io.BytesIO(bytes(content)))["=note"][0] == "=1+1"

    asked = {"ask": "depend", "run": run, "step": step, "feature": "petal width", "output": 2}
    found, _payload = analysts.ask(asked)
    made = dependence(prepared, predictor.outputs, prepared.split.validation, "petal width")
    assert found["grid"] == made.grid.tolist()
    assert found["mean"] == made.mean[:, 2].tolist()
    assert found["rows"] == made.rows.tolist()


def test_a_bundle_is_asked_as_a_run_is(trained, analysts):
    run, _document = trained
    net = opened(Store.open(run))
    key = keep_bundle(exported("bundle", nets_of(Store.open(run))))
    found, _payload = analysts.ask({"ask": "bundle", "bundle": key})
    assert found["sizes"] == [4, 6, 3]
    assert found["margins"]["rows"] == 30
    values = net.prepared.raw[:5].tolist()
    said, _payload = analysts.ask({"ask": "predict", "bundle": key, "values": values})
    assert np.array_equal(said["outputs"], net.predictor.outputs(net.prepared.x[:5]))
    for stranger in ("../../etc/passwd", "0" * 64):
        with pytest.raises(RunError, match="no longer here"):
            analysts.ask({"ask": "bundle", "bundle": stranger})
    with pytest.raises(RunError, match="not a bundle"):
        analysts.ask({"ask": "bundle", "bundle": keep_bundle(b"PK nonsense")})


def test_what_cannot_be_had_is_said_before_anybody_asks(trained, analysts, monkeypatch):
    run, _document = trained
    net = opened(Store.open(run))
    with monkeypatch.context() as without:
        without.setattr(exporting, "refusal_of_script", lambda *_which: "it cannot be written.")
        without.setitem(sys.modules, "onnx", None)
        found = exporting.refusals(net)
    assert set(found) == {"script-tensors", "script-module", "script-sequential", "onnx"}
    assert "pip install onnx" in found["onnx"]
    assert exporting.refusals(net) == {}
    store = Store.create("C" * 22, one_net("iris"), control_sha256="")
    store.write_snapshot(3, *net_snapshot(run))
    assert "not finished an epoch" in exporting.refusals(replace(net, store=store))["script-module"]


def net_snapshot(run):
    snapshot = Store.open(run).latest_snapshot()
    return snapshot.tensors, snapshot.meta


@pytest.mark.slow
def test_everything_that_is_offered_can_be_taken_away(trained, analysts):
    pytest.importorskip("onnx")
    run, _document = trained
    step = last_step(Store.open(run))
    question = {"ask": "export", "run": run, "step": step}
    for name in EXPORTS:
        assert len(analysts.ask({**question, "what": name})[1]) > 400, name
    with pytest.raises(RunError, match="there is no file"):
        analysts.ask({**question, "what": "../../etc"})


@pytest.mark.slow
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
    spec = one_net("iris")
    store = Store.create("B" * 22, spec, control_sha256="")
    assert last_step(store) is None
    with pytest.raises(RunError, match="snapshot at step 0"):
        opened(store, 0)
    with pytest.raises(RunError, match="has no weights yet"):
        opened(store)


def test_what_the_page_needs_is_prepared_as_the_run_was(trained):
    run, _document = trained
    experiment = Store.open(run).current()
    again = prepare(load(experiment.data), experiment.data)
    assert np.array_equal(again.x, opened(Store.open(run)).prepared.x)


def test_several_nets_say_their_mean():
    run_headless(one_net("iris").changed(epochs=1, nets=3))
    (run,) = run_ids()
    net = opened(Store.open(run))
    each = net.predictor.each(net.prepared.x)
    assert len(each) == 3
    assert np.array_equal(net.predictor.outputs(net.prepared.x), each.mean(0))
