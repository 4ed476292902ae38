"""The history of a run: one record per epoch, appended, each with a checksum of its own.

    file    16 bytes: "MLPDHIST", u32 version, u32 bytes per record; then the records
    record  u64 epoch, u64 step, then f64 seconds, loss_train, loss_validation, metric_train,
            metric_validation, metric2_train, metric2_validation, then u32 CRC-32 of all before it

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
_HEAD: Final = struct.pack("<8sII", b"MLPDHIST", 1, RECORD.itemsize)
_CHECKED: Final = RECORD.itemsize - 4  # bytes under the checksum

History = NDArray[np.void]  # of dtype RECORD


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


def append(path: Path, new: History) -> None:
    """Append records of dtype `RECORD`, computing their checksums; `new` is left as it is."""
    raw = bytearray(new.astype(RECORD).tobytes())
    for start in range(0, len(raw), RECORD.itemsize):
        crc = zlib.crc32(memoryview(raw)[start : start + _CHECKED])
        raw[start + _CHECKED : start + RECORD.itemsize] = crc.to_bytes(4, "little")
    with path.open("ab") as file:
        size = file.tell()
        if size < len(_HEAD):
            file.truncate(0)
            file.write(_HEAD)
        elif torn := (size - len(_HEAD)) % RECORD.itemsize:
            file.truncate(size - torn)
        file.write(raw)


def read(path: Path) -> History:
    """Return all records before the first damaged one; none when there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    if content[: len(_HEAD)] != _HEAD:
        return np.zeros(0, RECORD)
    whole = (len(content) - len(_HEAD)) // RECORD.itemsize
    found = np.frombuffer(content, RECORD, whole, len(_HEAD))
    view = memoryview(content)[len(_HEAD) :]
    crcs = found["crc"].tolist()
    for index in range(whole):
        start = index * RECORD.itemsize
        if zlib.crc32(view[start : start + _CHECKED]) != crcs[index]:
            return found[:index]
    return found


def last(path: Path) -> History:
    """Return the last whole record, or none, without reading the rest; for long histories."""
    try:
        with path.open("rb") as file:
            whole = (file.seek(0, os.SEEK_END) - len(_HEAD)) // RECORD.itemsize
            first = max(0, whole - 16)  # a torn block is at the end
            file.seek(len(_HEAD) + first * RECORD.itemsize)
            tail = file.read(max(0, whole - first) * RECORD.itemsize)
    except OSError:
        tail = b""
    found = np.frombuffer(tail, RECORD)
    for index in reversed(range(len(found))):
        start = index * RECORD.itemsize
        if zlib.crc32(tail[start : start + _CHECKED]) == int(found["crc"][index]):
            return found[index : index + 1]
    return found[:0]


def truncate(path: Path, epoch: int) -> None:
    """Drop the records after `epoch`, and everything from the first damaged one on."""
    if not path.exists():
        return
    found = read(path)
    keep = int(np.searchsorted(found["epoch"], epoch, side="right"))
    os.truncate(path, len(_HEAD) + keep * RECORD.itemsize if len(found) else 0)
