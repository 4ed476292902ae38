"""The catalogue of built-in sets, tables by name or key, and where to start with each."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from mlpdash.data.columns import Task
from mlpdash.data.magic import PARQUET
from mlpdash.data.reading import read_table
from mlpdash.data.tables import Table, is_key, kept
from mlpdash.data.toys import TOYS
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec, Experiment
from mlpdash.text import N_, _

if TYPE_CHECKING:
    import pandas as pd

OPENING: Final = "circle"
SAMPLE_DATA: Final = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Dataset:
    """A built-in set. Title and description are marked for translation, not translated."""

    name: str
    title: str
    description: str
    kind: Literal["toy", "table"]
    task: Task
    rows: int  # of toys the number that is proposed
    target: tuple[str, ...] = ("label",)
    units: Mapping[str, str] = field(default_factory=dict)  # of columns
    start: Mapping[str, Any] = field(default_factory=dict)  # proposed choices by flat name


_PLAYGROUND: Final = {
    "validation": 0.5,
    "standardize": False,
    "hidden": (4, 2),
    "activation": "tanh",
    "optimizer": "sgd",
    "lr": 0.03,
    "batch_size": 10,
    "epochs": 500,
}
_LARGER: Final = {**_PLAYGROUND, "hidden": (16, 16), "optimizer": "adam", "lr": 0.01}
_TABLE: Final = {
    "validation": 0.2,
    "test": 0.2,
    "standardize": True,
    "activation": "relu",
    "optimizer": "adam",
    "epochs": 200,
}
_CENTIMETRES: Final = {
    f"{part} {side}": "cm" for part in ("sepal", "petal") for side in ("length", "width")
}

CATALOGUE: Final[dict[str, Dataset]] = {
    one.name: one
    for one in (
        Dataset(
            "circle",
            N_("Circle"),
            N_("A disc inside a ring."),
            "toy",
            "classification",
            500,
            start=_PLAYGROUND,
        ),
        Dataset(
            "xor",
            N_("XOR"),
            N_("Opposite quarters share a class; no straight line parts them."),
            "toy",
            "classification",
            500,
            start={**_PLAYGROUND, "hidden": (4, 4)},
        ),
        Dataset(
            "gauss",
            N_("Two clouds"),
            N_("Two normal clouds, which one straight line parts."),
            "toy",
            "classification",
            500,
            start=_PLAYGROUND,
        ),
        Dataset(
            "spiral",
            N_("Spiral"),
            N_("Two arms wound around each other, the hardest of the six."),
            "toy",
            "classification",
            500,
            start={**_LARGER, "activation": "relu"},
        ),
        Dataset(
            "plane",
            N_("Plane"),
            N_("A number that rises evenly from one corner to the other."),
            "toy",
            "regression",
            500,
            start=_PLAYGROUND,
        ),
        Dataset(
            "multi-gauss",
            N_("Six bumps"),
            N_("A number with three hills and three hollows."),
            "toy",
            "regression",
            500,
            start=_LARGER,
        ),
        Dataset(
            "iris",
            N_("Iris"),
            N_("Three species of iris, told by their petals and sepals."),
            "table",
            "classification",
            150,
            target=("species",),
            units=_CENTIMETRES,
            start={**_TABLE, "hidden": (16,), "lr": 0.003, "batch_size": 16},
        ),
        Dataset(
            "diabetes",
            N_("Diabetes"),
            N_("Progress of the disease after a year, from ten measurements of 442 patients."),
            "table",
            "regression",
            442,
            target=("progression",),
            start={**_TABLE, "hidden": (8,), "lr": 0.003, "batch_size": 32, "epochs": 100},
        ),
        Dataset(
            "temperature",
            N_("Temperature"),
            N_("Tomorrow's temperature from the last two days; 365 days, made by a formula."),
            "table",
            "regression",
            365,
            target=("actual",),
            units=dict.fromkeys(("temp_1", "temp_2", "average", "actual"), "°F"),
            start={**_TABLE, "hidden": (16,), "lr": 0.003, "batch_size": 32},
        ),
    )
}


def load(spec: DataSpec) -> Table:
    """Return the table that `spec.data` names: a set of the catalogue, or an uploaded table.

    Raises
    ------
    SpecError : there is no such set
    DataError : the uploaded table is gone or cannot be read
    """
    if is_key(spec.data):
        return read_table(*kept(spec.data), spec.preparation.reading)
    dataset = _known(spec.data)
    if dataset.kind == "toy":
        return Table(_draw(spec), _(dataset.title), (), dataset)
    return Table(_FRAMES[dataset.name](), _(dataset.title), (), dataset)


def starting_point(data: str) -> Experiment:
    """Return the experiment that a person gets on picking `data`.

    For an uploaded table the net and the batch fit its rows, which are counted roughly.

    Raises
    ------
    SpecError : there is no such set
    DataError : the uploaded table is gone or cannot be read
    """
    if is_key(data):
        rows = _rows(data)
        return Experiment().changed(data=data, **_TABLE, **_fitting(rows))
    dataset = _known(data)
    size = {"rows": dataset.rows} if dataset.kind == "toy" else {}
    return Experiment().changed(data=data, **size, **dataset.start)


def default_pace(data: str) -> str:
    """Return "60" epochs per second for the playground's sets, else "full"."""
    return "60" if data in CATALOGUE and CATALOGUE[data].kind == "toy" else "full"


def _known(data: str) -> Dataset:
    if data not in CATALOGUE:
        raise SpecError(
            _('Dataset (data) must be one of {names}, or an uploaded table; got "{data}".').format(
                names=", ".join(CATALOGUE), data=data[:60]
            ),
            "data",
        )
    return CATALOGUE[data]


@functools.lru_cache(maxsize=256)
def _rows(key: str) -> int:
    """Return about how many rows an uploaded table has; its key stands for its bytes."""
    content, name = kept(key)
    if content.startswith(PARQUET):
        return len(read_table(content, name).frame)
    return max(1, (content.count(b"\n") or content.count(b"\r")) - 1)


def _fitting(rows: int) -> dict[str, Any]:
    """Propose a net, a batch and a learning rate for a table of `rows` rows."""
    batch = 2 ** round(math.log2(min(max(rows / 20, 8), 512)))
    hidden = (16,) if rows < 500 else (32, 32) if rows < 20_000 else (64, 64)
    return {"hidden": hidden, "batch_size": batch, "lr": 0.01 if rows < 300 else 0.003}


def _draw(spec: DataSpec) -> pd.DataFrame:
    import pandas as pd

    random = np.random.Generator(np.random.PCG64(spec.data_seed))
    x, y = TOYS[spec.data](spec.rows, spec.noise / 100, random)
    return pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "label": y})


def _iris() -> pd.DataFrame:
    from sklearn.datasets import load_iris

    bunch = load_iris(as_frame=True)
    frame: pd.DataFrame = bunch.data.rename(columns=lambda name: name.removesuffix(" (cm)"))
    return frame.assign(species=[str(bunch.target_names[code]) for code in bunch.target])


def _diabetes() -> pd.DataFrame:
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(as_frame=True, scaled=False)
    frame: pd.DataFrame = bunch.data
    return frame.assign(progression=bunch.target)


def _temperature() -> pd.DataFrame:
    path = SAMPLE_DATA / "temperature.csv"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            _('"{path}" cannot be read: {reason}.').format(path=path, reason=error.strerror)
        ) from None
    return read_table(content, path.name).frame


_FRAMES: Final[dict[str, Callable[[], pd.DataFrame]]] = {
    "iris": _iris,
    "diabetes": _diabetes,
    "temperature": _temperature,
}
