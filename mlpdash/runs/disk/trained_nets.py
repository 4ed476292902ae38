"""The trained nets of a run, out of a snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Preprocessor, preprocessor_from_json
from mlpdash.errors import RunError
from mlpdash.results.predicting import Predictor, predictor_of
from mlpdash.runs.disk.cells import cells_of, experiment_of_cell
from mlpdash.runs.disk.snapshots import Snapshot
from mlpdash.runs.disk.store import Store
from mlpdash.specs import Experiment, ModelSpec
from mlpdash.text import _
from mlpdash.training.loop.events import Event
from mlpdash.training.members import members_of, nets_of_cell, widest
from mlpdash.training.net.layout import layout_of, moved
from mlpdash.training.net.model import Population, population_in

SWAPPED: Final = ("activation", "activations")  # of the model, while it runs


def snapshot_of(store: Store, step: int | None = None) -> Snapshot:
    """Return the snapshot at a step, by default the last one.

    Raises
    ------
    RunError : there is none, or it is damaged
    """
    if step is not None:
        return store.read_snapshot(step)
    snapshot = store.latest_snapshot()
    if snapshot is None:
        raise RunError(_('run "{run}" has no weights yet; train it first.').format(run=store.id))
    return snapshot


def predictor_of_run(
    store: Store, device: str = "cpu", *, step: int | None = None, cell: int | None = None
) -> Predictor:
    """Return the nets of a run as a snapshot has them; those that diverged are left out.

    Parameters
    ----------
    step : of the snapshot, by default the last one
    cell : of a grid, whose cells are different designs

    Raises
    ------
    RunError : there is no snapshot yet, it does not fit the experiment, or a grid's cell is missing
    """
    snapshot = snapshot_of(store, step)
    preprocessor = preprocessor_from_json(store.read_preprocessor())
    return predictor_in(store, snapshot, preprocessor, cell, device)


def alive_in(snapshot: Snapshot) -> list[bool]:
    """Tell for each net of a snapshot whether its numbers are finite still.

    Raises
    ------
    RunError : the snapshot is damaged
    """
    try:
        return [bool(one) for one in json.loads(snapshot.meta["state"])["alive"]]
    except (KeyError, ValueError, TypeError):
        raise RunError(_("the snapshot was written by another version of mlpdash.")) from None


def predictor_in(
    store: Store,
    snapshot: Snapshot,
    preprocessor: Preprocessor,
    cell: int | None = None,
    device: str = "cpu",
) -> Predictor:
    """Return the nets of one cell, or all where there is no grid, that a snapshot holds.

    Raises
    ------
    RunError : as `predictor_of_run`
    """
    experiment = store.as_of(snapshot.step)
    own = experiment_of_cell(experiment, cell)
    nets = nets_of_cell(experiment)
    first = nets * cell if cells_of(experiment) and cell is not None else 0
    try:
        state = json.loads(snapshot.meta["state"])
        alive = np.array(alive_in(snapshot)[first : first + nets])
        if experiment.data.folds is not None:  # a row's one net is missed; its last weights stay
            alive[:] = True
        living = np.flatnonzero(alive) if alive.any() else np.arange(nets)
        model = own.model.model_copy(update={"hidden": widest(members_of(experiment))})
        model = _swapped(model, {name: state[name] for name in SWAPPED if name in state})
        found = predictor_of(preprocessor, model, snapshot.tensors["flat"], device=device)
        now = [event for event in store.events() if event.step == snapshot.step]
        net = _edited(found.net, model, now)
        return replace(found, net=_some(net, first + living, own))
    except (KeyError, ValueError, IndexError, RuntimeError, TypeError):
        raise RunError(
            _('run "{run}" is damaged: its weights do not fit its net.').format(run=store.id)
        ) from None


def _swapped(model: ModelSpec, choices: Mapping[str, Any]) -> ModelSpec:
    """Return the model with other activations."""
    known = {
        name: tuple(value) if name == "activations" else value for name, value in choices.items()
    }
    return model.model_copy(update=known)


def _edited(net: Population, model: ModelSpec, events: Sequence[Event]) -> Population:
    """Return the nets with what was changed by hand since the snapshot was written, or just before:
    then it is there already, and nothing changes.
    """
    for event in events:
        if event.field in SWAPPED:
            model = _swapped(model, {event.field: event.value})
            layout = replace(net.layout, activations=model.layer_activations)
            net = population_in(moved(net.flat, net.layout, layout), layout)
        elif event.field == "weight":
            layer, to, start, value = event.value
            net.weights[int(layer)][:, int(to), int(start)] = value
        elif event.field == "bias":
            layer, to, value = event.value
            net.biases[int(layer)][:, 0, int(to)] = value
    return net


def _some(net: Population, chosen: NDArray[np.intp], experiment: Experiment) -> Population:
    """Return some of the nets, at the widths of their own."""
    sizes = (net.sizes[0], *experiment.model.hidden, net.sizes[-1])
    if len(chosen) == net.members and sizes == net.sizes:
        return net
    layout = layout_of(sizes, net.activations, len(chosen), bias=net.layout.bias)
    flat = net.flat.new_empty(layout.parameters)
    for own, part in zip(layout.parts(flat), net.layout.parts(net.flat), strict=True):
        own.copy_(part[chosen][:, : own.shape[1], : own.shape[2]])
    return population_in(flat, layout)
