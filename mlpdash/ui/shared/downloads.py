"""Sets that are fetched on demand: the card that offers it, with its progress and a way to stop.

A download belongs to the server, not to a session: who opens the page meanwhile sees the same one.
"""

from __future__ import annotations

import threading
from typing import Final

import streamlit as st

from mlpdash.data.sets import fetching
from mlpdash.errors import MlpDashError
from mlpdash.text import _
from mlpdash.ui.shared import cached
from mlpdash.ui.shared.markdown import escape

EVERY: Final = 0.4  # seconds between two looks at the progress


class Download:
    """One download, in a thread of its own."""

    def __init__(self, data: str) -> None:
        self.done, self.total = 0, max(1, fetching.size_of(data))
        self.problem = ""
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._fetch, args=(data,), daemon=True)
        self._thread.start()

    @property
    def goes_on(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Stop it after the piece that is being read."""
        self._cancelled.set()

    def wait(self) -> None:
        """Return when it is over."""
        self._thread.join()

    def _fetch(self, data: str) -> None:
        try:
            fetching.fetch(data, self._progress, self._cancelled.is_set)
        except MlpDashError as error:
            self.problem = str(error)

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, max(1, total)


@st.cache_resource(show_spinner=False)
def _all() -> dict[str, Download]:
    return {}


def offer(data: str) -> None:
    """Say that a set is not here yet, and let the person fetch it, watch and stop that."""
    with st.container(border=True, key="download", gap="small"):
        st.markdown(f"**{escape(cached.title(data))}**")
        download = _all().get(data)
        if download is not None and download.goes_on:
            _going_on(data)
            return
        st.markdown(
            _("This dataset must be downloaded first ({size}); it is kept for next time.").format(
                size=_megabytes(fetching.size_of(data))
            )
        )
        if download is not None and download.problem:
            st.error(escape(download.problem))
        st.button(
            _("Download"),
            key="start_download",
            icon=":material/download:",
            type="primary",
            on_click=_start,
            args=(data,),
        )


def _start(data: str) -> None:
    download = _all().get(data)
    if download is None or not download.goes_on:
        _all()[data] = Download(data)


@st.fragment(run_every=EVERY)
def _going_on(data: str) -> None:
    """Show the progress until it is over, then the page with what came of it."""
    download = _all()[data]
    if not download.goes_on:
        st.rerun()
    share = min(1.0, download.done / download.total)
    said = _("{done} of {total}").format(
        done=_megabytes(download.done), total=_megabytes(download.total)
    )
    st.progress(share, text=said)
    st.button(_("Cancel"), key="cancel_download", icon=":material/close:", on_click=download.cancel)


def _megabytes(count: int) -> str:
    return _("{n:.1f} MB").format(n=count / 1e6)
