"""The column that says what each row counts in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlpdash.cures import Cure
from mlpdash.data.cells.cells import Floats, is_number, numbers
from mlpdash.data.columns.columns import Column, Columns
from mlpdash.data.preparing.splitting import IntArray, Split
from mlpdash.errors import DataError, SpecError
from mlpdash.text import _, brief, listed, n_

if TYPE_CHECKING:
    import pandas as pd


def weights_of_rows(
    frame: pd.DataFrame, found: Columns, split: Split, places: IntArray | None
) -> Floats | None:
    """Return what each row counts, (rows,); None where no column says it.

    Parameters
    ----------
    frame : the rows that are used
    places : which rows of the table these are; None for all of them

    Raises
    ------
    SpecError : several columns are the weight, or the target is
    DataError : the column holds no numbers, a weight is negative or missing, or all of them are 0
        in the rows to learn from, or to be validated on
    """
    for target in found.targets:
        if target in found.decided and found.decided[target].role == "weight":
            raise SpecError(
                _('"{column}" is the target, so it cannot be the row weight.').format(
                    column=brief(target)
                ),
                "preparation",
                [_as_input(target)],
            )
    columns = [column for column in found.columns if column.role == "weight"]
    if not columns:
        return None
    names = [column.name for column in columns]
    if len(names) > 1:
        raise SpecError(
            _("Only one column can be the row weight; these are: {columns}.").format(
                columns=listed(names)
            ),
            "preparation",
            [_as_input(name) for name in names[1:]],
        )
    name = names[0]
    if not (found.is_measured(name) or is_number(frame[name])):
        raise DataError(
            _('the row weight "{column}" does not hold numbers; choose another column.').format(
                column=brief(name)
            ),
            [_as_input(name)],
        )
    weight = numbers(frame[name], found.form(name))
    refused = np.flatnonzero(~(weight >= 0) | np.isinf(weight))
    if len(refused):
        raise _refused(columns[0], weight, refused, places)
    if not weight[split.train].any():
        raise DataError(
            _('the row weight "{column}" is 0 in all rows to learn from.').format(
                column=brief(name)
            ),
            [_as_input(name)],
        )
    _check_held_out(name, weight, split)
    return weight


def _check_held_out(name: str, weight: Floats, split: Split) -> None:
    """Refuse weights that leave nothing to stop a net by, or of a fold nothing to learn from.

    Raises
    ------
    DataError : the weight is 0 in all of those rows
    """
    held = split.held()
    if held is None:
        if not len(split.validation) or weight[split.validation].any():
            return
        text = _('the row weight "{column}" is 0 in all validation rows, which then judge nothing.')
        raise DataError(text.format(column=brief(name)), [_as_input(name)])
    own = weight[split.train] > 0
    empty = ~((held & own).any(1) & (~held & own).any(1))
    if not empty.any():
        return
    raise DataError(
        _(
            'the row weight "{column}" is 0 in all rows that {n:,} of {folds:,} nets of folds '
            "learn from, or in all that they are validated on; take no folds, or another role."
        ).format(column=brief(name), n=int(empty.sum()), folds=len(held)),
        [Cure(_("Take no folds"), data={"folds": None}), _as_input(name)],
    )


def _refused(
    column: Column, weight: Floats, refused: IntArray, places: IntArray | None
) -> DataError:
    """Say in how many rows the weight is not possible, and what it is in the first of them."""
    name, first = column.name, int(refused[0])
    row = 1 + (first if places is None else int(places[first]))
    said = _("missing") if np.isnan(weight[first]) else f"{weight[first]:g}"
    unfit, text = column.profile.first
    if column.profile.unfit and unfit == row:
        said = f'"{brief(text)}"'
    return DataError(
        n_(
            'the row weight "{column}" must be a number of at least 0, and is {value} in row '
            "{row:,}. Correct it, leave this row out, or choose another role.",
            'the row weight "{column}" must be a number of at least 0, and is {value} in row '
            "{row:,}; {n:,} rows are like that. Correct them, leave these rows out, or choose "
            "another role.",
            len(refused),
        ).format(column=brief(name), value=said, row=row, n=len(refused)),
        [_as_input(name), Cure(_("Leave it out"), columns={name: {"role": "ignored"}})],
    )


def _as_input(name: str) -> Cure:
    label = _('Use "{column}" as an input').format(column=brief(name))
    return Cure(label, columns={name: {"role": "input"}})
