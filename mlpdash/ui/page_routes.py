"""The pages that have a path of their own, for a browser that begins with one of them.

Streamlit's frontend does not know how much of `/data` is the server's base path: it asks for
`/data/_stcore/health` first, and the console shows a 404. The page it opens with is told here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import file_util

from mlpdash.ui.shared import pages

# A page lies directly under the base path, as Streamlit's own "./static/..." has it; that holds
# behind a proxy with a prefix of its own, too.
_TOLD: Final = (
    "<script>window.__streamlit = {"
    "...window.__streamlit, BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
)


def page_routes(base: str) -> list[Route]:
    """Return a route for each page but the first, which is at the base path itself.

    Parameters
    ----------
    base : the server's base path, without slashes around it
    """
    prefix = f"/{base}" if base else ""
    return [Route(f"{prefix}/{page.stem}", _page) for page in (pages.DATA, pages.RESULTS)]


async def _page(_request: Request) -> HTMLResponse:
    return HTMLResponse(_html(), headers={"Cache-Control": "no-cache"})


@cache
def _html() -> str:
    """Return Streamlit's page, told its base path before its first script."""
    html = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
    return html.replace("<head>", f"<head>{_TOLD}", 1)
