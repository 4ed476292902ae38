"""Runs that begin with weights from a file."""

from pathlib import Path

import numpy as np
import pytest

from mlpdash.cli.main import main
from mlpdash.data.load import starting_point
from mlpdash.results.exporting.weights import state_dict_safetensors
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.runs.worker.headless import run_headless
from mlpdash.specs.model import weights_name

SLOW = ["--lr", "1e-9", "--epochs", "2", "--device", "cpu"]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return the weights of a trained net, as the Results page offers them."""
    run_headless(starting_point("iris").changed(epochs=20, folds=None), out=tmp_path / "first")
    file = tmp_path / "iris.safetensors"
    file.write_bytes(state_dict_safetensors(predictor_of_run(Store(tmp_path / "first"))))
    return file


def flat(folder: Path) -> np.ndarray:
    return predictor_of_run(Store(folder)).net.flat.numpy()


def test_a_run_goes_on_from_the_weights_of_another(weights: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    said = ["train", "iris", "--folds", "off", "--weights", str(weights), "--out", str(again)]
    assert main([*said, *SLOW]) == 0
    np.testing.assert_allclose(flat(again), flat(tmp_path / "first"), atol=1e-6)
    assert weights_name(Store(again).experiment.model.weights) == "iris.safetensors"
    first, second = (Store(tmp_path / name).read_history() for name in ("first", "again"))
    assert second["loss_train"][0] == pytest.approx(first["loss_train"][-1], rel=0.2)


def test_nets_of_folds_all_begin_with_them_and_the_best_weights_are_theirs(
    weights: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    said = ["train", "iris", "--weights", str(weights), "--folds", "3", "--patience", "5"]
    assert main([*said, "--out", str(again), *SLOW]) == 0
    each = predictor_of_run(Store(again)).net.weights[0].numpy()
    own = predictor_of_run(Store(tmp_path / "first")).net.weights[0].numpy()
    np.testing.assert_allclose(each, np.broadcast_to(own, each.shape), atol=1e-6)


def test_what_does_not_fit_leaves_no_run(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "none"
    said = ["train", "iris", "--hidden", "8", "--weights", str(weights), "--out", str(folder)]
    assert main(said) == 2
    assert 'layer 1 ("0" in "iris.safetensors") are 16 × 4' in capsys.readouterr().err
    assert not folder.exists()


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "iris", "--weights", "nowhere.pt"]) == 2
    assert '"nowhere.pt" cannot be read' in capsys.readouterr().err


def test_nets_of_several_widths_cannot_begin_with_the_same_weights(
    weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["train", "iris", "--sweep", "width=8,16", "--weights", str(weights)]
    assert main(said) == 2
    assert "nets of several widths" in capsys.readouterr().err


def test_what_draws_its_own_weights_is_refused_for_such_a_run(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again"
    assert main(["train", "iris", "--weights", str(weights), "--out", str(again), *SLOW]) == 0
    for said in (
        ["results", str(again), "--learning-curve"],
        ["export", str(again), "script-module", "--out", str(tmp_path / "script.zip")],
    ):
        assert main(said) == 2
        assert "began with weights from a file" in capsys.readouterr().err
