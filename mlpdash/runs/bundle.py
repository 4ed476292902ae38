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
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from mlpdash.data.preparing import VERSION as PREPROCESSOR_VERSION
from mlpdash.data.preparing import Preprocessor, preprocessor_from_json
from mlpdash.errors import DataError, RunError
from mlpdash.results.predicting import Link, Predictor, predictor_of
from mlpdash.runs import archive
from mlpdash.runs.archive import BundleError
from mlpdash.runs.store import Store, versions
from mlpdash.specs import Experiment, ModelSpec, Spec
from mlpdash.text import _
from mlpdash.training.size import layer_sizes

VERSION: Final = 1
FORMAT: Final = "mlpdash bundle"
MOST_JSON: Final = 32 * 2**20  # bytes of each JSON member
LIMITS: Final = {
    "bundle.json": 2**20,
    "preprocessor.json": MOST_JSON,
    "weights.safetensors": archive.MOST_BYTES,
    "experiment.json": 2**20,
    "estimator.json": MOST_JSON,
}
BESIDE: Final = {"run": "experiment.json", "classifier": "estimator.json"}
BESIDE["regressor"] = "estimator.json"

Kind = Literal["run", "classifier", "regressor"]
Tensors = dict[str, NDArray[Any]]


class _Shape(Spec):
    """The nets of a bundle."""

    hidden: tuple[int, ...]
    activation: str
    link: Link
    members: int = Field(ge=1, le=1_000_000)
    dtype: Literal["float32", "float64"]


class _Head(Spec):
    """bundle.json, but for the version."""

    format: Literal["mlpdash bundle"] = FORMAT
    kind: Kind
    made_with: dict[str, str]
    nets: _Shape


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds; `estimator` is that estimator's own JSON, `experiment` the run's."""

    kind: Kind
    predictor: Predictor
    experiment: Experiment | None = None
    estimator: Mapping[str, Any] | None = None


def predictor_of_run(store: Store, device: str = "cpu") -> Predictor:
    """Return the nets of a run as its last snapshot has them.

    Raises
    ------
    RunError : there is no snapshot yet, or it does not fit the experiment
    """
    snapshot = store.latest_snapshot()
    if snapshot is None:
        raise RunError(_('run "{run}" has no weights yet; train it first.').format(run=store.id))
    preprocessor = preprocessor_from_json(store.read_preprocessor())
    try:
        return predictor_of(
            preprocessor, store.experiment.model, snapshot.tensors["flat"], device=device
        )
    except (KeyError, ValueError):
        raise RunError(
            _('run "{run}" is damaged: its weights do not fit its net.').format(run=store.id)
        ) from None


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
    head = _Head(
        kind=bundle.kind,
        made_with=versions(),
        nets=_Shape(
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
    head = _head(members)
    preprocessor = _preprocessor(members)
    experiment, estimator = None, None
    if head.kind == "run":
        experiment = _experiment(members)
    else:
        estimator = _object(members, "estimator.json")
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


def _head(members: Mapping[str, bytes]) -> _Head:
    found = dict(_object(members, "bundle.json"))
    version = found.pop("version", None)
    if found.get("format") == FORMAT and version != VERSION:
        raise BundleError(
            _("the bundle is of version {theirs}, and this mlpdash reads version {ours}.").format(
                theirs=str(version)[:20], ours=VERSION
            )
        )
    try:
        head = _Head.model_validate(found)
    except ValidationError:
        raise _damaged("bundle.json") from None
    wanted = {"bundle.json", "preprocessor.json", "weights.safetensors", BESIDE[head.kind]}
    if set(members) != wanted:
        raise BundleError(
            _("the bundle is damaged: it should hold {names}.").format(
                names=", ".join(sorted(wanted))
            )
        )
    return head


def _object(members: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(members[name])
    except (KeyError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _damaged(name)
    return found


def _experiment(members: Mapping[str, bytes]) -> Experiment:
    try:
        return Experiment.model_validate(_object(members, "experiment.json"))
    except ValidationError:
        raise _damaged("experiment.json") from None


def _preprocessor(members: Mapping[str, bytes]) -> Preprocessor:
    """Read the statistics, and check every type and number in them."""
    name = "preprocessor.json"
    found = _object(members, name)
    try:
        preprocessor_from_json(json.dumps(found))  # its own version
        found.pop("version")
        preprocessor = TypeAdapter(Preprocessor).validate_python(found)
    except (DataError, ValidationError):
        raise _damaged(name) from None
    numbers = [*preprocessor.target_mean, *preprocessor.target_scale]
    start = 0
    for f in preprocessor.features:
        if f.kind == "category":
            columns = max(1, len(f.levels))
            known = 0 <= f.typical < columns
        else:
            columns, known = 2 if f.period else 1, f.scale > 0
        stop = start + columns + f.indicator
        if (f.start, f.stop) != (start, stop) or not known:
            raise _damaged(name)
        numbers += [f.mean, f.scale, f.typical, f.low, f.high, f.period]
        start = stop
    if not start or not preprocessor.targets or not all(map(math.isfinite, numbers)):
        raise _damaged(name)
    return preprocessor


def _predictor(nets: _Shape, preprocessor: Preprocessor, members: Mapping[str, bytes]) -> Predictor:
    try:
        model = ModelSpec(hidden=nets.hidden, activation=nets.activation)
    except ValidationError:
        raise _damaged("bundle.json") from None
    names = preprocessor.classes if nets.link == "softmax" else preprocessor.targets
    units = nets.link != "identity" or (
        len(preprocessor.target_mean) == len(preprocessor.target_scale) == len(names)
    )
    sizes = layer_sizes(preprocessor.features[-1].stop, model.hidden, len(names))
    tensors = _checked_tensors(members["weights.safetensors"], nets, sizes)
    if not units or not names:
        raise _damaged("preprocessor.json")
    order = [f"{n}.{part}" for part in ("weight", "bias") for n in range(len(sizes) - 1)]
    flat = np.concatenate([tensors[name].reshape(-1) for name in order])
    return predictor_of(preprocessor, model, flat, link=nets.link)


def _checked_tensors(content: bytes, nets: _Shape, sizes: tuple[int, ...]) -> Tensors:
    """Return the weights if they are exactly those that these sizes need."""
    wanted: dict[str, tuple[int, ...]] = {}
    for n, (m, k) in enumerate(pairwise(sizes)):
        wanted |= {f"{n}.weight": (nets.members, k, m), f"{n}.bias": (nets.members, k)}
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise _damaged("weights.safetensors") from None
    shapes = {name: t.shape for name, t in tensors.items()}
    if shapes != wanted or any(t.dtype.name != nets.dtype for t in tensors.values()):
        raise BundleError(_("the bundle is damaged: its weights do not fit its net."))
    if not all(np.isfinite(t).all() for t in tensors.values()):
        raise BundleError(_("the bundle is damaged: its weights are not all finite numbers."))
    return tensors


def _damaged(name: str) -> BundleError:
    return BundleError(
        _("the bundle is damaged: its {file} is not what it should be.").format(file=name)
    )
