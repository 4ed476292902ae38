"""Sets that are not brought along: downloaded once, or read from a folder of one's own.

A download is written beside its place and moved there when its checksum holds, so that a part of a
file is never taken for the whole. Begun again, it begins anew.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mlpdash.errors import DataError
from mlpdash.home import home
from mlpdash.text import _

CHUNK: Final = 1 << 16
TIMEOUT: Final = 20.0  # seconds without an answer
STALE: Final = 3_600.0  # seconds after which what an ended process left is thrown away
FOLDER: Final = "MLPDASH_DATA"  # names a folder that has the files


@dataclass(frozen=True)
class File:
    """One file of a set: where it lies, about how long it is, and "algorithm:hex" of its bytes."""

    name: str
    url: str
    size: int
    checksum: str


@dataclass(frozen=True)
class Source:
    """The files of a set, and the variable of the environment that names a mirror's address."""

    title: str
    mirror: str
    files: tuple[File, ...]


_ZALANDO: Final = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"

SOURCES: Final[dict[str, Source]] = {
    "fashion-mnist": Source(
        "Fashion-MNIST",
        "MLPDASH_FASHION_MNIST_URL",
        tuple(
            File(name, _ZALANDO + name, size, f"md5:{md5}")
            for name, size, md5 in (
                (
                    "train-images-idx3-ubyte.gz",
                    26_421_880,
                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                ),
                ("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                ("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                ("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
            )
        ),
    ),
    "california-housing": Source(
        "California housing",
        "MLPDASH_CALIFORNIA_URL",
        (
            File(  # as in scikit-learn's _california_housing.py
                "cal_housing.tgz",
                "https://ndownloader.figshare.com/files/5976036",
                441_963,
                "sha256:aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681",
            ),
        ),
    ),
}


def is_here(data: str) -> bool:
    """Tell whether the dataset `data` can be loaded without a download."""
    return not _missing(data)


def size_of(data: str) -> int:
    """Return about how many bytes there are to be downloaded; 0 where nothing is."""
    return sum(file.size for file in _missing(data))


def stamps(data: str) -> list[tuple[str, int, int]]:
    """Return path, bytes and time of the last change (ns) of the files of a set that are here."""
    found = []
    for file in SOURCES[data].files:
        path = next((path for path in _places(data, file.name) if path.is_file()), None)
        if path is not None:
            about = path.stat()
            found.append((str(path), about.st_size, about.st_mtime_ns))
    return found


def read(data: str, name: str) -> bytes:
    """Return the bytes of one file of a set.

    Raises
    ------
    DataError : it is neither in the folder that MLPDASH_DATA names nor downloaded
    """
    source = SOURCES[data]
    for path in _places(data, name):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DataError(
                _('"{path}" cannot be read: {reason}.').format(path=path, reason=error.strerror)
            ) from None
    raise DataError(
        _(
            "{title} is not here yet. Download it ({size:.1f} MB), or set {folder} to a folder "
            "that has {names}."
        ).format(
            title=source.title,
            size=sum(file.size for file in source.files) / 1e6,
            folder=FOLDER,
            names=", ".join(file.name for file in source.files),
        )
    )


def fetch(
    data: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Download the files of a set that are not here, and return whether all are here then.

    Parameters
    ----------
    progress : called with how many bytes are done, and about how many there are
    cancelled : asked between pieces; once it is true nothing more is read, and False comes back

    Raises
    ------
    DataError : no connection, another answer than the file, or bytes with another checksum
    """
    files, done, total = _missing(data), 0, size_of(data)
    folder = _folder(data)
    _sweep(folder)
    for file in files:

        def told(got: int, before: int = done) -> None:
            progress(min(before + got, total), total)

        if not _fetch_file(data, file, folder / file.name, told, cancelled):
            return False
        done += file.size
    progress(total, total)
    return True


def _missing(data: str) -> list[File]:
    if data not in SOURCES:
        return []
    return [
        file
        for file in SOURCES[data].files
        if not any(path.is_file() for path in _places(data, file.name))
    ]


def _places(data: str, name: str) -> list[Path]:
    """Return where a file may lie, the person's own folder first."""
    own = os.environ.get(FOLDER)
    folders = [Path(own).expanduser(), Path(own).expanduser() / data] if own else []
    return [folder / name for folder in (*folders, home() / "datasets" / data)]


def _folder(data: str) -> Path:
    folder = home() / "datasets" / data
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            _('the folder "{folder}" cannot be made: {reason}.').format(
                folder=folder, reason=error.strerror
            )
        ) from None
    return folder


def _sweep(folder: Path) -> None:
    """Throw away what downloads that were killed have left."""
    for part in folder.glob("*.part"):
        try:
            if time.time() - part.stat().st_mtime > STALE:
                part.unlink()
        except OSError:
            continue  # another process was faster


def _fetch_file(
    data: str,
    file: File,
    target: Path,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> bool:
    """Download one file; False where it was cancelled."""
    url = _address(data, file)
    part = target.with_name(f"{file.name}.{secrets.token_hex(8)}.part")
    algorithm, wanted = file.checksum.split(":")
    digest, got = hashlib.new(algorithm, usedforsecurity=False), 0
    try:
        with _opened(url) as answer, part.open("wb") as out:
            while not cancelled():
                piece = answer.read(CHUNK)
                if not piece:
                    break
                out.write(piece)
                digest.update(piece)
                got += len(piece)
                progress(got)
                if got > 4 * file.size + CHUNK:
                    raise _not_the_file(url, file)
        if cancelled():
            return False
        if digest.hexdigest() != wanted:
            raise _not_the_file(url, file)
        part.replace(target)
        return True
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, OSError) as error:
        raise DataError(
            _(
                "{title} could not be downloaded from {url}: {reason}. Set {mirror} to the address "
                "of a mirror, or {folder} to a folder that has its files."
            ).format(
                title=SOURCES[data].title,
                url=url,
                reason=_reason(error),
                mirror=SOURCES[data].mirror,
                folder=FOLDER,
            )
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _address(data: str, file: File) -> str:
    """Return where the file is taken from: the mirror's folder, or its own address.

    Raises
    ------
    DataError : the mirror's address is none of http or https
    """
    source = SOURCES[data]
    mirror = os.environ.get(source.mirror, "").strip()
    if not mirror:
        return file.url
    parts = urlsplit(mirror)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DataError(
            _(
                '{mirror} must be an address that begins with http:// or https://; got "{got}".'
            ).format(mirror=source.mirror, got=mirror[:80])
        )
    return mirror if mirror.endswith(file.name) else f"{mirror.rstrip('/')}/{file.name}"


def _opened(url: str) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"User-Agent": "mlpdash"})
    answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)
    return answer


def _not_the_file(url: str, file: File) -> DataError:
    return DataError(
        _(
            'the file from {url} is not "{name}": its checksum differs. Try again, or use '
            "another mirror."
        ).format(url=url, name=file.name)
    )


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return str(inner).strip().rstrip(".") or type(error).__name__
