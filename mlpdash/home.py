"""Where runs, uploaded tables and downloads are kept."""

import os
from pathlib import Path

import platformdirs

from mlpdash.errors import DataError
from mlpdash.text import _


def home() -> Path:
    """Return the folder of all that mlpdash keeps, and make it where it is missing.

    The environment's MLPDASH_HOME names it; without that it is the platform's folder for user
    data. The environment is read at each call.

    Raises
    ------
    DataError : the folder cannot be made
    """
    named = os.environ.get("MLPDASH_HOME")
    folder = Path(named).expanduser() if named else platformdirs.user_data_path("mlpdash")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            _(
                'the folder "{folder}" cannot be made ({reason}). '
                "Set MLPDASH_HOME to a folder that can be written."
            ).format(folder=folder, reason=error.strerror)
        ) from None
    return folder.absolute()
