"""What scikit-learn's transformers find on training rows: fills, scales and levels.

One ColumnTransformer fits all columns that it is given, with one entry for those that are treated
alike: with one per column it takes seconds for thousands of them. What it found is taken out as
numbers, which `features.encode` applies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import Floats

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer

STRATEGIES: Final = {"median": "median", "mean": "mean", "mode": "most_frequent"}
Treatment = tuple[str, str]  # how gaps are filled, "" where there are none; how it is scaled
Fitted = tuple[Floats, Floats, Floats]  # (columns,) each: fill, mean, scale


@dataclass(frozen=True)
class Levels:
    """The levels of a category that are not rare, and the most frequent."""

    kept: tuple[str, ...]
    mode: str


def fit_numbers(train: Floats, fills: Sequence[str], scalings: Sequence[str]) -> Fitted:
    """Return what fills the gaps of columns of numbers, and their shift and scale after that.

    scikit-learn is imported only when there is a gap to fill or a scale to find: the playground's
    sets need neither. Its imputer sorts masked arrays, so the median of a column without gaps is
    numpy's.

    Parameters
    ----------
    train : (rows, columns), NaN where missing
    fills : of each column: median, mean or mode
    scalings : of each column: standard, minmax, robust or none
    """
    columns = train.shape[1]
    fill, mean, scale = np.zeros(columns), np.zeros(columns), np.ones(columns)
    has_gaps: NDArray[np.bool_] = np.any(np.isnan(train), axis=0)
    whole, alike = [], defaultdict(list)
    for n, (strategy, scaling, gaps) in enumerate(
        zip(fills, scalings, has_gaps.tolist(), strict=True)
    ):
        if strategy == "median" and not gaps:
            whole.append(n)
            strategy = ""
        if strategy or scaling != "none":
            alike[strategy, scaling].append(n)
    if whole:
        fill[whole] = np.median(train if len(whole) == columns else train[:, whole], axis=0)
    if alike:
        fitted = _number_transformer(alike).fit(train)
        for (strategy, scaling), mine in alike.items():
            steps = fitted.named_transformers_[f"{strategy} {scaling}"].named_steps
            if strategy:  # 0 where nothing is there
                fill[mine] = np.nan_to_num(steps["fill"].statistics_.astype(np.float64))
            if scaling != "none":
                mean[mine], scale[mine] = _found(steps["scale"], scaling)
    return fill, mean, scale


def _number_transformer(alike: Mapping[Treatment, list[int]]) -> ColumnTransformer:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
    entries = []
    for (strategy, scaling), mine in alike.items():
        steps: list[tuple[str, Any]] = []
        if strategy:
            named = STRATEGIES[strategy]
            imputer = SimpleImputer(strategy=named, keep_empty_features=True, copy=False)
            steps.append(("fill", imputer))
        if scaling != "none":
            steps.append(("scale", scalers[scaling](copy=False)))  # its entry's columns are copies
        entries.append((f"{strategy} {scaling}", Pipeline(steps), mine))
    return ColumnTransformer(entries)


def _found(scaler: Any, scaling: str) -> tuple[Floats, Floats]:
    """Return the shift and the scale that a scaler found."""
    if scaling == "standard":
        return scaler.mean_, scaler.scale_
    if scaling == "robust":
        return scaler.center_, scaler.scale_
    width = scaler.data_range_
    return scaler.data_min_, np.where(width == 0, 1.0, width)


def fit_levels(train: NDArray[np.object_], most: Sequence[int | None]) -> list[Levels]:
    """Return the levels of columns of categories.

    Parameters
    ----------
    train : (rows, columns) of str, None where missing; each column has a value
    most : of each column, the levels that are not rare; None where all are kept
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    alike = defaultdict(list)
    for n, kept in enumerate(most):
        alike[kept].append(n)
    entries = []
    for kept, mine in alike.items():
        imputer = SimpleImputer(missing_values=None, strategy="most_frequent")
        pooled = None if kept is None else kept + 1
        encoder = OneHotEncoder(max_categories=pooled, handle_unknown="ignore")
        entries.append((str(kept), make_pipeline(imputer, encoder), mine))
    fitted = ColumnTransformer(entries).fit(train)
    found: dict[int, Levels] = {}
    for kept, mine in alike.items():
        imputer, encoder = fitted.named_transformers_[str(kept)]
        rare = [()] * len(mine) if kept is None else encoder.infrequent_categories_
        each = zip(mine, encoder.categories_, rare, imputer.statistics_, strict=True)
        for n, levels, pooled, mode in each:
            few = set(() if pooled is None else pooled)
            found[n] = Levels(tuple(str(one) for one in levels if one not in few), str(mode))
    return [found[n] for n in range(len(most))]
