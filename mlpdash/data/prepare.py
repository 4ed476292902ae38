"""`Table` and `DataSpec` -> `Prepared`: the arrays that are trained on, and how they came about.

Pure and deterministic: whoever prepares gets the same bits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mlpdash.data.cells.cells import Floats, dates, numbers
from mlpdash.data.columns.columns import Columns, find_columns
from mlpdash.data.notes.leaks import about_leaks
from mlpdash.data.notes.panels import about_panels
from mlpdash.data.notes.remarks import about_columns, about_rows
from mlpdash.data.notes.spellings import about_spellings
from mlpdash.data.notes.split import about_split
from mlpdash.data.preparing.features import Feature, encode
from mlpdash.data.preparing.fitting import fit_features
from mlpdash.data.preparing.folds import with_folds
from mlpdash.data.preparing.groups_and_time import TimeAxis, group_codes, time_axis
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PLANE
from mlpdash.data.preparing.prepared import Prepared, Preprocessor
from mlpdash.data.preparing.read_cells import read_cells
from mlpdash.data.preparing.set_features import on_plane, with_pixels
from mlpdash.data.preparing.splitting import (
    LEAST_TRAINING,
    IntArray,
    Split,
    check_shares,
    split_rows,
)
from mlpdash.data.preparing.targets import find_classes, target_statistics, used_rows
from mlpdash.data.preparing.weights import weights_of_rows
from mlpdash.data.table import Table
from mlpdash.errors import SpecError
from mlpdash.specs import DataSpec
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd


def prepare(table: Table, spec: DataSpec) -> Prepared:
    """Turn a table into arrays.

    Medians, modes, means, deviations and levels come from the training rows alone. Rows without a
    target are left out.

    Raises
    ------
    SpecError : the target, the task or the shares asked for are not possible
    DataError : too few rows, one class, or nothing to learn from
    """
    _check(table, spec)
    found = find_columns(table, spec)
    frame, lost, places = used_rows(table, found, spec)
    classes, codes = find_classes(frame, table.name, found)
    axis, groups = time_axis(frame, found, spec), group_codes(table, frame, spec)
    split = _split(table, frame, found, spec, codes, axis, groups)
    features, raw = _inputs(table, frame, found, split, spec)
    preprocessor = _preprocessor(table, frame, found, split, features, classes, spec)
    prepared = Prepared(
        preprocessor,
        encode(features, raw),
        preprocessor.y(frame),
        split,
        raw,
        dates(frame[found.time]) if found.time else None,
        _image(table, features),
        columns=tuple(map(str, table.frame.columns)),
        places=places,
        weight=weights_of_rows(frame, found, split, places),
    )
    if _is_toy(table):
        return prepared
    told = (
        *table.told,
        *about_leaks(prepared, own=table.dataset is None),
        *about_columns(table, found, spec),
        *(about_spellings(prepared) if table.dataset is None else ()),
        *about_rows(lost, prepared, codes, spec),
        *about_panels(frame, found, split, spec),
        *about_split(split, spec, axis=axis, groups=groups, codes=codes, classes=classes),
    )
    return replace(prepared, told=told)


def _split(
    table: Table,
    frame: pd.DataFrame,
    found: Columns,
    spec: DataSpec,
    codes: IntArray | None,
    axis: TimeAxis | None,
    groups: IntArray | None,
) -> Split:
    """Deal the rows out, and cut those that are not for the test into folds where that is asked.

    Raises
    ------
    SpecError, DataError : as `split_rows` and `with_folds`
    """
    order, plain, kind = axis.order() if axis else None, spec, spec.preparation.split
    if spec.folds is not None:
        test = spec.validation if kind == "given" and not spec.test else spec.test
        plain = spec.model_copy(update={"validation": 0.0, "test": test})
    given = table.dataset.given_test if table.dataset else 0
    split = split_rows(len(frame), plain, codes, order=order, groups=groups, given=given)
    if spec.folds is None:
        return split
    by: Floats | None = None
    if kind != "random":
        by = numbers(frame[found.targets[0]]) if codes is None else codes.astype(np.float64)
    return with_folds(split, spec, by=by, order=order, groups=groups)


def _check(table: Table, spec: DataSpec) -> None:
    """Refuse what no column decides: inputs that cannot be made, and shares of too few rows.

    Raises
    ------
    SpecError : there is no plane for engineered inputs, one is named twice, or of the shares
    DataError : there are too few rows
    """
    if spec.inputs != PLANE:
        if table.dataset is None or not table.dataset.on_plane:
            raise SpecError(
                _(
                    'Inputs (inputs) are for sets on the plane; the inputs of "{name}" are its '
                    "columns."
                ).format(name=table.name),
                "inputs",
            )
        if len(set(spec.inputs)) < len(spec.inputs):
            raise SpecError(_("Inputs (inputs) name the same input twice."), "inputs")
    if len(table.frame) < LEAST_TRAINING:
        check_shares(len(table.frame), spec)  # where every column is constant


def _inputs(
    table: Table, frame: pd.DataFrame, found: Columns, split: Split, spec: DataSpec
) -> tuple[tuple[Feature, ...], Any]:
    """Fit the features on the training rows; return them and all rows' raw values."""
    dataset = table.dataset
    units = dict(dataset.units) if dataset else table.units
    features = fit_features(frame, found.inputs, split.train, spec, units, table.name)
    if _image(table, features):  # none of its pixels is missing
        raw = frame[[feature.name for feature in features]].to_numpy(np.float32)
    else:
        raw = read_cells(frame, features, table.text_format)[0]
    if dataset and dataset.image and not spec.standardize:
        features = with_pixels(features, dataset.whitest)
    if dataset and dataset.on_plane:
        features = on_plane(features, raw[split.train], spec)
    return features, raw


def _image(table: Table, features: tuple[Feature, ...]) -> tuple[int, int] | None:
    """Return the size of the pictures that the rows are, while each pixel is one column of x."""
    if table.dataset is None or table.dataset.image is None:
        return None
    pixels = [name for name in table.frame.columns if name not in table.dataset.target]
    whole = [f.name for f in features if isinstance(f, Number) and not f.edges] == pixels
    return table.dataset.image if whole else None


def _preprocessor(
    table: Table,
    frame: pd.DataFrame,
    found: Columns,
    split: Split,
    features: tuple[Feature, ...],
    classes: tuple[str, ...],
    spec: DataSpec,
) -> Preprocessor:
    """Return all that was fitted, the targets' statistics too."""
    scaled = {"auto": spec.standardize and not _is_toy(table), "standard": True, "none": False}
    mean, scale = target_statistics(frame, found, split, scaled[spec.preparation.target_scaling])
    units = dict(table.dataset.units) if table.dataset else table.units
    is_read = {
        t: found.form(t) == "flag words" or frame[t].dtype != table.frame[t].dtype
        for t in found.targets
    }
    return Preprocessor(
        found.task,
        table.name,
        features,
        found.targets,
        tuple(units.get(t, found.unit(t)) for t in found.targets),
        classes,
        tuple(mean.tolist()),
        tuple(scale.tolist()),
        found.time,
        tuple(found.form(t) if is_read[t] else "" for t in found.targets),
        table.text_format,
        found.task == "classification" and spec.preparation.column(found.targets[0]).merge,
    )


def _is_toy(table: Table) -> bool:
    return table.dataset is not None and table.dataset.kind == "toy"
