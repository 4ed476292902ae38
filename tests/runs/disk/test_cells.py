"""The cells of a grid, taken out of the run without training anything again."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.errors import RunError
from mlpdash.runs.analyst.exporting import exported
from mlpdash.runs.analyst.opening import best_cell, cell_scores, nets_of, opened
from mlpdash.runs.analyst.script_of_run import script_of_run
from mlpdash.runs.bundles.bundle import open_bundle
from mlpdash.runs.disk.cells import cells_of, experiment_of_cell
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.members import members_of
from tests.one_net import one_net
from tests.scripts import run_here, unpack

GRID = one_net("iris").changed(epochs=6, hidden=(8,), nets=2, sweep="lr=0.003,0.03;width=3,8")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("runs") / "grid"
    run_headless(GRID, out=folder)
    return Store(folder)


def test_cells_are_in_the_order_of_the_nets() -> None:
    cells = cells_of(GRID)
    assert [tuple(cell.values()) for cell in cells] == [
        (0.003, 3), (0.03, 3), (0.003, 8), (0.03, 8),
    ]  # fmt: skip
    members = members_of(GRID)
    for number, cell in enumerate(cells):
        for member in members[2 * number : 2 * number + 2]:
            assert (member.lr, member.hidden) == (cell["lr"], (cell["width"],))
    assert cells_of(one_net("iris")) == ()


def test_a_cells_experiment_trains_the_very_nets(store: Store) -> None:
    """Trained alone, a cell's nets come out as they did among the others."""
    own = experiment_of_cell(GRID, 1)
    assert (own.train.lr, own.model.hidden, own.train.sweep, own.train.nets) == (0.03, (3,), "", 2)
    prepared = prepare(load(own.data), own.data)
    learner = learner_for(prepared, own)
    for _progress in train(learner):
        pass
    alone = torch.softmax(learner.net.forward(torch.from_numpy(prepared.x)).double(), -1)
    among = predictor_of_run(store, cell=1).each(prepared.x)
    np.testing.assert_allclose(among, alone.numpy(), atol=2e-5)


def test_a_narrow_net_among_wide_ones_is_taken_out_whole(store: Store) -> None:
    wide, narrow = (predictor_of_run(store, cell=cell).net for cell in (2, 0))
    assert (wide.sizes, narrow.sizes) == ((4, 8, 3), (4, 3, 3))
    assert narrow.members == 2
    snapshot = store.latest_snapshot()
    assert snapshot is not None
    prepared = prepare(load(GRID.data), GRID.data)
    learner = learner_for(prepared, GRID)
    learner.net.flat.copy_(torch.from_numpy(snapshot.tensors["flat"]))
    x = torch.from_numpy(prepared.x)
    padded = learner.net.forward(x)[:2]  # of all eight nets, at the widest width, masked
    torch.testing.assert_close(narrow.forward(x), padded, rtol=1e-5, atol=1e-6)


def test_the_best_cell_is_that_of_the_validation_rows(store: Store) -> None:
    run = opened(store)
    prepared = run.prepared
    rows = prepared.split.validation
    found = {}
    for cell in range(4):
        p = predictor_of_run(store, cell=cell).outputs(prepared.x[rows])
        right = (p.argmax(1) == prepared.y[rows]).mean()
        found[cell] = (right, np.log(p[np.arange(len(rows)), prepared.y[rows]]).mean())
    assert run.cell == max(found, key=lambda cell: found[cell])
    scores = cell_scores(store, run.step, prepared)
    assert [one["scores"]["accuracy"] for one in scores] == [found[c][0] for c in range(4)]
    assert {one["part"] for one in scores} == {"validation"}


def test_of_equal_accuracies_the_surer_cell_is_the_best() -> None:
    def one(accuracy: float, loss: float) -> dict[str, object]:
        return {"scores": {"accuracy": accuracy, "log_loss": loss}}

    assert best_cell([one(0.9, 0.3), one(0.95, 0.5), one(0.95, 0.2)], "classification") == 2
    rmse = [{"scores": {"rmse": v}} for v in (3.0, 1.0, 2.0)]
    assert best_cell(rmse, "regression") == 1


def test_a_bundle_and_a_script_are_of_the_cell_that_is_named(store: Store, tmp_path: Path) -> None:
    found = open_bundle(exported("bundle", nets_of(store, cell=1)))
    assert found.experiment is not None
    assert (found.experiment.train.lr, found.experiment.train.sweep) == (0.03, "")
    x = opened(store).prepared.x
    expected = predictor_of_run(store, cell=1).each(x)
    np.testing.assert_array_equal(found.predictor.each(x), expected)
    best = open_bundle(exported("bundle", nets_of(store)))
    run = opened(store)
    np.testing.assert_array_equal(best.predictor.outputs(x), run.outputs)

    _losses, said = run_here(unpack(script_of_run(store, "sequential", cell=1), tmp_path))
    alone = dataclasses.asdict(members_of(GRID)[2])
    assert alone["lr"] == 0.03
    source = (tmp_path / "train.py").read_text()
    assert "SIZES = [4, 3, 3]" in source
    assert "LEARNING_RATE = 0.03" in source
    assert "epoch 6" in said


def test_a_cell_that_there_is_not_is_one_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="4 cells; name one of them, 0 to 3"):
        opened(store, cell=4)
    with pytest.raises(RunError, match="name one of them"):
        predictor_of_run(store)
    run_headless(one_net("circle").changed(epochs=1), out=tmp_path / "one")
    with pytest.raises(RunError, match="is not a grid"):
        opened(Store(tmp_path / "one"), cell=0)
