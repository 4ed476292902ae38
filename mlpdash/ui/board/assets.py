"""The files of the board that a browser asks for, and the paths it asks under.

Every path has the version of all files in it: `import "./dom.js"` in a module then asks for the
same version, and a browser may keep what it got for ever.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import streamlit as st

STATIC: Final = Path(__file__).parent / "static"
KINDS: Final = {".js": "text/javascript", ".css": "text/css"}


def _found() -> dict[str, Path]:
    files = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*.*")}
    return {name: files[name] for name in sorted(files) if files[name].suffix in KINDS}


def _version(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


ASSETS: Final = _found()  # all that is served, by the path under `static`
ASSETS_VERSION: Final = _version(ASSETS)
STYLES: Final = tuple(name for name in ASSETS if name.endswith(".css"))


def route(name: str) -> str:
    """Return the path of one of our routes, under the server's base path."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/mlpdash/{name}" if base else f"/mlpdash/{name}"


def asset_route(name: str) -> str:
    """Return the path of one of `ASSETS`."""
    return route(f"{ASSETS_VERSION}/{name}")
