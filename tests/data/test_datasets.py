import numpy as np
import pytest

from mlpdash.data import datasets
from mlpdash.data.datasets import CATALOGUE, OPENING, default_pace, load, starting_point
from mlpdash.data.preparing import prepare
from mlpdash.data.tables import keep
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec, Experiment


def csv_of(rows: int) -> bytes:
    numbers = np.random.default_rng(0).normal(size=(rows, 3))
    return b"a,b,c\n" + b"".join(b"%.4f,%.4f,%.4f\n" % tuple(row) for row in numbers)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_set_loads_and_prepares_from_its_starting_point(name: str) -> None:
    start = starting_point(name)
    table = load(start.data)
    prepared = prepare(table, start.data)
    entry = CATALOGUE[name]
    assert start.data.data == entry.name == name
    assert (prepared.task, prepared.targets) == (entry.task, entry.target)
    assert len(table.frame) == entry.rows == len(prepared.x)
    assert set(entry.units) <= set(table.frame.columns)
    assert np.isfinite(prepared.x).all()
    assert entry.title
    assert entry.description.endswith(".")


def test_the_page_opens_with_the_playgrounds_own_choices() -> None:
    start = starting_point(OPENING)
    assert OPENING == "circle"
    assert start == Experiment(data=DataSpec(validation=0.5, standardize=False))
    assert start.model.hidden == (4, 2)
    assert start.model.activation == "tanh"
    assert (start.train.optimizer, start.train.lr, start.train.batch_size) == ("sgd", 0.03, 10)
    assert start.train.epochs is not None


@pytest.mark.parametrize("name", ["iris", "diabetes", "temperature"])
def test_tables_start_standardised_with_adam_and_rows_held_back(name: str) -> None:
    start = starting_point(name)
    assert start.data.standardize
    assert (start.data.validation, start.data.test) == (0.2, 0.2)
    assert (start.train.optimizer, start.model.activation) == ("adam", "relu")
    assert start.train.epochs is not None


@pytest.mark.parametrize(
    ("rows", "hidden", "batch"), [(40, (16,), 8), (1_000, (32, 32), 64), (30_000, (64, 64), 512)]
)
def test_an_uploaded_table_gets_a_net_and_a_batch_that_fit(
    rows: int, hidden: tuple[int, ...], batch: int
) -> None:
    key = keep(csv_of(rows), "own.csv")
    start = starting_point(key)
    assert start.data.data == key
    assert (start.model.hidden, start.train.batch_size) == (hidden, batch)
    assert 0.003 <= start.train.lr <= 0.01
    table = load(start.data)
    assert (table.name, len(table.frame), table.dataset) == ("own.csv", rows, None)


def test_the_pace_of_playground_sets_can_be_followed() -> None:
    paces = {name: default_pace(name) for name in CATALOGUE}
    assert {n for n, pace in paces.items() if pace == "60"} == {
        *("circle", "xor", "gauss", "spiral", "plane", "multi-gauss")
    }
    assert paces["iris"] == default_pace("sha256:" + "0" * 64) == "full"


@pytest.mark.parametrize("name", ["nonsense", "", "sha256:12", "Circle"])
def test_an_unknown_set_is_one_sentence_that_lists_the_known(name: str) -> None:
    for ask in (lambda: load(DataSpec(data=name)), lambda: starting_point(name)):
        with pytest.raises(SpecError, match=r"circle, xor, .* temperature") as caught:
            ask()
        assert caught.value.field == "data"
        assert f'got "{name}"' in str(caught.value)


def test_an_uploaded_table_that_is_gone_is_one_sentence() -> None:
    for ask in (load, lambda spec: starting_point(spec.data)):
        with pytest.raises(DataError, match="upload the file again"):
            ask(DataSpec(data="sha256:" + "0" * 64))


def test_a_sample_file_that_is_gone_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "SAMPLE_DATA", datasets.SAMPLE_DATA / "elsewhere")
    with pytest.raises(DataError, match=r"temperature\.csv\" cannot be read"):
        load(DataSpec(data="temperature"))


def test_iris_is_scikit_learns() -> None:
    from sklearn.datasets import load_iris

    table = load(DataSpec(data="iris"))
    own = load_iris()
    assert np.array_equal(table.frame.iloc[:, :4].to_numpy(), own.data)
    assert table.frame["species"].tolist() == own.target_names[own.target].tolist()


def test_noise_rows_and_seed_reach_the_points() -> None:
    spec = DataSpec(data="spiral", rows=33, noise=10, data_seed=3)
    quiet = load(spec.model_copy(update={"noise": 0})).frame
    noisy = load(spec).frame
    moved = np.abs(noisy[["x1", "x2"]].to_numpy() - quiet[["x1", "x2"]].to_numpy())
    assert len(noisy) == 33
    assert 0 < moved.max() <= 0.1
