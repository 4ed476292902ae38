"""`DataSpec` -> `Prepared`: whoever needs a table first prepares it, all others map what it wrote.

What was prepared of an uploaded table lies beside it, in `home()/tables/<hex>/prepared/`, and of a
downloaded set in `home()/datasets/<name>/prepared/`; other sets are made from code. A file's
name is a digest of all that decides what is in it, so that none is ever out of date; those not used
for longest are deleted where all together are larger than `MLPDASH_DISK_MB`. A file that cannot be
read or written costs time, not more.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from mlpdash.data.budgets import disk_budget
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.prepared_file import bytes_of, read_prepared, write_prepared
from mlpdash.data.reading import limits
from mlpdash.data.sets.fetching import SOURCES, is_here, stamps
from mlpdash.data.table import Table
from mlpdash.data.uploads import folder_of, is_key, name_of
from mlpdash.home import home
from mlpdash.specs import DataSpec
from mlpdash.text import LANGUAGE
from mlpdash.version import VERSION

KINDS: Final = ("tables", "datasets")  # folders of all that is prepared
SUFFIX: Final = ".prepared"
BLOCK: Final = 4_096  # bytes; a smaller file takes as much of the disk
STALE: Final = 3_600.0  # seconds after which what an ended process left half written is deleted
LIMITS: Final = (limits.UPLOAD, limits.CELLS, limits.COLUMNS, limits.FIELD, limits.WIDTH)
LIBRARIES: Final = ("numpy", "pandas", "pyarrow", "scikit-learn")


def prepared_of(spec: DataSpec, read: Callable[[DataSpec], Table] = load) -> Prepared:
    """Return the rows that `spec` describes, the same to the last bit as if prepared just now.

    The arrays of an uploaded table or a downloaded set are mapped, and cannot be written to.

    Parameters
    ----------
    read : how the table is read, if it has to be prepared

    Raises
    ------
    SpecError, DataError : as `load` and `prepare`
    """
    path = _path(spec)
    if path is None:
        return prepare(read(spec), spec)
    found = read_prepared(path)
    if found is None:
        made = prepare(read(spec), spec)
        return read_prepared(path) or made if _keep(path, made) else made
    with contextlib.suppress(OSError):
        os.utime(path)  # it was used just now
    return found


def _path(spec: DataSpec) -> Path | None:
    """Return where the rows that `spec` describes are kept; None for those made from code.

    Raises
    ------
    TableGoneError : the table is gone, so that what was prepared of it does not count either
    """
    if is_key(spec.data):
        folder, source = folder_of(spec.data), [spec.data, name_of(spec.data)]
    elif spec.data in SOURCES and is_here(spec.data):
        folder, source = home() / "datasets" / spec.data, [spec.data, *map(str, stamps(spec.data))]
    else:
        return None
    decides = [
        source,
        spec.model_dump_json(),
        [limit.most for limit in LIMITS],
        LANGUAGE,
        _program(),
    ]
    digest = hashlib.sha256(json.dumps(decides).encode()).hexdigest()
    return folder / "prepared" / f"{digest}{SUFFIX}"


@functools.cache
def _program() -> str:
    """Return what tells this program from others, which may read or prepare another way.

    Its version alone does not: it stays the same while the program is worked on.
    """
    digest = hashlib.sha256(VERSION.encode())
    for library in LIBRARIES:
        digest.update(version(library).encode())
    package = Path(__file__).parents[1]
    for room in ("data", "specs"):
        for file in sorted((package / room).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _keep(path: Path, prepared: Prepared) -> bool:
    """Write a file, unless there is no room for it; tell whether it was written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _make_room(bytes_of(prepared)):
            return False
        write_prepared(path, prepared)
    except (OSError, ValueError):  # the disk is full or may not be written to
        return False
    return True


def _make_room(size: int) -> bool:
    """Delete the files not used for longest until `size` bytes fit; False where they never do."""
    files = sorted(_files())
    used = sum(freed for _when, freed, _file in files)
    budget = disk_budget(home(), used)
    if size > budget:
        return False
    for _when, freed, file in files:
        if used + size <= budget:
            break
        with contextlib.suppress(OSError):  # on Windows, while it is mapped
            file.unlink(missing_ok=True)
            used -= freed
    return True


def _files() -> Iterator[tuple[float, int, Path]]:
    """Yield when each file was used last, and its bytes; what was left half written is deleted."""
    for file in [path for kind in KINDS for path in home().glob(f"{kind}/*/prepared/*")]:
        with contextlib.suppress(OSError):  # another process has deleted it
            found = file.stat()
            if file.suffix == SUFFIX:
                yield found.st_mtime, -(-found.st_size // BLOCK) * BLOCK, file
            elif time.time() - found.st_mtime > STALE:
                file.unlink()
