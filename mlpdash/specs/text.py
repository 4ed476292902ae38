"""How the value of a field is written in the URL and on the command line, and what it may be."""

from __future__ import annotations

import csv
import io
from typing import Any

from mlpdash.errors import SpecError
from mlpdash.specs.base import MAX_LAYERS, MAX_WIDTH
from mlpdash.specs.fields import (
    FIELDS,
    NONE_WORDS,
    bounds_of,
    choices_of,
    items_of,
    part_of,
    title_of,
)
from mlpdash.specs.preparation import Preparation
from mlpdash.text import _


def parse_text(name: str, text: str) -> Any:
    """Read the value of the field `name` as the URL and the command line write it.

    Bounds are not checked here; `Experiment.changed` checks them.

    Raises
    ------
    SpecError : the text is not of the field's type
    """
    part_of(name)
    text = text.strip()
    if name in NONE_WORDS and text == NONE_WORDS[name]:
        return None
    if name == "target":
        cells = next(csv.reader([text], skipinitialspace=True), [])
        return tuple(name for name in (cell.strip() for cell in cells) if name)
    if items_of(name):
        return tuple(text.replace(",", " ").split())
    try:
        if name == "preparation":
            return Preparation.model_validate(text)
        if name == "hidden":
            return tuple(int(t) for t in text.replace(",", " ").split())
        kind = FIELDS[name].annotation
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if kind in (float, float | None):
            return float(text)
        if kind in (int, int | None):
            return int(text)
    except (ValueError, KeyError):
        raise refusal(name, text) from None
    return text


def format_text(name: str, value: Any) -> str:
    """Write a value of the field `name` as `parse_text` reads it."""
    if value is None:
        return NONE_WORDS[name]
    if isinstance(value, tuple):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(value)
        return line.getvalue()
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def rule_of(name: str) -> str:
    """Say in words what values the field `name` may have."""
    allowed = choices_of(name)
    if allowed:
        return _("must be one of {choices}").format(choices=", ".join(allowed))
    items = items_of(name)
    if items:
        return _("must be a list of {choices}, such as {example}").format(
            choices=", ".join(items), example=",".join(items[:2])
        )
    if name == "hidden":
        return _(
            "must be whole numbers from 1 to {width:,}, at most {layers} of them, such as 16,16"
        ).format(width=MAX_WIDTH, layers=MAX_LAYERS)
    if name == "device":
        return _("must be auto, cpu, mps, cuda or cuda with a number, such as cuda:0")
    if name == "weights":
        return _("must be the key of a file of weights that was given here")
    if name == "preparation":
        return _('must be JSON such as {{"split": "time"}}').format()
    kind = FIELDS[name].annotation
    if kind is bool:
        return _("must be true or false")
    if kind not in (int, float, int | None, float | None):
        return _("must be text")
    word = _("a number") if kind in (float, float | None) else _("a whole number")
    limits = {
        "gt": _("greater than {x:,}"),
        "ge": _("at least {x:,}"),
        "lt": _("less than {x:,}"),
        "le": _("at most {x:,}"),
    }
    said = [limits[key].format(x=x) for key, x in bounds_of(name).items()]
    rule = _("must be {kind}, {limits}").format(kind=word, limits=_(" and ").join(said))
    if name in NONE_WORDS:
        rule += _(', or "{word}"').format(word=NONE_WORDS[name])
    return rule


def refusal(name: str, value: Any) -> SpecError:
    """Return the error that says what the field `name` may be, and what it was given."""
    sentence = _("{title} ({name}) {rule}; got {value}.").format(
        title=title_of(name), name=name, rule=rule_of(name), value=_shown(value)
    )
    return SpecError(sentence, name)


def _shown(value: Any) -> str:
    if isinstance(value, tuple | list):
        value = ", ".join(str(v) for v in value)
    text = str(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else text[:57] + "..."
