"""Uploaded tables on disk, known by the SHA-256 of their bytes.

Each lies in `home()/tables/<hex>/`: `table.bin` holds the bytes, `meta.json` the file's name, and
`prepared/` what was prepared of it, see `prepared_once`.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from pathlib import Path, PurePosixPath, PureWindowsPath

from mlpdash.errors import DataError, TableGoneError
from mlpdash.home import home
from mlpdash.text import _, brief

LONGEST_NAME = 200  # characters
_KEY = re.compile(r"sha256:([0-9a-f]{64})")


def keep(content: bytes, name: str) -> str:
    """Store the bytes of a table and return its key, "sha256:<hex>".

    The same bytes have the same key; stored again under another name, they take that name.

    Raises
    ------
    DataError : the bytes cannot be written
    """
    digest = hashlib.sha256(content).hexdigest()
    folder = home() / "tables" / digest
    meta = json.dumps({"name": plain_name(name), "bytes": len(content)}).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "table.bin").exists():
            _write_whole(folder / "table.bin", content)
        if not (folder / "meta.json").exists() or (folder / "meta.json").read_bytes() != meta:
            _write_whole(folder / "meta.json", meta)
    except OSError as error:
        raise DataError(
            _('"{name}" cannot be kept in "{folder}": {reason}.').format(
                name=plain_name(name), folder=folder, reason=error.strerror
            )
        ) from None
    return f"sha256:{digest}"


def kept(key: str) -> tuple[bytes, str]:
    """Return the bytes and the name of the table stored under `key`.

    Raises
    ------
    DataError : no table is stored under that key
    """
    name = name_of(key)
    try:
        return path_of(key).read_bytes(), name
    except OSError:
        raise _gone(key) from None


def name_of(key: str) -> str:
    """Return the name of the table stored under `key`, without reading the table.

    Raises
    ------
    DataError : no table is stored under that key
    """
    try:
        meta = json.loads((path_of(key).parent / "meta.json").read_bytes())
        return str(meta["name"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _gone(key) from None


def path_of(key: str) -> Path:
    """Return where the bytes of the table stored under `key` lie.

    Raises
    ------
    DataError : it is not written like a key
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise _gone(key)
    return home() / "tables" / match[1] / "table.bin"


def folder_of(key: str) -> Path:
    """Return the folder of the table stored under `key`.

    Raises
    ------
    DataError : no table is stored under that key
    """
    path = path_of(key)
    if not path.is_file():
        raise _gone(key)
    return path.parent


def _gone(key: str) -> TableGoneError:
    return TableGoneError(
        _('there is no table with the key "{key}" here; upload the file again.').format(
            key=key[:71]
        )
    )


def is_key(data: str) -> bool:
    """Tell whether `data` is written like the key of a stored table."""
    return _KEY.fullmatch(data) is not None


def plain_name(name: str, longest: int = LONGEST_NAME, otherwise: str = "table.csv") -> str:
    """Return the last part of a path, in printable characters; `otherwise` if nothing is left."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    printable = "".join(c if c.isprintable() else " " for c in last[: longest + 1])
    return brief(printable, longest).strip() or otherwise


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
