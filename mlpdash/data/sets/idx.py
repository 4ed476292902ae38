"""IDX files, in which MNIST and its relatives come: a header of counts, then bytes.

Source of the format: Y. LeCun, The MNIST database. Four bytes: two zeros, the type (8 is unsigned
bytes) and the number of dimensions; then each dimension in four bytes, the high one first.
"""

from __future__ import annotations

import zlib
from math import prod

import numpy as np
from numpy.typing import NDArray

from mlpdash.errors import DataError
from mlpdash.text import _

Bytes = NDArray[np.uint8]

UNSIGNED_BYTES = 8
GZIP = b"\x1f\x8b"
MOST_BYTES = 1_000_000_000  # beyond it gzip's content is none of these sets


def images_of(content: bytes, name: str) -> Bytes:
    """Return pictures (rows, height, width) of an IDX file, gzipped or not.

    Raises
    ------
    DataError : the bytes are something else, too few or too many
    """
    return _array(content, name, dimensions=3)


def labels_of(content: bytes, name: str) -> Bytes:
    """Return labels (rows,) of an IDX file, gzipped or not.

    Raises
    ------
    DataError : the bytes are something else, too few or too many
    """
    return _array(content, name, dimensions=1)


def _array(content: bytes, name: str, dimensions: int) -> Bytes:
    body = _unpacked(content, name)
    start = 4 + 4 * dimensions
    if len(body) < start or body[:4] != bytes([0, 0, UNSIGNED_BYTES, dimensions]):
        raise DataError(
            _('"{name}" is not an IDX file of {n} dimensions: it begins with {magic}.').format(
                name=name, n=dimensions, magic=body[:4].hex(" ") or _("nothing")
            )
        )
    shape = tuple(np.frombuffer(body, ">u4", dimensions, offset=4).tolist())
    if len(body) - start != prod(shape):
        raise DataError(
            _('"{name}" should have {wanted:,} bytes after its header; it has {got:,}.').format(
                name=name, wanted=prod(shape), got=len(body) - start
            )
        )
    return np.frombuffer(body, np.uint8, offset=start).reshape(shape)


def _unpacked(content: bytes, name: str) -> bytes:
    if not content.startswith(GZIP):
        return content
    unpacker = zlib.decompressobj(wbits=31)  # gzip
    try:
        body = unpacker.decompress(content, MOST_BYTES)
    except zlib.error:
        body = b""
    if not unpacker.eof:
        raise DataError(_('"{name}" is not a whole gzip file.').format(name=name))
    return body
