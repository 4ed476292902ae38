"""Updates written by hand, for scripts with raw tensors, against torch's own optimisers."""

import runpy

import pytest
import torch

from mlpdash.results.exporting.script.training import training_source, way_of
from mlpdash.specs import OPTIMIZERS, Experiment

STEPS = 8  # RAdam does without its second average for the first five
LR, L2 = 0.02, 0.1


def defined(style, name, folder):
    """Return the functions that the script of this style defines to take its steps."""
    experiment = Experiment().changed(optimizer=name, lr=LR, weight_decay=L2)
    source = training_source(way_of(style, experiment, ()), experiment.train)
    file = folder / f"{style}.py"
    file.write_text("\n".join(source))
    constants = {"torch": torch, "LEARNING_RATE": LR, "WEIGHT_DECAY": L2}
    return runpy.run_path(str(file), constants)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_by_hand_it_steps_as_torch_does(name, tmp_path):
    """With L2 on the weight and not on the bias."""
    torch.manual_seed(3)
    module = torch.nn.Linear(3, 2, dtype=torch.float64)
    layers = [tuple(p.detach().clone().requires_grad_() for p in module.parameters())]
    update, state = defined("tensors", name, tmp_path)["update"], {}
    optimizer = defined("module", name, tmp_path)["optimizer_for"](module)
    for _step in range(STEPS):
        for ours, theirs in zip(layers[0], module.parameters(), strict=True):
            theirs.grad = torch.randn_like(theirs)
            ours.grad = theirs.grad.clone()
        update(layers, state, LR, L2)
        optimizer.step()
        for ours, theirs in zip(layers[0], module.parameters(), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-9)
