"""Rows that are pictures, as the board shows them: from prepared rows to the numbers it needs."""

from __future__ import annotations

import numpy as np

from mlpdash.charts.board.pictures import BoardPictures, board_pictures
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.results.explaining.images import (
    MOST_UNITS,
    image_of,
    pictured_rows,
    pixels,
    stand_in_lines,
)
from mlpdash.specs import Experiment
from mlpdash.ui.choices import several_nets


def pictures_of(prepared: Prepared, experiment: Experiment) -> BoardPictures | None:
    """Return the pictures of rows and of the first layer's weights; None for other rows.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    if image_of(prepared) is None:
        return None
    rows = pictured_rows(prepared)
    hidden = several_nets.widest_of(experiment)
    values = prepared.y[rows].astype(np.float64)
    groups: list[int] = []
    if not prepared.classes:
        values = values[:, 0] * prepared.target_scale[0] + prepared.target_mean[0]
    elif stand_in_lines(prepared):
        groups = np.bincount(prepared.y[rows], minlength=len(prepared.classes)).tolist()
    return board_pictures(
        pixels(prepared, rows),
        rows,
        values,
        prepared.classes,
        groups,
        hidden[0] if hidden else prepared.classes or prepared.targets,
        MOST_UNITS,
        held_out=len(prepared.split.validation) > 0,
    )
