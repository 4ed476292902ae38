"""The column that says what each row counts in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlpdash.cures import Cure
from mlpdash.data.cells.cells import Floats, is_number, numbers
from mlpdash.data.columns.columns import Columns
from mlpdash.data.preparing.splitting import IntArray, Split
from mlpdash.errors import DataError, SpecError
from mlpdash.text import _, brief, listed

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
        in the rows to learn from
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
    names = [column.name for column in found.columns if column.role == "weight"]
    if not names:
        return None
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
        raise _refused(name, weight, refused, places)
    if not weight[split.train].any():
        raise DataError(
            _('the row weight "{column}" is 0 in all rows to learn from.').format(
                column=brief(name)
            ),
            [_as_input(name)],
        )
    return weight


def _refused(name: str, weight: Floats, refused: IntArray, places: IntArray | None) -> DataError:
    """Say in how many rows the weight is not possible, and what it is in the first of them."""
    first = int(refused[0])
    row = first if places is None else int(places[first])
    value = weight[first]
    return DataError(
        _(
            'the row weight "{column}" must be a number of at least 0, and is {value} in row '
            "{row:,}; {n:,} rows are like that. Correct them, leave these rows out, or choose "
            "another role."
        ).format(
            column=brief(name),
            value=_("missing") if np.isnan(value) else f"{value:g}",
            row=row + 1,
            n=len(refused),
        ),
        [_as_input(name), Cure(_("Leave it out"), columns={name: {"role": "ignored"}})],
    )


def _as_input(name: str) -> Cure:
    label = _('Use "{column}" as an input').format(column=brief(name))
    return Cure(label, columns={name: {"role": "input"}})
