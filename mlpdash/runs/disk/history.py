"""The history of a run: one record per epoch, appended, each with a checksum of its own.

    file    16 bytes: "MLPDHIST", u32 version, u32 bytes per record; then the records
    record  u64 epoch, u64 step, then f64 seconds, loss_train, loss_validation, metric_train,
            metric_validation, metric2_train, metric2_validation, then u32 CRC-32 of all before it

Of several nets these are medians, and a second file, "MLPDBAND", has how far the nets spread:

    record  u64 epoch, then f64 as LOSS_BAND and SCORE_BAND name them, then u32 CRC-32

A third file, "MLPDNETS", is written whole: the curves of every net, thinned (`worker.curves`).

    file    "MLPDNETS", u32 version, u32 rows, u32 columns, f32 row by row, then u32 CRC-32

Little-endian. NaN is "not measured at this epoch". What a crash left half-written fails its
checksum, and reading stops before it.
"""

from __future__ import annotations

import math
import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlpdash.files import write_whole

MEASURES: Final = (
    "seconds",  # of training, since the first step
    "loss_train",  # mean batch loss before the update, penalty excluded
    "loss_validation",
    "metric_train",
    "metric_validation",
    "metric2_train",
    "metric2_validation",
)
RECORD: Final = np.dtype(
    [("epoch", "<u8"), ("step", "<u8"), *((name, "<f8") for name in MEASURES), ("crc", "<u4")]
)
LOSS_BAND: Final = ("loss_low", "loss_high", "loss_best")
SCORE_BAND: Final = ("validation_low", "validation_high", "metric_low", "metric_high")
BAND: Final = np.dtype(
    [("epoch", "<u8"), *((name, "<f8") for name in (*LOSS_BAND, *SCORE_BAND)), ("crc", "<u4")]
)
_NAMES: Final = {RECORD: b"MLPDHIST", BAND: b"MLPDBAND"}

History = NDArray[np.void]  # of dtype RECORD, or BAND


class Row(NamedTuple):
    """One epoch, as it is recorded."""

    epoch: int
    step: int
    seconds: float = math.nan
    loss_train: float = math.nan
    loss_validation: float = math.nan
    metric_train: float = math.nan
    metric_validation: float = math.nan
    metric2_train: float = math.nan
    metric2_validation: float = math.nan


def records(rows: Sequence[Row]) -> History:
    """Make records of dtype `RECORD` from rows; their checksums are made when they are written.

    >>> records([Row(epoch=1, step=25, loss_train=0.5)])["loss_train"].tolist()
    [0.5]
    """
    return np.array([(*row, 0) for row in rows], RECORD)


def bands(rows: Sequence[tuple[float, ...]]) -> History:
    """Make records of dtype `BAND` from rows: an epoch, then the spread of losses and scores."""
    return np.array([(*row, 0) for row in rows], BAND)


def append(path: Path, new: History) -> None:
    """Append records, computing their checksums; `new` is left as it is."""
    size, head = new.dtype.itemsize, _head(new.dtype)
    raw = bytearray(new.tobytes())
    for start in range(0, len(raw), size):
        crc = zlib.crc32(memoryview(raw)[start : start + size - 4])
        raw[start + size - 4 : start + size] = crc.to_bytes(4, "little")
    with path.open("ab") as file:
        end = file.tell()
        if end < len(head):
            file.truncate(0)
            file.write(head)
        elif torn := (end - len(head)) % size:
            file.truncate(end - torn)
        file.write(raw)


def read(path: Path, dtype: np.dtype[np.void] = RECORD) -> History:
    """Return all records before the first damaged one; none when there is no file."""
    size, head = dtype.itemsize, _head(dtype)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    if content[: len(head)] != head:
        return np.zeros(0, dtype)
    whole = (len(content) - len(head)) // size
    found = np.frombuffer(content, dtype, whole, len(head))
    view = memoryview(content)[len(head) :]
    crcs = found["crc"].tolist()
    for index in range(whole):
        start = index * size
        if zlib.crc32(view[start : start + size - 4]) != crcs[index]:
            return found[:index]
    return found


def last(path: Path) -> History:
    """Return the last whole record, or none, without reading the rest; for long histories."""
    size, head = RECORD.itemsize, _head(RECORD)
    try:
        with path.open("rb") as file:
            whole = (file.seek(0, os.SEEK_END) - len(head)) // size
            first = max(0, whole - 16)  # a torn block is at the end
            file.seek(len(head) + first * size)
            tail = file.read(max(0, whole - first) * size)
    except OSError:
        tail = b""
    found = np.frombuffer(tail, RECORD)
    for index in reversed(range(len(found))):
        start = index * size
        if zlib.crc32(tail[start : start + size - 4]) == int(found["crc"][index]):
            return found[index : index + 1]
    return found[:0]


def truncate(path: Path, epoch: int, dtype: np.dtype[np.void] = RECORD) -> None:
    """Drop the records after `epoch`, and everything from the first damaged one on."""
    if not path.exists():
        return
    found = read(path, dtype)
    keep = int(np.searchsorted(found["epoch"], epoch, side="right"))
    os.truncate(path, len(_head(dtype)) + keep * dtype.itemsize if len(found) else 0)


def write_nets(path: Path, table: NDArray[np.float32]) -> None:
    """Replace the curves of every net, (rows, columns)."""
    content = struct.pack("<8sIII", b"MLPDNETS", 1, *table.shape)
    content += np.ascontiguousarray(table, "<f4").tobytes()
    write_whole(path, content + zlib.crc32(content).to_bytes(4, "little"))


def read_nets(path: Path) -> NDArray[np.float32]:
    """Return what `write_nets` wrote; no rows where there is none, or it is damaged."""
    nothing = np.zeros((0, 0), np.float32)
    try:
        content = path.read_bytes()
    except OSError:
        return nothing
    size = struct.calcsize("<8sIII")
    checksum = int.from_bytes(content[-4:], "little")
    if len(content) < size + 4 or zlib.crc32(content[:-4]) != checksum:
        return nothing
    name, version, rows, columns = struct.unpack_from("<8sIII", content)
    if (name, version, len(content)) != (b"MLPDNETS", 1, size + 4 * rows * columns + 4):
        return nothing
    return np.frombuffer(content, "<f4", rows * columns, size).reshape(rows, columns)


def _head(dtype: np.dtype[np.void]) -> bytes:
    return struct.pack("<8sII", _NAMES[dtype], 1, dtype.itemsize)
