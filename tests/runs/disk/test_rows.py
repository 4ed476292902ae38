"""The rows of a run: refused where its nets cannot be given them."""

import json
from pathlib import Path

import pytest

from mlpdash.data.load import starting_point
from mlpdash.data.uploads import keep
from mlpdash.errors import DataError
from mlpdash.runs.analyst.opening import NetsAlone, nets_of, opened
from mlpdash.runs.disk.rows import rows_of
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.headless import run_headless
from mlpdash.runs.worker.session import Session

TABLE = "age,size,kind\n" + "".join(
    f"{('5-9', '10-14', '65+')[n % 3]},{n},{'ab'[n % 2]}\n" for n in range(60)
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    experiment = starting_point(keep(TABLE.encode(), "x.csv")).changed(epochs=2)
    run_headless(experiment, out=tmp_path / "run")
    return Store(tmp_path / "run")


def written_by_another_version(store: Store) -> None:
    """Let the run have been trained when the ranges were in the order of their text."""
    found = json.loads(store.read_preprocessor())
    (age,) = (feature for feature in found["features"] if feature["name"] == "age")
    assert age["levels"] == ["5-9", "10-14", "65+"]
    age["levels"] = sorted(age["levels"])
    store.write_preprocessor(json.dumps(found))


def test_a_run_of_this_version_has_its_rows(store: Store) -> None:
    assert len(rows_of(store, store.experiment.data).x) == 60
    assert len(opened(store).outputs) == 60


def test_rows_that_another_version_read_differently_are_refused_and_the_nets_are_not(
    store: Store,
) -> None:
    written_by_another_version(store)
    with pytest.raises(DataError, match=r'a version that read "age" of "x\.csv" differently'):
        rows_of(store, store.experiment.data)
    found = nets_of(store)
    assert isinstance(found, NetsAlone)
    assert "train again to judge it" in found.why
    with pytest.raises(DataError, match="differently"):
        Session(store.experiment).open(store)


def test_other_numbers_are_no_other_meaning(store: Store) -> None:
    found = json.loads(store.read_preprocessor())
    for feature in found["features"]:
        feature["mean"] += 1e-12
    store.write_preprocessor(json.dumps(found))
    assert len(rows_of(store, store.experiment.data).x) == 60
