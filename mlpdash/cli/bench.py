"""`mlpdash bench`: how fast, measured side by side on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from mlpdash.cli.output import as_json
from mlpdash.errors import SpecError
from mlpdash.text import _

WORKLOADS = "W1,W2,W3,W4,W6,W7"


def add_bench(commands: Any) -> None:
    """Add the command to a parser's commands."""
    one = commands.add_parser(
        "bench",
        help=_("benchmark this engine against others, on this machine"),
        description=_(
            "Measure steps beside scikit-learn, a plain torch loop and the step's own matrix "
            "products; contestants take turns in rounds, and ratios are medians over them. "
            "Where there is a GPU, this engine and the plain loop are measured on it too."
        ),
        allow_abbrev=False,
    )
    one.add_argument("--workloads", default=WORKLOADS, help=_("names with commas, such as W1,W4"))
    one.add_argument("--quick", action="store_true", help=_("within a minute, and coarser"))
    one.add_argument("--tables", action="store_true", help=_("measure reading tables instead"))
    one.add_argument(
        "--accuracy",
        action="store_true",
        help=_("compare test scores with scikit-learn's nets instead"),
    )
    one.add_argument(
        "--real",
        type=Path,
        metavar="DIR",
        help=_("read all tables of a folder instead, and compare with pandas"),
    )
    one.add_argument(
        "--real-accuracy",
        type=Path,
        metavar="DIR",
        help=_(
            "compare what is suggested for a table with other methods instead, on all "
            "tables of a folder"
        ),
    )
    one.add_argument(
        "--splits", type=int, default=3, metavar="N", help=_("with --real-accuracy: of each table")
    )
    one.add_argument(
        "--draw",
        type=int,
        metavar="N",
        help=_("with --real or --real-accuracy: only N tables, drawn by chance"),
    )
    one.add_argument("--seed", type=int, default=0, help=_("of --draw"))
    one.add_argument("--json", action="store_true", help=_("print one JSON document"))


def bench(chosen: argparse.Namespace) -> int:
    """Measure what was asked for, and print it."""
    if chosen.tables:
        from mlpdash.bench import tables

        return _print(tables.measure(), chosen.json)
    if chosen.accuracy:
        from mlpdash.bench import accuracy

        return _print(accuracy.measure(), chosen.json)
    if chosen.real:
        return _read_real(chosen)
    if chosen.real_accuracy:
        return _fit_real(chosen)
    from mlpdash.bench import report
    from mlpdash.bench.workloads import WORKLOADS as KNOWN

    names = [name.strip() for name in chosen.workloads.split(",")]
    for name in names:
        if name not in KNOWN:
            raise SpecError(
                _('there is no workload "{name}"; there are: {names}.').format(
                    name=name[:40], names=", ".join(KNOWN)
                )
            )
    plan = report.QUICK if chosen.quick else report.FULL
    gpu = report.gpu_here()
    found = report.measure(names, plan, lambda line: print(line, file=sys.stderr), gpu)
    print(json.dumps(found, indent=2) if chosen.json else report.as_table(found))
    return 0


def _read_real(chosen: argparse.Namespace) -> int:
    from mlpdash.bench import real

    paths = real.tables_in(chosen.real)
    if chosen.draw is not None:
        paths = real.drawn(paths, chosen.draw, chosen.seed)
    found = real.measure(chosen.real, paths, tell=lambda line: print(line, file=sys.stderr))
    print(json.dumps(found, indent=2) if chosen.json else real.as_text(found))
    return 1 if real.failed(found) else 0


def _fit_real(chosen: argparse.Namespace) -> int:
    from mlpdash.bench import real, real_accuracy, real_accuracy_report

    names = real.tables_in(chosen.real_accuracy)
    if chosen.draw is not None:
        names = real.drawn(names, chosen.draw, chosen.seed)
    paths = [chosen.real_accuracy / name for name in names]
    found = real_accuracy.measure(
        paths, splits=chosen.splits, tell=lambda line: print(line, file=sys.stderr)
    )
    if chosen.json:
        document = {"summary": real_accuracy_report.summary(found), "rows": found}
        print(as_json(document))
        return 0
    print(real_accuracy_report.as_text(found))
    return 0


def _print(rows: list[dict[str, Any]], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"rows": rows}, indent=2))
        return 0
    for row in rows:
        cells = (f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items())
        print("  ".join(cells))
    return 0
