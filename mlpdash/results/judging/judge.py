"""All numbers of the Results page about one net, as plain data that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging import curves
from mlpdash.results.judging.baselines import fitted_outputs
from mlpdash.results.judging.bootstrap import Estimate, paired_difference
from mlpdash.results.judging.conformal import covered, margins_of
from mlpdash.results.judging.metrics import PRIMARY, Codes, measures, plain_scores, scores
from mlpdash.results.judging.out_of_fold import fold_scores
from mlpdash.results.judging.rows import PARTS, Floats, Indices, actual_values, judged_part

Document = dict[str, Any]


def judge(prepared: Prepared, outputs: Floats, *, intervals: bool = False) -> Document:
    """Score a net on each part of the split.

    Parameters
    ----------
    outputs : (all rows, K) what the net says: probabilities, or values in the targets' units
    intervals : take the bootstrap, which is most of the work; else intervals are NaN

    Returns
    -------
    part : the part that the verdict is about
    parts : by part, its "rows", "scores" (with intervals where the verdict is on it), per target
        "targets" where there are several, and for classes "roc", "precision_recall", "calibration"
    folds : their "count", and as "scores" by metric the "mean" and "deviation" over the folds, each
        row predicted by the nets that did not learn from it; None without folds
    margins : what split-conformal prediction adds to a prediction, with "covered", the share of the
        judged rows that it holds, where these are others; None where too few rows were held out
    """
    judged = judged_part(prepared)
    is_cut = prepared.split.folds is not None  # then no row is for training alone
    found = {
        part: _judge_part(prepared, outputs, part, intervals=intervals and part == judged)
        for part in PARTS
        if len(getattr(prepared.split, part)) and not (is_cut and part == "train")
    }
    margins = _margins(prepared, outputs, judged)
    return {"part": judged, "parts": found, "folds": _folds(prepared, outputs), "margins": margins}


def _folds(prepared: Prepared, outputs: Floats) -> Document | None:
    folds = prepared.split.folds
    if folds is None:
        return None
    found = {name: asdict(one) for name, one in fold_scores(prepared, outputs).items()}
    return {"count": int(folds.max()) + 1, "scores": found}


def _margins(prepared: Prepared, outputs: Floats, judged: str) -> Document | None:
    margins = margins_of(prepared, outputs)
    if margins is None:
        return None
    others = judged != margins.part
    share = covered(prepared, outputs, margins, judged) if others else None
    return {**asdict(margins), "covered": share}


def compare(prepared: Prepared, outputs: Floats) -> Iterator[Document]:
    """Fit the baselines one by one, and yield how the net fares against each.

    Yields
    ------
    name, scores, and difference: how much better the net is in accuracy or RMSE, with its interval
    """
    rows: Indices = getattr(prepared.split, judged_part(prepared))
    actual = actual_values(prepared)[rows]
    is_classes = bool(prepared.classes)
    primary = PRIMARY[prepared.task]
    ours = measures(actual, outputs[rows], classes=is_classes)[primary]
    for name, said in fitted_outputs(prepared, rows):
        theirs = measures(actual, said, classes=is_classes)[primary]
        pair = (ours, theirs) if is_classes else (theirs, ours)  # less RMSE is better
        yield {
            "name": name,
            "scores": plain_scores(actual, said, classes=is_classes),
            "difference": asdict(paired_difference(*pair, len(rows))),
        }


def _judge_part(prepared: Prepared, outputs: Floats, part: str, *, intervals: bool) -> Document:
    rows: Indices = getattr(prepared.split, part)
    actual, said = actual_values(prepared)[rows], outputs[rows]

    def scored(actual: Codes | Floats, said: Floats) -> dict[str, dict[str, float]]:
        return _scores(actual, said, classes=bool(prepared.classes), intervals=intervals)

    found: Document = {"rows": len(rows), "scores": scored(actual, said)}
    if prepared.classes:
        codes: Codes = np.asarray(actual, np.int64)
        found["roc"] = [asdict(one) for one in curves.roc_curves(codes, said)]
        found["precision_recall"] = [
            asdict(one) for one in curves.precision_recall_curves(codes, said)
        ]
        found["calibration"] = [asdict(one) for one in curves.calibrations(codes, said)]
    elif len(prepared.targets) > 1:
        each = range(len(prepared.targets))
        found["targets"] = [scored(actual[:, [k]], said[:, [k]]) for k in each]
    return found


def _scores(
    actual: Codes | Floats, said: Floats, *, classes: bool, intervals: bool
) -> dict[str, dict[str, float]]:
    if intervals:
        return {n: asdict(one) for n, one in scores(actual, said, classes=classes).items()}
    plain = plain_scores(actual, said, classes=classes)
    return {name: asdict(Estimate(v, math.nan, math.nan)) for name, v in plain.items()}
