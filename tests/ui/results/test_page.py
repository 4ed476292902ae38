"""The Results page without a browser, over runs that were trained and judged in this process."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from threadpoolctl import threadpool_limits

from mlpdash import MLPClassifier, MLPRegressor
from mlpdash.data.uploads import keep, path_of
from mlpdash.errors import RunError
from mlpdash.results.judging import judge
from mlpdash.runs.analyst import answers, process
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of
from mlpdash.runs.analyst.opening import opened as opened_run
from mlpdash.runs.bundles.bundle import open_bundle
from mlpdash.runs.bundles.opened import keep_bundle
from mlpdash.runs.disk.reports import last_step
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.analysts import Analysts
from mlpdash.runs.wire import finite
from mlpdash.runs.worker.headless import run_headless
from mlpdash.specs import Experiment
from tests.one_net import one_net
from tests.ui.conftest import Stage

PAGE = "mlpdash/ui/pages/results.py"
SECTIONS = {
    "classes": ("mistakes", "curves", "calibration", "why", "plane", "rows", "predict", "take"),
    "two": (
        "mistakes",
        "curves",
        "calibration",
        "threshold",
        "why",
        "plane",
        "rows",
        "predict",
        "take",
    ),
    "numbers": ("predictions", "residuals", "why", "plane", "rows", "predict", "take"),
}


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask and judge in this process, which has torch already."""
    at_hand = answers.AtHand()

    def ask(_self: Analysts, question: Any, payload: bytes = b"") -> Any:
        header, content = answers.answer(at_hand, question, payload)
        assert "refused" not in header, header
        return finite(header), memoryview(content)

    monkeypatch.setattr(Analysts, "ask", ask)
    monkeypatch.setattr(Analysts, "get_ready", lambda _self: None)
    few = {"count": 20}
    monkeypatch.setattr(judge, "scores", partial(judge.scores, **few))
    monkeypatch.setattr(judge, "paired_difference", partial(judge.paired_difference, **few))
    with threadpool_limits(1):  # boosting on few rows loses its time to threads
        yield


def trained(experiment: Experiment) -> str:
    run = Path(run_headless(experiment)["run"]).name
    process.write_report(opened_run(Store.open(run)), lambda doing: None)
    return run


def opened(stage: Stage, run: str) -> AppTest:
    page = stage.open()
    page.switch_page(PAGE)
    page.query_params["run"] = run
    return stage.run()


def show(stage: Stage, kind: str, section: str) -> AppTest:
    stage.page.button_group(f"results-section-{kind}").set_value(section)
    page = stage.run()
    assert [one.value for one in page.error] == []
    return page


def texts(page: AppTest) -> str:
    return " ".join(one.value for one in (*page.markdown, *page.caption)).replace("\\", "")


def test_iris_has_a_verdict_and_all_sections(stage: Stage) -> None:
    run = trained(one_net("iris").changed(epochs=30))
    page = opened(stage, run)
    assert "On 30 test rows that it never saw, the net is right for" in texts(page)
    contest, scores = page.table
    assert list(contest.value.index) == [
        "**This net**",
        "The most frequent class",
        "Logistic regression",
        "5 nearest neighbours",
        "Gradient boosting",
    ]
    assert list(scores.value.index)[-1] == "ROC AUC"
    assert page.selectbox[0].value == run
    assert "Iris" in page.selectbox[0].options[0]
    for section in SECTIONS["classes"]:
        show(stage, "classes", section)


def test_without_a_click_the_mistakes_are_listed(stage: Stage) -> None:
    run = trained(one_net("iris").changed(epochs=1))
    page = opened(stage, run)
    (rows,) = page.dataframe
    assert (rows.value["actual"] != rows.value["predicted"]).all()
    sure = rows.value[["p(setosa)", "p(versicolor)", "p(virginica)"]].max(axis=1)
    assert sure.is_monotonic_decreasing
    assert rows.value["petal length"].notna().all()
    assert set(rows.value["part"]) == {"test rows"}


def test_temperature_is_judged_in_its_units_and_over_time(stage: Stage) -> None:
    page = opened(stage, trained(one_net("temperature").changed(epochs=5)))
    assert "°F" in texts(page)
    assert "over time" in texts(page)
    for section in SECTIONS["numbers"]:
        show(stage, "numbers", section)
    show(stage, "numbers", "predict")
    assert "90 % prediction interval" in texts(page).replace("\u00a0", " ")
    before = page.metric[0].value
    page.slider[3].set_value(page.slider[3].max)
    assert stage.run().metric[0].value != before


def test_two_classes_have_a_threshold(stage: Stage) -> None:
    page = opened(stage, trained(one_net("circle").changed(epochs=5)))
    assert "There are no test rows" in texts(page)
    for section in SECTIONS["two"]:
        show(stage, "two", section)
    page = show(stage, "two", "threshold")
    assert "cheapest is" in texts(page)
    page.slider[0].set_value(0.9)
    page = stage.run()
    assert "At 0.90 mistakes cost" in texts(page)
    (rows,) = page.dataframe
    assert set(rows.value["actual"]) == {"1"}  # what is missed is the class, and
    assert (rows.value["p(1)"] < 0.9).all()  # less probable than the threshold


def test_a_grid_shows_its_best_cell_and_any_other(stage: Stage) -> None:
    grid = one_net("iris").changed(epochs=4, sweep="lr=0.00001,0.01;width=3,8")
    run = Path(run_headless(grid)["run"]).name
    process.write_report(opened_run(Store.open(run)), lambda doing: None)
    page = opened(stage, run)
    cells = page.selectbox[1]
    assert len(cells.options) == 4
    best = opened_run(Store.open(run)).cell
    assert cells.value == best
    assert "the best" in cells.options[best]
    assert "learning rate 0.01" in cells.options[best]
    for section in SECTIONS["classes"]:
        show(stage, "classes", section)
    assert len(page.get("download_button")) == 14
    process.write_report(opened_run(Store.open(run), cell=0), lambda doing: None)
    before = texts(page)
    page.selectbox[1].set_value(0)
    page = stage.run()
    assert [one.value for one in page.error] == []
    assert texts(page) != before


def test_a_bundle_is_opened_on_the_page(stage: Stage) -> None:
    run = trained(one_net("iris").changed(epochs=4))
    key = keep_bundle(exported("bundle", nets_of(Store.open(run))))
    page = stage.open()
    page.switch_page(PAGE)
    page.query_params["bundle"] = key
    page = stage.run()
    assert [one.value for one in page.error] == []
    assert "A net 4 > 16 > 3 with ReLU, trained on Iris" in texts(page)
    assert "Predicted" in texts(page)
    before = texts(page)
    page.slider[2].set_value(page.slider[2].max)
    assert texts(stage.run()) != before
    page.button(key="results-back").click()
    page = stage.run()
    assert "On 30 test rows" in texts(page)


@pytest.mark.parametrize("kind", ["regressor", "labels"])
def test_a_bundle_of_an_estimator_is_opened_too(stage: Stage, kind: str, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(60, 3))
    estimator: Any = MLPRegressor((4,), epochs=3).fit(x, x.sum(1))
    if kind == "labels":
        estimator = MLPClassifier((4,), epochs=3).fit(x, (x[:, :2] > 0).astype(int))
    estimator.save(tmp_path / "net.mlpdash")
    page = stage.open()
    page.switch_page(PAGE)
    page.query_params["bundle"] = keep_bundle((tmp_path / "net.mlpdash").read_bytes())
    page = stage.run()
    assert [one.value for one in page.error] == []
    assert f"trained on {type(estimator).__name__}" in texts(page)
    wanted = {"x0": 0.5, "x1": -1.0, "x2": 2.0}
    assert {one.label for one in page.number_input} == set(wanted)
    for one in page.number_input:
        one.set_value(wanted[one.label])
    page = stage.run()
    given = [[0.5, -1.0, 2.0]]
    if kind == "labels":
        named = [f"y{n}" for n in range(2) if estimator.predict(given)[0, n]]
        assert f"Predicted {', '.join(named) or 'none of these'}" in texts(page)
    else:
        assert float(page.metric[0].value) == pytest.approx(estimator.predict(given)[0], rel=0.01)


def test_a_file_that_cannot_be_had_says_why_before_it_is_asked_for(stage: Stage) -> None:
    run = trained(one_net("iris").changed(epochs=2))
    store = Store.open(run)
    store.append_event(store.snapshot_steps()[-1], "activation", "gelu")
    process.write_report(opened_run(store), lambda doing: None)
    opened(stage, run)
    page = show(stage, "classes", "take")
    assert "A script cannot be written of this run, since Activation" in texts(page)
    buttons = {one.proto.label: one.proto.disabled for one in page.get("download_button")}
    scripts = ("Raw tensors", "nn.Module", "nn.Sequential")
    assert all(buttons[name] for name in scripts)
    assert not any(value for name, value in buttons.items() if name not in scripts)


SALES = ("a,b,kind\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(60))).encode()


def trained_on_what_is_gone(**choices: Any) -> str:
    """Train on an uploaded table that is then gone, and return the run."""
    key = keep(SALES, "sales_2026.csv")
    run = Path(run_headless(one_net(key).changed(epochs=2, folds=None, **choices))["run"]).name
    shutil.rmtree(path_of(key).parent)
    return run


def test_without_its_table_a_run_can_still_be_exported(stage: Stage) -> None:
    run = trained_on_what_is_gone()
    page = opened(stage, run)
    assert [one.value for one in page.error] == []
    (said,) = (one.value.replace("\\", "") for one in page.warning)
    assert said.startswith('The table "sales_2026.csv" of run')
    assert "upload the same file again" in said
    assert "The bundle has no prediction intervals" in texts(page)
    buttons = {one.proto.label: one.proto for one in page.get("download_button")}
    assert list(buttons) == [
        "CSV",
        "Parquet",
        "Bundle",
        "ONNX",
        "Weights, safetensors",
        "Weights, .pt",
    ]
    assert not any(one.disabled for name, one in buttons.items() if name != "ONNX")
    asked = {"ask": "export", "run": run, "step": last_step(Store.open(run)), "what": "bundle"}
    header, content = answers.answer(answers.AtHand(), asked, b"")
    assert "refused" not in header
    assert open_bundle(content).predictor.margins is None


def test_a_run_whose_table_was_read_differently_can_still_be_exported(stage: Stage) -> None:
    key = keep(SALES + b"9,9,x\n", "sales_2026.csv")
    run = Path(run_headless(one_net(key).changed(epochs=2))["run"]).name
    store = Store.open(run)
    written = store.read_preprocessor()
    store.write_preprocessor(written.replace('"name": "b"', '"name": "c"'))
    page = opened(stage, run)
    assert [one.value for one in page.error] == []
    (said,) = (one.value.replace("\\", "") for one in page.warning)
    assert 'a version that read "b", "c" of "sales_2026.csv" differently' in said
    assert "Weights, safetensors" in [one.proto.label for one in page.get("download_button")]


def test_without_its_table_a_cell_of_a_grid_is_chosen_by_its_settings(stage: Stage) -> None:
    page = opened(stage, trained_on_what_is_gone(sweep="lr=0.001,0.1"))
    assert [one.value for one in page.error] == []
    cells = page.selectbox[1]
    assert cells.options == ["learning rate 0.001", "learning rate 0.1"]
    cells.set_value(1)
    page = stage.run()
    assert [one.value for one in page.error] == []
    assert len(page.get("download_button")) == 6


def test_a_table_that_is_uploaded_again_brings_the_page_back(stage: Stage) -> None:
    key = keep(SALES, "sales_2026.csv")
    run = trained(one_net(key).changed(epochs=2))
    shutil.rmtree(path_of(key).parent)
    page = opened(stage, run)
    assert page.warning
    keep(SALES, "sales_2026.csv")
    page = stage.run()
    assert not page.warning
    assert "rows that it never saw" in texts(page)


def test_values_can_be_typed_and_left_out(stage: Stage) -> None:
    page = opened(stage, trained(one_net("temperature").changed(epochs=5)))
    page = show(stage, "numbers", "predict")
    page.toggle[0].set_value(True)
    page = stage.run()
    before = page.metric[0].value
    (place,) = (n for n, one in enumerate(page.number_input) if one.label.startswith("temp\\_1"))
    page.number_input[place].set_value(300.0)  # beyond what any row had
    page = stage.run()
    assert page.metric[0].value != before
    page.number_input[place].set_value(None)
    page = stage.run()
    assert page.metric[0].value == before  # a missing value is the typical one


def test_a_bundle_that_is_gone_is_one_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Analysts, "ask", refuse)
    page = stage.open()
    page.switch_page(PAGE)
    page.query_params["bundle"] = "0" * 64
    assert "no longer here" in stage.run().error[0].value


def refuse(_self: Analysts, question: Any, _payload: bytes = b"") -> Any:
    header, _content = answers.answer(answers.AtHand(), question, b"")
    raise RunError(header["refused"])


@pytest.mark.slow
def test_pictures_are_shown_as_pictures(stage: Stage) -> None:
    page = opened(stage, trained(one_net("digits").changed(epochs=1)))
    for section in SECTIONS["classes"]:
        show(stage, "classes", section)
    page = show(stage, "classes", "mistakes")
    (rows,) = page.dataframe
    assert rows.value["picture"].str.startswith("data:image/png;base64,").all()
    assert not [name for name in rows.value if "pixel" in name]


@pytest.mark.parametrize(
    "choices",
    [
        {"loss": "cross_entropy_after_softmax", "activations": ("gelu",), "bias": False},
        {"activation": "prelu", "nets": 3, "inputs": ("x1", "x1*x2", "sin(x2)")},
    ],
    ids=["published", "prelu"],
)
def test_whatever_was_chosen_can_be_looked_at(stage: Stage, choices: dict[str, Any]) -> None:
    opened(stage, trained(one_net("circle").changed(epochs=2, **choices)))
    for section in SECTIONS["two"]:
        show(stage, "two", section)


def test_several_targets_are_judged_each_and_together(stage: Stage) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(80, 2))
    y = np.column_stack([x.sum(1), x[:, 0] - x[:, 1]]) + random.normal(size=(80, 2)) * 0.1
    lines = [",".join(f"{v:.4f}" for v in row) for row in np.column_stack([x, y])]
    key = keep(("a,b,u,v\n" + "\n".join(lines)).encode(), "two.csv")
    experiment = one_net(key).changed(target=("u", "v"), task="regression", epochs=5)
    page = opened(stage, trained(experiment))
    each = page.table[2].value
    assert list(each.index) == ["u", "v"]
    for section in SECTIONS["numbers"]:
        show(stage, "numbers", section)


def test_without_a_run_it_says_where_to_begin(stage: Stage) -> None:
    page = stage.open()
    page.switch_page(PAGE)
    page = stage.run()
    assert "No net has been trained yet" in page.info[0].value


def test_an_unknown_run_is_told_and_the_newest_shown(stage: Stage) -> None:
    run = trained(one_net("circle").changed(epochs=2))
    page = opened(stage, "A" * 22)
    assert "has no trained net here" in page.warning[0].value
    assert page.selectbox[0].value == run


def test_other_peoples_text_stays_text(stage: Stage) -> None:
    evil = "![x](http://evil.example/y) :red[b]"
    rows = "".join(f"{n},{'<b>no</b>' if n % 2 else evil}\n" for n in range(60))
    key = keep(f"{evil},kind\n{rows}".encode(), "evil.csv")
    page = opened(stage, trained(one_net(key).changed(epochs=1)))
    for section in SECTIONS["two"]:
        page = show(stage, "two", section)
        for one in (*page.markdown, *page.caption):
            assert "](http" not in one.value


def test_a_learning_curve_is_trained_when_it_is_asked_for(stage: Stage) -> None:
    opened(stage, trained(one_net("iris").changed(epochs=1)))
    page = show(stage, "classes", "rows")
    assert not page.get("plotly_chart")
    (asked,) = (one for one in page.button if one.label == "Would more rows help?")
    asked.click()
    page = stage.run()
    deadline = time.monotonic() + 60
    while not page.get("plotly_chart") and time.monotonic() < deadline:
        time.sleep(0.2)
        page = stage.run()
    assert page.get("plotly_chart")
    assert "of the rows, the log loss" in texts(page)
    assert "the five differ in their seeds" in texts(page)


def test_why_there_is_no_learning_curve_is_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(stage, trained(one_net("iris").changed(epochs=1, validation=0)))
    page = show(stage, "classes", "rows")
    (asked,) = (one for one in page.button if one.label == "Would more rows help?")
    monkeypatch.setattr(Analysts, "ask", refuse_later)
    asked.click()
    page = stage.run()
    assert "there are no validation rows" in page.error[0].value


def refuse_later(_self: Analysts, question: Any, _payload: bytes = b"") -> Any:
    """Ask until a thread has found out that it refuses."""
    at_hand, header = answers.AtHand(), {}
    while "refused" not in header:
        header, _content = answers.answer(at_hand, question, b"")
    raise RunError(header["refused"])
