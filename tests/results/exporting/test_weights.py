"""Weights are loaded by what would load them: the exported script's own nn.Sequential."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_safetensors

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.results.exporting.script.script import script
from mlpdash.results.exporting.weights import state_dict_pt, state_dict_safetensors
from mlpdash.results.predicting import predictor_of
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.members import Member
from tests.one_net import one_net


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_state_dict_loads_into_the_scripts_sequential(dropout: float, tmp_path: Path) -> None:
    experiment = one_net("iris").changed(epochs=3, dropout=dropout)
    prepared = prepare(load(experiment.data), experiment.data)
    members = tuple(Member(seed, experiment.model.hidden, 0.01, 0.0, dropout) for seed in (3, 4))
    learner = learner_for(prepared, experiment, members=members)
    for _progress in train(learner):
        pass
    predictor = predictor_of(prepared.preprocessor, experiment.model, learner.net.flat.numpy())

    names = {"__file__": str(tmp_path / "train.py"), "__name__": "train"}
    exec(script(prepared, experiment, "sequential", 1), names)  # noqa: S102 - what was just written
    net = names["untrained"]()  # type: ignore[operator]
    saved = state_dict_safetensors(predictor, dropout=dropout > 0, member=1)
    net.load_state_dict(load_safetensors(saved), strict=True)
    x = torch.from_numpy(prepared.x)
    with torch.no_grad():
        mine = torch.softmax(net.eval()(x).double(), 1)
    np.testing.assert_allclose(mine, predictor.each(prepared.x)[1], rtol=1e-5, atol=1e-7)

    pickled = state_dict_pt(predictor, dropout=dropout > 0, member=1)
    other = torch.load(io.BytesIO(pickled), weights_only=True)
    assert {k: v.tolist() for k, v in other.items()} == {
        k: v.tolist() for k, v in load_safetensors(saved).items()
    }
