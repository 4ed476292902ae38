"""Uploaded files are let go once their bytes are taken."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from mlpdash.ui.shared import uploads


def test_the_bytes_are_taken_and_streamlit_forgets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    records = [UploadedFileRec(name, f"{name}.csv", "text/csv", b"a,b\n1,2\n") for name in "xy"]
    for record in records:
        manager.add_file("session", record)
    context = SimpleNamespace(session_id="session", uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    assert uploads.content_of(UploadedFile(records[0], None)) == b"a,b\n1,2\n"  # type: ignore[arg-type]
    assert manager.get_files("session", ["x", "y"]) == records[1:]


def test_without_a_session_the_bytes_are_taken_all_the_same() -> None:
    record = UploadedFileRec("x", "x.csv", "text/csv", b"a,b\n")
    assert uploads.content_of(UploadedFile(record, None)) == b"a,b\n"  # type: ignore[arg-type]
