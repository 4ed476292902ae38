"""No command: the dashboard, in a browser."""

from __future__ import annotations

import argparse
from typing import Final

from mlpdash.errors import MlpDashError
from mlpdash.text import _

LAST_PORT: Final = 65_535


def add_dashboard(top: argparse.ArgumentParser) -> None:
    """Add the flags of the dashboard to the command line."""
    group = top.add_argument_group(_("dashboard"))
    group.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help=_("port to listen on (default: the first free one from 8501)"),
    )
    group.add_argument(
        "--address",
        metavar="HOST",
        help=_("address to listen on (default: localhost, so only this machine); 0.0.0.0 is all"),
    )
    group.add_argument(
        "--no-browser", action="store_true", help=_("print the page's address, open no browser")
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(
        _('must be a whole number from 1 to {last}; got "{text}"').format(
            last=LAST_PORT, text=text[:40]
        )
    )


def check_alone(chosen: argparse.Namespace) -> None:
    """Refuse the dashboard's flags with a command, on which they would have no effect.

    Raises
    ------
    MlpDashError : there are such flags and a command
    """
    if chosen.command and (chosen.port or chosen.address or chosen.no_browser):
        raise MlpDashError(
            _(
                "--port, --address and --no-browser are flags of the dashboard; "
                'leave them out with "{command}".'
            ).format(command=chosen.command)
        )


def dashboard(chosen: argparse.Namespace) -> int:
    """Serve the dashboard until Ctrl-C."""
    from mlpdash.ui.launch import launch

    launch(chosen.port, chosen.address, browser=not chosen.no_browser)
    return 0
