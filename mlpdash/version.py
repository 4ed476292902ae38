"""The version, said once; packaging reads it from here too."""

from typing import Final

VERSION: Final = "0.1.0"
