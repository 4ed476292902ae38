"""Files written so that a reader, or a crash amid the write, sees the old or the new, never half.

Nothing is flushed to the platter: a killed process loses nothing without it, it may cost a slow
disk 100 ms each time, and what a power cut damages is found by its checksum.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mlpdash.errors import RunError
from mlpdash.text import _


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content` in one step."""
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Replace the file at `path` by `pieces`, one after the other, in one step."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any) -> None:
    """Replace the file at `path` by `value` as JSON, in one step."""
    write_whole(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in the JSON file at `path`.

    Raises
    ------
    RunError : the file is missing, or not one JSON object
    """
    try:
        value = json.loads(path.read_bytes())
    except OSError:
        raise RunError(
            _('run "{run}" is damaged: its {file} cannot be read.').format(
                run=path.parent.name, file=path.name
            )
        ) from None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise RunError(
            _('run "{run}" is damaged: its {file} is not a JSON object.').format(
                run=path.parent.name, file=path.name
            )
        )
    return value
