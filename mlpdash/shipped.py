"""Files that lie beside the package in a checkout, and inside it once it is installed.

`pyproject.toml` says which: the app that Streamlit serves, its settings, and the sample table.
"""

from pathlib import Path
from typing import Final

_INSTALLED: Final = Path(__file__).parent / "shipped_files"
SHIPPED: Final = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1]
