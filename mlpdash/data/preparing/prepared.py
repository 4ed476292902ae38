"""What preparing gives: arrays, and the fitted preprocessor that makes them again; both as JSON."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, with_config

from mlpdash.cures import Note
from mlpdash.data.cells.cells import HUGE, Floats, numbers, texts, typed
from mlpdash.data.preparing.feature_json import feature_from_json, feature_to_json
from mlpdash.data.preparing.features import Feature, are_sound, encode
from mlpdash.data.preparing.matching import UnreadCells
from mlpdash.data.preparing.read_cells import read_cells
from mlpdash.data.preparing.splitting import Split
from mlpdash.data.preparing.targets import class_codes
from mlpdash.data.table import TextFormat
from mlpdash.errors import DataError
from mlpdash.specs.base import Task
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

VERSION: Final = 2  # of the JSON


@with_config(ConfigDict(extra="forbid"))  # of JSON
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
    merged: bool = False  # classes that differ only in case, spaces and accents are one

    def cells(self, frame: pd.DataFrame) -> tuple[Floats, dict[str, UnreadCells]]:
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

    @property
    def meaning(self) -> tuple[tuple[str, ...], ...]:
        """What each input and each output of a net stands for: its column first."""
        inputs = (
            (f.column, f.kind, getattr(f, "part", ""), str(f.stop - f.start), *f.levels)
            for f in self.features
        )
        return *inputs, *((target, self.task, *self.classes) for target in self.targets)

    def is_sound(self) -> bool:
        """Tell whether what comes from elsewhere can be applied."""
        finite = all(map(math.isfinite, (*self.target_mean, *self.target_scale)))
        return finite and are_sound(self.features)

    def y(self, frame: pd.DataFrame) -> NDArray[np.int64] | NDArray[np.float32]:
        """Return the targets as they were trained on; a class not known is -1."""
        forms = self.target_forms or ("",) * len(self.targets)
        cells = [typed(frame[t], form) for t, form in zip(self.targets, forms, strict=True)]
        if self.task == "classification":
            return class_codes(texts(cells[0]), self.classes, merged=self.merged)
        values = np.column_stack([numbers(column) for column in cells])
        scaled = (values - np.array(self.target_mean)) / np.array(self.target_scale)
        return np.asarray(np.clip(scaled, -HUGE, HUGE), np.float32)


@dataclass(frozen=True)
class Prepared:
    """A table ready for training: `rows` rows that have a target.

    Attributes
    ----------
    preprocessor : what was fitted
    x : (rows, width)
    y : (rows,) class codes; or (rows, outputs) scaled
    raw : (rows, len(features)): raw units, or index of the level; NaN where missing; of pictures
        float32, which holds their pixels in half the memory
    time : (rows,) datetime64[ns], when a column holds dates
    image : rows and columns of pixels, where x is a picture
    told : sentences about what was found and done, and the decisions that they propose
    columns : the names of all columns of the table, in its order
    places : (rows,) which rows of the table these are; None for all of them
    weight : (rows,) what each row counts in the loss; None where all count the same
    """

    preprocessor: Preprocessor
    x: NDArray[np.float32]
    y: NDArray[np.int64] | NDArray[np.float32]
    split: Split
    raw: Floats
    time: NDArray[np.datetime64] | None = None
    image: tuple[int, int] | None = None
    told: tuple[str | Note, ...] = ()
    columns: tuple[str, ...] = ()
    places: NDArray[np.int64] | None = None
    weight: Floats | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of `told`."""
        return tuple(map(str, self.told))

    @property
    def task(self) -> Task:
        """Whether classes or numbers are predicted."""
        return self.preprocessor.task

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.preprocessor.name

    @property
    def features(self) -> tuple[Feature, ...]:
        """The inputs."""
        return self.preprocessor.features

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the columns that are predicted."""
        return self.preprocessor.targets

    @property
    def target_units(self) -> tuple[str, ...]:
        """The unit of each target, or nothing."""
        return self.preprocessor.target_units

    @property
    def target_mean(self) -> Floats:
        """The mean of each target, (outputs,): value = y * scale + mean."""
        return np.array(self.preprocessor.target_mean)

    @property
    def target_scale(self) -> Floats:
        """The scale of each target, (outputs,)."""
        return np.array(self.preprocessor.target_scale)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; empty for regression."""
        return self.preprocessor.classes

    @property
    def time_name(self) -> str:
        """The name of the column that holds dates, or nothing."""
        return self.preprocessor.time_name

    @property
    def outputs(self) -> int:
        """The number of classes, or of targets."""
        return len(self.classes) or len(self.targets)

    @property
    def width(self) -> int:
        """The number of columns of x."""
        return int(self.x.shape[1])


def preprocessor_to_json(preprocessor: Preprocessor) -> dict[str, Any]:
    """Return what JSON holds of what was fitted, but for the version."""
    features = [feature_to_json(feature) for feature in preprocessor.features]
    text_format = asdict(preprocessor.text_format)
    return {**vars(preprocessor), "features": features, "text_format": text_format}


def prepared_to_json(prepared: Prepared) -> str:
    """Return what was fitted as JSON; floats are written so that they read back the same."""
    found = preprocessor_to_json(prepared.preprocessor)
    return json.dumps({"version": VERSION, **found}, allow_nan=False)


def preprocessor_from_json(text: str) -> Preprocessor:
    """Read what `prepared_to_json` wrote; every type and number in it is checked.

    Raises
    ------
    DataError : the text is something else
    """
    try:
        found: dict[str, Any] = json.loads(text)
        if found.pop("version") != VERSION:
            raise ValueError
        features = tuple(feature_from_json(one) for one in found.pop("features"))
        preprocessor = _adapter().validate_python({**found, "features": features})
        if not preprocessor.is_sound():
            raise ValueError
        return preprocessor
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DataError(
            _("the description of the prepared table is damaged, or of another version.")
        ) from None


@functools.cache
def _adapter() -> TypeAdapter[Preprocessor]:
    return TypeAdapter(Preprocessor)
