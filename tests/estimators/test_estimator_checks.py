"""scikit-learn's own checks of an estimator, all of them, none expected to fail."""

from collections.abc import Callable
from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from mlpdash import MLPClassifier, MLPRegressor


@parametrize_with_checks(
    [
        MLPClassifier(),
        MLPRegressor(),
        MLPClassifier((30,), optimizer="momentum", lr=0.05, weight_decay=0.001, n_nets=2),
        MLPRegressor((20, 10), "tanh", batch_size=None, lr=0.01, n_nets=2),
    ]
)
def test_a_check_of_scikit_learn(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
