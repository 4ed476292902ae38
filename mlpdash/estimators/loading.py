"""Estimators to bundles and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import Field, ValidationError, model_validator

from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.estimators.nets import Nets
from mlpdash.files import write_whole
from mlpdash.results.predicting import Link, Predictor
from mlpdash.runs.bundles.bundle import Bundle, read_bundle, write_bundle
from mlpdash.runs.bundles.unpacking import Kind, damaged
from mlpdash.specs import Spec

if TYPE_CHECKING:
    from mlpdash.estimators.base import BaseMLP
    from mlpdash.estimators.classifier import MLPClassifier
    from mlpdash.estimators.regressor import MLPRegressor

Value = bool | int | float | str | None
PAIRS: Final = ("class_weight", "choices")  # parameters that are kept as pairs, as JSON has them
CLASS_TYPES: Final = "biufUO"  # numpy's kinds of the classes that are kept


class _Classes(Spec):
    """classes_: the values and numpy's name for their type."""

    values: list[Value]
    dtype: str = Field(max_length=20)


class _Kept(Spec):
    """estimator.json."""

    parameters: dict[str, Value | list[Value] | list[list[Value | list[Value]]]]
    feature_names: list[str] | None
    history: dict[str, list[float | None] | list[list[float | None]]]
    targets: int = Field(1, ge=1)
    flat_target: bool = True
    classes: _Classes | None = None
    multilabel: bool = False

    @model_validator(mode="after")
    def _known_type(self) -> _Kept:
        if self.classes is not None and np.dtype(self.classes.dtype).kind not in CLASS_TYPES:
            raise ValueError
        return self


def save(estimator: BaseMLP, path: Path) -> None:
    """Write a fitted estimator as a bundle."""
    kind: Kind = "classifier" if hasattr(estimator, "classes_") else "regressor"
    names = getattr(estimator, "feature_names_in_", None)
    kept = _Kept(
        parameters=_parameters(estimator),
        feature_names=None if names is None else [str(name) for name in names],
        history={name: curve.tolist() for name, curve in estimator.history_.items()},
        **estimator._state(),
    )
    predictor = Predictor(_preprocessor(estimator), estimator.nets_.population(), _link(estimator))
    bundle = Bundle(kind, predictor, estimator=kept.model_dump(mode="json"))
    write_whole(path, write_bundle(bundle))


def load(path: Path | str) -> MLPClassifier | MLPRegressor | Predictor:
    """Open a bundle: an estimator that was saved, or the `Predictor` of a run.

    Raises
    ------
    BundleError : it is not a file, damaged, of another version, or something else
    """
    bundle = read_bundle(path)
    if bundle.estimator is None:
        return bundle.predictor
    try:
        return _estimator(bundle)
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise damaged("estimator.json") from None


def _estimator(bundle: Bundle) -> MLPClassifier | MLPRegressor:
    from mlpdash.estimators.classifier import MLPClassifier
    from mlpdash.estimators.regressor import MLPRegressor

    kept = _Kept.model_validate(bundle.estimator)
    made = MLPClassifier() if bundle.kind == "classifier" else MLPRegressor()
    made.set_params(**{name: _back(name, value) for name, value in kept.parameters.items()})
    net, features = bundle.predictor.net, bundle.predictor.preprocessor.features
    made.nets_ = Nets(net.layout, tuple(range(net.members)), net.flat.numpy(), {}, {})
    made.n_features_in_ = len(features)
    if kept.feature_names is not None:
        made.feature_names_in_ = np.array(kept.feature_names, dtype=object)
    made.history_ = {
        name: np.array(curve, dtype=np.float64) for name, curve in kept.history.items()
    }
    made.n_iter_ = len(made.history_.get("loss_train", ()))
    made._take_state(kept.model_dump())
    outputs = len(made.classes_) if isinstance(made, MLPClassifier) else made.n_outputs_
    if outputs != net.sizes[-1] or len(features) != net.sizes[0]:
        raise ValueError
    return made


def _parameters(estimator: BaseMLP) -> dict[str, Any]:
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


def _back(name: str, value: Any) -> Any:
    if name in PAIRS and isinstance(value, list):
        return {k: _back("", v) for k, v in value}  # pairs of any length but two are a mistake
    return tuple(value) if isinstance(value, list) else value


def _link(estimator: BaseMLP) -> Link:
    if not hasattr(estimator, "classes_"):
        return "identity"
    return "sigmoid" if estimator._multilabel else "softmax"


def _preprocessor(estimator: BaseMLP) -> Preprocessor:
    """Describe the inputs, so that a bundle of an estimator predicts tables too."""
    count: int = estimator.n_features_in_
    names = getattr(estimator, "feature_names_in_", [f"x{n}" for n in range(count)])
    link = _link(estimator)
    classes = tuple(map(str, estimator.classes_.tolist())) if link == "softmax" else ()
    outputs = 1 if classes else estimator.nets_.layout.sizes[-1]
    targets = ("y",) if outputs == 1 else tuple(f"y{n}" for n in range(outputs))
    return Preprocessor(
        task="regression" if link == "identity" else "classification",
        name=type(estimator).__name__,
        features=tuple(
            Feature(str(name), "number", n, n + 1, mean=0, scale=1, typical=0, low=0, high=0)
            for n, name in enumerate(names)
        ),
        targets=targets,
        target_units=("",) * outputs,
        classes=classes,
        target_mean=(0.0,) * outputs,
        target_scale=(1.0,) * outputs,
        time_name="",
    )
