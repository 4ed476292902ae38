"""Every string a person sees passes through here, so that it can be translated.

`_` translates now; `N_` marks a string that is translated when it is shown (labels of the
specs, which are made at import).
"""

import gettext
from pathlib import Path

_translation = gettext.translation(
    "mlpdash", localedir=Path(__file__).parent / "locale", fallback=True
)


def _(message: str) -> str:
    """Return the translation of `message`, or `message` itself where there is none."""
    return _translation.gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark `message` for translation and return it as it is."""
    return message


def n_(one: str, many: str, n: int) -> str:
    """Return the translation of `one` where `n` is 1, otherwise that of `many`."""
    return _translation.ngettext(one, many, n)
