"""A run's script and history, taken from its folder."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mlpdash.data.datasets import starting_point
from mlpdash.errors import RunError
from mlpdash.results.export_tables import history_table
from mlpdash.runs.bundle import bundle_of_run, open_bundle
from mlpdash.runs.headless import run_headless
from mlpdash.runs.leaving import script_of_run
from mlpdash.runs.nets import predictor_of_run
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
    table = history_table(store.read_history())
    assert f"epoch 7: training loss {table['loss_train'].iloc[-1]:.4f}" in done.stdout
    assert table["epoch"].tolist() == list(range(1, 8))


def test_of_several_nets_the_script_trains_the_first(tmp_path: Path) -> None:
    run_headless(starting_point("circle").changed(epochs=2, nets=3), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    packed = zipfile.ZipFile(io.BytesIO(script_of_run(store, "module")))
    assert packed.read("losses.csv") == b"epoch,loss\n"  # the run's losses are medians
    assert len(predictor_of_run(store).net.weights[0]) == 3
    assert open_bundle(bundle_of_run(store)).predictor.net.members == 3


def test_nets_that_diverged_are_left_behind(tmp_path: Path) -> None:
    run_headless(starting_point("circle").changed(epochs=1, nets=3), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    snapshot = store.latest_snapshot()
    assert snapshot is not None
    all_three = predictor_of_run(store).net.weights[1]
    state = json.loads(snapshot.meta["state"]) | {"alive": [True, False, True]}
    store.write_snapshot(snapshot.step + 1, snapshot.tensors, {"state": json.dumps(state)})
    assert predictor_of_run(store).net.weights[1].tolist() == all_three[[0, 2]].tolist()


def test_a_run_without_an_epoch_has_no_script(tmp_path: Path) -> None:
    store = Store.create_at(tmp_path / "new", starting_point("iris"), "")
    with pytest.raises(RunError, match="finished no epoch"):
        script_of_run(store, "module")


def test_a_script_can_stop_where_the_run_was_looked_at(tmp_path: Path) -> None:
    run_headless(starting_point("iris").changed(epochs=7), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    step = int(store.read_history()["step"][3])
    packed = zipfile.ZipFile(io.BytesIO(script_of_run(store, "module", step)))
    assert len(packed.read("losses.csv").splitlines()) == 1 + 4
