"""The dashboard as a command: has Streamlit serve our app, whatever the working directory is.

Streamlit reads the `.streamlit/config.toml` that lies beside an app, so that the look and the
server's settings are those of `streamlit run app.py`.
"""

from __future__ import annotations

import errno
import os
import socket
import tomllib
from typing import Final

import click
from streamlit.web.cli import main as streamlit

from mlpdash.errors import MlpDashError
from mlpdash.shipped import SHIPPED
from mlpdash.text import _
from mlpdash.ui.browser import open_at_start

APP: Final = SHIPPED / "app.py"
SETTINGS: Final = SHIPPED / ".streamlit" / "config.toml"
PORT_IS_TAKEN: Final = (errno.EADDRINUSE, errno.EACCES)


def launch(port: int | None, address: str | None, *, browser: bool) -> None:
    """Serve the dashboard until Ctrl-C.

    Parameters
    ----------
    port : None is the first free one from 8501 on
    address : where to listen; None is what the settings say
    browser : open the page in a browser, if there is a screen

    Raises
    ------
    MlpDashError : the port is not available, or the address is not one of this machine
    """
    _check(address or _address_in_settings(), port)
    flags = ["run", str(APP)]
    flags += [] if port is None else ["--server.port", str(port)]
    flags += [] if address is None else ["--server.address", address]
    if browser:
        open_at_start()
    try:
        streamlit(flags, standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return


def _address_in_settings() -> str:
    return str(tomllib.loads(SETTINGS.read_text("utf-8"))["server"]["address"])


def _check(address: str, port: int | None) -> None:
    """Refuse what Streamlit could not listen on: it would only log that."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as one:
            if os.name != "nt":  # else a port that was just in use is refused, as Streamlit has it
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((address, port or 0))
    except OSError as error:
        if error.errno in PORT_IS_TAKEN:
            text = _("port {port} is not available on {address}: {reason}. Choose another --port.")
        else:
            text = _('the dashboard cannot listen on "{address}": {reason}. Check --address.')
        raise MlpDashError(text.format(port=port, address=address, reason=error.strerror)) from None
