"""The bundle: everything needed to predict again, in one `.mlpdash` file.

bundle.json           format, version, kind, what it was made with, the nets' shape, margins
preprocessor.json     columns, statistics, classes
weights.safetensors   per layer `n.weight` (P, out, in), `n.bias` (P, out), and where the layer is
                      PReLU `n.slope` (P,)
experiment.json       of a run: what the person chose
estimator.json        of an estimator: its parameters and classes

A zip file of JSON and safetensors, in which nothing can be executed. What is read is checked
against its own description before a net is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors.numpy import save
from torch import Tensor

from mlpdash.data.preparing.prepared import VERSION as PREPROCESSOR_VERSION
from mlpdash.data.preparing.prepared import Preprocessor, preprocessor_to_json
from mlpdash.data.reading.first_lines.delimiters import DELIMITERS
from mlpdash.data.table import TextFormat
from mlpdash.errors import BundleError
from mlpdash.results.predicting import Predictor, predictor_of
from mlpdash.runs.bundles import archive
from mlpdash.runs.bundles.unpacking import (
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
from mlpdash.runs.disk.store import versions
from mlpdash.specs import Experiment, ModelSpec
from mlpdash.text import _
from mlpdash.training.net.size import layer_sizes


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds; `estimator` is that estimator's own JSON, `experiment` the run's."""

    kind: Kind
    predictor: Predictor
    experiment: Experiment | None = None
    estimator: Mapping[str, Any] | None = None


def write_bundle(bundle: Bundle) -> bytes:
    """Return the bytes of a `.mlpdash` file."""
    net, preprocessor = bundle.predictor.net, bundle.predictor.preprocessor
    head = Head(
        kind=bundle.kind,
        made_with=versions(),
        nets=Shape(
            hidden=net.sizes[1:-1],
            activations=net.activations,
            bias=net.layout.bias,
            link=bundle.predictor.link,
            members=net.members,
            dtype="float64" if net.flat.element_size() == 8 else "float32",
        ),
        margins=bundle.predictor.margins,
    )
    statistics = {"version": PREPROCESSOR_VERSION, **preprocessor_to_json(preprocessor)}
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
        preprocessor = _with_format(preprocessor, experiment)
    else:
        estimator = object_of(members, "estimator.json")
    predictor = _predictor(head, preprocessor, members)
    return Bundle(head.kind, predictor, experiment, estimator)


def _with_format(preprocessor: Preprocessor, experiment: Experiment) -> Preprocessor:
    """Add what the person chose about reading, where a bundle from before says nothing of it."""
    if preprocessor.text_format != TextFormat():
        return preprocessor
    reading = experiment.data.preparation.reading
    mark: Any = DELIMITERS.get(reading.delimiter, ",")
    made = TextFormat(reading.encoding, mark, reading.header != "no", reading.words)
    return replace(preprocessor, text_format=made)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _tensors(predictor: Predictor) -> Tensors:
    net = predictor.net
    found: Tensors = {}
    for n, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        found[f"{n}.weight"] = _dense(w)
        if net.layout.bias:
            found[f"{n}.bias"] = _dense(b[:, 0])
    for n, slope in enumerate(net.slopes):
        if slope is not None:
            found[f"{n}.slope"] = _dense(slope[:, 0, 0])
    return found


def _dense(part: Tensor) -> NDArray[Any]:
    return np.ascontiguousarray(part.cpu().numpy())


def _predictor(head: Head, preprocessor: Preprocessor, members: Members) -> Predictor:
    nets = head.nets
    try:
        model = ModelSpec(hidden=nets.hidden, activations=nets.activations, bias=nets.bias)
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
    outputs = 1 if nets.link == "softmax" else len(names)
    if head.margins is not None and len(head.margins.widths) != outputs:
        raise damaged("bundle.json")
    order = [f"{n}.{part}" for part in ("weight", "bias", "slope") for n in range(len(sizes) - 1)]
    flat = np.concatenate([tensors[name].reshape(-1) for name in order if name in tensors])
    found = predictor_of(preprocessor, model, flat, link=nets.link)
    return replace(found, margins=head.margins)
