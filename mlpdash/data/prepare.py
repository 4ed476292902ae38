"""`Table` and `DataSpec` -> `Prepared`: the arrays that are trained on, and how they came about.

Pure and deterministic: the server and the worker both prepare, and get the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlpdash.data.cells.cells import dates, is_date, numbers
from mlpdash.data.cells.date_text import looks_like_date
from mlpdash.data.columns.columns import Columns, find_columns
from mlpdash.data.notes.leaks import suspicions
from mlpdash.data.notes.remarks import about_columns, about_rows
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import Feature, encode
from mlpdash.data.preparing.fitting import fit_features
from mlpdash.data.preparing.plane import PLANE
from mlpdash.data.preparing.prepared import Prepared, Preprocessor
from mlpdash.data.preparing.read_cells import read_cells
from mlpdash.data.preparing.set_features import on_plane, with_pixels
from mlpdash.data.preparing.split_by import Moments, about_parts
from mlpdash.data.preparing.splitting import (
    LEAST_TRAINING,
    IntArray,
    check_shares,
    split_rows,
)
from mlpdash.data.preparing.targets import find_classes, target_statistics, with_target
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.text import _, brief

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
    dataset = table.dataset
    _check_inputs(table, spec)
    if len(table.frame) < LEAST_TRAINING:
        check_shares(len(table.frame), spec)  # where every column is constant
    found = find_columns(table, spec)
    frame, lost = with_target(table, found, spec)
    toy = dataset is not None and dataset.kind == "toy"
    units = dict(dataset.units) if dataset else {}
    classes, codes = find_classes(frame, table.name, found)
    moments, groups = _moments(frame, found, spec), _groups(table, frame, spec)
    split = split_rows(
        len(frame),
        spec,
        codes,
        order=moments.order() if moments else None,
        groups=groups,
        given=dataset.given_test if dataset else 0,
    )
    features = fit_features(frame, found.inputs, split.train, spec, units, table.name)
    image = _image(table, features)
    raw = _pixels(frame, features) if image else read_cells(frame, features, table.text_format)[0]
    if dataset and dataset.image and not spec.standardize:
        features = with_pixels(features, dataset.whitest)
    if dataset and dataset.on_plane:
        features = on_plane(features, raw[split.train], spec)
    scaled = {"auto": spec.standardize and not toy, "standard": True, "none": False}
    mean, scale = target_statistics(frame, found, split, scaled[spec.preparation.target_scaling])
    forms = tuple(
        "" if frame[t].dtype == table.frame[t].dtype else found.form(t) for t in found.targets
    )
    target_units = tuple(units.get(t, found.unit(t)) for t in found.targets)
    preprocessor = Preprocessor(
        found.task,
        table.name,
        features,
        found.targets,
        target_units,
        classes,
        tuple(mean.tolist()),
        tuple(scale.tolist()),
        found.time,
        forms,
        table.text_format,
    )
    x, y = encode(features, raw), preprocessor.y(frame)
    return Prepared(
        task=found.task,
        name=table.name,
        x=x,
        y=y,
        split=split,
        features=features,
        targets=found.targets,
        classes=classes,
        target_mean=mean,
        target_scale=scale,
        time=dates(frame[found.time]) if found.time else None,
        time_name=found.time,
        raw=raw,
        notes=()
        if toy
        else (
            *table.notes,
            *suspicions(x, y, raw, features, split, table, found.targets),
            *about_columns(table, found, spec),
            *about_rows(table, lost, features, raw, codes, spec),
            *about_parts(split, spec, moments=moments, groups=groups, codes=codes, classes=classes),
        ),
        target_units=target_units,
        target_forms=forms,
        text_format=table.text_format,
        image=image,
    )


def _image(table: Table, features: tuple[Feature, ...]) -> tuple[int, int] | None:
    """Return the size of the pictures that the rows are, while all of their pixels are numbers."""
    if table.dataset is None or table.dataset.image is None:
        return None
    pixels = [name for name in table.frame.columns if name not in table.dataset.target]
    whole = [f.name for f in features if not isinstance(f, Category)] == pixels
    return table.dataset.image if whole else None


def _pixels(frame: pd.DataFrame, features: tuple[Feature, ...]) -> Any:
    """Return the pixels of pictures, (rows, pixels) float32; none is missing."""
    return frame[[feature.name for feature in features]].to_numpy(np.float32)


def _check_inputs(table: Table, spec: DataSpec) -> None:
    """Refuse engineered inputs where there is no plane, and an input that is named twice.

    Raises
    ------
    SpecError : for either
    """
    if spec.inputs == PLANE:
        return
    if table.dataset is None or not table.dataset.on_plane:
        raise SpecError(
            _(
                'Inputs (inputs) are for sets on the plane; the inputs of "{name}" are its columns.'
            ).format(name=table.name),
            "inputs",
        )
    if len(set(spec.inputs)) < len(spec.inputs):
        raise SpecError(_("Inputs (inputs) name the same input twice."), "inputs")


def _moments(frame: pd.DataFrame, found: Columns, spec: DataSpec) -> Moments | None:
    """Return the time axis, where the split needs one and there is one.

    Raises
    ------
    DataError : it holds neither dates nor numbers, or all dates are the same
    """
    if spec.preparation.split != "time":
        return None
    axis = next((c.name for c in found.columns if c.role == "time"), "") or found.time
    if not axis:
        _refuse_one_date(frame, found)
        return None
    if axis == found.time:
        when = dates(frame[axis])
        return Moments(axis, when.astype(np.int64), np.isnat(when))
    try:
        values = numbers(frame[axis])
    except (ValueError, TypeError):
        raise DataError(
            _(
                'the time axis "{name}" holds neither dates nor numbers; choose another column.'
            ).format(name=brief(axis))
        ) from None
    return Moments(axis, values, np.isnan(values))


def _refuse_one_date(frame: pd.DataFrame, found: Columns) -> None:
    """Refuse a split by time where the only dates are all the same."""
    for name in (column.name for column in found.columns if column.kind == "constant"):
        cells = frame[name].dropna()
        if len(cells) and (is_date(cells) or looks_like_date(str(cells.iloc[0]))):
            raise DataError(
                _(
                    'all rows have the same date in "{name}"; a split by time needs different '
                    "ones. Choose another split, or another column as the time axis."
                ).format(name=brief(name))
            )


def _groups(table: Table, frame: pd.DataFrame, spec: DataSpec) -> IntArray | None:
    """Return the code of each row's group, where the split needs that; gaps are one group."""
    if spec.preparation.split != "group":
        return None
    name = spec.preparation.group
    if not name:
        return None  # refused by the split
    if name not in table.frame.columns:
        raise SpecError(
            _('there is no column "{column}" in "{name}" to group by.').format(
                column=brief(name), name=table.name
            ),
            "preparation",
        )
    codes, _levels = frame[name].factorize()
    return np.asarray(codes + 1, np.int64)
