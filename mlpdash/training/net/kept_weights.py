"""Weights that a person brought, kept by the digest of their bytes so that a net can name them.

A key is "sha256:<hex>:<name of the file>"; the bytes lie in `home()/weights/<hex>`.
"""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

from mlpdash.data.uploads import plain_name
from mlpdash.errors import DataError, SpecError
from mlpdash.files import write_whole
from mlpdash.home import home
from mlpdash.specs.model import WEIGHTS_KEY
from mlpdash.text import _, brief
from mlpdash.training.net.own_weights import LayerWeights, read_weights

LONGEST_NAME = 80  # characters


def keep_weights(content: bytes, name: str) -> str:
    """Keep a file of weights that can be the start of a net, and return its key.

    Raises
    ------
    SpecError : it holds no fully connected layers
    DataError : it cannot be written
    """
    name = plain_name(name, LONGEST_NAME, "weights")
    read_weights(content, name)
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise DataError(
            _('"{name}" cannot be kept in "{folder}": {reason}.').format(
                name=name, folder=path.parent, reason=error.strerror
            )
        ) from None
    return f"sha256:{digest}:{name}"


def layers_of(key: str) -> tuple[LayerWeights, ...]:
    """Return the layers of the file kept under `key`, from the inputs to the outputs.

    Raises
    ------
    SpecError : it is not here
    """
    match = re.fullmatch(WEIGHTS_KEY, key)
    if match is None:
        raise SpecError(_('"{key}" names no weights.').format(key=brief(key)), "weights")
    return _layers(_path(match[1]), match[2])


@functools.lru_cache(maxsize=4)
def _layers(path: Path, name: str) -> tuple[LayerWeights, ...]:
    try:
        content = path.read_bytes()
    except OSError:
        raise SpecError(
            _('the weights of "{name}" are no longer here; upload the file again.').format(
                name=name
            ),
            "weights",
        ) from None
    return read_weights(content, name)


def _path(digest: str) -> Path:
    return home() / "weights" / digest
