"""Other people's text in Markdown: column names, classes, file names, bad values."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LEADS_ON = re.compile(r"(www(?=\\\.)|[:@])", re.IGNORECASE)
_JOINER = "\u2060"  # word joiner: has no width


def escape(text: str) -> str:
    r"""Return Markdown that shows `text` as it is.

    A backslash stops Markdown itself. Streamlit replaces `:name:` and links addresses in what
    is left after that, so an invisible joiner parts a colon, an @ and `www` from what follows.

    >>> escape("a*b")
    'a\\*b'
    """
    flat = " ".join(text.split())
    return _LEADS_ON.sub(rf"\1{_JOINER}", _PUNCTUATION.sub(r"\\\1", flat))
