"""A report as one document: what `--json` prints, `mlpdash.report` returns, and the page offers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.judging import verdict
from mlpdash.results.judging.rows import unit_of
from mlpdash.runs.disk.cells import cells_of
from mlpdash.runs.disk.reports import Report
from mlpdash.runs.disk.store import Store
from mlpdash.runs.wire import finite
from mlpdash.training.members import nets_of_cell
from mlpdash.training.weights import in_force

Document = dict[str, Any]
PART = ("rows", "scores", "targets")  # of what a report says about a part of the split


def document_of(
    store: Store,
    prepared: Prepared,
    report: Report,
    cell: int | None = None,
    cells: Sequence[Document] = (),
) -> Document:
    """Return what a report says, in the order in which one would ask.

    Parameters
    ----------
    report : of which at least the net's scores are there
    cell : of a grid, which the report is about
    cells : of a grid, as `opening.cell_scores`
    """
    net, others, why = report.net, report.baselines, report.why
    assert net is not None
    experiment = store.as_of(report.step)
    settings = cells_of(experiment)
    found = others["found"] if others else []
    return {
        "run": store.id,
        "step": report.step,
        "epoch": store.epoch_at(report.step),
        "nets": nets_of_cell(experiment),
        "task": prepared.task,
        "targets": list(prepared.targets),
        "classes": list(prepared.classes),
        "unit": unit_of(prepared) if len(prepared.targets) == 1 else "",
        "cell": None if cell is None else {"number": cell, "settings": settings[cell]},
        "cells": list(cells) or None,
        "verdict": verdict.verdict(
            prepared.task,
            net["part"],
            net["parts"][net["part"]],
            found,
            unit=unit_of(prepared) if len(prepared.targets) == 1 else "",
            is_whole=others is not None and others["whole"],
            nets=nets_of_cell(experiment),
            folds=net["folds"] is not None,
        ).replace("\u00a0", " "),
        "weights": in_force(prepared, experiment.train.class_weight),
        "judged_on": net["part"],
        "net": {
            part: {name: one[name] for name in PART if name in one}
            for part, one in net["parts"].items()
        },
        "folds": net["folds"],
        "baselines": found,
        "margins": net["margins"],
        "importance": why and {name: why[name] for name in ("part", "measure", "rows", "repeats",
                                                            "importance")},
    }  # fmt: skip


def as_json(document: Document) -> bytes:
    """Return a document as JSON; numbers that are not finite become null."""
    return json.dumps(finite(document), indent=1, ensure_ascii=False, allow_nan=False).encode()
