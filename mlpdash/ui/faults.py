"""The last resort: a fault of ours is logged, and the page says so in a sentence."""

import logging

import streamlit as st

from mlpdash.errors import MlpDashError
from mlpdash.text import _
from mlpdash.ui.shared.markdown import escape

log = logging.getLogger(__name__)


def on_script_error(error: Exception) -> bool:
    """Tell the person, without a stack trace; Streamlit has logged it already."""
    if isinstance(error, MlpDashError):
        st.error(escape(str(error)))
    else:
        log.error("a page failed: %r", error)
        st.error(
            _(
                "Something went wrong on our side; the server's log has the details. Reload the "
                "page to continue."
            )
        )
    return True
