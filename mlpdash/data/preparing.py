"""`Table` and `DataSpec` -> `Prepared`: the arrays that are trained on, and how they came about.

Pure and deterministic: the server and the worker both prepare, and get the same bits.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.calendar_dates import looks_like_date
from mlpdash.data.cells import HUGE, Floats, dates, is_date, numbers, texts, typed
from mlpdash.data.columns import Columns, find_columns
from mlpdash.data.features import Feature, encode, read_cells
from mlpdash.data.fitting import fit_features, with_pixels, with_terms
from mlpdash.data.matching import Unread
from mlpdash.data.parting import Moments, about_parts
from mlpdash.data.remarks import about_columns, about_rows
from mlpdash.data.splitting import LEAST_TRAINING, IntArray, Split, check_shares, split_rows
from mlpdash.data.suspicions import suspicions
from mlpdash.data.tables import Table, TextFormat
from mlpdash.data.targets import class_codes, find_classes, target_statistics, with_target
from mlpdash.data.terms import PLANE, Term
from mlpdash.data.toys import EXTENT
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.base import Task
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Feature",
    "Prepared",
    "Preprocessor",
    "Split",
    "encode",
    "prepare",
    "prepared_to_json",
    "preprocessor_from_json",
]

VERSION: Final = 2  # of the JSON


@dataclass(frozen=True)
class Preprocessor:
    """What was fitted: enough to turn another table of the same columns into arrays."""

    task: Task
    name: str
    features: tuple[Feature, ...]
    targets: tuple[str, ...]
    target_units: tuple[str, ...]
    classes: tuple[str, ...]
    target_mean: tuple[float, ...]
    target_scale: tuple[float, ...]
    time_name: str
    target_forms: tuple[str, ...] = ()
    text_format: TextFormat = field(default_factory=TextFormat)

    def cells(self, frame: pd.DataFrame) -> tuple[Floats, dict[str, Unread]]:
        """Return `raw`, and by column the cells that are no number or no date."""
        return read_cells(frame, self.features, self.text_format)

    def raw(self, frame: pd.DataFrame) -> Floats:
        """Return the inputs in raw units, as `Prepared.raw`.

        Raises
        ------
        DataError : a column is missing or of another kind
        """
        return self.cells(frame)[0]

    def x(self, frame: pd.DataFrame) -> NDArray[np.float32]:
        """Return the inputs as they were trained on, (rows, width).

        Raises
        ------
        DataError : a column is missing or of another kind
        """
        return encode(self.features, self.raw(frame))

    def y(self, frame: pd.DataFrame) -> NDArray[np.int64] | NDArray[np.float32]:
        """Return the targets as they were trained on; a class not known is -1."""
        forms = self.target_forms or ("",) * len(self.targets)
        cells = [typed(frame[t], form) for t, form in zip(self.targets, forms, strict=True)]
        if self.task == "classification":
            return class_codes(texts(cells[0]), self.classes)
        values = np.column_stack([numbers(column) for column in cells])
        scaled = (values - np.array(self.target_mean)) / np.array(self.target_scale)
        return np.asarray(np.clip(scaled, -HUGE, HUGE), np.float32)


@dataclass(frozen=True)
class Prepared:
    """A table ready for training: `rows` rows that have a target."""

    task: Task
    name: str
    x: NDArray[np.float32]  # (rows, width)
    y: NDArray[np.int64] | NDArray[np.float32]  # (rows,) class codes; or (rows, outputs) scaled
    split: Split
    features: tuple[Feature, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...]  # empty for regression
    target_mean: Floats  # (outputs,): value = y * scale + mean
    target_scale: Floats
    time: NDArray[np.datetime64] | None  # (rows,) datetime64[ns], when a column holds dates
    time_name: str
    raw: Floats  # (rows, len(features)): raw units, or index of the level; NaN where missing;
    # of pictures float32, which holds their pixels in half the memory
    notes: tuple[str, ...]
    target_units: tuple[str, ...]
    target_forms: tuple[str, ...] = ()
    text_format: TextFormat = field(default_factory=TextFormat)
    image: tuple[int, int] | None = None  # rows and columns of pixels, where x is a picture

    @property
    def outputs(self) -> int:
        """The number of classes, or of targets."""
        return len(self.classes) or len(self.targets)

    @property
    def width(self) -> int:
        """The number of columns of x."""
        return int(self.x.shape[1])

    @property
    def preprocessor(self) -> Preprocessor:
        """What was fitted."""
        return Preprocessor(
            self.task,
            self.name,
            self.features,
            self.targets,
            self.target_units,
            self.classes,
            tuple(self.target_mean.tolist()),
            tuple(self.target_scale.tolist()),
            self.time_name,
            self.target_forms,
            self.text_format,
        )


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
        features = tuple(_on_the_plane(feature) for feature in features)
        features = with_terms(features, raw[split.train], spec)
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
    whole = [f.name for f in features if f.kind == "number"] == pixels
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


def prepared_to_json(prepared: Prepared) -> str:
    """Return what was fitted as JSON; floats are written so that they read back the same."""
    return json.dumps({"version": VERSION, **asdict(prepared.preprocessor)}, allow_nan=False)


def preprocessor_from_json(text: str) -> Preprocessor:
    """Read what `prepared_to_json` wrote.

    Raises
    ------
    DataError : the text is something else
    """
    try:
        found: dict[str, Any] = json.loads(text)
        if found.pop("version") != VERSION:
            raise ValueError
        features = tuple(_feature(one) for one in found.pop("features"))
        text_format = TextFormat(**found.pop("text_format", {}))  # bundles before it have none
        lists: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in found.items()
        }
        return Preprocessor(features=features, text_format=text_format, **lists)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DataError(
            _("the description of the prepared table is damaged, or of another version.")
        ) from None


def _feature(found: dict[str, Any]) -> Feature:
    terms = found.get("terms")
    if terms is not None:
        terms = tuple(Term(**term) for term in terms)
    return Feature(**{**found, "levels": tuple(found["levels"]), "terms": terms})


def _on_the_plane(feature: Feature) -> Feature:
    return replace(feature, low=-EXTENT, high=EXTENT)
