"""`train`: one experiment, trained without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlpdash.cli.output import (
    DIVERGED,
    INTERRUPTED,
    DownloadLine,
    ProgressLine,
    as_json,
    run_for_people,
)
from mlpdash.cli.table_flags import add_flags, check_columns, preparation_of
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import FIELDS, Experiment, choices_of, help_of, parse_text, title_of
from mlpdash.specs.presets import PRESETS
from mlpdash.text import _

FLAGS = [name for name in FIELDS if name != "data"]  # the dataset is given by position
DRAWN = ("noise", "rows", "data_seed", "points")  # what decides the rows of some sets


def flag(name: str) -> str:
    """Return the flag of the field `name`.

    >>> flag("batch_size")
    '--batch-size'
    """
    return "--" + name.replace("_", "-")


def _metavar(name: str) -> str:
    if name == "weights":
        return "FILE"
    allowed = choices_of(name) or (("true", "false") if FIELDS[name].annotation is bool else ())
    return "{" + ",".join(allowed) + "}" if allowed else name.upper()


def add_train(commands: Any) -> None:
    """Add `train` to the subparsers of the command line; its flags come from the specs."""
    one = commands.add_parser(
        "train",
        help=_("train one net without a browser"),
        description=_(
            "Train one net. Anything you leave out takes the dashboard's suggested value."
        ),
        allow_abbrev=False,
    )
    one.add_argument(
        "data",
        nargs="?",
        metavar="DATA",
        help=_(
            "a dataset's name, a worked example's or a CSV's path; without it, what the dashboard "
            "opens with"
        ),
    )
    for name in FLAGS:
        one.add_argument(flag(name), metavar=_metavar(name), help=help_of(name).replace("%", "%%"))
    add_flags(one)
    one.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help=_("the run's folder; without it, a new one under MLPDASH_HOME"),
    )
    one.add_argument("--json", action="store_true", help=_("print one JSON document"))


def train(chosen: argparse.Namespace) -> int:
    """Train what was chosen, and print what came of it."""
    experiment = _experiment(chosen)
    if experiment.model.weights:
        _about_own_weights(chosen)
    if not _downloaded(experiment.data.data):
        return INTERRUPTED
    check_columns(chosen, experiment.data)
    from mlpdash.home import home
    from mlpdash.runs.worker.headless import run_headless

    try:
        with ProgressLine(sys.stderr, experiment.train.epochs) as line:
            result = run_headless(experiment, out=chosen.out, on_progress=line.show)
    except KeyboardInterrupt as stop:
        folder = chosen.out or home() / "runs"
        kept = _("Stopped; the run is kept in {folder}.").format(folder=folder)
        print(str(stop) or kept, file=sys.stderr)
        return INTERRUPTED
    print(as_json(result) if chosen.json else run_for_people(result, experiment))
    if result["state"] == "finished":
        return 0
    print(result["message"], file=sys.stderr)
    return DIVERGED


def _about_own_weights(chosen: argparse.Namespace) -> None:
    """Say what nets that begin with weights of a file cannot tell.

    Raises
    ------
    SpecError : the initial weights were chosen otherwise too
    """
    if chosen.init is not None:
        raise SpecError(
            _("{title} (init) has no effect with --weights.").format(title=title_of("init")),
            "init",
        )
    print(
        _(
            'The nets begin with the weights of "{name}". If these have learned from rows '
            "of this table, validation and test scores are too good."
        ).format(name=Path(chosen.weights).name),
        file=sys.stderr,
    )


def _downloaded(data: str) -> bool:
    """Download a set that is not here; False where that was interrupted."""
    from mlpdash.data.sets import fetching

    if fetching.is_here(data):
        return True
    try:
        with DownloadLine(sys.stderr) as line:
            return fetching.fetch(data, line.show)
    except KeyboardInterrupt:
        print(_("Stopped; nothing was kept of the download."), file=sys.stderr)
        return False


def _experiment(chosen: argparse.Namespace) -> Experiment:
    from mlpdash.data.load import starting_point
    from mlpdash.data.sets.catalogue import OPENING
    from mlpdash.training.members import folds_give_way

    choices = {
        name: _value(name, getattr(chosen, name))
        for name in FLAGS
        if getattr(chosen, name) is not None
    }
    if chosen.data in PRESETS:
        start = PRESETS[chosen.data].experiment()
    else:
        start = starting_point(OPENING if chosen.data is None else _data_key(chosen.data))
    _check_drawn(start.data.data, choices)
    experiment = start.changed(**folds_give_way(choices), **choices)
    prepared = preparation_of(chosen, experiment.data.preparation)
    _check_folds(experiment, choices, given=prepared.split == "given")
    return experiment.changed(preparation=prepared)


def _value(name: str, text: str) -> Any:
    """Return the value that a flag gives; a file of weights is kept."""
    return _weights_key(Path(text)) if name == "weights" and text else parse_text(name, text)


def _weights_key(path: Path) -> str:
    from mlpdash.training.net.kept_weights import keep_weights

    try:
        return keep_weights(path.read_bytes(), path.name)
    except OSError as error:
        raise DataError(
            _('"{path}" cannot be read: {reason}.').format(path=path, reason=error.strerror)
        ) from None


def _check_folds(experiment: Experiment, choices: Mapping[str, Any], *, given: bool) -> None:
    """Refuse a share that is held out where folds take turns at that."""
    if "validation" in choices and experiment.data.folds is not None and not given:
        raise SpecError(
            _(
                "{title} (validation) has no effect with folds (folds), which take turns as "
                "validation rows."
            ).format(title=title_of("validation")),
            "validation",
        )


def _check_drawn(data: str, choices: Mapping[str, Any]) -> None:
    """Refuse what would have no effect: a table is not drawn, it has the rows it has."""
    from mlpdash.data.sets.catalogue import CATALOGUE

    knobs = CATALOGUE[data].knobs if data in CATALOGUE else ()
    for name in DRAWN:
        if name in choices and name not in knobs:
            raise SpecError(
                _("{title} ({name}) has no effect on the rows of {data}.").format(
                    title=title_of(name),
                    name=name,
                    data=f'"{data}"' if data in CATALOGUE else _("your own table"),
                ),
                name,
            )


def _data_key(data: str) -> str:
    """Return what DataSpec.data is for a name or a path; a file's bytes are kept."""
    from mlpdash.data.sets.catalogue import CATALOGUE
    from mlpdash.data.uploads import is_key, keep

    if data in CATALOGUE or is_key(data):
        return data
    path = Path(data)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, ValueError):
        raise SpecError(
            _('"{data}" is neither a file nor one of the datasets and examples {names}.').format(
                data=data, names=", ".join(dict.fromkeys([*CATALOGUE, *PRESETS]))
            ),
            "data",
        ) from None
    except OSError as error:
        raise DataError(
            _('"{data}" cannot be read: {reason}.').format(data=data, reason=error.strerror)
        ) from None
    return keep(content, path.name)
