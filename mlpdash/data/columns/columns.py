"""What each column of a table is, and what part it plays: `Table` -> `Columns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mlpdash.cures import Cure
from mlpdash.data.cells.cells import is_number, typed
from mlpdash.data.cells.gap_words import means_no
from mlpdash.data.cells.spellings import merged
from mlpdash.data.columns.default_target import Ranking, rank_targets
from mlpdash.data.columns.default_task import task_of_numbers
from mlpdash.data.columns.gaps import Cleaned, Gaps, without_gaps
from mlpdash.data.columns.kinds import profile_columns
from mlpdash.data.columns.panels import panel_columns
from mlpdash.data.columns.profile import ColumnProfile, Kind
from mlpdash.data.table import Table, with_columns
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.base import Task
from mlpdash.specs.preparation import ColumnChoice
from mlpdash.text import _, brief, listed

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["input", "target", "time", "weight", "ignored"]


@dataclass(frozen=True)
class Column:
    """One column: what it holds, what it is for, and how many of its cells are missing."""

    name: str
    kind: Kind
    role: Role
    missing: int
    profile: ColumnProfile = field(default=ColumnProfile("empty", 0), compare=False)
    gaps: Gaps = field(default=Gaps(), compare=False)


@dataclass(frozen=True)
class Columns:
    """All columns of a table in its order, the task, and sentences about what was decided.

    Attributes
    ----------
    frame : the table with cells of text read as numbers and moments where `profile.form` says so
    ranking : why the target was chosen; None where a person or the catalogue named it
    why_task : why the target is classes or a number; empty where a person decided
    panels : columns that name persons or things with several rows each
    """

    columns: tuple[Column, ...]
    targets: tuple[str, ...]
    task: Task
    frame: pd.DataFrame = field(compare=False, repr=False)
    decided: Mapping[str, ColumnChoice] = field(default_factory=dict)
    ranking: Ranking | None = field(default=None, compare=False)
    why_task: str = field(default="", compare=False)
    panels: tuple[str, ...] = field(default=(), compare=False)

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
        """Return how a column is read for its part, see `cells`."""
        return next((_form(c, self.task) for c in self.columns if c.name == name), "")

    def is_measured(self, name: str) -> bool:
        """Tell whether the cells of a column can be taken as numbers."""
        kinds = ("number", "boolean")
        return any(c.name == name and c.kind in kinds for c in self.columns)

    def unit(self, name: str) -> str:
        """Return what the numbers of a column are in: a unit, a currency or a percent sign."""
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
    decided = _as_read(spec.preparation.by_column())
    cleaned = (
        without_gaps(table.frame, decided, spec.preparation.reading.words)
        if table.dataset is None
        else Cleaned(table.frame)
    )
    frame = cleaned.frame
    seen = _without_doubtful_ticks(profile_columns(frame, decided, table.decimal), cleaned)
    # where neither a person nor the catalogue named the target
    panels = () if table.dataset else panel_columns(frame, seen)
    ranking = None if spec.target or table.dataset else rank_targets(frame, seen, spec, panels)
    targets = _targets(table, spec, seen, ranking)
    task, why_task = _task(frame, targets, spec, seen)
    panels = tuple(name for name in panels if name not in targets)
    roles = _roles(table, spec, seen, targets)
    if any(role == "input" and name not in panels for name, role in roles.items()):
        roles |= {name: "ignored" for name in panels if not _is_wanted(decided, name)}
    columns = tuple(
        Column(name, found.kind, roles[name], found.missing, found, cleaned.found.get(name, Gaps()))
        for name, found in seen.items()
    )
    if not any(c.role == "input" for c in columns):
        raise DataError(
            _(
                '"{name}" has nothing to learn from: besides the target every column is empty, '
                "constant or an identifier, or was left out."
            ).format(name=table.name)
        )
    return Columns(
        columns,
        targets,
        task,
        _typed(frame, columns, task, decided),
        decided,
        ranking,
        why_task,
        panels,
    )


def _as_read(decided: Mapping[str, ColumnChoice]) -> dict[str, ColumnChoice]:
    """Return the choices as far as reading goes: what becomes bins is read as a number."""
    return {
        name: one.model_copy(update={"kind": "number"}) if one.kind == "bins" else one
        for name, one in decided.items()
    }


def _is_wanted(decided: Mapping[str, ColumnChoice], name: str) -> bool:
    """Tell whether a person decided that a column is learned from, or how."""
    return name in decided and (decided[name].role != "auto" or decided[name].kind != "auto")


def _without_doubtful_ticks(
    seen: Mapping[str, ColumnProfile], cleaned: Cleaned
) -> dict[str, ColumnProfile]:
    """Return the profiles; a column of a tick or a mark such as ? is not one of yes and no."""
    made = dict(seen)
    for name, gaps in cleaned.found.items():
        if made[name].form == "flag" and not all(map(means_no, gaps.marks)):
            made[name] = ColumnProfile("constant", int(cleaned.frame[name].isna().sum()))
    return made


def _typed(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    task: Task,
    decided: Mapping[str, ColumnChoice],
) -> pd.DataFrame:
    """Read text as its form says; the words that name two classes stay words."""
    made = {
        c.name: typed(frame[c.name], form)
        for c in columns
        if c.role != "ignored" and (form := _form(c, task))
    }
    for c in columns:
        if is_merged(c, task, decided) and c.name not in made:
            made[c.name] = merged(frame[c.name])
    return with_columns(frame, made)


def is_merged(column: Column, task: Task, decided: Mapping[str, ColumnChoice]) -> bool:
    """Tell whether words of a column that differ only in their spelling are to be one."""
    if column.name not in decided or not decided[column.name].merge:
        return False
    is_level = column.role == "input" and column.kind == "category"
    return is_level or _names_classes(column, task)


def _names_classes(column: Column, task: Task) -> bool:
    return column.role == "target" and task == "classification" and column.kind != "number"


def _form(column: Column, task: Task) -> str:
    """Return how a column is read for its part; words that name classes stay words."""
    form = column.profile.form
    if _names_classes(column, task):
        return "flag words" if form == "flag" else ""
    return form


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


def _targets(
    table: Table, spec: DataSpec, seen: Mapping[str, ColumnProfile], ranking: Ranking | None
) -> tuple[str, ...]:
    if ranking:
        return (ranking.name,)
    if table.dataset and not spec.target:
        return table.dataset.target
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


def _task(
    frame: pd.DataFrame, targets: Sequence[str], spec: DataSpec, seen: Mapping[str, ColumnProfile]
) -> tuple[Task, str]:
    """Return the task, and why it is that unless it was chosen or could be no other."""
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
        return "regression", ""
    if spec.task == "regression" and textual:
        raise SpecError(
            _('the target "{column}" holds text; choose classification.').format(
                column=brief(targets[0])
            ),
            "task",
            [Cure(_("Choose classification"), data={"task": "classification"})],
        )
    if spec.task != "auto":
        return spec.task, ""
    chosen = spec.preparation.column(targets[0]).kind
    if chosen in ("category", "boolean"):
        return "classification", ""
    if textual:
        return "classification", _("it holds text")
    if boolean:
        return "classification", _("it has two different values")
    if chosen in ("number", "bins"):
        return "regression", ""
    return task_of_numbers(typed(frame[targets[0]], seen[targets[0]].form))
