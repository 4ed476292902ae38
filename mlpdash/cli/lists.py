"""The commands `datasets` and `presets`: what there is to train on, and the worked examples."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from mlpdash.cli.output import as_json, datasets_for_people, presets_for_people
from mlpdash.specs.presets import PRESETS
from mlpdash.text import _


def add_lists(commands: Any) -> None:
    """Add both commands to the subparsers of the command line."""
    for name, text in (
        ("datasets", _("list the built-in datasets")),
        ("presets", _("list the worked examples that train takes by name")),
    ):
        one = commands.add_parser(
            name, help=text, description=text[:1].upper() + text[1:] + ".", allow_abbrev=False
        )
        one.add_argument("--json", action="store_true", help=_("print one JSON document"))


def datasets(chosen: argparse.Namespace) -> int:
    """Print the catalogue."""
    from mlpdash.data.sets.catalogue import CATALOGUE

    rows = [
        {
            "name": one.name,
            "title": _(one.title),
            "task": one.task,
            "rows": one.rows,
            "description": _(one.description),
            "story": _(one.story),
        }
        for one in CATALOGUE.values()
    ]
    _write(as_json(rows) if chosen.json else datasets_for_people(rows))
    return 0


def presets(chosen: argparse.Namespace) -> int:
    """Print the worked examples."""
    rows = [
        {
            "name": one.name,
            "title": _(one.title),
            "data": one.data,
            "story": _(one.story),
            "reaches": _(one.reaches),
            "compare": list(one.compare),
        }
        for one in PRESETS.values()
    ]
    _write(as_json(rows) if chosen.json else presets_for_people(rows))
    return 0


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
