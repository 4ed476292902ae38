"""A run's script and history, taken from its folder."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mlpdash.data.datasets import starting_point
from mlpdash.errors import RunError
from mlpdash.runs.headless import run_headless
from mlpdash.runs.leaving import history_of_run, script_of_run
from mlpdash.runs.store import Store


def test_the_script_of_a_run_says_that_it_reached_its_losses(tmp_path: Path) -> None:
    run_headless(starting_point("iris").changed(epochs=7), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    zipfile.ZipFile(io.BytesIO(script_of_run(store, "sequential"))).extractall(tmp_path / "script")
    done = subprocess.run(
        [sys.executable, "train.py"],
        cwd=tmp_path / "script",
        capture_output=True,
        text=True,
        check=True,
    )
    last = done.stdout.splitlines()[-1]
    assert last.startswith("the run's training loss differs by ")
    assert float(last.split()[-3]) < 1e-4
    table = history_of_run(store)
    assert f"epoch 7: training loss {table['loss_train'].iloc[-1]:.4f}" in done.stdout
    assert table["epoch"].tolist() == list(range(1, 8))


def test_a_run_without_an_epoch_has_no_script(tmp_path: Path) -> None:
    store = Store.create_at(tmp_path / "new", starting_point("iris"), "")
    with pytest.raises(RunError, match="finished no epoch"):
        script_of_run(store, "module")
