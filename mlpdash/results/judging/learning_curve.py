"""Would more rows help? How wrong nets are that learned from some of the rows, in words too."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from mlpdash.results.judging.bootstrap import Estimate
from mlpdash.results.judging.rows import Floats
from mlpdash.text import N_, _

TENTHS: Final = (1, 2, 4, 7, 10)  # of the rows to learn from
STUDENT: Final = (math.nan, 12.706, 4.303, 3.182, 2.776)  # t of 97.5 % by degrees of freedom
LITTLE: Final = 0.01  # a fall of the error by less is not worth more rows
AT_MOST: Final = 0.02  # if even the better end of the interval falls by less, rows help little
MEASURES: Final = {
    "log_loss": N_("log loss"),
    "loss": N_("loss"),
    "rmse": N_("RMSE"),
}

Document = dict[str, Any]


@dataclass(frozen=True)
class LearningCurve:
    """How good nets are that learned from some of the rows.

    Attributes
    ----------
    measure : "log_loss", "loss" (of training) or "rmse", in the target's units: the error
    rows : (sizes,) how many rows the nets of each size learned from, on average
    errors : (sizes, repeats) on the same validation rows in each repeat; NaN where a net diverged
    by : what the repeats differ in, "folds" or "seeds"
    complete : whether all steps were taken, before time was up
    """

    measure: str
    rows: tuple[int, ...]
    errors: Floats
    by: str
    complete: bool

    def last_change(self) -> Estimate:
        """Return by which share of it the error changes from 70 to 100 % of the rows, with the
        95 % interval of Student's t: both of a repeat are judged on the same rows, as a pair.
        """
        pairs = self.errors[-2:, np.isfinite(self.errors[-2:]).all(0)]  # (2, repeats)
        repeats = pairs.shape[1]
        if repeats < 2 or not pairs[0].mean():
            return Estimate(math.nan, math.nan, math.nan)
        changes = (pairs[1] - pairs[0]) / pairs[0].mean()
        mean, off = float(changes.mean()), float(changes.std(ddof=1)) / math.sqrt(repeats)
        off *= STUDENT[repeats - 1]
        return Estimate(mean, mean - off, mean + off)


def document_of(curve: LearningCurve, unit: str = "") -> Document:
    """Return a learning curve as JSON has it.

    Returns
    -------
    sentence : what it means
    measure, unit : of the errors
    sizes : for each size its "share" and number of "rows", "errors" of each repeat, and their
        "mean" and "deviation"
    change : of the error from 70 to 100 % of the rows as a share of it, "value", "low" and "high"
    repeats, by, complete : as `LearningCurve`
    """
    sizes = [
        {
            "share": tenths / TENTHS[-1],
            "rows": rows,
            "errors": errors.tolist(),
            "mean": float(np.nanmean(errors)) if np.isfinite(errors).any() else None,
            "deviation": float(np.nanstd(errors, ddof=1)) if _several(errors) else None,
        }
        for tenths, rows, errors in zip(TENTHS, curve.rows, curve.errors, strict=True)
    ]
    return {
        "sentence": sentence(curve),
        "measure": curve.measure,
        "unit": unit if curve.measure == "rmse" else "",
        "sizes": sizes,
        "change": asdict(curve.last_change()),
        "repeats": curve.errors.shape[1],
        "by": curve.by,
        "complete": curve.complete,
    }


def _several(errors: Floats) -> bool:
    return int(np.isfinite(errors).sum()) > 1


def sentence(curve: LearningCurve) -> str:
    """Say what the end of the curve lets expect of more rows, and how sure that is."""
    change = curve.last_change()
    if not np.isfinite(change.value):
        return _("Too many nets diverged to tell whether more rows would help.")
    values = {"measure": _(MEASURES[curve.measure]), "interval": _interval(change)}
    values["size"] = _signed(abs(change.value)).removeprefix("+")
    if change.high < 0 and change.value <= -LITTLE:
        text = _(
            "From 70 to 100 % of the rows, the {measure} still falls by {size} (95 % interval "
            "{interval}): more rows would probably help."
        )
    elif change.low > -AT_MOST or change.high < 0:
        text = _(
            "From 70 to 100 % of the rows, the {measure} no longer falls by much (95 % "
            "interval {interval}): more rows of this kind would probably help little."
        )
    else:
        text = _(
            "From 70 to 100 % of the rows, the {measure} {moves} by {size}, which may be luck "
            "(95 % interval {interval}): it cannot be told whether more rows would help."
        )
        values["moves"] = _("falls") if change.value < 0 else _("rises")
    said = text.format(**values)
    if not curve.complete:
        said += " " + _("Time ran out before all steps were taken, so the curve is a rough one.")
    return said


def _interval(change: Estimate) -> str:
    low = max(change.low, -1.0)  # no error falls by more than all of it
    return _("{low} to {high}").format(low=_signed(low), high=_signed(change.high))


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}\u00a0%".replace("-", "−")
