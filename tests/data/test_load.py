from pathlib import Path

import numpy as np
import pytest

from mlpdash.data.load import default_pace, load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.sets.catalogue import CATALOGUE, OPENING
from mlpdash.data.sets.fetching import SOURCES
from mlpdash.data.uploads import keep
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec, Experiment


def csv_of(rows: int) -> bytes:
    numbers = np.random.default_rng(0).normal(size=(rows, 3))
    return b"a,b,c\n" + b"".join(b"%.4f,%.4f,%.4f\n" % tuple(row) for row in numbers)


HERE = [name for name in CATALOGUE if name not in SOURCES]
TABLES = ["iris", "wine", "breast-cancer", "diabetes", "temperature", "california-housing"]


@pytest.mark.parametrize("name", HERE)
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
    assert prepared.image == entry.image
    assert tuple(f.name for f in prepared.features)[: len(entry.axes)] == entry.axes


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_set_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    entry = CATALOGUE[name]
    assert entry.title
    assert entry.description.endswith(".")
    assert entry.story.endswith(".")
    assert starting_point(name).data.data == name  # also before it is downloaded


def test_the_page_opens_with_the_playgrounds_own_choices() -> None:
    start = starting_point(OPENING)
    assert OPENING == "circle"
    assert start == Experiment(data=DataSpec(validation=0.5, standardize=False))
    assert start.model.hidden == (4, 2)
    assert start.model.activation == "tanh"
    assert (start.train.optimizer, start.train.lr, start.train.batch_size) == ("sgd", 0.03, 10)
    assert start.train.epochs is not None


@pytest.mark.parametrize("name", TABLES)
def test_tables_start_standardised_with_adam_and_rows_held_back(name: str) -> None:
    start = starting_point(name)
    assert start.data.standardize
    assert (start.data.validation, start.data.test) == (0.2, 0.2)
    assert start.train.optimizer == "adam"
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
        *("circle", "xor", "gauss", "spiral", "plane", "multi-gauss"),
        *("moons", "blobs-3", "blobs-5", "checkerboard", "rings", "drawn", "sine", "two-layer"),
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
    monkeypatch.setattr("mlpdash.data.load.SAMPLE_DATA", Path("elsewhere"))
    with pytest.raises(DataError, match=r"temperature\.csv\" cannot be read"):
        load(DataSpec(data="temperature"))


def test_iris_is_scikit_learns() -> None:
    from sklearn.datasets import load_iris

    table = load(DataSpec(data="iris"))
    own = load_iris()
    assert np.array_equal(table.frame.iloc[:, :4].to_numpy(), own.data)
    assert table.frame["species"].tolist() == own.target_names[own.target].tolist()


@pytest.mark.parametrize(
    ("name", "loader"),
    [("wine", "load_wine"), ("breast-cancer", "load_breast_cancer"), ("digits", "load_digits")],
)
def test_sets_of_classes_are_scikit_learns(name: str, loader: str) -> None:
    import sklearn.datasets

    own = getattr(sklearn.datasets, loader)()
    frame = load(DataSpec(data=name)).frame
    assert np.array_equal(frame.iloc[:, :-1].to_numpy(), own.data)
    assert frame.iloc[:, -1].astype(str).tolist() == [str(own.target_names[c]) for c in own.target]


def test_pixels_reach_the_net_from_0_to_1_and_are_shown_as_they_are() -> None:
    spec = starting_point("digits").data
    found = prepare(load(spec), spec)
    assert (found.x.min(), found.x.max()) == (0, 1)
    np.testing.assert_array_equal(found.x, (found.raw / 16).astype(np.float32))
    assert {(f.low, f.high) for f in found.features} == {(0, 16)}
    assert found.classes == tuple("0123456789")
    assert found.notes == ()
    other = spec.model_copy(update={"standardize": True})
    scaled = prepare(load(other), other).x[found.split.train]
    assert scaled.mean(axis=0) == pytest.approx(0, abs=0.01)
    assert scaled.max() > 3


def test_a_picture_with_a_pixel_left_out_is_no_picture() -> None:
    start = starting_point("digits").data
    without = start.preparation.with_column("pixel_3_4", role="ignored")
    spec = start.model_copy(update={"preparation": without})
    assert prepare(load(spec), spec).image is None


def test_the_random_numbers_are_normal_and_follow_the_data_seed() -> None:
    start = starting_point("two-layer").data
    found = prepare(load(start), start)
    assert (found.x.shape, found.y.shape) == ((64, 1000), (64, 10))
    assert found.x.mean() == pytest.approx(0, abs=0.02)
    assert found.x.std() == pytest.approx(1, abs=0.02)
    assert found.y.std() == pytest.approx(1, abs=0.1)
    assert found.raw.astype(np.float32).tolist() == found.x.tolist()  # nothing is scaled
    other = start.model_copy(update={"data_seed": 1, "rows": 20})
    assert load(other).frame.shape == (20, 1010)
    assert load(other).frame.iloc[0, 0] != load(start).frame.iloc[0, 0]


def test_the_target_can_stay_in_its_units() -> None:
    spec = starting_point("temperature").data
    found = prepare(load(spec), spec)
    actual = load(spec).frame["actual"].to_numpy()
    assert found.y[:, 0] == pytest.approx(actual)
    assert (found.target_mean, found.target_scale) == (0, 1)
    for scaling, deviation in (("auto", 1.0), ("standard", 1.0)):
        preparation = spec.preparation.model_copy(update={"target_scaling": scaling})
        scaled = spec.model_copy(update={"preparation": preparation})
        y = prepare(load(scaled), scaled).y
        assert y[found.split.train].std() == pytest.approx(deviation, abs=1e-5)
    preparation = spec.preparation.model_copy(update={"target_scaling": "standard"})
    bare = spec.model_copy(update={"preparation": preparation, "standardize": False})
    assert prepare(load(bare), bare).target_scale[0] > 5


def test_points_drawn_by_hand_are_the_rows() -> None:
    spec = starting_point("drawn").data.model_copy(update={"points": "1,2,0; -1,-2.5,3;1,1,3"})
    found = prepare(load(spec), spec)
    assert found.raw.tolist() == [[1, 2], [-1, -2.5], [1, 1]]
    assert found.classes == ("0", "3")
    assert found.y.tolist() == [0, 1, 1]
    assert [(f.low, f.high) for f in found.features] == [(-6, 6)] * 2


@pytest.mark.parametrize(
    ("points", "words"),
    [(";", "there are no points yet"), ("1,2,0", "at least 2"), ("1,2,0;1,3,0", "one class")],
)
def test_too_few_points_are_one_sentence(points: str, words: str) -> None:
    spec = starting_point("drawn").data.model_copy(update={"points": points})
    with pytest.raises(DataError, match=words):
        prepare(load(spec), spec)


def test_noise_rows_and_seed_reach_the_points() -> None:
    spec = DataSpec(data="spiral", rows=33, noise=10, data_seed=3)
    quiet = load(spec.model_copy(update={"noise": 0})).frame
    noisy = load(spec).frame
    moved = np.abs(noisy[["x1", "x2"]].to_numpy() - quiet[["x1", "x2"]].to_numpy())
    assert len(noisy) == 33
    assert 0 < moved.max() <= 0.1
