"""The suggestion against other methods on real tables: same rows for all, and honest sums."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from mlpdash.bench import real_accuracy
from mlpdash.bench.real import drawn
from mlpdash.bench.real_accuracy import CONTESTANTS, measure
from mlpdash.bench.real_accuracy_report import as_text, summary
from mlpdash.cli.main import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    x = random.normal(size=(120, 2))
    y = x[:, 0] + 0.1 * random.normal(size=120)
    rows = [f"{a:.3f},{b:.3f},{c:.3f}" for (a, b), c in zip(x, y, strict=True)]
    (tmp_path / "numbers.csv").write_text("a,b,price\n" + "\n".join(rows))
    rows = [f"{a:.3f},{b:.3f},{'yes' if a > 0 else 'no'}" for a, b in x]
    (tmp_path / "words.csv").write_text("a,b,bought\n" + "\n".join(rows))
    (tmp_path / "empty.csv").write_text("")
    return tmp_path


def test_every_contestant_fits_the_same_rows_on_every_split(folder: Path) -> None:
    seen: list[tuple[str, bytes]] = []

    def noting(name: str, usual: real_accuracy.Contestant) -> real_accuracy.Contestant:
        def fit(prepared, experiment):
            seen.append((name, prepared.split.test.tobytes()))
            return usual(prepared, experiment)

        return fit

    with pytest.MonkeyPatch.context() as patch:
        noted = {name: noting(name, one) for name, one in CONTESTANTS.items()}
        patch.setattr(real_accuracy, "CONTESTANTS", noted)
        rows = measure([folder / "numbers.csv", folder / "words.csv"], splits=2)
    assert [row["task"] for row in rows] == ["regression", "classification"]
    assert len(seen) == 2 * 2 * len(CONTESTANTS)
    assert len({test for _name, test in seen}) == 4  # of two tables, two splits each
    for row in rows:
        for split in row["splits"]:
            assert all(split[name]["seconds"] > 0 for name in CONTESTANTS)
            assert "out_of_fold" in split["suggestion"]
    assert rows[0]["splits"][0]["linear"]["scores"]["r2"] > 0.9


def test_what_cannot_be_used_is_told_and_left_out(folder: Path) -> None:
    (row,) = measure([folder / "empty.csv"])
    assert "is empty" in row["refused"]
    assert summary([row])["refused"] == 1


def reached(task: str, **scores: tuple[float, ...]) -> dict:
    """Return a row on which contestants reached these scores, one for each split."""
    metric = "log_loss" if task == "classification" else "r2"
    splits = len(next(iter(scores.values())))
    each = [
        {
            name: {"seconds": 1.0, "scores": {metric: scores[name.replace(" ", "_")][n]}}
            for name in CONTESTANTS
            if name != "scikit-learn's MLP"
        }
        | {"scikit-learn's MLP": {"seconds": 2.0, "scores": {metric: scores["mlp"][n]}}}
        for n in range(splits)
    ]
    return {"table": task, "task": task, "splits": each}


def test_ranks_wins_and_ratios_are_of_the_means_over_the_splits() -> None:
    numbers = reached(
        "regression", linear=(0.5, 0.1), random_forest=(0.2, 0.2), gradient_boosting=(0.6, 0.6),
        mlp=(0.0, 0.0), one_net=(0.3, 0.1), suggestion=(0.9, -0.1),
    )  # fmt: skip
    classes = reached(
        "classification", linear=(0.4, 0.6), random_forest=(2.0, 2.0), gradient_boosting=(1.0, 1.0),
        mlp=(3.0, 3.0), one_net=(0.6, 0.6), suggestion=(0.2, 0.3),
    )  # fmt: skip
    found = summary([numbers, classes])
    own = found["contestants"]["suggestion"]
    assert own["mean_rank"] == pytest.approx((2 + 1) / 2)
    assert own["wins"] == 1
    assert own["log_loss_ratio"] == pytest.approx(0.25 / 0.5)
    assert own["r2"] == pytest.approx(0.4)
    assert found["lost"] == ["regression"]
    assert found["contestants"]["scikit-learn's MLP"]["median_seconds"] == 2.0
    assert found["honesty"] is None
    assert "2 tables, 0 refused" in as_text([numbers, classes])


def test_honesty_is_the_out_of_fold_score_less_the_tests_by_table() -> None:
    rows = []
    for off in (0.1, 0.3):
        row = reached(
            "regression",
            **dict.fromkeys(
                ("linear", "random_forest", "gradient_boosting", "mlp", "one_net", "suggestion"),
                (0.5, 0.7),
            ),
        )
        for split in row["splits"]:
            r2 = split["suggestion"]["scores"]["r2"]
            split["suggestion"]["out_of_fold"] = {"r2": r2 + off}
        rows.append(row)
    honesty = summary(rows)["honesty"]
    assert honesty["mean"] == pytest.approx(0.2)
    assert honesty["standard_error"] == pytest.approx(math.sqrt(0.02) / math.sqrt(2))
    assert honesty["count"] == 4


def test_the_command_prints_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--real-accuracy", str(folder), "--splits", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["summary"]["tables"] == 2
    assert set(said["summary"]["contestants"]) == set(CONTESTANTS)


def test_tables_can_be_drawn(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "--real-accuracy", str(folder), "--splits", "1", "--draw", "1", "--seed", "1"]
    assert main([*words, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["table"] == drawn(["empty.csv", "numbers.csv", "words.csv"], 1, 1)[0]
