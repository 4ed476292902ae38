"""A table is read and prepared by whoever needs it first, and mapped by all others."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mlpdash.data import prepared_once
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.prepared_once import prepared_of
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.uploads import keep
from mlpdash.errors import DataError, TableGoneError
from mlpdash.shipped import SHIPPED
from mlpdash.specs import DataSpec
from tests.data.forty import CASES, Case
from tests.data.preparing.test_prepared_file import same
from tests.data.sets.idx_files import clothes, put

OPENED = [case for case in CASES if not case.refused]
ROWS = "".join(f"{n},{n * 7 % 5},{'ab'[n % 2]}\n" for n in range(40))
TABLE = f"size,age,kind\n{ROWS}".encode()
SAMPLES = sorted((SHIPPED / "sample_data").glob("*.csv"))


def named(case: Case) -> str:
    return f"{case.number} {case.name}"


def files(home: Path) -> list[Path]:
    return sorted((home / "tables").glob("*/prepared/*"))


def refuse(_spec: DataSpec) -> Any:
    raise AssertionError("the table was read")


def path_of_kept(spec: DataSpec) -> Path:
    found = prepared_once._path(spec)
    assert found is not None
    return found


@pytest.fixture
def spec() -> DataSpec:
    return DataSpec(data=keep(TABLE, "x.csv"))


@pytest.mark.parametrize("case", OPENED, ids=named)
def test_each_of_the_forty_is_the_same_to_the_last_bit(case: Case) -> None:
    spec = case.spec.model_copy(update={"data": keep(case.content, "x.csv")})
    wanted = prepare(load(spec), spec)
    for found in (prepared_of(spec), prepared_of(spec, refuse)):
        assert same(found, wanted)
        assert not found.x.flags.writeable


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_each_sample_table_is_the_same_to_the_last_bit(path: Path) -> None:
    spec = DataSpec(data=keep(path.read_bytes(), path.name), test=0.1)
    wanted = prepare(load(spec), spec)
    assert same(prepared_of(spec), wanted)
    assert same(prepared_of(spec, refuse), wanted)


def test_a_set_that_is_made_from_code_is_made_anew(home: Path) -> None:
    spec = DataSpec(data="iris")
    assert same(prepared_of(spec), prepare(load(spec), spec))
    assert files(home) == []


def test_a_downloaded_set_is_prepared_once(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLPDASH_DATA", str(tmp_path / "own"))
    spec = DataSpec(data="fashion-mnist")
    with pytest.raises(DataError, match="is not here yet"):
        prepared_of(spec)
    put(tmp_path / "own", clothes())
    wanted = prepare(load(spec), spec)
    assert same(prepared_of(spec), wanted)
    assert same(prepared_of(spec, refuse), wanted)
    put(tmp_path / "own", clothes(seed=1))
    assert not same(prepared_of(spec), wanted)
    assert len(list(home.glob("datasets/fashion-mnist/prepared/*"))) == 2


def test_other_choices_another_name_or_another_program_prepare_anew(
    spec: DataSpec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = spec.model_copy(update={"split_seed": 1})
    assert prepared_of(spec).split.train.tolist() != prepared_of(other).split.train.tolist()
    assert len(files(home)) == 2
    keep(TABLE, "y.csv")
    assert prepared_of(spec).name == "y.csv"
    assert len(files(home)) == 3
    monkeypatch.setattr(prepared_once, "_program", lambda: "another one")
    prepared_of(spec)
    assert len(files(home)) == 4
    monkeypatch.setenv("MLPDASH_MAX_CELLS", "5")
    with pytest.raises(DataError, match="the limit is 5"):
        prepared_of(spec)


def test_a_table_that_is_gone_is_gone(spec: DataSpec, home: Path) -> None:
    prepared_of(spec)
    next((home / "tables").glob("*/table.bin")).unlink()
    with pytest.raises(TableGoneError, match="upload the file again"):
        prepared_of(spec)


def test_a_damaged_file_is_made_anew(spec: DataSpec, home: Path) -> None:
    wanted = prepare(load(spec), spec)
    prepared_of(spec)
    (file,) = files(home)
    file.write_bytes(file.read_bytes()[:-100])
    assert same(prepared_of(spec), wanted)
    assert same(prepared_of(spec, refuse), wanted)


def test_deleting_the_files_costs_time_and_nothing_else(spec: DataSpec, home: Path) -> None:
    first, wanted = prepared_of(spec), prepare(load(spec), spec)
    files(home)[0].unlink()
    assert same(first, wanted)
    assert same(prepared_of(spec), wanted)
    assert len(files(home)) == 1


def test_a_full_disk_keeps_nothing_and_is_no_error(
    spec: DataSpec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared_once, "write_prepared", full)
    assert same(prepared_of(spec), prepare(load(spec), spec))
    assert files(home) == []


def test_a_folder_that_cannot_be_made_keeps_nothing_and_is_no_error(
    spec: DataSpec, home: Path
) -> None:
    (next((home / "tables").iterdir()) / "prepared").write_text("in the way")
    assert same(prepared_of(spec), prepare(load(spec), spec))


def test_files_not_used_for_longest_go_first(
    spec: DataSpec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared_once, "BLOCK", 1_000_000)  # each takes one of three megabytes
    monkeypatch.setenv("MLPDASH_DISK_MB", "3")
    specs = [spec.model_copy(update={"split_seed": seed}) for seed in range(4)]
    for age, one in zip((300, 200, 100), specs, strict=False):
        prepared_of(one)
        os.utime(path_of_kept(one), (time.time() - age,) * 2)
    prepared_of(specs[0], refuse)  # used again
    prepared_of(specs[3])
    kept = [path_of_kept(one).exists() for one in specs]
    assert kept == [True, False, True, True]


def test_without_room_nothing_is_kept(
    spec: DataSpec, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLPDASH_DISK_MB", "0")
    found = prepared_of(spec)
    assert same(found, prepare(load(spec), spec))
    assert files(home) == []


def test_what_an_ended_process_left_half_written_goes(spec: DataSpec, home: Path) -> None:
    prepared_of(spec)
    half, fresh = (files(home)[0].with_name(name) for name in (".a.tmp", ".b.tmp"))
    half.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(half, (time.time() - 7_200,) * 2)
    prepared_of(spec.model_copy(update={"split_seed": 1}))
    assert (half.exists(), fresh.exists()) == (False, True)


def test_many_at_once_do_each_other_no_harm(spec: DataSpec, home: Path) -> None:
    wanted, found = prepare(load(spec), spec), list[Prepared]()
    threads = [threading.Thread(target=lambda: found.append(prepared_of(spec))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [same(one, wanted) for one in found] == [True] * 8
    assert len(files(home)) == 1
