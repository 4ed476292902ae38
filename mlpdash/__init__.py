"""Train multilayer perceptrons and watch them learn."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlpdash.version import VERSION

if TYPE_CHECKING:
    from mlpdash.estimators import MLPClassifier, MLPRegressor, load
    from mlpdash.runs.analyst.report import report

__version__ = VERSION
__all__ = ["MLPClassifier", "MLPRegressor", "__version__", "load", "report"]


def __getattr__(name: str) -> Any:
    """Import torch and scikit-learn only when an estimator is asked for."""
    if name in __all__:
        module = "mlpdash.runs.analyst.report" if name == "report" else "mlpdash.estimators"
        return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
