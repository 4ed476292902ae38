"""The snapshots of a run: safetensors files, written whole, thinned to a byte budget."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from mlpdash.errors import RunError
from mlpdash.files import write_whole
from mlpdash.text import _

BUDGET: Final = 200 * 10**6  # bytes
_LEAST: Final = 64 * 2**10  # a file counts at least this much, which bounds their number too

Tensors = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Snapshot:
    """What a run needs to go on from `step`."""

    step: int
    tensors: Tensors
    meta: dict[str, str]


def steps(folder: Path) -> list[int]:
    """Return the steps at which there are snapshots, rising."""
    if not folder.is_dir():
        return []
    names = (path.stem for path in folder.glob("*.safetensors"))
    return sorted(int(name) for name in names if name.isdecimal())


def write(
    folder: Path, step: int, tensors: Tensors, meta: dict[str, str], *, budget: int = BUDGET
) -> None:
    """Write a snapshot whole, then thin the older ones to `budget` bytes."""
    folder.mkdir(exist_ok=True)
    dense = {name: np.asarray(value, order="C") for name, value in tensors.items()}
    write_whole(_path(folder, step), save(dense, {**meta, "crc32": _checksum(dense)}))
    thin(folder, budget)


def read(folder: Path, step: int) -> Snapshot:
    """Return the snapshot at `step`.

    Raises
    ------
    RunError : there is none, or it is damaged
    """
    path = _path(folder, step)
    try:
        content = path.read_bytes()
        tensors = load(content)
        meta = _metadata(content)
    except (OSError, SafetensorError, ValueError, KeyError):
        tensors, meta = {}, {}
    if not tensors or meta.pop("crc32", "") != _checksum(tensors):
        raise RunError(
            _('run "{run}" is damaged: its snapshot at step {step} cannot be read.').format(
                run=folder.parent.name, step=step
            )
        )
    return Snapshot(step, tensors, meta)


def head(folder: Path, step: int) -> bytes:
    """Return the head of the snapshot at `step`, in which its checksum stands; b"" without one."""
    try:
        with _path(folder, step).open("rb") as file:
            return file.read(int.from_bytes(file.read(8), "little"))
    except (OSError, OverflowError, MemoryError):
        return b""


def latest(folder: Path) -> Snapshot | None:
    """Return the last snapshot that is whole, or None when there is none."""
    for step in reversed(steps(folder)):
        try:
            return read(folder, step)
        except RunError:
            continue
    return None


def drop_after(folder: Path, step: int) -> None:
    """Remove the snapshots after `step`, damaged ones among them."""
    for later in steps(folder):
        if later > step:
            _path(folder, later).unlink(missing_ok=True)


def thin(folder: Path, budget: int) -> None:
    """Remove snapshots until the rest fit the budget.

    The first and the last always stay. Of the others goes first the one that leaves the smallest
    gap in log(step), so that those that stay are spread geometrically; the last but one, which
    steps in for a damaged last, goes at the end.
    """
    kept = steps(folder)
    sizes = {step: max(_LEAST, _path(folder, step).stat().st_size) for step in kept}
    total = sum(sizes.values())
    while total > budget and len(kept) > 2:
        inner = range(1, max(2, len(kept) - 2))
        index = min(inner, key=lambda i: math.log1p(kept[i + 1]) - math.log1p(kept[i - 1]))
        total -= sizes[kept[index]]
        _path(folder, kept.pop(index)).unlink(missing_ok=True)


def _path(folder: Path, step: int) -> Path:
    return folder / f"{step}.safetensors"


def _checksum(tensors: Tensors) -> str:
    crc = 0
    for name in sorted(tensors):
        value = tensors[name]
        crc = zlib.crc32(f"{name}{value.dtype}{value.shape}".encode(), crc)
        crc = zlib.crc32(np.ascontiguousarray(value).view(np.uint8).reshape(-1).data, crc)
    return f"{crc:08x}"


def _metadata(content: bytes) -> dict[str, str]:
    """Return the metadata of a safetensors file: u64 header length, then JSON."""
    size = int.from_bytes(content[:8], "little")
    header: dict[str, Any] = json.loads(content[8 : 8 + size])
    return dict(header.get("__metadata__", {}))
