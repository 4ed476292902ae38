"""A fitted estimator as a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.estimators.nets import Nets
from mlpdash.files import write_whole
from mlpdash.results.predicting import Link, Predictor
from mlpdash.runs.bundles.bundle import Bundle, write_bundle
from mlpdash.runs.bundles.unpacking import Kind
from mlpdash.specs import Spec

Value = bool | int | float | str | None
PAIRS: Final = ("class_weight", "choices")  # parameters that are kept as pairs, as JSON has them
CLASS_TYPES: Final = "biufUO"  # numpy's kinds of the classes that are kept


class _Classes(Spec):
    """classes_: the values and numpy's name for their type."""

    values: list[Value]
    dtype: str = Field(max_length=20)


class EstimatorJson(Spec):
    """estimator.json."""

    parameters: dict[str, Value | list[Value] | list[list[Value | list[Value]]]]
    feature_names: list[str] | None
    history: dict[str, list[float | None] | list[list[float | None]]]
    targets: int = Field(1, ge=1)
    flat_target: bool = True
    classes: _Classes | None = None
    multilabel: bool = False

    @model_validator(mode="after")
    def _known_type(self) -> EstimatorJson:
        if self.classes is not None and np.dtype(self.classes.dtype).kind not in CLASS_TYPES:
            raise ValueError
        return self


class Fitted(Protocol):
    """What a bundle keeps of a fitted estimator; a classifier's `classes_` are asked for."""

    history_: Mapping[str, NDArray[np.float64]]
    n_features_in_: int
    nets_: Nets

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name, as scikit-learn does."""

    def _state(self) -> dict[str, Any]: ...


def save(estimator: Fitted, path: Path) -> None:
    """Write a fitted estimator as a bundle."""
    kind: Kind = "classifier" if hasattr(estimator, "classes_") else "regressor"
    names = getattr(estimator, "feature_names_in_", None)
    kept = EstimatorJson(
        parameters=_parameters(estimator),
        feature_names=None if names is None else [str(name) for name in names],
        history={name: curve.tolist() for name, curve in estimator.history_.items()},
        **estimator._state(),
    )
    link = _link(kind, kept)
    predictor = Predictor(_preprocessor(estimator, link), estimator.nets_.population(), link)
    bundle = Bundle(kind, predictor, estimator=kept.model_dump(mode="json"))
    write_whole(path, write_bundle(bundle))


def _parameters(estimator: Fitted) -> dict[str, Any]:
    """Return the parameters as JSON has them; a generator of random numbers is left out."""
    found = {name: _plain(value) for name, value in estimator.get_params(deep=False).items()}
    if not isinstance(found["random_state"], int | None):
        found["random_state"] = None
    for name in PAIRS:
        if isinstance(given := found.get(name), Mapping):
            found[name] = [[_plain(k), _plain(v)] for k, v in given.items()]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


def _link(kind: Kind, kept: EstimatorJson) -> Link:
    if kind != "classifier":
        return "identity"
    return "sigmoid" if kept.multilabel else "softmax"


def _preprocessor(estimator: Fitted, link: Link) -> Preprocessor:
    """Describe the inputs, so that a bundle of an estimator predicts tables too."""
    count: int = estimator.n_features_in_
    names = getattr(estimator, "feature_names_in_", [f"x{n}" for n in range(count)])
    found = getattr(estimator, "classes_", np.empty(0))
    classes = tuple(map(str, found.tolist())) if link == "softmax" else ()
    outputs = 1 if classes else estimator.nets_.layout.sizes[-1]
    targets = ("y",) if outputs == 1 else tuple(f"y{n}" for n in range(outputs))
    return Preprocessor(
        task="regression" if link == "identity" else "classification",
        name=type(estimator).__name__,
        features=tuple(
            Number(str(name), n, mean=0, scale=1, typical=0, low=0, high=0)
            for n, name in enumerate(names)
        ),
        targets=targets,
        target_units=("",) * outputs,
        classes=classes,
        target_mean=(0.0,) * outputs,
        target_scale=(1.0,) * outputs,
        time_name="",
    )
