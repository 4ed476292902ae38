"""What the suggestion for a person's own table is worth, beside other methods, on real tables.

Each table of a folder is brought as a person brings it: read, typed and prepared by the product,
with the target that it proposes. All contestants get the same prepared rows; the test rows, a
fifth, are dealt anew for each split and looked at by none. Each is fitted on one thread.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.uploads import keep
from mlpdash.errors import MlpDashError
from mlpdash.results.judging.metrics import plain_scores
from mlpdash.results.judging.out_of_fold import outputs_on
from mlpdash.results.judging.rows import actual_values
from mlpdash.specs import Experiment

SPLITS: Final = 3
RANKED_BY: Final = {"classification": "log_loss", "regression": "r2"}
TOLD: Final = {"classification": "accuracy", "regression": "r2"}
ONE_NET_PATIENCE: Final = 20

Floats = NDArray[np.float64]
Row = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """What a contestant says.

    Attributes
    ----------
    said : (test rows, K) probabilities, or values in the target's units
    out_of_fold : (training rows, K) by nets that did not learn from a row, if there are such
    """

    said: Floats
    out_of_fold: Floats | None = None


Contestant = Callable[[Prepared, Experiment], Fit]


def measure(
    paths: Sequence[Path], *, splits: int = SPLITS, tell: Callable[[str], None] = lambda line: None
) -> list[Row]:
    """Let the contestants fit every table, once for each split.

    Returns
    -------
    a row for each table: table, rows, inputs, task, target, and "splits", a list of what each
    contestant reached: "scores" by metric, "seconds", and of a suggestion with folds "out_of_fold";
    or table and "refused", the sentence that says why
    """
    found = []
    with _alone():
        for path in paths:
            try:
                row = _table(path, splits)
            except MlpDashError as refused:
                row = {"table": path.name, "refused": str(refused)}
            found.append(row)
            tell(_line(row))
    return found


def _table(path: Path, splits: int) -> Row:
    start = starting_point(keep(path.read_bytes(), path.name))
    made, each = None, []
    for seed in range(splits):
        experiment = start.changed(split_seed=seed)
        made = prepare(load(experiment.data), experiment.data)
        each.append({name: _fitted(one, made, experiment) for name, one in CONTESTANTS.items()})
    assert made is not None
    return {
        "table": path.name,
        "rows": len(made.x),
        "inputs": len(made.features),
        "task": made.task,
        "classes": len(made.classes),
        "target": made.targets[0],
        "splits": each,
    }


def _fitted(contestant: Contestant, prepared: Prepared, experiment: Experiment) -> Row:
    began = time.perf_counter()
    fit = contestant(prepared, experiment)
    seconds = time.perf_counter() - began
    found: Row = {"seconds": seconds, "scores": _scores(prepared, fit.said, prepared.split.test)}
    if fit.out_of_fold is not None:
        found["out_of_fold"] = _scores(prepared, fit.out_of_fold, prepared.split.train)
    return found


def _scores(prepared: Prepared, said: Floats, rows: NDArray[np.int64]) -> dict[str, float]:
    actual = actual_values(prepared)[rows]
    found = plain_scores(actual, said, classes=bool(prepared.classes))
    return {name: float(value) for name, value in found.items()}


def _line(row: Row) -> str:
    if "refused" in row:
        return f"{row['table']}: {row['refused']}"
    metric = RANKED_BY[row["task"]]
    means = (f"{name} {mean_of(row, name, metric):.3f}" for name in CONTESTANTS)
    return f"{row['table']} ({row['task']}, {row['rows']} rows, {metric}): {', '.join(means)}"


def mean_of(row: Row, name: str, metric: str) -> float:
    """Return the mean over the splits of what a contestant reached on a table."""
    return float(np.mean([split[name]["scores"][metric] for split in row["splits"]]))


# -- contestants --------------------------------------------------------------------------------


def _suggestion(prepared: Prepared, experiment: Experiment) -> Fit:
    return _nets(prepared, experiment)


def _one_net(prepared: Prepared, experiment: Experiment) -> Fit:
    """The suggested net alone, stopped early on one fold of the rows."""
    own = replace(prepared, split=prepared.split.of_fold(0, 0))
    return _nets(own, experiment.changed(folds=None, patience=ONE_NET_PATIENCE))


def _nets(prepared: Prepared, experiment: Experiment) -> Fit:
    from mlpdash.results.predicting import predictor_of
    from mlpdash.training.loop.loop import train
    from mlpdash.training.loop.setup import learner_for

    learner = learner_for(prepared, experiment)
    for _progress in train(learner, slice_seconds=1e9):
        pass
    flat = learner.net.flat.cpu().numpy()
    predictor = predictor_of(prepared.preprocessor, experiment.model, flat)
    said = predictor.outputs(prepared.x[prepared.split.test])
    if prepared.split.folds is None:
        return Fit(said)
    rows = prepared.split.train
    return Fit(said, outputs_on(prepared, predictor.each, rows)(prepared.x[rows]))


def _of_sklearn(classifier: Callable[[], Any], regressor: Callable[[], Any]) -> Contestant:
    """Return a contestant that fits one of two estimators on all rows but the test rows."""

    def fit(prepared: Prepared, _experiment: Experiment) -> Fit:
        split = prepared.split
        rows = np.union1d(split.train, split.validation)
        x, test = prepared.x[rows], prepared.x[split.test]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of convergence
            if prepared.classes:
                estimator = _stopped_early(classifier(), x, prepared.y[rows])
                said = np.zeros((len(test), len(prepared.classes)))
                said[:, estimator.classes_] = estimator.predict_proba(test)
                return Fit(said / said.sum(1, keepdims=True))
            estimator = regressor().fit(x, prepared.y[rows, 0])
        scaled = np.asarray(estimator.predict(test), np.float64)[:, None]
        return Fit(scaled * prepared.target_scale + prepared.target_mean)

    return fit


def _stopped_early(estimator: Any, x: NDArray[np.float32], y: NDArray[Any]) -> Any:
    """Fit; where a class has too few rows for rows to be held out, without early stopping."""
    try:
        return estimator.fit(x, y)
    except ValueError:
        return estimator.set_params(early_stopping=False).fit(x, y)


def _linear_classifier() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000)


def _linear_regressor() -> Any:
    from sklearn.linear_model import RidgeCV

    return RidgeCV(np.logspace(-3, 3, 13))


def _forest_classifier() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=0, n_jobs=1)


def _forest_regressor() -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(random_state=0, n_jobs=1)


def _boosting_classifier() -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=0, early_stopping=True)


def _boosting_regressor() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(random_state=0, early_stopping=True)


def _mlp_classifier() -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(random_state=0, early_stopping=True)


def _mlp_regressor() -> Any:
    from sklearn.neural_network import MLPRegressor

    return MLPRegressor(random_state=0, early_stopping=True)


CONTESTANTS: Final[Mapping[str, Contestant]] = {
    "linear": _of_sklearn(_linear_classifier, _linear_regressor),
    "random forest": _of_sklearn(_forest_classifier, _forest_regressor),
    "gradient boosting": _of_sklearn(_boosting_classifier, _boosting_regressor),
    "scikit-learn's MLP": _of_sklearn(_mlp_classifier, _mlp_regressor),
    "one net": _one_net,
    "suggestion": _suggestion,
}


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Compute on one thread, and keep tables in a folder that goes afterwards."""
    import torch
    from threadpoolctl import threadpool_limits

    threads, home = torch.get_num_threads(), os.environ.get("MLPDASH_HOME")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
            os.environ["MLPDASH_HOME"] = folder
            yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)
        os.environ.pop("MLPDASH_HOME", None)
        if home is not None:
            os.environ["MLPDASH_HOME"] = home
