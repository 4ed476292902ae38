"""What each column of a table is, and what part it plays: `Table` -> `Columns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from mlpdash.cures import Cure
from mlpdash.data.cells.cells import is_number, numbers, typed
from mlpdash.data.columns.kinds import FEW_VALUES, ColumnProfile, Kind, profile_columns
from mlpdash.data.table import Table, with_columns
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.base import Task
from mlpdash.specs.preparation import ColumnChoice
from mlpdash.text import _, brief, listed

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["input", "target", "time", "ignored"]

TARGET_NAMES: Final = (  # in this order
    *("target", "label", "labels", "class", "y", "actual", "outcome", "response", "output"),
    *("species", "diagnosis", "quality"),
)
MOST_CLASSES: Final = 1_000


@dataclass(frozen=True)
class Column:
    """One column: what it holds, what it is for, and how many of its cells are missing."""

    name: str
    kind: Kind
    role: Role
    missing: int
    profile: ColumnProfile = field(default=ColumnProfile("empty", 0), compare=False)


@dataclass(frozen=True)
class Columns:
    """All columns of a table in its order, the task, and sentences about what was decided.

    Attributes
    ----------
    frame : the table with cells of text read as numbers and moments where `profile.form` says so
    """

    columns: tuple[Column, ...]
    targets: tuple[str, ...]
    task: Task
    frame: pd.DataFrame = field(compare=False, repr=False)
    decided: Mapping[str, ColumnChoice] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns to learn from."""
        return tuple(c for c in self.columns if c.role == "input")

    @property
    def time(self) -> str:
        """The name of the time axis, else of the first date to learn from, or an empty string."""
        axis = next((c.name for c in self.columns if c.role == "time" and c.kind == "date"), "")
        return axis or next((c.name for c in self.inputs if c.kind == "date"), "")

    def form(self, name: str) -> str:
        """Return how the text of a column is read, see `cells`."""
        return next((c.profile.form for c in self.columns if c.name == name), "")

    def unit(self, name: str) -> str:
        """Return the currency or percent sign of a column."""
        return next((c.profile.unit for c in self.columns if c.name == name), "")


def find_columns(table: Table, spec: DataSpec) -> Columns:
    """Decide on the kind and the role of each column, and on the task.

    Columns of a catalogue's set are all inputs, also constant ones; in a person's own table
    constant and empty columns and identifiers are left out.

    Raises
    ------
    SpecError : the target or the task asked for is not possible
    DataError : no column is left to learn from
    """
    frame = table.frame
    decided = spec.preparation.by_column()
    seen = profile_columns(frame, decided, table.decimal)
    targets = _targets(table, spec, seen)
    task = _task(frame, targets, spec, seen)
    roles = _roles(table, spec, seen, targets)
    columns = tuple(
        Column(name, found.kind, roles[name], found.missing, found) for name, found in seen.items()
    )
    if not any(c.role == "input" for c in columns):
        raise DataError(
            _(
                '"{name}" has nothing to learn from: besides the target every column is empty, '
                "constant or an identifier, or was left out."
            ).format(name=table.name)
        )
    return Columns(columns, targets, task, _typed(frame, columns, task), decided)


def _typed(frame: pd.DataFrame, columns: Sequence[Column], task: Task) -> pd.DataFrame:
    """Read text as its form says; the words that name two classes stay words."""
    made = {
        c.name: typed(frame[c.name], c.profile.form)
        for c in columns
        if c.profile.form and c.role != "ignored" and not _names_classes(c, task)
    }
    return with_columns(frame, made)


def _names_classes(column: Column, task: Task) -> bool:
    return column.role == "target" and task == "classification" and column.kind != "number"


def _roles(
    table: Table, spec: DataSpec, seen: Mapping[str, ColumnProfile], targets: Sequence[str]
) -> dict[str, Role]:
    own = table.dataset is None
    usual: tuple[Kind, ...] = ("number", "boolean", "category")
    usual = (*usual, "date") if own else (*usual, "constant")
    decided = spec.preparation.by_column()
    first_date = next((n for n, found in seen.items() if found.kind == "date"), "")

    def role(name: str) -> Role:
        if name in targets:
            return "target"
        if name in decided and decided[name].role != "auto":
            return decided[name].role  # type: ignore[return-value]
        if spec.preparation.split == "group" and name == spec.preparation.group:
            return "ignored"
        if not own and name == first_date:
            return "time"
        return "input" if seen[name].kind in usual else "ignored"

    return {name: role(name) for name in seen}


def _targets(table: Table, spec: DataSpec, seen: Mapping[str, ColumnProfile]) -> tuple[str, ...]:
    if not spec.target:
        return table.dataset.target if table.dataset else (_likely_target(seen, spec),)
    for name in spec.target:
        if name not in seen:
            raise SpecError(
                _('there is no column "{column}" in "{name}"; there are {columns}.').format(
                    column=brief(name), name=table.name, columns=listed(list(seen), 20)
                ),
                "target",
            )
    if len(set(spec.target)) < len(spec.target):
        raise SpecError(_("a column is named twice as target."), "target")
    for name in spec.target:
        if seen[name].kind == "date":
            raise SpecError(
                _('"{column}" holds dates, which cannot be a target.').format(column=brief(name)),
                "target",
            )
    return spec.target


def _likely_target(seen: Mapping[str, ColumnProfile], spec: DataSpec) -> str:
    """Return a column with a telling name, else the last one that varies."""
    decided = spec.preparation.by_column()
    likely = [
        name
        for name, found in seen.items()
        if found.kind in ("number", "boolean", "category")
        and (name not in decided or decided[name].role in ("auto", "input"))
        and not (spec.preparation.split == "group" and name == spec.preparation.group)
    ]
    named = [*likely, *(name for name, found in seen.items() if found.kind == "constant")]
    by_lower = {name.strip().lower(): name for name in reversed(named)}
    for wanted in TARGET_NAMES:
        if wanted in by_lower:
            return by_lower[wanted]
    return likely[-1] if likely else list(seen)[-1]


def _task(
    frame: pd.DataFrame, targets: Sequence[str], spec: DataSpec, seen: Mapping[str, ColumnProfile]
) -> Task:
    boolean = [t for t in targets if seen[t].kind == "boolean"]
    textual = [
        t
        for t in targets
        if t not in boolean
        and not is_number(frame[t])
        and not seen[t].form.startswith(("decimal", "hours"))
    ]
    if len(targets) > 1:
        if spec.task == "classification":
            raise SpecError(
                _("several targets can only be numbers; choose regression."),
                "task",
                [Cure(_("Choose regression"), data={"task": "regression"})],
            )
        if textual:
            raise SpecError(
                _('several targets must all be numbers, and "{column}" is not.').format(
                    column=brief(textual[0])
                ),
                "target",
            )
        return "regression"
    if spec.task == "regression" and textual:
        raise SpecError(
            _('the target "{column}" holds text; choose classification.').format(
                column=brief(targets[0])
            ),
            "task",
            [Cure(_("Choose classification"), data={"task": "classification"})],
        )
    if spec.task != "auto":
        return spec.task
    chosen = spec.preparation.column(targets[0]).kind
    if textual or boolean or chosen in ("category", "boolean"):
        return "classification"
    if chosen == "number":
        return "regression"
    values = typed(frame[targets[0]], seen[targets[0]].form)
    return "classification" if _few_values(values) else "regression"


def _few_values(values: pd.Series[float]) -> bool:
    """Tell whether numbers look like codes of classes: whole, few, and each used again."""
    found = numbers(values)
    found = found[~np.isnan(found)]
    if len(found) > 1000 and len(np.unique(found[:1000])) > FEW_VALUES:
        return False
    distinct = np.unique(found)
    whole = bool((distinct % 1 == 0).all())
    return whole and len(distinct) <= min(FEW_VALUES, max(2, len(found) / 2))
