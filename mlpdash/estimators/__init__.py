"""The scikit-learn face of the engine."""

from mlpdash.estimators.classifier import MLPClassifier
from mlpdash.estimators.loading import load
from mlpdash.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor", "load"]
