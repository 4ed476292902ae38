"""What contestants reached on real tables, taken together: ranks, wins, ratios, seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from mlpdash.bench.real_accuracy import CONTESTANTS, RANKED_BY, TOLD, Row, mean_of

RIVAL: Final = "gradient boosting"
LINEAR: Final = "linear"
SUGGESTION: Final = "suggestion"
SOMETHING: Final = 0.02  # R2 from which on the linear baseline has found something

Document = dict[str, Any]


def summary(rows: Sequence[Row]) -> Document:
    """Return what holds over all tables.

    Returns
    -------
    tables : how many, and refused : of how many there is none
    contestants : by name "mean_rank" (1 is best; by the mean over the splits of log loss or R2),
        "wins" against gradient boosting, "log_loss_ratio" to logistic regression (geometric mean),
        "r2" (mean), "median_seconds" and "most_seconds" of a fit
    lost : tables on which the suggestion's R2 is below 0 in a split where the linear baseline's is
        above 0.02
    honesty : of out-of-fold scores (accuracy or R2) minus test scores "mean", "standard_error" and
        "count"; None without folds
    """
    used = [row for row in rows if "splits" in row]
    ranks = np.array([_ranks(row) for row in used]).reshape(-1, len(CONTESTANTS))
    found = {
        name: {
            "mean_rank": float(ranks[:, place].mean()) if len(used) else math.nan,
            "wins": sum(_good(row, name) > _good(row, RIVAL) for row in used),
            "log_loss_ratio": _log_loss_ratio(used, name),
            "r2": _mean([mean_of(r, name, "r2") for r in used if r["task"] == "regression"]),
            **_seconds(used, name),
        }
        for place, name in enumerate(CONTESTANTS)
    }
    return {
        "tables": len(used),
        "refused": len(rows) - len(used),
        "contestants": found,
        "lost": [row["table"] for row in used if _is_lost(row)],
        "honesty": _honesty(used),
    }


def as_text(rows: Sequence[Row]) -> str:
    """Return the summary as a table of text."""
    found = summary(rows)
    lines = [
        f"{'':<20}  mean rank  wins  log loss / logistic      R2  median s  most s",
    ]
    for name, one in found["contestants"].items():
        cells = (
            f"{name:<20}  {one['mean_rank']:>9.2f}  {one['wins']:>4}",
            f"{one['log_loss_ratio']:>19.3f}  {one['r2']:>6.3f}",
            f"{one['median_seconds']:>8.2f}  {one['most_seconds']:>6.2f}",
        )
        lines.append("  ".join(cells))
    lines.append("")
    lines.append(
        f"{found['tables']} tables, {found['refused']} refused; wins are against {RIVAL}; R2 below "
        f"0 where the linear baseline's is above {SOMETHING}: {', '.join(found['lost']) or 'none'}"
    )
    if honesty := found["honesty"]:
        lines.append(
            f"out-of-fold estimate minus test score (accuracy or R2): {honesty['mean']:+.4f}, "
            f"standard error {honesty['standard_error']:.4f}, {honesty['count']} fits"
        )
    return "\n".join(lines)


def _good(row: Row, name: str) -> float:
    """Return the mean over the splits; larger is better."""
    metric = RANKED_BY[row["task"]]
    return (-1 if metric == "log_loss" else 1) * mean_of(row, name, metric)


def _ranks(row: Row) -> list[float]:
    good = pd.Series([_good(row, name) for name in CONTESTANTS])
    found: list[float] = good.rank(ascending=False).tolist()
    return found


def _log_loss_ratio(rows: Sequence[Row], name: str) -> float:
    ratios = [
        math.log(mean_of(row, name, "log_loss") / mean_of(row, LINEAR, "log_loss"))
        for row in rows
        if row["task"] == "classification"
    ]
    return math.exp(_mean(ratios))


def _seconds(rows: Sequence[Row], name: str) -> dict[str, float]:
    each = [split[name]["seconds"] for row in rows for split in row["splits"]] or [math.nan]
    return {"median_seconds": float(np.median(each)), "most_seconds": float(np.max(each))}


def _is_lost(row: Row) -> bool:
    if row["task"] != "regression":
        return False
    return any(
        split[SUGGESTION]["scores"]["r2"] < 0 and split[LINEAR]["scores"]["r2"] > SOMETHING
        for split in row["splits"]
    )


def _honesty(rows: Sequence[Row]) -> Document | None:
    """Compare by table first, since the splits of one table share most rows."""
    by_table = []
    for row in rows:
        metric = TOLD[row["task"]]
        ours = [split[SUGGESTION] for split in row["splits"]]
        if all("out_of_fold" in one for one in ours):
            by_table.append(
                np.mean([one["out_of_fold"][metric] - one["scores"][metric] for one in ours])
            )
    if len(by_table) < 2:
        return None
    return {
        "mean": float(np.mean(by_table)),
        "standard_error": float(np.std(by_table, ddof=1)) / math.sqrt(len(by_table)),
        "count": sum(len(row["splits"]) for row in rows),
    }


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else math.nan
