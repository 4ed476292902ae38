"""Downloads: whole or not at all, from a server on localhost."""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlpdash.data.sets import fetching
from mlpdash.data.sets.fetching import SOURCES, fetch, is_here, read, size_of
from mlpdash.errors import DataError
from tests.data.sets.idx_files import Mirror, clothes, put, serving_files

SET = "fashion-mnist"
PICTURES = "train-images-idx3-ubyte.gz"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return clothes()


@pytest.fixture
def mirror(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A mirror that has made files, whose checksums are taken for the real ones."""
    known = tuple(
        replace(
            file,
            size=len(files[file.name]),
            checksum="md5:" + hashlib.md5(files[file.name]).hexdigest(),
        )
        for file in SOURCES[SET].files
    )
    monkeypatch.setitem(SOURCES, SET, replace(SOURCES[SET], files=known))
    with serving_files(dict(files)) as found:
        monkeypatch.setenv("MLPDASH_FASHION_MNIST_URL", found.url + "/")
        yield found


def left(home: Path) -> set[str]:
    return {path.name for path in (home / "datasets" / SET).glob("*")}


def test_the_files_and_checksums_are_those_that_are_published() -> None:
    by_name = {file.name: file for file in SOURCES[SET].files}
    assert {name: file.checksum for name, file in by_name.items()} == {
        PICTURES: "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    }
    assert by_name[PICTURES].url == (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" + PICTURES
    )


def test_the_housing_file_is_the_one_that_scikit_learn_takes() -> None:
    from sklearn.datasets._california_housing import ARCHIVE

    (file,) = SOURCES["california-housing"].files
    assert (file.name, file.url) == (ARCHIVE.filename, ARCHIVE.url)
    assert file.checksum == f"sha256:{ARCHIVE.checksum}"


def test_a_set_is_downloaded_once_and_then_here(
    mirror: Mirror, files: dict[str, bytes], home: Path
) -> None:
    seen: list[tuple[int, int]] = []
    total = sum(map(len, files.values()))
    assert (is_here(SET), size_of(SET)) == (False, total)
    assert fetch(SET, lambda done, of: seen.append((done, of)))
    assert (is_here(SET), size_of(SET)) == (True, 0)
    assert left(home) == set(files)
    assert read(SET, PICTURES) == files[PICTURES]
    dones = [done for done, _of in seen]
    assert dones == sorted(dones)
    assert seen[-1] == (total, total)
    assert {of for _done, of in seen} == {total}
    asked = len(mirror.asked)
    assert fetch(SET)
    assert len(mirror.asked) == asked == 4


def test_other_sets_are_always_here() -> None:
    assert is_here("circle")
    assert size_of("iris") == 0


def test_a_download_can_be_cancelled_and_leaves_nothing_behind(mirror: Mirror, home: Path) -> None:
    got: list[int] = []
    assert not fetch(SET, lambda done, total: got.append(done), lambda: bool(got))
    assert not is_here(SET)
    assert left(home) == set()
    assert fetch(SET)  # begun anew


def test_a_download_that_breaks_off_is_not_taken_for_the_whole(
    mirror: Mirror, files: dict[str, bytes], home: Path
) -> None:
    mirror.cut[PICTURES] = len(files[PICTURES]) // 2
    with pytest.raises(DataError, match=PICTURES):
        fetch(SET)
    assert not is_here(SET)
    assert left(home) == set()
    mirror.cut.clear()
    assert fetch(SET)


def test_a_file_with_another_checksum_is_refused(
    mirror: Mirror, files: dict[str, bytes], home: Path
) -> None:
    changed = bytearray(files[PICTURES])
    changed[1_000] ^= 1
    mirror.files[PICTURES] = bytes(changed)
    with pytest.raises(DataError, match=f'is not "{PICTURES}": its checksum differs'):
        fetch(SET)
    assert left(home) == set()


def test_a_server_that_never_ends_is_left(mirror: Mirror, files: dict[str, bytes]) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    mirror.files[name] = bytes(10_000_000)
    got: list[int] = []
    with pytest.raises(DataError, match=f'is not "{name}"'):
        fetch(SET, lambda done, total: got.append(done))
    assert len(got) < 40  # pieces of 64 kB, of all files


def test_what_is_there_already_is_not_downloaded_again(
    mirror: Mirror, files: dict[str, bytes], home: Path
) -> None:
    put(home / "datasets" / SET, {PICTURES: files[PICTURES]})
    assert size_of(SET) < len(files[PICTURES])
    assert fetch(SET)
    assert not any(PICTURES in path for path in mirror.asked)


@pytest.mark.parametrize("sub", ["", SET])
def test_a_folder_of_ones_own_needs_no_download(
    sub: str, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "own" / sub, files)
    monkeypatch.setenv("MLPDASH_DATA", str(tmp_path / "own"))
    assert is_here(SET)
    assert read(SET, PICTURES) == files[PICTURES]


def test_neither_here_nor_to_be_had_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="MLPDASH_DATA") as missing:
        read(SET, PICTURES)
    assert str(missing.value).count(". ") == 1  # what is missing; what to do
    with serving_files({}) as empty:
        monkeypatch.setenv("MLPDASH_FASHION_MNIST_URL", empty.url)
        with pytest.raises(DataError, match=r"could not be downloaded from .*: Not Found"):
            fetch(SET)
    with pytest.raises(DataError, match="could not be downloaded") as refused:
        fetch(SET)  # the server is gone
    for name in ("MLPDASH_DATA", "MLPDASH_FASHION_MNIST_URL"):
        assert name in str(refused.value)


@pytest.mark.parametrize("address", ["ftp://example.org", "file:///etc", "example.org", "http://"])
def test_a_mirror_is_an_address_of_the_web(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPDASH_FASHION_MNIST_URL", address)
    with pytest.raises(DataError, match="must be an address that begins with http"):
        fetch(SET)


def test_a_mirror_may_be_the_files_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = SOURCES["california-housing"].files
    with serving_files({file.name: b"other bytes"}) as found:
        for address in (f"{found.url}/a/{file.name}", f"{found.url}/a"):
            monkeypatch.setenv("MLPDASH_CALIFORNIA_URL", address)
            with pytest.raises(DataError, match="its checksum differs"):
                fetch("california-housing")
        assert found.asked == [f"/a/{file.name}"] * 2


def test_what_killed_downloads_left_is_thrown_away_after_a_while(
    mirror: Mirror, files: dict[str, bytes], home: Path
) -> None:
    put(home / "datasets" / SET, {"old.gz.1.part": b"x", "new.gz.2.part": b"x"})
    long_ago = time.time() - 2 * fetching.STALE
    os.utime(home / "datasets" / SET / "old.gz.1.part", (long_ago, long_ago))
    assert fetch(SET)
    assert left(home) == {*files, "new.gz.2.part"}  # another process may be writing that one
