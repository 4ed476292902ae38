"""The frames of downloaded sets, from files that the tests make."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.sets.downloads import CLOTHES, HOUSING_MEMBER, california_housing, fashion_mnist
from mlpdash.errors import DataError
from tests.data.sets.idx_files import clothes, put

HOUSES = "cal_housing.tgz"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLPDASH_DATA", str(tmp_path))
    return tmp_path


def test_clothes_are_pixels_and_a_kind_the_test_rows_last(folder: Path) -> None:
    put(folder, clothes(30, 20))
    frame = fashion_mnist()
    assert frame.shape == (50, 785)
    assert list(frame.columns[[0, 1, 28, -1]]) == ["pixel_0_0", "pixel_0_1", "pixel_1_0", "kind"]
    assert frame["kind"].tolist() == [CLOTHES[n % 10] for n in [*range(30), *range(20)]]
    assert frame.iloc[:, :-1].to_numpy().max() > 200


def test_the_set_is_split_as_it_came_and_goes_from_0_to_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from mlpdash.data.sets.catalogue import CATALOGUE

    put(folder, clothes(300, 50))
    monkeypatch.setitem(
        CATALOGUE, "fashion-mnist", replace(CATALOGUE["fashion-mnist"], given_test=50)
    )
    spec = starting_point("fashion-mnist").data
    found = prepare(load(spec), spec)
    assert [len(found.split.train), len(found.split.validation)] == [300, 50]
    assert found.split.validation.tolist() == list(range(300, 350))
    assert found.image == (28, 28)
    assert (found.x.min(), found.x.max()) == (0, 1)
    np.testing.assert_array_equal(found.x, (found.raw / 255).astype(np.float32))
    assert found.notes == ("The dataset's own test rows are the validation set.",)


@pytest.mark.parametrize("labels", [np.arange(9) % 10, np.arange(10) + 5])
def test_labels_that_do_not_fit_are_one_sentence(folder: Path, labels: np.ndarray) -> None:
    import gzip

    from tests.data.sets.idx_files import idx

    files = clothes(10, 10)
    files["train-labels-idx1-ubyte.gz"] = gzip.compress(idx(labels))
    put(folder, files)
    with pytest.raises(DataError, match=r"train-labels.* does not fit its pictures"):
        fashion_mnist()


def test_pictures_of_two_sizes_are_one_sentence(folder: Path) -> None:
    files = clothes(10, 10)
    files["t10k-images-idx3-ubyte.gz"] = clothes(10, 10, side=8)["t10k-images-idx3-ubyte.gz"]
    put(folder, files)
    with pytest.raises(DataError, match=r"t10k-images.* pictures of another size"):
        fashion_mnist()


def houses(lines: str, name: str = HOUSING_MEMBER) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(lines)
        archive.addfile(member, io.BytesIO(lines.encode()))
    return content.getvalue()


def test_houses_are_what_scikit_learn_makes_of_the_same_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sklearn.datasets import _california_housing as theirs

    random = np.random.default_rng(0)
    table = random.uniform(1, 1_000, (40, 9))
    lines = "\n".join(",".join(f"{cell:.6f}" for cell in row) for row in table)
    put(folder, {HOUSES: houses(lines)})
    put(folder / "sk", {HOUSES: houses(lines)})
    monkeypatch.setattr(theirs, "_fetch_remote", lambda *_a, **_k: str(folder / "sk" / HOUSES))
    bunch = theirs.fetch_california_housing(data_home=str(folder / "sk"), as_frame=True)
    ours = california_housing()
    assert list(ours.columns) == list(bunch.frame.columns)
    np.testing.assert_array_equal(ours.to_numpy(), bunch.frame.to_numpy())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        houses("1,2,3"),
        houses("a,b"),
        houses("1,2", "other"),
        houses("1,2,3,4,5,6,7,8,9\n" * 100)[:100],
    ],
    ids=["empty", "no archive", "one line", "words", "another name", "cut short"],
)
def test_another_file_of_houses_is_one_sentence(folder: Path, content: bytes) -> None:
    put(folder, {HOUSES: content})
    with pytest.raises(DataError, match=r'"cal_housing.tgz" does not hold the table of houses\.'):
        california_housing()
