"""The files of the pages, for the navigation and for links from one page to another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parents[1] / "pages"
TRAIN: Final = _FOLDER / "train.py"
DATA: Final = _FOLDER / "data.py"
RESULTS: Final = _FOLDER / "results.py"
