"""Bundles that were opened on the page, kept by the digest of their bytes so that the address can
name one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from mlpdash.errors import BundleError
from mlpdash.files import write_whole
from mlpdash.home import home
from mlpdash.text import _


def keep_bundle(content: bytes) -> str:
    """Keep the bytes of a bundle, which nobody has looked at yet, and return its key."""
    key = hashlib.sha256(content).hexdigest()
    path = _path(key)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    return key


def drop_bundle(key: str) -> None:
    """Forget a bundle, as one that turned out to be damaged."""
    bundle_path(key).unlink(missing_ok=True)


def bundle_path(key: str) -> Path:
    """Return where a bundle lies that was kept.

    Raises
    ------
    BundleError : there is none of this key
    """
    if not re.fullmatch(r"[0-9a-f]{64}", key) or not _path(key).is_file():
        raise BundleError(_("this bundle is no longer here; open it again."))
    return _path(key)


def _path(key: str) -> Path:
    return home() / "bundles" / f"{key}.mlpdash"
