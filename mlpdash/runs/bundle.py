"""The bundle: everything needed to predict again, in one `.mlpdash` file.

bundle.json           format, version, kind, what it was made with, the nets' shape
preprocessor.json     columns, statistics, classes
weights.safetensors   per layer `n.weight` (P, out, in) and `n.bias` (P, out)
experiment.json       of a run: what the person chose
estimator.json        of an estimator: its parameters and classes

A zip file of JSON and safetensors, in which nothing can be executed. What is read is checked
against its own description before a net is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors.numpy import save

from mlpdash.data.preparing import VERSION as PREPROCESSOR_VERSION
from mlpdash.data.preparing import Preprocessor, preprocessor_from_json
from mlpdash.errors import BundleError, RunError
from mlpdash.results.predicting import Predictor, predictor_of
from mlpdash.runs import archive
from mlpdash.runs.store import Store, versions
from mlpdash.runs.unpacking import (
    BESIDE,
    LIMITS,
    VERSION,
    Head,
    Kind,
    Members,
    Shape,
    Tensors,
    damaged,
    experiment_of,
    head_of,
    object_of,
    preprocessor_of,
    tensors_of,
)
from mlpdash.specs import Experiment, ModelSpec
from mlpdash.text import _
from mlpdash.training.model import Population, views
from mlpdash.training.size import layer_sizes


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds; `estimator` is that estimator's own JSON, `experiment` the run's."""

    kind: Kind
    predictor: Predictor
    experiment: Experiment | None = None
    estimator: Mapping[str, Any] | None = None


def predictor_of_run(store: Store, device: str = "cpu") -> Predictor:
    """Return the nets of a run as its last snapshot has them; those that diverged are left out.

    Raises
    ------
    RunError : there is no snapshot yet, it does not fit the experiment, or the run is a grid
    """
    snapshot = store.latest_snapshot()
    if snapshot is None:
        raise RunError(_('run "{run}" has no weights yet; train it first.').format(run=store.id))
    experiment = store.experiment
    if experiment.train.sweep:
        raise RunError(
            _("this run is a grid of different nets; train the one you choose by itself first.")
        )
    preprocessor = preprocessor_from_json(store.read_preprocessor())
    try:
        alive = json.loads(snapshot.meta["state"])["alive"]
        flat = snapshot.tensors["flat"]
        found = predictor_of(preprocessor, experiment.model, flat, device=device)
        return replace(found, net=_some(found.net, np.flatnonzero(alive)))
    except (KeyError, ValueError, IndexError):
        raise RunError(
            _('run "{run}" is damaged: its weights do not fit its net.').format(run=store.id)
        ) from None


def _some(net: Population, chosen: NDArray[np.intp]) -> Population:
    """Return the chosen ones of the nets; all where none is chosen."""
    if len(chosen) in (0, net.members):
        return net
    parts = [part[chosen].reshape(-1) for part in (*net.weights, *net.biases)]
    flat = torch.cat(parts)
    return Population(net.sizes, net.activation, flat, *views(flat, net.sizes, len(chosen)))


def bundle_of_run(store: Store) -> bytes:
    """Return the bundle of a run, as its last snapshot has it.

    Raises
    ------
    RunError : there is no snapshot yet, or the run is damaged
    """
    return write_bundle(Bundle("run", predictor_of_run(store), experiment=store.current()))


def write_bundle(bundle: Bundle) -> bytes:
    """Return the bytes of a `.mlpdash` file."""
    net, preprocessor = bundle.predictor.net, bundle.predictor.preprocessor
    head = Head(
        kind=bundle.kind,
        made_with=versions(),
        nets=Shape(
            hidden=net.sizes[1:-1],
            activation=net.activation,
            link=bundle.predictor.link,
            members=net.members,
            dtype="float64" if net.flat.element_size() == 8 else "float32",
        ),
    )
    statistics = {"version": PREPROCESSOR_VERSION, **asdict(preprocessor)}
    beside: Any = bundle.estimator
    if bundle.experiment is not None:
        beside = bundle.experiment.model_dump(mode="json")
    return archive.pack(
        {
            "bundle.json": _json({"version": VERSION, **head.model_dump(mode="json")}),
            "preprocessor.json": _json(statistics),
            BESIDE[bundle.kind]: _json(beside),
            "weights.safetensors": save(_tensors(bundle.predictor)),
        }
    )


def read_bundle(path: Path | str) -> Bundle:
    """Open a bundle from a file, whose size is looked at first.

    Raises
    ------
    BundleError : it is not a file, too large, damaged, or of another version
    """
    path = Path(path)
    if not path.is_file():
        raise BundleError(_('"{path}" is not a file.').format(path=path))
    try:
        archive.check_size(path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(
            _('"{path}" cannot be read: {reason}.').format(path=path, reason=error.strerror)
        ) from None
    return open_bundle(content)


def open_bundle(content: bytes) -> Bundle:
    """Open a bundle that may come from a stranger.

    Raises
    ------
    BundleError : it is damaged, of another version, or something else; in one sentence
    """
    members = archive.unpack(content, LIMITS)
    head = head_of(members)
    preprocessor = preprocessor_of(members)
    experiment, estimator = None, None
    if head.kind == "run":
        experiment = experiment_of(members)
    else:
        estimator = object_of(members, "estimator.json")
    predictor = _predictor(head.nets, preprocessor, members)
    return Bundle(head.kind, predictor, experiment, estimator)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _tensors(predictor: Predictor) -> Tensors:
    found: Tensors = {}
    for n, (w, b) in enumerate(zip(predictor.net.weights, predictor.net.biases, strict=True)):
        found[f"{n}.weight"] = np.ascontiguousarray(w.cpu().numpy())
        found[f"{n}.bias"] = np.ascontiguousarray(b.cpu().numpy()[:, 0])
    return found


def _predictor(nets: Shape, preprocessor: Preprocessor, members: Members) -> Predictor:
    try:
        model = ModelSpec(hidden=nets.hidden, activation=nets.activation)
    except ValidationError:
        raise damaged("bundle.json") from None
    names = preprocessor.classes if nets.link == "softmax" else preprocessor.targets
    units = nets.link != "identity" or (
        len(preprocessor.target_mean) == len(preprocessor.target_scale) == len(names)
    )
    sizes = layer_sizes(preprocessor.features[-1].stop, model.hidden, len(names))
    tensors = tensors_of(members, nets, sizes)
    if not units or not names:
        raise damaged("preprocessor.json")
    order = [f"{n}.{part}" for part in ("weight", "bias") for n in range(len(sizes) - 1)]
    flat = np.concatenate([tensors[name].reshape(-1) for name in order])
    return predictor_of(preprocessor, model, flat, link=nets.link)
