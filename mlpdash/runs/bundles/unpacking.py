"""The members of a bundle, each read and checked against its own description.

Every function raises `BundleError`, one sentence, where a member is not what it should be.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load

from mlpdash.data.preparing.prepared import Preprocessor, preprocessor_from_json
from mlpdash.errors import BundleError, DataError
from mlpdash.results.judging.conformal import CALIBRATED_ON, Margins
from mlpdash.results.predicting import Link
from mlpdash.runs.bundles.archive import MOST_BYTES
from mlpdash.specs import Experiment, Spec
from mlpdash.text import _

VERSION: Final = 2
FORMAT: Final = "mlpdash bundle"
MOST_JSON: Final = 32 * 2**20  # bytes
LIMITS: Final = {  # bytes of each member
    "bundle.json": 2**20,
    "preprocessor.json": MOST_JSON,
    "weights.safetensors": MOST_BYTES,
    "experiment.json": MOST_JSON,
    "estimator.json": MOST_JSON,
}
BESIDE: Final = {
    "run": "experiment.json",
    "classifier": "estimator.json",
    "regressor": "estimator.json",
}

Kind = Literal["run", "classifier", "regressor"]
Tensors = dict[str, NDArray[Any]]
Members = Mapping[str, bytes]


class Shape(Spec):
    """The nets of a bundle."""

    hidden: tuple[int, ...]
    activations: tuple[str, ...]  # of each hidden layer
    bias: bool
    link: Link
    members: int = Field(ge=1, le=1_000_000)
    dtype: Literal["float32", "float64"]

    @model_validator(mode="after")
    def _one_for_each_layer(self) -> Shape:
        if len(self.activations) != len(self.hidden):
            raise ValueError
        return self


class Head(Spec):
    """bundle.json, but for the version."""

    format: Literal["mlpdash bundle"] = FORMAT
    kind: Kind
    made_with: dict[str, str]
    nets: Shape
    margins: Margins | None = None

    @model_validator(mode="after")
    def _room(self) -> Head:
        if self.margins is not None:
            known = 0 < self.margins.level < 1 and self.margins.part in CALIBRATED_ON
            if not known or not all(0 <= w < math.inf for w in self.margins.widths):
                raise ValueError
        return self


def head_of(members: Members) -> Head:
    """Read bundle.json, and see that the bundle holds what its kind needs and nothing else."""
    found = dict(object_of(members, "bundle.json"))
    version = found.pop("version", None)
    if found.get("format") == FORMAT and version != VERSION:
        raise BundleError(
            _("the bundle is of version {theirs}, and this mlpdash reads version {ours}.").format(
                theirs=str(version)[:20], ours=VERSION
            )
        )
    try:
        head = Head.model_validate(found)
    except ValidationError:
        raise damaged("bundle.json") from None
    wanted = {"bundle.json", "preprocessor.json", "weights.safetensors", BESIDE[head.kind]}
    if set(members) != wanted:
        raise BundleError(
            _("the bundle is damaged: it should hold {names}.").format(
                names=", ".join(sorted(wanted))
            )
        )
    return head


def object_of(members: Members, name: str) -> dict[str, Any]:
    """Return the object in a JSON member."""
    try:
        found = json.loads(members[name])
    except (KeyError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise damaged(name)
    return found


def experiment_of(members: Members) -> Experiment:
    """Return what the person chose, within its bounds."""
    try:
        return Experiment.model_validate(object_of(members, "experiment.json"))
    except ValidationError:
        raise damaged("experiment.json") from None


def preprocessor_of(members: Members) -> Preprocessor:
    """Read the statistics, and check every type and number in them."""
    name = "preprocessor.json"
    found = object_of(members, name)
    try:
        preprocessor = preprocessor_from_json(json.dumps(found))  # its own version
    except DataError:
        raise damaged(name) from None
    features = preprocessor.features
    if not features or not features[-1].stop or not preprocessor.targets:
        raise damaged(name)
    return preprocessor


def tensors_of(members: Members, nets: Shape, sizes: tuple[int, ...]) -> Tensors:
    """Return the weights if they are exactly those that these sizes need."""
    wanted: dict[str, tuple[int, ...]] = {}
    for n, (m, k) in enumerate(pairwise(sizes)):
        wanted[f"{n}.weight"] = (nets.members, k, m)
        if nets.bias:
            wanted[f"{n}.bias"] = (nets.members, k)
    for n, name in enumerate(nets.activations):
        if name == "prelu":
            wanted[f"{n}.slope"] = (nets.members,)
    try:
        tensors = load(members["weights.safetensors"])
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise damaged("weights.safetensors") from None
    shapes = {name: t.shape for name, t in tensors.items()}
    if shapes != wanted or any(t.dtype.name != nets.dtype for t in tensors.values()):
        raise BundleError(_("the bundle is damaged: its weights do not fit its net."))
    if not all(np.isfinite(t).all() for t in tensors.values()):
        raise BundleError(_("the bundle is damaged: its weights are not all finite numbers."))
    return tensors


def damaged(name: str) -> BundleError:
    """Return the error for a member that is not what it should be."""
    return BundleError(
        _("the bundle is damaged: its {file} is not what it should be.").format(file=name)
    )
