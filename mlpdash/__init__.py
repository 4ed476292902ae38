"""Train multilayer perceptrons and watch them learn."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlpdash.estimators import MLPClassifier, MLPRegressor, load

__version__ = "0.1.0"
__all__ = ["MLPClassifier", "MLPRegressor", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import torch and scikit-learn only when an estimator is asked for."""
    if name in __all__:
        return getattr(import_module("mlpdash.estimators"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
