"""A prepared table as one file, which other processes map instead of preparing the table again.

The file has the length of a header (8 bytes, little endian), the header, which is JSON, the arrays
in its order, and a checksum of all that is before it. Each part begins at a multiple of 64 bytes.
What is mapped cannot be written to, and can be read for as long as it is mapped, even if the file
is deleted or replaced meanwhile.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.cures import Cure, Note
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.preparing.splitting import Split
from mlpdash.errors import DataError
from mlpdash.files import write_pieces

FORMAT: Final = 2
ALIGNED: Final = 64  # bytes, as numpy likes its arrays
NUMBER: Final = 8  # bytes of the header's length, and of the checksum
PIECE: Final = 1 << 20  # bytes that are checked together
ENTRY: Final = 1_000  # bytes of one input in memory, roughly

Array = NDArray[Any]


def write_prepared(path: Path, prepared: Prepared) -> None:
    """Write a file that `read_prepared` reads, in one step.

    Raises
    ------
    OSError : it cannot be written
    ValueError : what was fitted cannot be written as JSON
    """
    write_pieces(path, _with_checksum(_pieces(prepared)))


def read_prepared(path: Path) -> Prepared | None:
    """Map a file; None where there is none, or it is damaged or of another format."""
    try:
        with path.open("rb") as file:
            _check(file)
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _prepared(mapped)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DataError):
        return None


def bytes_of(prepared: Prepared) -> int:
    """Return how many bytes the arrays have."""
    return sum(array.nbytes for array in _arrays(prepared).values())


def bytes_in_memory(prepared: Prepared) -> int:
    """Return how many bytes of memory would be free without it; what is mapped counts nothing."""
    own = (array for array in _arrays(prepared).values() if not _is_mapped(array))
    return sum(array.nbytes for array in own) + ENTRY * len(prepared.features)


def _arrays(prepared: Prepared) -> dict[str, Array]:
    split = prepared.split
    found = {"x": prepared.x, "y": prepared.y, "raw": prepared.raw}
    found |= {"train": split.train, "validation": split.validation, "test": split.test}
    more: dict[str, Array | None] = {"time": prepared.time, "places": prepared.places}
    more |= {"folds": split.folds, "weight": prepared.weight}
    return {**found, **{name: array for name, array in more.items() if array is not None}}


def _is_mapped(array: Array) -> bool:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base.obj if isinstance(base, memoryview) else base, mmap.mmap)


# -- writing ----------------------------------------------------------------------------------


def _pieces(prepared: Prepared) -> Iterator[bytes | memoryview]:
    arrays = _arrays(prepared)
    header = {
        "format": FORMAT,
        "preprocessor": prepared_to_json(prepared),
        "image": prepared.image,
        "told": [_plain(note) for note in prepared.told],
        "columns": prepared.columns,
        "arrays": {
            name: {"dtype": array.dtype.str, "shape": array.shape, "order": _order(array)}
            for name, array in arrays.items()
        },
    }
    written = json.dumps(header).encode()
    written += b" " * _gap(NUMBER + len(written))
    yield len(written).to_bytes(NUMBER, "little") + written
    for array in arrays.values():
        flat = array.ravel(order=_order(array)).view(np.uint8)  # in memory's order: no copy
        yield flat.data
        yield bytes(_gap(flat.size))


def _plain(note: str | Note) -> str | dict[str, Any]:
    return note if isinstance(note, str) else asdict(note)


def _with_checksum(pieces: Iterator[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    yield checksum.to_bytes(NUMBER, "little")


def _order(array: Array) -> Any:
    """Return the order of the cells in memory, which sums depend on to the last bit."""
    return "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"


def _gap(length: int) -> int:
    return -length % ALIGNED


# -- reading ----------------------------------------------------------------------------------


def _check(file: BinaryIO) -> None:
    """Compare all with the checksum; what is read here is not held, as what is mapped would be.

    Raises
    ------
    ValueError : it is not that, since something is lost or changed
    """
    left = file.seek(0, 2) - NUMBER
    file.seek(0)
    checksum = 0
    while left > 0 and (piece := file.read(min(PIECE, left))):
        checksum = zlib.crc32(piece, checksum)
        left -= len(piece)
    if checksum.to_bytes(NUMBER, "little") != file.read(NUMBER):
        raise ValueError


def _told(found: str | dict[str, Any]) -> str | Note:
    if isinstance(found, str):
        return found
    cures = tuple(Cure(**{**one, "data": _tuples(one["data"])}) for one in found["cures"])
    return Note(found["text"], cures)


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()}


def _prepared(mapped: mmap.mmap) -> Prepared:
    """Return what a file holds.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, DataError : it is something else
    """
    at = NUMBER + int.from_bytes(mapped[:NUMBER], "little")
    header: dict[str, Any] = json.loads(mapped[NUMBER:at])
    if header["format"] != FORMAT:
        raise ValueError
    arrays: dict[str, Any] = {}
    for name, about in header["arrays"].items():
        count = math.prod(about["shape"])
        flat = np.frombuffer(mapped, np.dtype(about["dtype"]), count, at)
        arrays[name] = flat.reshape(about["shape"], order=about["order"])
        at += flat.nbytes + _gap(flat.nbytes)
    image = header["image"]
    return Prepared(
        preprocessor_from_json(header["preprocessor"]),
        arrays["x"],
        arrays["y"],
        Split(arrays["train"], arrays["validation"], arrays["test"], arrays.get("folds")),
        arrays["raw"],
        arrays.get("time"),
        None if image is None else (image[0], image[1]),
        tuple(map(_told, header["told"])),
        tuple(header["columns"]),
        arrays.get("places"),
        arrays.get("weight"),
    )
