"""Flags of the command line for how a table is read, typed and split."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

from pydantic import ValidationError

from mlpdash.errors import SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation, Reading
from mlpdash.text import _, brief

READING: Final = ("encoding", "delimiter", "header", "skip", "bad_lines", "totals", "words")
PREPARING: Final = ("split", "group", "bins")
COLUMNS: Final = ("ignore", "category", "number")
FIELD: Final = re.compile(  # of a column, such as price:decimal=comma
    rf"(?P<column>.+):(?P<field>{'|'.join(n for n in ColumnChoice.model_fields if n != 'name')})"
    r"=(?P<value>.*)",
    re.DOTALL,
)


def add_flags(command: argparse.ArgumentParser) -> None:
    """Add the flags; each stands for a part of --preparation."""
    for name in READING:
        _add(command, name, Reading)
    for name in PREPARING:
        _add(command, name, Preparation)
    for role, text in (
        ("ignore", _("a column to leave out; may be given several times")),
        ("category", _("a column to take as categories; may be given several times")),
        ("number", _("a column to read as numbers; may be given several times")),
    ):
        command.add_argument(f"--{role}", action="append", default=[], metavar="COLUMN", help=text)
    command.add_argument(
        "--missing",
        action="append",
        default=[],
        metavar="COLUMN=CODES",
        help=_(
            "what counts as missing in a column, such as income=-999,99; may be given several times"
        ),
    )
    command.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN:FIELD=VALUE",
        help=_(
            "what else holds for one column, such as price:decimal=comma; may be given several "
            "times; fields are {fields}"
        ).format(fields=", ".join(n for n in ColumnChoice.model_fields if n != "name")),
    )


def _add(command: argparse.ArgumentParser, name: str, spec: type[Any]) -> None:
    info = spec.model_fields[name]
    text = _(info.description or "").replace("%", "%%")
    command.add_argument(f"--{name.replace('_', '-')}", help=text, metavar=name.upper())


def preparation_of(chosen: argparse.Namespace, start: Preparation) -> Preparation:
    """Return `start` with what the flags say.

    Raises
    ------
    SpecError : a flag has a value that is not possible
    """
    reading = {n: getattr(chosen, n) for n in READING if getattr(chosen, n) is not None}
    parts = {n: getattr(chosen, n) for n in PREPARING if getattr(chosen, n) is not None}
    if "group" in parts:
        parts.setdefault("split", "group")
    try:
        made = Preparation(
            **{
                **start.model_dump(),
                **parts,
                "reading": {**start.reading.model_dump(), **reading},
            }
        )
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][-1])
        raise _refusal(name.replace("_", "-"), error) from None
    for name in chosen.ignore:
        made = made.with_column(name, role="ignored")
    for kind in ("category", "number"):
        for name in getattr(chosen, kind):
            made = made.with_column(name, kind=kind)
    for text in chosen.missing:
        made = _with_codes(made, text)
    for text in chosen.column:
        made = _with_field(made, text)
    return made


def _with_codes(before: Preparation, text: str) -> Preparation:
    """Take one value of --missing.

    Raises
    ------
    SpecError : it is not written so, or there are too many codes
    """
    column, mark, codes = text.rpartition("=")
    if not mark:
        raise SpecError(
            _("--missing takes COLUMN=CODES, such as income=-999,99; got {text}.").format(
                text=repr(brief(text))
            ),
            "preparation",
        )
    try:
        return before.with_column(column, missing_codes=codes)
    except ValidationError as error:
        raise _refusal("missing", error) from None


def _with_field(before: Preparation, text: str) -> Preparation:
    """Take one value of --column.

    Raises
    ------
    SpecError : it is not written so, or the value is not possible
    """
    found = FIELD.fullmatch(text)
    if found is None:
        raise SpecError(
            _("--column takes COLUMN:FIELD=VALUE, such as price:decimal=comma; got {text}.").format(
                text=repr(brief(text))
            ),
            "preparation",
        )
    try:
        return before.with_column(found["column"], **{found["field"]: found["value"]})
    except ValidationError as error:
        raise _refusal("column", error) from None


def _refusal(flag: str, error: ValidationError) -> SpecError:
    first = error.errors()[0]
    return SpecError(
        _("--{flag} is not possible: {reason}; got {value}.").format(
            flag=flag,
            reason=first["msg"][:1].lower() + first["msg"][1:],
            value=repr(first["input"])[:60],
        ),
        "preparation",
    )


def check_columns(chosen: argparse.Namespace, data: DataSpec) -> None:
    """Refuse flags about columns that the table does not have; what is read for it is kept.

    Raises
    ------
    SpecError : there is no such column, or what is chosen is not possible
    DataError : the table cannot be read
    """
    named = [name for flag in COLUMNS for name in getattr(chosen, flag)]
    named += [text.rpartition("=")[0] for text in chosen.missing]
    named += [found["column"] for text in chosen.column if (found := FIELD.fullmatch(text))]
    if not named:
        return
    from mlpdash.data.load import load
    from mlpdash.data.prepared_once import prepared_of
    from mlpdash.data.uploads import is_key
    from mlpdash.text import listed

    table = load(data)
    columns = list(map(str, table.frame.columns))
    for name in named:
        if name not in columns:
            raise SpecError(
                _('there is no column "{column}" in "{name}"; there are {columns}.').format(
                    column=brief(name), name=table.name, columns=listed(columns, 20)
                ),
                "preparation",
            )
    if is_key(data.data):
        prepared_of(data, lambda _spec: table)
