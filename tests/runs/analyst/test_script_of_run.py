"""A run's script and history, taken from its folder."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import torch

from mlpdash.errors import MlpDashError, RunError
from mlpdash.results.exporting.tables import history_table
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import nets_of
from mlpdash.runs.analyst.script_of_run import script_of_run
from mlpdash.runs.bundles.bundle import open_bundle
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from mlpdash.runs.worker.session import Session
from tests.one_net import one_net
from tests.scripts import run_here, unpack


def test_the_script_of_a_run_says_that_it_reached_its_losses(tmp_path: Path) -> None:
    run_headless(one_net("iris").changed(epochs=7), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    folder = unpack(script_of_run(store, "sequential"), tmp_path / "script")
    _losses, said = run_here(folder)
    last = said.splitlines()[-1]
    assert last.startswith("the run's training loss differs by ")
    assert float(last.split()[-3]) < 1e-4
    table = history_table(store.read_history())
    assert f"epoch 7: training loss {table['loss_train'].iloc[-1]:.4f}" in said
    assert table["epoch"].tolist() == list(range(1, 8))


def test_of_several_nets_the_script_trains_the_first(tmp_path: Path) -> None:
    run_headless(one_net("circle").changed(epochs=2, nets=3), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    packed = zipfile.ZipFile(io.BytesIO(script_of_run(store, "module")))
    assert packed.read("losses.csv") == b"epoch,loss\n"  # the run's losses are medians
    assert len(predictor_of_run(store).net.weights[0]) == 3
    assert open_bundle(exported("bundle", nets_of(store))).predictor.net.members == 3


def test_nets_that_diverged_are_left_behind(tmp_path: Path) -> None:
    run_headless(one_net("circle").changed(epochs=1, nets=3), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    snapshot = store.latest_snapshot()
    assert snapshot is not None
    all_three = predictor_of_run(store).net.weights[1]
    state = json.loads(snapshot.meta["state"]) | {"alive": [True, False, True]}
    store.write_snapshot(snapshot.step + 1, snapshot.tensors, {"state": json.dumps(state)})
    assert predictor_of_run(store).net.weights[1].tolist() == all_three[[0, 2]].tolist()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", [0, 1, 2, 0.75]),
        ("bias", [1, 2, -3.0]),
        ("activation", "gelu"),
        ("activation", "prelu"),
        ("activations", ["tanh"]),
    ],
)
def test_a_net_that_was_changed_at_rest_is_taken_as_it_is_now(
    field: str, value: object, tmp_path: Path
) -> None:
    """As the board shows it: the session takes the change up when it opens the run."""
    experiment = one_net("iris").changed(epochs=2, nets=2)
    run_headless(experiment, out=tmp_path / "run")
    store = Store(tmp_path / "run")
    before = predictor_of_run(store)
    step = store.snapshot_steps()[-1]
    store.append_event(step - 1, "lr", 0.001)
    store.append_event(step, field, value)
    session = Session(store.experiment)
    session.open(store)
    net = predictor_of_run(store).net
    assert net.layout == session.learner.net.layout
    assert torch.equal(net.flat, session.learner.net.flat)
    x = torch.from_numpy(session.prepared.x)
    assert torch.equal(net.forward(x), session.learner.net.forward(x))
    assert not torch.equal(net.forward(x), before.net.forward(x))
    with pytest.raises(MlpDashError, match="script"):
        script_of_run(store, "module", step)  # it would train another net
    bundle = open_bundle(exported("bundle", nets_of(store))).predictor
    assert bundle.net.layout == net.layout
    assert torch.equal(bundle.net.flat, net.flat)


def test_an_edit_that_no_net_can_have_is_a_damaged_run(tmp_path: Path) -> None:
    run_headless(one_net("iris").changed(epochs=1), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    store.append_event(store.snapshot_steps()[-1], "weight", [7, 0, 0, 1.0])
    with pytest.raises(RunError, match="do not fit"):
        predictor_of_run(store)


def test_a_run_without_an_epoch_has_no_script(tmp_path: Path) -> None:
    store = Store.create_at(tmp_path / "new", one_net("iris"), "")
    with pytest.raises(RunError, match="not finished an epoch"):
        script_of_run(store, "module")


def test_a_script_can_stop_where_the_run_was_looked_at(tmp_path: Path) -> None:
    run_headless(one_net("iris").changed(epochs=7), out=tmp_path / "run")
    store = Store(tmp_path / "run")
    step = int(store.read_history()["step"][3])
    packed = zipfile.ZipFile(io.BytesIO(script_of_run(store, "module", step)))
    assert len(packed.read("losses.csv").splitlines()) == 1 + 4
