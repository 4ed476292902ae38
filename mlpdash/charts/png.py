"""A picture of grey pixels as a PNG, for rows that are pictures."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def gray_png(pixels: NDArray[np.float64], scale: int = 4) -> bytes:
    """Return pixels (height, width) from 0, black, to 1, white, as a PNG.

    Parameters
    ----------
    scale : how many pixels of the PNG each of them is wide and high
    """
    gray = np.clip(np.round(pixels * 255), 0, 255).astype(np.uint8)
    gray = gray.repeat(scale, 0).repeat(scale, 1)
    height, width = gray.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits of grey
    lines = b"".join(b"\0" + line.tobytes() for line in gray)  # each line unfiltered
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
