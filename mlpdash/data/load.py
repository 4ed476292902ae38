"""Tables by name or key, and where to start with each."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.dataset import Dataset
from mlpdash.data.reading.as_given import Given, read_given
from mlpdash.data.reading.file_kinds import PARQUET
from mlpdash.data.reading.read import read_table
from mlpdash.data.sets.catalogue import CATALOGUE, FOLDS, PATIENCE, TABLE
from mlpdash.data.sets.curves import CURVES
from mlpdash.data.sets.drawn import points_of
from mlpdash.data.sets.toys import TOYS
from mlpdash.data.table import Table
from mlpdash.data.uploads import is_key, kept, name_of, path_of
from mlpdash.errors import DataError, SpecError
from mlpdash.shipped import SHIPPED
from mlpdash.specs import DataSpec, Experiment
from mlpdash.specs.preparation import Preparation
from mlpdash.specs.presets import PRESETS
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

SAMPLE_DATA: Final = SHIPPED / "sample_data"
PIECE: Final = 1 << 20  # bytes that are looked at together
RANDOM_INPUTS: Final = 1_000  # of the set of random numbers
ROWS_OF_FOLDS: Final = (20, 100_000)
BINS: Final = 8  # of a number
ROWS_OF_BINS: Final = 2_500  # of which a fifth are for the test


def load(spec: DataSpec) -> Table:
    """Return the table that `spec.data` names: a set of the catalogue, or an uploaded table.

    Raises
    ------
    SpecError : there is no such set
    DataError : the uploaded table is gone or cannot be read, or a set is not downloaded yet
    """
    if is_key(spec.data):
        preparation = spec.preparation
        return read_table(*kept(spec.data), preparation.reading, preparation.kept_words)
    dataset = _known(spec.data)
    return Table(_frame(dataset, spec), _(dataset.title), (), dataset)


def given_rows(spec: DataSpec, places: NDArray[np.int64] | None) -> Given | None:
    """Return rows of an uploaded table as they came; None for a set of the catalogue.

    Parameters
    ----------
    places : of the rows in the table, None for all of them

    Raises
    ------
    DataError : as `load`
    """
    if not is_key(spec.data):
        return None
    given = read_given(*kept(spec.data), spec.preparation.reading)
    return given if places is None else given.take(places)


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
        return Experiment().changed(data=data, **TABLE, **_fitting(rows))
    dataset = _known(data)
    size = {"rows": dataset.rows} if "rows" in dataset.knobs else {}
    return Experiment().changed(**{"data": data, **size, **dataset.start})


def default_pace(data: str) -> str:
    """Return "60" epochs per second for sets from a formula, else "full"; or the preset's pace."""
    if data in PRESETS:
        return PRESETS[data].pace
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
    name, feeds, returns = name_of(key), 0, 0
    try:
        with path_of(key).open("rb") as file:
            if file.read(len(PARQUET)) == PARQUET:
                return len(read_table(*kept(key)).frame)
            while piece := file.read(PIECE):
                feeds += piece.count(b"\n")
                returns += piece.count(b"\r")
    except OSError as error:
        raise DataError(
            _('"{name}" cannot be read: {reason}.').format(name=name, reason=error.strerror)
        ) from None
    return max(1, (feeds or returns) - 1)


def _fitting(rows: int) -> dict[str, Any]:
    """Propose nets, a batch and a learning rate for a table of `rows` rows.

    Few rows make no folds of their own, and of many a share held out tells enough. Bins of numbers
    help from about 2,000 rows to learn from.
    """
    batch = 2 ** round(math.log2(min(max(rows / 20, 8), 512)))
    hidden = (16,) if rows < 500 else (32, 32) if rows < 20_000 else (64, 64)
    folds = FOLDS if ROWS_OF_FOLDS[0] <= rows <= ROWS_OF_FOLDS[1] else None
    preparation = Preparation(bins=BINS if rows >= ROWS_OF_BINS else 0)
    return {
        "hidden": hidden,
        "batch_size": batch,
        "lr": 0.01 if rows < 300 else 0.003,
        "patience": PATIENCE,
        "folds": folds,
        "preparation": preparation,
    }


def _frame(dataset: Dataset, spec: DataSpec) -> pd.DataFrame:
    """Return the rows of a set of the catalogue."""
    import pandas as pd

    random = np.random.Generator(np.random.PCG64(spec.data_seed))
    if dataset.name in TOYS:
        x, y = TOYS[dataset.name](spec.rows, spec.noise / 100, random)
        return pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "label": y})
    if dataset.name in CURVES:
        across, up = CURVES[dataset.name](spec.rows, spec.noise / 100, random)
        return pd.DataFrame({"x": across, "y": up})
    if dataset.name == "drawn":
        return _drawn(spec)
    if dataset.name == "two-layer":
        return _random_numbers(spec.rows, len(dataset.target), random)
    return _FRAMES[dataset.name]()


def _drawn(spec: DataSpec) -> pd.DataFrame:
    import pandas as pd

    x, labels = points_of(spec.points)
    if not len(x):
        raise DataError(_("there are no points yet; click on the boundary figure to add some."))
    return pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "label": labels})


def _random_numbers(rows: int, targets: int, random: np.random.Generator) -> pd.DataFrame:
    """Return standard normal numbers, inputs x1 to x1000 and targets y1 and on."""
    import pandas as pd

    names = [f"x{n}" for n in range(1, RANDOM_INPUTS + 1)]
    names += [f"y{n}" for n in range(1, targets + 1)]
    return pd.DataFrame(random.normal(size=(rows, len(names))), columns=names)


def _bunch(load_bunch: Callable[..., Any], target: str) -> pd.DataFrame:
    """Return one of scikit-learn's sets of classes, the target last and in words."""
    bunch = load_bunch(as_frame=True)
    frame: pd.DataFrame = bunch.data.rename(columns=lambda name: name.removesuffix(" (cm)"))
    return frame.assign(**{target: [str(bunch.target_names[code]) for code in bunch.target]})


def _iris() -> pd.DataFrame:
    from sklearn.datasets import load_iris

    return _bunch(load_iris, "species")


def _wine() -> pd.DataFrame:
    from sklearn.datasets import load_wine

    return _bunch(load_wine, "cultivar")


def _breast_cancer() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer

    return _bunch(load_breast_cancer, "diagnosis")


def _digits() -> pd.DataFrame:
    from sklearn.datasets import load_digits

    bunch = load_digits(as_frame=True)
    frame: pd.DataFrame = bunch.data
    return frame.assign(digit=bunch.target)


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


def _california_housing() -> pd.DataFrame:
    from mlpdash.data.sets.downloads import california_housing

    return california_housing()


def _fashion_mnist() -> pd.DataFrame:
    from mlpdash.data.sets.downloads import fashion_mnist

    return fashion_mnist()


_FRAMES: Final[dict[str, Callable[[], pd.DataFrame]]] = {
    "iris": _iris,
    "wine": _wine,
    "breast-cancer": _breast_cancer,
    "diabetes": _diabetes,
    "temperature": _temperature,
    "digits": _digits,
    "california-housing": _california_housing,
    "fashion-mnist": _fashion_mnist,
}
