"""What is said about the target: what it is, why it was chosen, and which columns come next."""

from __future__ import annotations

from mlpdash.cures import Cure, Note
from mlpdash.data.columns.columns import Columns
from mlpdash.data.columns.default_target import most_classes
from mlpdash.text import _, brief, listed


def about_target(found: Columns) -> str | Note:
    """Return a sentence about what is to be predicted, as what, and why.

    It proposes the columns that come next, and the other task where it is possible.
    """
    kind = _("a class") if found.task == "classification" else _("a number")
    said = _("To be predicted: {columns}, as {kind}").format(
        columns=listed(found.targets), kind=kind
    )
    if found.why_task:
        said = _("{said} since {why}").format(said=said, why=found.why_task)
    others: tuple[str, ...] = ()
    if found.ranking and found.ranking.why:
        others = found.ranking.next
        said = _("{said}; {why}").format(said=said, why=found.ranking.why)
        if others:
            said = _("{said}, before {columns}").format(said=said, columns=listed(others))
    cures = (*_other_targets(others), *_other_task(found))
    return Note(f"{said}.", cures) if cures else f"{said}."


def _other_targets(names: tuple[str, ...]) -> list[Cure]:
    return [
        Cure(
            _('Predict "{column}"').format(column=brief(name)),
            data={"target": (name,), "task": "auto"},
        )
        for name in names
    ]


def _other_task(found: Columns) -> list[Cure]:
    """Return what turns the task that was found, unless that is not possible."""
    if not found.why_task or not found.is_measured(found.targets[0]):
        return []
    if found.task == "classification":
        return [Cure(_("Predict it as a number"), data={"task": "regression"})]
    cells = found.frame[found.targets[0]]
    if int(cells.nunique()) > most_classes(int(cells.notna().sum())):
        return []
    return [Cure(_("Predict it as a class"), data={"task": "classification"})]
