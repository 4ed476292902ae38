"""A bundle as the estimator that it was saved from, or as the predictor of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from mlpdash.estimators.nets import Nets
from mlpdash.estimators.saving import PAIRS, EstimatorJson
from mlpdash.results.predicting import Predictor
from mlpdash.runs.bundles.bundle import Bundle, read_bundle
from mlpdash.runs.bundles.unpacking import damaged

if TYPE_CHECKING:
    from mlpdash.estimators.classifier import MLPClassifier
    from mlpdash.estimators.regressor import MLPRegressor


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

    kept = EstimatorJson.model_validate(bundle.estimator)
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


def _back(name: str, value: Any) -> Any:
    if name in PAIRS and isinstance(value, list):
        return {k: _back("", v) for k, v in value}  # pairs of any length but two are a mistake
    return tuple(value) if isinstance(value, list) else value
