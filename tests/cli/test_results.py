"""`python -m mlpdash results` and `export`, and the same in Python."""

import json
import math
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn import metrics as sk

import mlpdash
from mlpdash.cli import results
from mlpdash.cli.main import main
from mlpdash.data.uploads import keep, path_of
from mlpdash.errors import RunError
from mlpdash.results.judging.rows import actual_values
from mlpdash.runs.analyst.opening import opened
from mlpdash.runs.bundles.bundle import open_bundle
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from tests.one_net import one_net


def trained(folder: Path, data: str, **choices: Any) -> str:
    run_headless(one_net(data).changed(**choices), out=folder)
    return str(folder)


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> str:
    return trained(tmp_path_factory.mktemp("runs") / "iris", "iris", epochs=15)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("runs") / "grid"
    return trained(folder, "diabetes", epochs=3, sweep="lr=0.00001,0.01")


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["results", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_numbers_are_scikit_learns(iris: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, iris)
    run = opened(Store(iris))
    for part in ("train", "validation", "test"):
        rows = getattr(run.prepared.split, part)
        y, p = run.prepared.y[rows], run.outputs[rows]
        expected = {
            "accuracy": sk.accuracy_score(y, p.argmax(1)),
            "balanced_accuracy": sk.balanced_accuracy_score(y, p.argmax(1)),
            "macro_f1": sk.f1_score(y, p.argmax(1), average="macro"),
            "log_loss": sk.log_loss(y, p),
            "roc_auc": sk.roc_auc_score(y, p, multi_class="ovr"),
        }
        scores = found["net"][part]["scores"]
        assert {name: one["value"] for name, one in scores.items()} == pytest.approx(expected)
    own = found["net"]["test"]["scores"]["accuracy"]
    assert own["low"] <= own["value"] <= own["high"]
    assert found["net"]["train"]["scores"]["accuracy"]["low"] is None  # of the judged part alone
    assert [one["name"] for one in found["baselines"]] == [
        "simplest", "linear", "neighbours", "boosting",
    ]  # fmt: skip
    assert found["judged_on"] == "test"
    assert found["verdict"].startswith("On 30 test rows that it never saw, the net is right for")
    assert len(found["importance"]["importance"]) == 4
    assert (found["epoch"], found["cell"], found["cells"]) == (15, None, None)


def test_python_returns_what_the_command_prints(
    iris: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    found = mlpdash.report(iris, on_progress=said.append)
    assert json.loads(json.dumps(found).replace("NaN", "null")) == document(capsys, iris)
    assert said
    with pytest.raises(RunError, match="neither a run nor the folder"):
        mlpdash.report("nowhere")


def test_people_get_the_same_in_words(iris: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", iris]) == 0
    text = capsys.readouterr().out
    found = document(capsys, iris)
    assert found["verdict"] in text
    accuracy = found["net"]["test"]["scores"]["accuracy"]["value"]
    (line,) = (line for line in text.splitlines() if line.startswith("this net"))
    assert f"{accuracy:.1%}".replace("%", " %") in line or accuracy == 1
    for words in ("gradient boosting", "balanced accuracy", "petal width", "split-conformal"):
        assert words in text


def test_a_grid_is_judged_by_its_best_cell_or_another(
    grid: str, capsys: pytest.CaptureFixture[str]
) -> None:
    best = document(capsys, grid)
    scores = [cell["scores"]["rmse"] for cell in best["cells"]]
    assert best["cell"]["number"] == int(np.argmin(scores))
    assert best["net"]["validation"]["scores"]["rmse"]["value"] == pytest.approx(min(scores))
    worst = 1 - best["cell"]["number"]
    other = document(capsys, grid, "--cell", str(worst))
    assert other["cell"]["number"] == worst
    assert other["net"]["validation"]["scores"]["rmse"]["value"] == pytest.approx(max(scores))
    assert main(["results", grid]) == 0
    assert "< shown here" in capsys.readouterr().out


def test_the_net_can_be_judged_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = trained(tmp_path / "run", "iris", epochs=2)
    alone = document(capsys, run, "--no-baselines")
    assert alone["baselines"] == []
    assert "baselines" not in alone["verdict"]
    assert len(document(capsys, run)["baselines"]) == 4  # which are fitted once they are wanted


def test_every_file_can_be_written(iris: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    for what in results.FILES:
        out = tmp_path / what
        assert main(["export", iris, what, "--out", str(out)]) == 0
        assert out.stat().st_size > 400, what
    found = open_bundle((tmp_path / "bundle").read_bytes()).predictor
    run = opened(Store(iris))
    np.testing.assert_array_equal(found.each(run.prepared.x)[0], run.outputs)


def test_tables_go_to_the_output_or_into_a_file(
    iris: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", iris, "predictions"]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    run = opened(Store(iris))
    np.testing.assert_array_equal(table.filter(like="p("), run.outputs)
    names = np.array(run.prepared.classes)
    assert table["actual"].tolist() == names[actual_values(run.prepared)].tolist()
    for what in results.TABLES:
        for ending, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
            out = tmp_path / f"{what}.{ending}"
            assert main(["export", iris, what, "--out", str(out)]) == 0
            assert len(read(out)) >= 15
    scores = pd.read_parquet(tmp_path / "metrics.parquet")
    judged = scores[(scores["model"] == "net") & (scores["part"] == "test")]
    value = judged.set_index("metric")["value"]["accuracy"]
    assert value == mlpdash.report(iris)["net"]["test"]["scores"]["accuracy"]["value"]
    assert not math.isnan(judged["low"].iloc[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["results", "nowhere"], "neither a run nor the folder"),
        (["results", "A" * 22], "there is no run"),
        (["results", "{iris}", "--step", "1"], "snapshot at step 1"),
        (["results", "{iris}", "--cell", "0"], "is not a grid"),
        (["results", "{grid}", "--cell", "2"], "2 cells; name one of them, 0 to 1"),
        (["export", "{iris}", "bundle"], "use --out FILE"),
        (["export", "{iris}", "pickle", "--out", "x"], "invalid choice"),
        (["export", "{iris}", "bundle", "--out", "{tmp}"], "cannot be opened"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(
    words: list[str],
    said: str,
    iris: str,
    grid: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = {"iris": iris, "grid": grid, "tmp": tmp_path}
    assert main([word.format(**places) for word in words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


SALES = "a,b,kind\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(60))


def without_its_table(folder: Path, **choices: Any) -> Store:
    """Train on an uploaded table, which is then tidied away."""
    key = keep(SALES.encode(), "sales.csv")
    store = Store(Path(trained(folder, key, epochs=3, folds=None, **choices)))
    shutil.rmtree(path_of(key).parent)
    return store


@pytest.mark.parametrize("what", ["safetensors", "pt", "onnx", "history"])
def test_what_needs_no_rows_is_the_same_without_the_table(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if what == "onnx":
        pytest.importorskip("onnx")
    key = keep(SALES.encode(), "sales.csv")
    run = trained(tmp_path / "run", key, epochs=3, folds=None)
    before, after = tmp_path / "before", tmp_path / "after"
    assert main(["export", run, what, "--out", str(before)]) == 0
    shutil.rmtree(path_of(key).parent)
    assert main(["export", run, what, "--out", str(after)]) == 0
    assert capsys.readouterr().err == ""
    assert after.read_bytes() == before.read_bytes()


def test_a_bundle_without_the_table_predicts_without_intervals_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = without_its_table(tmp_path / "run")
    out = tmp_path / "net.mlpdash"
    assert main(["export", str(store.folder), "bundle", "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert said.startswith('the bundle has no prediction intervals: the table "sales.csv" of run')
    assert said.count("\n") == 1
    found = open_bundle(out.read_bytes()).predictor
    assert found.margins is None
    assert torch.equal(found.net.flat, predictor_of_run(store).net.flat)


@pytest.mark.parametrize(
    "words",
    [
        ["results", "{run}"],
        ["export", "{run}", "predictions"],
        ["export", "{run}", "metrics"],
        ["export", "{run}", "script-module", "--out", "{out}"],
    ],
    ids=["results", "predictions", "metrics", "script"],
)
def test_what_needs_rows_says_which_table_is_gone_and_the_way_out(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(without_its_table(tmp_path / "run").folder)
    assert main([word.format(run=run, out=tmp_path / "out") for word in words]) == 2
    said = capsys.readouterr().err
    assert said.startswith('the table "sales.csv" of run "run" is gone; upload the same file again')
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_cell_of_a_grid_is_exported_by_its_number_without_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = without_its_table(tmp_path / "run", sweep="lr=0.001,0.1")
    words = ["export", str(store.folder), "bundle", "--out", str(tmp_path / "net.mlpdash")]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "the best cell is unknown; name one, 0 to 1:" in said
    assert 'the table "sales.csv"' in said
    assert said.count("\n") == 1
    assert main([*words, "--cell", "1"]) == 0
    found = open_bundle((tmp_path / "net.mlpdash").read_bytes())
    assert found.experiment is not None
    assert found.experiment.train.lr == 0.1
    assert torch.equal(found.predictor.net.flat, predictor_of_run(store, cell=1).net.flat)
    assert main([*words, "--cell", "2"]) == 2
    assert "name one of them, 0 to 1" in capsys.readouterr().err


def test_columns_stand_under_each_other() -> None:
    found = results._aligned([["", "a"], ["long name", "12"], ["b", "3"]])
    assert found == ["            a", "long name  12", "b           3"]


def test_whether_more_rows_would_help_is_said_instead_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(tmp_path / "diabetes", "diabetes", epochs=2)
    found = document(capsys, run, "--learning-curve")
    assert [one["rows"] for one in found["sizes"]] == [27, 53, 106, 186, 266]
    assert (found["measure"], found["by"], found["repeats"]) == ("rmse", "seeds", 5)
    assert "verdict" not in found
    assert main(["results", run, "--learning-curve"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(found["sentence"])
    assert "     27   10 %" in said


def test_a_learning_curve_of_a_grid_is_that_of_one_cell(
    grid: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slow, fast = (document(capsys, grid, "--learning-curve", "--cell", n) for n in "01")
    assert slow["sizes"][-1]["mean"] > 1.2 * fast["sizes"][-1]["mean"]


def test_a_learning_curve_without_rows_held_out_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(tmp_path / "iris", "iris", epochs=1, validation=0)
    assert main(["results", run, "--learning-curve"]) == 2
    assert "there are no validation rows" in capsys.readouterr().err


def test_weights_of_several_nets_say_that_they_are_of_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(tmp_path / "run", "iris", epochs=2, folds=3)
    assert main(["export", run, "safetensors", "--out", str(tmp_path / "w")]) == 0
    said = capsys.readouterr().err
    assert said.startswith("the file holds the weights of the first of 3 nets")
    assert main(["export", run, "bundle", "--out", str(tmp_path / "b")]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("what", "name"), [("onnx", "net.onnx"), ("script-module", "net.py")])
def test_a_zip_file_is_not_called_by_what_is_in_it(
    what: str, name: str, iris: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", iris, what, "--out", str(tmp_path / name)]) == 2
    assert "ends in .zip" in capsys.readouterr().err
    assert not (tmp_path / name).exists()
