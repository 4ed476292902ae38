"""Every entry of the table of optimisers, as torch makes it: its memory, its start, its step."""

import pytest
import torch

from mlpdash.specs import OPTIMIZERS, TrainSpec
from mlpdash.training.update.optimizers import bare_step, optimizer_for


def made(name, **choices):
    flat, gradient = torch.linspace(-1, 1, 7), torch.zeros(7)
    optimizer = optimizer_for(flat, gradient, TrainSpec(optimizer=name, **choices))
    (parameter,) = optimizer.param_groups[0]["params"]
    return flat, gradient, optimizer, optimizer.state[parameter]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_remembers_as_many_numbers_as_its_entry_says(name):
    _flat, _gradient, _optimizer, state = made(name)
    kept = [t for t in state.values() if torch.is_tensor(t) and t.shape == (7,)]
    assert len(kept) == OPTIMIZERS[name].buffers


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_starts_as_one_of_torchs_that_has_never_seen_a_gradient(name):
    """Its memory is there from the start, and the first step is that of a new optimiser."""
    flat, gradient, optimizer, _state = made(name)
    kind = OPTIMIZERS[name]
    theirs = torch.nn.Parameter(flat.clone())
    arguments = kind.arguments_from(TrainSpec().model_dump())
    new = getattr(torch.optim, kind.module)([theirs], lr=0.03, **arguments)
    theirs.grad = torch.linspace(1, -2, 7)
    gradient.copy_(theirs.grad)
    for _step in range(7):
        new.step()
        with torch.no_grad():
            bare_step(optimizer)()
    torch.testing.assert_close(flat, theirs.detach())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_its_class_and_arguments_are_there(name):
    kind = OPTIMIZERS[name]
    assert kind.title
    assert set(kind.parameters) <= set(TrainSpec.model_fields)
    assert set(kind.starts) <= set(made(name)[3])
