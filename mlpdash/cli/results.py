"""The commands `results` and `export`: what a trained run is worth, and what can be taken away."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from mlpdash.cli.output import as_json
from mlpdash.errors import DataError, SpecError
from mlpdash.results.judging import verdict
from mlpdash.results.judging.metrics import CLASSIFICATION, PRIMARY, REGRESSION
from mlpdash.text import N_, _

Document = dict[str, Any]
MOST_INPUTS: Final = 12  # whose importance is printed
PARTS: Final = {"test": N_("test"), "validation": N_("validation"), "train": N_("training")}
SHOWN: Final = {"classification": ("accuracy", "log_loss"), "regression": ("rmse", "r2")}
TABLES: Final = ("predictions", "metrics", "history")
FILES: Final = (
    "bundle",
    "onnx",
    "safetensors",
    "pt",
    "script-tensors",
    "script-module",
    "script-sequential",
)


def add_results(commands: Any) -> None:
    """Add `results` to the subparsers of the command line."""
    one = commands.add_parser(
        "results",
        help=_("judge a trained run against simpler methods"),
        description=_(
            "Judge a trained run on rows that it never saw, against simpler methods trained "
            "on the same rows. The numbers are those of the Results page."
        ),
        allow_abbrev=False,
    )
    _add_run(one)
    one.add_argument(
        "--no-baselines",
        action="store_true",
        help=_("judge the net alone; fitting the others takes minutes on a large table"),
    )
    one.add_argument(
        "--learning-curve",
        action="store_true",
        help=_("train nets on 10 to 100 %% of the rows instead, to see whether more would help"),
    )
    one.add_argument("--json", action="store_true", help=_("print one JSON document"))


def add_export(commands: Any) -> None:
    """Add `export` to the subparsers of the command line."""
    one = commands.add_parser(
        "export",
        help=_("write a trained net, or its numbers, as a file"),
        description=_(
            "Write a trained net as a bundle, ONNX, weights or a PyTorch script, or its "
            "predictions, metrics and history as a table."
        ),
        allow_abbrev=False,
    )
    _add_run(one)
    one.add_argument("what", metavar="WHAT", choices=(*FILES, *TABLES), help=", ".join(
        (*FILES, *TABLES)))  # fmt: skip
    one.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=_(
            "where to write; tables are .csv or .parquet (default for tables: CSV on "
            "standard output)"
        ),
    )


def _add_run(one: argparse.ArgumentParser) -> None:
    one.add_argument("run", metavar="RUN", help=_("the id of a run, or its folder"))
    one.add_argument(
        "--step", type=int, metavar="N", help=_("of the snapshot; by default the last one")
    )
    one.add_argument(
        "--cell",
        type=int,
        metavar="N",
        help=_("of a grid, counted from 0; by default the best on the validation rows"),
    )


def results(chosen: argparse.Namespace) -> int:
    """Judge a run and print what came of it."""
    if chosen.learning_curve:
        from mlpdash.cli.learning_curve import more_rows

        return more_rows(chosen)
    from mlpdash.runs.analyst.report import report

    def say(doing: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{doing}")

    found = report(
        chosen.run,
        step=chosen.step,
        cell=chosen.cell,
        baselines=not chosen.no_baselines,
        on_progress=say,
    )
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    sys.stdout.write((as_json(found) if chosen.json else for_people(found)) + "\n")
    return 0


def export(chosen: argparse.Namespace) -> int:
    """Write one file of a run."""
    if chosen.what in FILES:
        if chosen.out is None:
            raise SpecError(
                _("use --out FILE to say where to write the {what}.").format(what=chosen.what),
                "out",
            )
        _check_zipped(chosen.what, chosen.out)
        _write(chosen.out, _file(chosen))
        return 0
    content = _table(
        chosen, parquet=chosen.out is not None and chosen.out.suffix.lower() == ".parquet"
    )
    if chosen.out is None:
        sys.stdout.write(content.decode())
    else:
        _write(chosen.out, content)
    return 0


def _check_zipped(what: str, out: Path) -> None:
    """Refuse to call a zip file by the name of what is in it, which nothing could open.

    Raises
    ------
    SpecError : it is called so
    """
    if (what == "onnx" or what.startswith("script-")) and out.suffix.lower() in (".onnx", ".py"):
        raise SpecError(
            _("{what} is a zip file; give --out a name that ends in .zip.").format(what=what),
            "out",
        )


def _file(chosen: argparse.Namespace) -> bytes:
    """Return a file of the nets, and say on stderr what it lacks."""
    from mlpdash.runs.analyst.exporting import exported, lacking, nets_lacking
    from mlpdash.runs.analyst.opening import nets_of, store_of

    nets = nets_of(store_of(chosen.run), chosen.step, chosen.cell)
    content = exported(chosen.what, nets)
    if sentence := lacking(chosen.what, nets) or nets_lacking(chosen.what, nets):
        sys.stderr.write(sentence + "\n")
    return content


def _table(chosen: argparse.Namespace, *, parquet: bool) -> bytes:
    """Return a table as CSV or Parquet."""
    from mlpdash.results.exporting.predictions import predictions
    from mlpdash.results.exporting.tables import as_csv, as_parquet, history_table, metrics_table
    from mlpdash.runs.analyst.opening import opened, store_of
    from mlpdash.runs.analyst.report import report

    if chosen.what == "predictions":
        run = opened(store_of(chosen.run), chosen.step, chosen.cell)
        return predictions(run.prepared, run.outputs, run.experiment.data, parquet=parquet)
    if chosen.what == "history":
        frame = history_table(store_of(chosen.run).read_history())
    else:
        frame = metrics_table(report(chosen.run, step=chosen.step, cell=chosen.cell))
    return as_parquet(frame) if parquet else as_csv(frame)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise DataError(
            _('"{path}" cannot be opened: {reason}.').format(path=path, reason=error.strerror)
        ) from None


def for_people(found: Document) -> str:
    """Return a report as text."""
    sections = [_opening(found), _contest(found), _scores(found), _importance(found)]
    if found["cells"]:
        sections.insert(0, _cells(found))
    if found["margins"]:
        sections.append(_margins(found))
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _opening(found: Document) -> list[str]:
    lines = [found["verdict"]]
    if found["folds"]:
        lines += ["", _plain(_expected(found))]
    if found["weights"]:
        lines += [
            "",
            found["weights"]
            + " "
            + _(
                "The scores below count every row once, and the other methods learned without "
                "weights."
            ),
        ]
    return lines


def _expected(found: Document) -> str:
    scores = found["net"]["validation"]["scores"]
    unit = found["unit"] if found["task"] == "regression" else ""
    return verdict.expected(found["task"], found["folds"], scores, unit)


def _contest(found: Document) -> list[str]:
    task = found["task"]
    own = found["net"][found["judged_on"]]["scores"]
    better = _("the net is") if task == "classification" else _("the net is closer by")
    head = ["", *(_(verdict.METRICS[m]).lower() for m in SHOWN[task]), better]
    net = [_("this net"), *(_said(m, own[m]["value"]) for m in SHOWN[task]), ""]
    others = [
        [
            verdict.baseline_title(task, one["name"]),
            *(_said(m, one["scores"][m]) for m in SHOWN[task]),
            _plain(verdict.gain(task, one["difference"])),
        ]
        for one in found["baselines"]
    ]
    return _aligned([head, net, *others])


def _scores(found: Document) -> list[str]:
    judged = found["judged_on"]
    parts = [judged, *(part for part in found["net"] if part != judged)]
    head = ["", _(PARTS[judged]), _("95 % interval"), *(_(PARTS[part]) for part in parts[1:])]
    rows = [head]
    for metric in CLASSIFICATION if found["task"] == "classification" else REGRESSION:
        each = [found["net"][part]["scores"][metric] for part in parts]
        values = [_said(metric, score["value"]) for score in each]
        rows.append(
            [
                _(verdict.METRICS[metric]).lower(),
                values[0],
                _plain(verdict.interval(metric, each[0])),
                *values[1:],
            ]
        )
    return _aligned(rows)


def _importance(found: Document) -> list[str]:
    why = found["importance"]
    title = _("increase in {measure} when an input is shuffled ({n:,} {part} rows):").format(
        measure=_(verdict.METRICS[why["measure"]]), n=why["rows"], part=_(PARTS[why["part"]])
    )
    shown = why["importance"][:MOST_INPUTS]
    rows = [[one["feature"][:40], verdict.short(one["mean"]), "± " + verdict.short(one["spread"])]
            for one in shown]  # fmt: skip
    left = len(why["importance"]) - len(shown)
    more = [_("... and {n:,} inputs that matter less").format(n=left)] if left else []
    return [title, *_aligned(rows), *more]


def _cells(found: Document) -> list[str]:
    """Return the grid's cells, the one that the report is about marked."""
    primary = PRIMARY[found["task"]]
    names = list(found["cells"][0]["settings"])
    part = _(PARTS[found["cells"][0]["part"]])
    rows = [[_("cell"), *names, f"{part} {_(verdict.METRICS[primary]).lower()}", ""]]
    for number, one in enumerate(found["cells"]):
        settings = [f"{one['settings'][name]:g}" for name in names]
        marks = [_diverged(one), _("< shown here") if number == found["cell"]["number"] else ""]
        mark = " ".join(filter(None, marks))
        rows.append([str(number), *settings, _said(primary, one["scores"][primary]), mark])
    return _aligned(rows)


def _diverged(cell: Document) -> str:
    """Say how many nets of a cell have diverged; nothing where none has."""
    if not cell["diverged"]:
        return ""
    return _("{n} of {nets} diverged").format(n=cell["diverged"], nets=cell["nets"])


def _margins(found: Document) -> list[str]:
    return [verdict.margins(found["margins"], found["task"], found["judged_on"])]


def _said(metric: str, value: float) -> str:
    return _plain(verdict.number(metric, value))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns under each other, the first to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides: list[Callable[[str, int], str]] = [str.ljust, *[str.rjust] * (len(widths) - 1)]
    return [
        "  ".join(
            side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
