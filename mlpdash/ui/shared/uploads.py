"""Files that a person has uploaded: where Streamlit holds them, and letting them go."""

from __future__ import annotations

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def content_of(file: UploadedFile) -> bytes:
    """Return the bytes of an uploaded file, and let Streamlit forget them.

    It would hold them in memory until the session ends, beside the table that is made of them.
    """
    content = file.getvalue()
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    return content
