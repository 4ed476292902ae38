"""Results in words, on the page and on the command line: scores, intervals, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mlpdash.results.judging.baselines import CLASSIFIERS, REGRESSORS
from mlpdash.results.judging.metrics import LOWER_IS_BETTER, PRIMARY
from mlpdash.text import N_, _

SHARES: Final = frozenset({"accuracy", "balanced_accuracy"})
METRICS: Final[Mapping[str, str]] = {
    "accuracy": N_("Accuracy"),
    "balanced_accuracy": N_("Balanced accuracy"),
    "macro_f1": N_("Macro F1"),
    "log_loss": N_("Log loss"),
    "roc_auc": N_("ROC AUC"),
    "r2": N_("R²"),
    "rmse": N_("RMSE"),
    "mae": N_("Mean absolute error"),
    "median_ae": N_("Median absolute error"),
}
NOTHING: Final = "–"

Score = Mapping[str, Any]  # value, low, high


def percent(share: float) -> str:
    r"""Say a share.

    >>> percent(0.9666)
    '96.7\xa0%'
    """
    return (f"{100 * share:.1f}" if share < 0.99995 else "100") + "\u00a0%"  # never parted


def short(value: float) -> str:
    """Say a number with three significant digits, or whole where it is large.

    >>> short(0.12345), short(54.654), short(12345.6)
    ('0.123', '54.7', '12,346')
    """
    if not math.isfinite(value):
        return NOTHING
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:#.3g}".rstrip(".")


def number(metric: str, value: float | None) -> str:
    """Say the value of a metric."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if metric in SHARES:
        return percent(value)
    if metric in ("macro_f1", "log_loss", "roc_auc", "r2"):
        return f"{round(value, 3) or 0.0:.3f}"  # never -0.000
    return short(value)


def interval(metric: str, score: Score) -> str:
    """Say the 95 % interval of a score."""
    if not math.isfinite(score["low"]):
        return NOTHING
    return _("{low} to {high}").format(
        low=number(metric, score["low"]), high=number(metric, score["high"])
    )


def verdict(
    task: str,
    part: str,
    net: Mapping[str, Any],
    baselines: Sequence[Mapping[str, Any]],
    *,
    unit: str,
    is_whole: bool,
    nets: int = 1,
    folds: bool = False,
) -> str:
    """Say in a sentence or two how good the net is, and whether that is more than others reach.

    Parameters
    ----------
    part : of the split that this is about
    net : "rows" and "scores" on it
    baselines : "name", "scores" and "difference" of each; better is positive
    is_whole : all baselines are there
    nets : how many nets were averaged
    folds : each validation row was predicted by the nets that did not learn from it
    """
    out_of_fold = folds and part == "validation"
    opening = _out_of_fold(net["rows"]) if out_of_fold else _opening(part, net["rows"])
    said = opening + " " + _own(task, net["scores"], unit, 1 if out_of_fold else nets)
    if not baselines or not is_whole:
        return said
    return said + " " + _against(task, baselines, unit)


def gain(task: str, difference: Score) -> str:
    """Say by how much the net is better or worse, and whether that is more than luck."""
    if difference["value"] == 0:
        return _("the same")
    size = abs(difference["value"])
    if task == "classification":
        shown = _("{n:.1f} points").format(n=100 * size)
    else:
        shown = short(size)
    sign = "+" if difference["value"] > 0 else "−"
    return f"{sign}{shown}, {luck(difference)}"


def luck(difference: Score) -> str:
    """Say whether a difference to the net is more than the luck of which rows were drawn."""
    if difference["low"] > 0:
        return _("net better")
    if difference["high"] < 0:
        return _("net worse")
    return _("may be luck")


def expected(task: str, folds: Mapping[str, Any], scores: Mapping[str, Score], unit: str) -> str:
    """Say what the folds let expect on new rows, and how far they differ.

    Parameters
    ----------
    folds : "count", and "scores" by metric with "deviation"
    scores : on the validation rows, each predicted by the nets that did not learn from it
    """
    metric = PRIMARY[task]
    spread = folds["scores"].get(metric, {"deviation": math.nan})["deviation"]
    shown = _("{n:.1f} points").format(n=100 * spread) if metric in SHARES else short(spread)
    return _(
        "Expected on new rows: {metric} {value}, each row predicted by nets that did not learn "
        "from it; the {n} folds differ by ± {spread}. Do not choose between small and large nets "
        "by it: large ones gain more from being stopped by their own fold."
    ).format(
        metric=_(METRICS[metric]) if metric == "rmse" else _(METRICS[metric]).lower(),
        value=f"{number(metric, scores[metric]['value'])} {unit}".strip(),
        spread=f"{shown} {unit}".strip(),
        n=folds["count"],
    )


def _out_of_fold(rows: int) -> str:
    return _(
        "There are no test rows, so this is about {n:,} rows, each predicted by a net "
        "that did not learn from it: on them"
    ).format(n=rows)


def _opening(part: str, rows: int) -> str:
    if part == "test":
        return _("On {n:,} test rows that it never saw,").format(n=rows)
    if part == "validation":
        return _(
            "There are no test rows, so this is about the {n:,} validation rows, which you "
            "may have tuned by: on them"
        ).format(n=rows)
    return _(
        "There are no validation or test rows, so this is about the {n:,} training rows "
        "and flatters the net: on them"
    ).format(n=rows)


def _own(task: str, scores: Mapping[str, Score], unit: str, nets: int) -> str:
    metric = PRIMARY[task]
    score = scores[metric]
    if task == "classification":
        text = _("{who} is right for {value}{interval}.")
    else:
        text = _(
            "{who} is off by {value}{interval}, as a root mean square, and explains {r2} of the "
            "variance."
        )
    span = ""
    if math.isfinite(score["low"]):
        span = _(" (95 % interval {span})").format(span=interval(metric, score))
    value = number(metric, score["value"])
    explained = scores["r2"]["value"] if "r2" in scores else 0.0
    r2 = percent(explained) if explained > 0 else _("nothing")
    who = _("the net") if nets == 1 else _("the mean of {n:,} nets").format(n=nets)
    return text.format(who=who, value=f"{value} {unit}".strip(), interval=span, r2=r2)


def _against(task: str, baselines: Sequence[Mapping[str, Any]], unit: str) -> str:
    """Compare with the best baseline, the one that the net beats least."""
    metric = PRIMARY[task]
    sign = 1 if metric in LOWER_IS_BETTER else -1
    best = min(baselines, key=lambda one: sign * one["scores"][metric])
    gain = best["difference"]
    if gain["value"] == 0:
        text = _("The best of the baselines, {name}, does as well.")
    elif gain["low"] > 0:
        text = _(
            "That beats all baselines by more than luck; the best of them, {name}, reaches {value}."
        )
    elif gain["high"] < 0:
        text = _("The best of the baselines, {name}, is better by more than luck: {value}.")
    elif gain["value"] > 0:
        text = _("The best of the baselines, {name}, reaches {value}; the difference may be luck.")
    else:
        text = _(
            "The best of the baselines, {name}, is a little better with {value}; that may be luck."
        )
    value = f"{number(metric, best['scores'][metric])} {unit}".strip()
    return text.format(name=baseline_title(task, best["name"]), value=value)


def baseline_title(task: str, name: str) -> str:
    """Return what to call a baseline."""
    return _((CLASSIFIERS if task == "classification" else REGRESSORS)[name].title)


def margins(found: Mapping[str, Any], task: str, judged: str) -> str:
    """Say how much room predictions need, and whether other rows bear that out.

    Parameters
    ----------
    found : "level", "part", "rows", "covered" of the margins
    judged : the part that "covered" is about
    """
    part = {"validation": _("validation rows"), "test": _("test rows"), "train": _("training rows")}
    if task == "classification":
        text = _("Sets of classes that hold the true one for {level} of the rows, as far as "
                 "{n:,} {part} tell (split-conformal)")  # fmt: skip
    else:
        text = _("Intervals that hold the true value for {level} of the rows, as far as {n:,} "
                 "{part} tell (split-conformal)")  # fmt: skip
    said = text.format(
        level=percent(found["level"]), n=found["rows"], part=part[found["part"]]
    ).replace(".0\u00a0%", "\u00a0%")
    if found["covered"] is None:
        return said + "."
    return said + _("; on the {part} they hold it for {share}.").format(
        part=part[judged], share=percent(found["covered"])
    )
