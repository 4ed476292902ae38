"""Opens the page in the person's browser when a server that `mlpdash` started begins to listen."""

from __future__ import annotations

import threading
from typing import Final

from streamlit import config
from streamlit.cli_util import open_browser
from streamlit.web.server.server_util import get_display_address, get_url

_wanted: Final = threading.Event()


def open_at_start() -> None:
    """Have the page opened when the server of this process starts."""
    _wanted.set()


def open_if_wanted() -> None:
    """Open the page, unless nobody asked for it or there is no screen."""
    if not _wanted.is_set() or config.get_option("server.headless"):
        return
    is_named = config.is_manually_set("browser.serverAddress")
    address = config.get_option("browser.serverAddress" if is_named else "server.address")
    url = get_url(get_display_address(address))
    threading.Thread(target=open_browser, args=(url,), daemon=True).start()
