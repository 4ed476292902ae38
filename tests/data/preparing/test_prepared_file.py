"""A prepared table as a file: the same to the last bit, mapped, and never half a table."""

from __future__ import annotations

import dataclasses
import json
import mmap
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from mlpdash.cures import Cure, Note
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.prepared_file import (
    bytes_in_memory,
    bytes_of,
    read_prepared,
    write_prepared,
)
from mlpdash.data.preparing.splitting import Split
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.training.loop.setup import rows_of

ROWS = 40


def prepared_table(**choices: Any) -> Prepared:
    frame = pd.DataFrame(
        {
            "size": np.linspace(1, 2, ROWS),
            "day": pd.date_range("2024-01-01", periods=ROWS),
            "city": ["Ulm", "Bonn", "Jena", None] * (ROWS // 4),
            "kind": ["cat", "dog"] * (ROWS // 2),
        }
    )
    return prepare(Table(frame, "x.csv", ("a note",)), DataSpec(**choices))


def same(found: Prepared, wanted: Prepared) -> bool:
    """Tell whether two are the same to the last bit, and lie in memory in the same order."""
    for field in dataclasses.fields(Prepared):
        mine, theirs = getattr(found, field.name), getattr(wanted, field.name)
        pairs = [(mine, theirs)]
        if field.name == "split":
            pairs = list(zip(vars(mine).values(), vars(theirs).values(), strict=True))
        for one, other in pairs:
            if isinstance(other, np.ndarray):
                if (one.dtype, one.shape) != (other.dtype, other.shape):
                    return False
                for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS"):
                    if one.flags[flag] != other.flags[flag]:
                        return False
                if one.tobytes() != other.tobytes():
                    return False
            elif one != other:
                return False
    return True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "x.prepared"


@pytest.mark.parametrize("choices", [{}, {"validation": 0.0}, {"target": ("size",)}])
def test_it_comes_back_the_same_to_the_last_bit(file: Path, choices: Any) -> None:
    prepared = prepared_table(**choices)
    assert prepared.time is not None
    write_prepared(file, prepared)
    found = read_prepared(file)
    assert found is not None
    assert same(found, prepared)


def test_pictures_and_strange_names_come_back(file: Path) -> None:
    prepared = dataclasses.replace(
        prepared_table(),
        image=(2, 3),
        told=("ä \ud800", Note("a note", (Cure("Take it", data={"target": ("a",)}),))),
        columns=("\u202e", ""),
    )
    write_prepared(file, prepared)
    found = read_prepared(file)
    assert found is not None
    assert same(found, prepared)


def parts_of(split: Split) -> list[Any]:
    return [part for part in vars(split).values() if part is not None]


def test_what_is_mapped_costs_no_memory_and_cannot_be_written_to(file: Path) -> None:
    prepared = prepared_table()
    assert bytes_in_memory(prepared) > bytes_of(prepared) > 0
    write_prepared(file, prepared)
    found = read_prepared(file)
    assert found is not None
    assert bytes_of(found) == bytes_of(prepared)
    assert bytes_in_memory(found) == bytes_in_memory(prepared) - bytes_of(prepared)
    for array in (found.x, found.y, found.raw, found.time, *parts_of(found.split)):
        assert type(array) is np.ndarray
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="cannot set WRITEABLE"):
            array.flags.writeable = True


def test_torch_is_given_copies(file: Path) -> None:
    write_prepared(file, prepared_table())
    before = file.read_bytes()
    found = read_prepared(file)
    assert found is not None
    rows = rows_of(found, "train", "cpu")  # a warning would be an error
    for tensor in (rows.x, rows.y):
        torch.add(tensor, 1, out=tensor)
    assert file.read_bytes() == before


def test_it_can_be_read_after_the_file_is_gone_or_another(file: Path) -> None:
    prepared = prepared_table()
    write_prepared(file, prepared)
    found = read_prepared(file)
    write_prepared(file, prepared_table(split_seed=7))
    file.unlink()
    assert found is not None
    assert same(found, prepared)
    assert read_prepared(file) is None


def test_a_damaged_file_is_no_table(file: Path) -> None:
    write_prepared(file, prepared_table())
    whole = file.read_bytes()
    damaged = [b"", whole[:5], whole[:100], whole[:-1], whole + b"\0", bytes(len(whole))]
    damaged += [
        whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]
        for place in (0, 7, 20, 1_000, len(whole) // 2, len(whole) - 9, len(whole) - 1)
    ]
    for content in damaged:
        file.write_bytes(content)
        assert read_prepared(file) is None
    file.write_bytes(whole)
    assert read_prepared(file) is not None


def test_a_file_of_another_format_is_no_table(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpdash.data.preparing.prepared_file.FORMAT", 0)
    write_prepared(file, prepared_table())
    monkeypatch.undo()
    assert read_prepared(file) is None


def test_the_header_is_json_and_arrays_are_aligned(file: Path) -> None:
    prepared = prepared_table()
    write_prepared(file, prepared)
    whole = file.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    assert (8 + length) % 64 == 0
    told = [
        one if isinstance(one, str) else json.loads(json.dumps(asdict(one)))
        for one in prepared.told
    ]
    assert (header["arrays"]["x"]["dtype"], header["told"]) == ("<f4", told)
    first = np.frombuffer(whole, "<f4", prepared.x.size, 8 + length)
    np.testing.assert_array_equal(first.reshape(prepared.x.shape), prepared.x)


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zlib.crc32", fail)
    with pytest.raises(OSError, match="No space left"):
        write_prepared(file, prepared_table())
    assert list(file.parent.iterdir()) == []


def test_a_mapping_is_of_the_file_and_not_of_a_copy(file: Path) -> None:
    write_prepared(file, prepared_table())
    found = read_prepared(file)
    assert found is not None
    base: Any = found.x
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base.obj if isinstance(base, memoryview) else base, mmap.mmap)
