"""A run of folds: its curves, its document, what its frames say of rows, and its files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mlpdash.cli.main import main
from mlpdash.data.load import starting_point
from mlpdash.data.uploads import keep
from mlpdash.results.judging.metrics import plain_scores
from mlpdash.results.judging.rows import actual_values
from mlpdash.runs.analyst.opening import opened
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.headless import run_headless
from mlpdash.runs.worker.pictures import Pictures
from mlpdash.runs.worker.session import Session
from mlpdash.runs.worker.view import View
from mlpdash.specs import Experiment

START = Experiment().changed(
    data="iris", folds=5, test=0.2, hidden=(8,), activation="relu", optimizer="adam", lr=0.01,
    epochs=12, batch_size=16,
)  # fmt: skip


def trained(experiment: Experiment) -> Session:
    session = Session(experiment)
    while session.advance() is not None:
        pass
    return session


def test_curves_show_the_mean_over_the_folds() -> None:
    session = trained(START)
    each = session.learner.scores(session.learner.validation)
    shown = session.curves.last
    assert shown.metric_validation == pytest.approx(each.metric.mean())
    assert shown.loss_validation == pytest.approx(each.loss.mean())
    assert each.loss.mean() != pytest.approx(np.median(each.loss))


def test_a_frame_predicts_rows_by_the_net_that_did_not_learn_from_them() -> None:
    session = trained(START.changed(data="diabetes"))
    prepared = session.prepared
    pictures = Pictures(prepared, "cpu")
    said = pictures.predictions(session.learner, View())
    rows, folds = prepared.split.train, prepared.split.folds
    assert folds is not None
    assert len(said["predicted_train"]) == 0
    with torch.inference_mode():
        each = session.learner.net.forward(torch.from_numpy(prepared.x[rows]))[..., 0].numpy()
    own = each[folds[0], np.arange(len(rows))]
    expected = own * prepared.target_scale[0] + prepared.target_mean[0]
    assert said["predicted_validation"] == pytest.approx(expected, rel=1e-4)
    assert "predicted_validation_low" not in said


def test_the_matrix_of_classes_is_out_of_fold_too() -> None:
    session = trained(START.changed(epochs=2))
    prepared = session.prepared
    found = Pictures(prepared, "cpu").predictions(session.learner, View())["confusion"]
    rows, folds = prepared.split.train, prepared.split.folds
    assert folds is not None
    with torch.inference_mode():
        each = session.learner.net.forward(torch.from_numpy(prepared.x[rows])).argmax(-1).numpy()
    codes = each[folds[0], np.arange(len(rows))]
    expected = np.zeros((3, 3))
    np.add.at(expected, (prepared.y[rows], codes), 1)
    assert np.array_equal(found.reshape(3, 3), expected)


def test_the_document_tells_means_the_test_of_all_and_the_spread(tmp_path: Path) -> None:
    document = run_headless(START, out=tmp_path / "run")
    run = opened(Store(tmp_path / "run"))
    test = run.prepared.split.test
    scores = plain_scores(actual_values(run.prepared)[test], run.outputs[test], classes=True)
    assert document["test"]["accuracy"] == pytest.approx(scores["accuracy"])
    assert document["test"]["loss"] == pytest.approx(scores["log_loss"], rel=1e-4)
    population = document["population"]
    assert (population["count"], population["folds"], population["repeats"]) == (5, 5, 1)
    train = run.prepared.split.train
    held = plain_scores(actual_values(run.prepared)[train], run.outputs[train], classes=True)
    assert document["validation"]["accuracy"] == pytest.approx(held["accuracy"])
    assert document["validation"]["loss"] == pytest.approx(held["log_loss"], rel=1e-4)
    assert document["train"]["loss"] < document["validation"]["loss"]
    assert population["deviation"] > 0


def test_outputs_of_an_opened_run_are_out_of_fold(tmp_path: Path) -> None:
    run_headless(START.changed(repeats=2), out=tmp_path / "run")
    run = opened(Store(tmp_path / "run"))
    held = run.prepared.split.held()
    assert held is not None
    assert run.predictor.net.members == 10
    each = run.predictor.each(run.prepared.x)
    train, test = run.prepared.split.train, run.prepared.split.test
    own = np.array([each[held[:, n], row].mean(0) for n, row in enumerate(train)])
    assert run.outputs[train] == pytest.approx(own)
    assert run.outputs[test] == pytest.approx(each[:, test].mean(0))


def test_it_is_told_and_judged_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = b"x,y\n" + b"".join(b"%d,%d.5\n" % (n % 29, (n % 29) * 2 + n % 3) for n in range(90))
    (tmp_path / "t.csv").write_bytes(table)
    out = str(tmp_path / "run")
    assert main(["train", str(tmp_path / "t.csv"), "--epochs", "5", "--out", out]) == 0
    said = capsys.readouterr().out
    assert "5 nets of 5 folds" in said
    assert main(["results", out, "--no-baselines"]) == 0
    said = capsys.readouterr().out
    assert "the 5 folds differ by" in said
    assert "validation" in said


def test_weights_do_not_change_how_the_document_counts_rows(tmp_path: Path) -> None:
    start = START.changed(class_weight="setosa=0, virginica=9")
    document = run_headless(start, out=tmp_path / "run")
    run = opened(Store(tmp_path / "run"))
    train = run.prepared.split.train
    held = plain_scores(actual_values(run.prepared)[train], run.outputs[train], classes=True)
    assert document["validation"]["accuracy"] == pytest.approx(held["accuracy"])
    assert document["population"]["mean"] == pytest.approx(held["accuracy"], abs=0.01)


def test_a_share_held_out_beside_folds_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "iris", "--folds", "5", "--validation", "0.3"]) == 2
    assert "has no effect with folds" in capsys.readouterr().err


def test_a_persons_table_begins_with_folds_and_patience_and_a_set_does_not() -> None:
    key = keep(b"x,y\n" + b"1,2\n3,4\n5,6\n" * 30, "t.csv")
    mine = starting_point(key)
    assert (mine.data.folds, mine.train.patience) == (5, 20)
    for name in ("circle", "spiral", "sine"):
        assert (starting_point(name).data.folds, starting_point(name).train.patience) == (
            None,
            None,
        )


def test_a_large_table_begins_with_bins_and_a_small_one_without() -> None:
    for rows, bins in ((2_400, 0), (2_600, 8)):
        lines = (b"%d,%d.5\n" % (n, n % 7) for n in range(rows))
        key = keep(b"x,y\n" + b"".join(lines), "t.csv")
        assert starting_point(key).data.preparation.bins == bins


@pytest.mark.parametrize(
    ("flags", "folds"),
    [([], 5), (["--nets", "3"], None), (["--sweep", "lr=0.1,0.2"], None),
     (["--validation", "0.3"], None), (["--folds", "4"], 4)],
)  # fmt: skip
def test_suggested_folds_give_way_to_flags(
    flags: list[str], folds: int | None, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_bytes(b"x,y\n" + b"1,2\n3,4.5\n5,6\n7,1\n" * 15)
    out = tmp_path / "run"
    assert main(["train", str(tmp_path / "t.csv"), "--epochs", "1", "--out", str(out), *flags]) == 0
    assert Store(out).experiment.data.folds == folds


def test_a_bundle_and_onnx_predict_with_the_mean_of_all_nets(tmp_path: Path) -> None:
    onnxruntime: Any = pytest.importorskip("onnxruntime")
    from mlpdash.results.exporting.onnx import onnx_model
    from mlpdash.runs.analyst.exporting import bundle
    from mlpdash.runs.bundles.bundle import open_bundle

    run_headless(START, out=tmp_path / "run")
    run = opened(Store(tmp_path / "run"))
    test = run.prepared.split.test
    again = open_bundle(bundle(run)).predictor
    assert again.outputs(run.prepared.x[test]) == pytest.approx(run.outputs[test])
    session = onnxruntime.InferenceSession(onnx_model(run.predictor))
    said = session.run(["probabilities"], {"rows": run.prepared.raw[test].astype(np.float64)})[0]
    assert said == pytest.approx(run.outputs[test], abs=1e-6)
