"""Several nets on the command line: what diverged is counted, and the others are told apart."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlpdash.cli.main import main

GRID = ["--nets", "3", "--sweep", "lr=0.01,10", "--hidden", "8,8", "--activation", "relu"]
HOT = ["train", "plane", *GRID, "--optimizer", "momentum", "--epochs", "20"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


def document(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
    assert main([*words, "--json"]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_nets_that_diverged_are_counted_by_cell(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, *HOT)
    nets = found["population"]
    assert (nets["count"], nets["diverged"], nets["part"]) == (6, 3, "validation")
    cool, hot = nets["cells"]
    assert (cool["settings"], cool["diverged"]) == ({"lr": 0.01}, 0)
    assert (hot["settings"], hot["diverged"], hot["value"]) == ({"lr": 10}, 3, None)
    assert found["validation"]["rmse"] == pytest.approx(cool["value"])
    assert nets["low"] <= cool["value"] <= nets["high"]
    results = document(capsys, "results", found["run"], "--no-baselines")
    assert [cell["diverged"] for cell in results["cells"]] == [0, 3]
    assert results["cell"]["number"] == 0


def test_it_is_said_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(HOT) == 0
    said = capsys.readouterr().out
    assert "6 nets, 3 diverged; validation rmse of 10 to 90 %:" in said
    (line,) = [line for line in said.splitlines() if "lr 10" in line]
    assert line.endswith("3 diverged")
    folder = said.split("kept in ")[1].strip()
    assert main(["results", folder, "--no-baselines"]) == 0
    assert "3 of 3 diverged" in capsys.readouterr().out


def test_where_all_diverge_none_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    grid = ["lr=9,10" if word == "lr=0.01,10" else word for word in HOT]
    nets = document(capsys, *grid, status=1)["population"]
    assert nets["diverged"] == nets["count"] == 6
    assert [cell["diverged"] for cell in nets["cells"]] == [3, 3]


def test_scores_are_the_median_of_the_nets(capsys: pytest.CaptureFixture[str]) -> None:
    one = ["train", "spiral", "--epochs", "3"]
    alone = [document(capsys, *one, "--seed", str(seed)) for seed in (0, 1, 2)]
    together = document(capsys, *one, "--seed", "0", "--nets", "3")
    assert alone[0]["population"] is None
    for part in ("train", "validation"):
        median = np.median([found[part]["loss"] for found in alone])
        assert together[part]["loss"] == pytest.approx(median, rel=1e-4)
    assert "cells" not in together["population"]
