"""The server's own routes, and the life of its supervisor.

    /mlpdash/stream/<run>              the WebSocket of a run
    /mlpdash/plotly.js                 out of the installed plotly package
    /mlpdash/<version>/board.js, ...   the live board: what lies in `board/static`
    /data, /results                    Streamlit's page, told its base path

Streamlit evicts watched modules when one of them is edited, and "Clear cache" in its menu empties
`st.cache_resource`. The supervisor must outlive both, since it owns processes and sockets, so it
is kept beside the modules, under a name that is no file's and not `mlpdash.`'s.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected
from streamlit import config
from streamlit.web.server.server_util import is_url_from_allowed_origins
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from mlpdash.errors import MlpDashError
from mlpdash.runs.server.known_runs import Watcher
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.text import _
from mlpdash.ui.browser import open_if_wanted
from mlpdash.ui.page_routes import page_routes

MOST_TEXT: Final = 64 * 2**10  # characters of one message from a browser
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_KEPT: Final = "_mlpdash_kept"
_GUARD: Final = threading.Lock()
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def supervisor() -> Supervisor:
    """Return the supervisor, from any thread.

    Without a server, as in AppTest, it is one that has not been started: drafts can be made and
    runs on disk described, but no process is started.
    """
    kept = sys.modules.setdefault(_KEPT, ModuleType(_KEPT)).__dict__
    with _GUARD:
        if kept.get("supervisor") is None:
            kept["supervisor"] = Supervisor()
        made: Supervisor = kept["supervisor"]
        return made


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Have a supervisor for as long as the server lives; no process outlives it."""
    kept = sys.modules.setdefault(_KEPT, ModuleType(_KEPT)).__dict__
    logging.getLogger("uvicorn.error").addFilter(_is_no_denial)
    made = Supervisor()
    await made.start()
    kept["supervisor"] = made
    open_if_wanted()
    try:
        yield
    finally:
        kept["supervisor"] = None
        await made.close()


def routes(base_url_path: str | None = None) -> list[BaseRoute]:
    """Return our routes; Streamlit does not put those of an app under its base path.

    Parameters
    ----------
    base_url_path : default is Streamlit's option `server.baseUrlPath`
    """
    chosen = config.get_option("server.baseUrlPath") if base_url_path is None else base_url_path
    base = str(chosen or "").strip("/")
    prefix = f"/{base}/mlpdash" if base else "/mlpdash"
    return [
        WebSocketRoute(f"{prefix}/stream/{{run_id}}", stream),
        Route(f"{prefix}/plotly.js", plotly),
        Route(f"{prefix}/{{version}}/{{name:path}}", asset),
        *page_routes(base),
    ]


async def plotly(request: Request) -> Response:
    """Serve plotly out of its package; `?v=` is the version that is asked for."""
    package = importlib.util.find_spec("plotly")  # finds it without importing it
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).parent / "package_data" / "plotly.min.js"
    return _file(path, "text/javascript", request.query_params.get("v") == version("plotly"))


async def asset(request: Request) -> Response:
    """Serve a file of the board; nothing but these files is ever served.

    A page that was opened before the server was restarted may ask for an old version: it gets the
    present one, and does not keep it.
    """
    from mlpdash.ui.board import assets  # may be of a newer edit than this module

    found = assets.ASSETS.get(request.path_params["name"])
    if found is None or not found.is_file():
        return PlainTextResponse("Not Found", status_code=404)
    fresh = request.path_params["version"] == assets.ASSETS_VERSION
    return _file(found, assets.KINDS[found.suffix], fresh)


def _file(path: Path, kind: str, fresh: bool) -> Response:
    """Send a file; a browser keeps it for ever if it asked for exactly this version."""
    return FileResponse(
        path,
        media_type=kind,
        headers={
            "Cache-Control": _FOR_EVER if fresh else "no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def stream(socket: WebSocket) -> None:
    """Serve one browser that watches one run."""
    if not await _is_allowed(socket.headers.get("origin"), socket.headers.get("host")):
        await _deny(socket, 403, _("this page may not watch runs of this server."))
        return
    watched = supervisor()
    try:
        watcher = await watched.watch(socket.path_params["run_id"])
    except MlpDashError as error:
        await _deny(socket, 404, str(error))
        return
    try:
        await socket.accept()
        await _talk(socket, watched, watcher)
    except (WebSocketDisconnect, WebSocketDisconnected, OSError):
        pass
    finally:
        watched.leave(watcher)


async def _talk(socket: WebSocket, watched: Supervisor, watcher: Watcher) -> None:
    """Send and receive until either side has had enough."""
    tasks = {
        asyncio.create_task(_send(socket, watcher)),
        asyncio.create_task(_receive(socket, watched, watcher)),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _send(socket: WebSocket, watcher: Watcher) -> None:
    while (body := await watcher.outbox.get()) is not None:
        await socket.send_bytes(body)
    await socket.close(1012)  # the server restarts, or the browser was too slow: try again


async def _receive(socket: WebSocket, watched: Supervisor, watcher: Watcher) -> None:
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            return
        text = received.get("text")
        if text is None or len(text) > MOST_TEXT:
            await socket.close(1009 if text else 1003)
            return
        watched.hear(watcher, text)


async def _is_allowed(origin: str | None, host: str | None) -> bool:
    """Apply Streamlit's rules for its own socket, which it does not apply to routes of an app."""
    if not is_host_allowed(host):
        return False
    try:
        if origin is None or urlsplit(origin).netloc == host:
            return True
        if config.get_option("server.address") in LOOPBACK:
            return _is_loopback_or_listed(origin)
        # in a thread: for a foreign origin it asks the network for this machine's addresses
        return await asyncio.to_thread(is_url_from_allowed_origins, origin)
    except ValueError:  # not a URL
        return False


def _is_loopback_or_listed(origin: str) -> bool:
    """Apply the same rules where the server listens on this machine alone: nobody need be asked."""
    if not config.get_option("server.enableCORS"):
        return True
    listed = {
        urlsplit(url).hostname or url for url in config.get_option("server.corsAllowedOrigins")
    }
    return urlsplit(origin).hostname in LOOPBACK | listed


def _is_no_denial(record: logging.LogRecord) -> bool:
    """Uvicorn calls each of our 403s and 404s a fault; a tab of a lost run tries every 5 s."""
    return "without completing handshake" not in record.getMessage()


async def _deny(socket: WebSocket, status: int, sentence: str) -> None:
    """Refuse before the connection is accepted."""
    await socket.send_denial_response(PlainTextResponse(sentence, status_code=status))
