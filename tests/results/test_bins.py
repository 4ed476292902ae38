"""A net on bins is exported, explained and drawn like any other."""

import io
import runpy
import zipfile

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.table import Table
from mlpdash.results.explaining.attribution import integrated_gradients
from mlpdash.results.explaining.planes import plane
from mlpdash.results.exporting.script.script import script_zip
from mlpdash.results.predicting import Predictor
from mlpdash.specs import DataSpec, Experiment
from mlpdash.specs.preparation import Preparation
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for

ROWS = 90


@pytest.fixture(scope="module")
def prepared():
    drawn = np.random.default_rng(0)
    x, z = drawn.gamma(2, 2, ROWS), drawn.normal(size=ROWS)
    x[::8] = np.nan
    frame = pd.DataFrame({"x": x, "z": z, "goal": np.nan_to_num(x) + z**2})
    spec = DataSpec(target=("goal",), preparation=Preparation(bins=8))
    return prepare(Table(frame, "some"), spec)


@pytest.fixture(scope="module")
def experiment():
    return Experiment().changed(hidden=(5,), epochs=8, lr=0.02)


@pytest.fixture(scope="module")
def trained(prepared, experiment):
    learner = learner_for(prepared, experiment)
    losses = [float(p.losses[0]) for p in train(learner) if p.finished_epoch]
    return Predictor(prepared.preprocessor, learner.net, "identity"), losses


def test_a_script_learns_from_the_bins(prepared, experiment, trained, tmp_path):
    content = script_zip(prepared, experiment, "sequential", epochs=8)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    found = runpy.run_path(str(tmp_path / "train.py"))["main"]()
    assert found == pytest.approx(trained[1], rel=1e-4)


def test_what_a_row_owes_to_each_input_holds_its_bins(prepared, trained):
    found = integrated_gradients(trained[0], prepared.x[3], 0)
    assert found.features == ["x", "z"]
    assert sum(found.shares) == pytest.approx(found.output - found.typical, abs=0.05)


def test_points_of_a_plane_are_encoded_as_rows_are(prepared):
    laid = plane(prepared, "x", "z", 5)
    assert laid.points.shape[1] == prepared.width
    across = np.tile(laid.xs, len(laid.ys)).astype(np.float64)
    up = np.repeat(laid.ys, len(laid.xs)).astype(np.float64)
    frame = pd.DataFrame({"x": across, "z": up})
    assert laid.points == pytest.approx(prepared.preprocessor.x(frame), abs=1e-6)
