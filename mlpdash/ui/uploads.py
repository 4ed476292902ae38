"""Files that a person has uploaded: where Streamlit holds them, and letting them go."""

from __future__ import annotations

from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def content_of(file: Any) -> bytes:
    """Return the bytes of an uploaded file, and let Streamlit forget them.

    It would hold them in memory until the session ends, beside the table that is made of them.
    """
    content: bytes = file.getvalue()
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    return content
