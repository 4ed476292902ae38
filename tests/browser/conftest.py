"""A server for all browser tests, and pages that watch for errors and for foreign addresses."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.visit import Visit, Visiting
from tests.serving import CHROMIUM_FLAGS, ROOT, Server, find_chromium

PATIENCE = 60_000  # ms; beside other tests on two cores, a first page takes as long as 20 s
expect.set_options(timeout=PATIENCE)
WINDOW: ViewportSize = {"width": 1400, "height": 900}
# Streamlit's placeholders of a page that loads are drawn 60 times a second otherwise, in software.
MOTION: Final = "reduce"
# What a browser, and Streamlit in it, say of a server that has gone.
OFFLINE = re.compile(
    "ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket|reaching server endpoint|No response received|"
    "server is not responding"
)
FAILED = ROOT / "tests" / "browser" / "failed"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not harm it."""
    one = Server(tmp_path_factory.mktemp("served") / "home", MLPDASH_WORKERS="8").start()
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def quiet(server: Server) -> Iterator[None]:
    """Nothing that a test does may end in a stack trace in the server's log."""
    before = len(server.said())
    yield
    fault = server.said()[before:].partition("Traceback")[2]
    assert not fault, fault[-3000:]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may restart and harm."""
    one = Server(tmp_path / "home").start()
    yield one
    if one.process.poll() is None:
        one.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser of strangers."""
    one = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
    yield one
    one.close()


def _watch(visit: Visit) -> None:
    page = visit.page
    own = urlsplit(visit.url).netloc

    def asked(url: str) -> None:
        there = urlsplit(url)
        if there.scheme in ("http", "https", "ws", "wss") and there.netloc != own:
            visit.foreign.append(url)

    def said(text: str) -> None:
        if not (visit.server_goes and OFFLINE.search(text)):
            visit.problems.append(text)

    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket: asked(socket.url))
    page.on("pageerror", lambda error: said(f"uncaught: {error}"))
    page.on("console", lambda line: said(line.text) if line.type == "error" else None)


@pytest.fixture(scope="session")
def person(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """The browser of one person, who has a profile: only then compiled JavaScript is kept.

    The empty tab that it opens with stays, so that each further page is a tab and not a window.
    """
    one = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=find_chromium(),
        args=CHROMIUM_FLAGS,
        viewport=WINDOW,
        reduced_motion=MOTION,
    )
    one.set_default_timeout(PATIENCE)
    yield one
    one.close()


@pytest.fixture
def visiting(
    person: BrowserContext, server: Server, request: pytest.FixtureRequest
) -> Iterator[Visiting]:
    """Open pages; at the end, no console error and no request elsewhere may have been.

    `visiting()` is a further tab of one person's browser, `visiting(stranger=True)` the browser of
    another. `visiting(at=own_server)` is on another server; ask for `own_server` first, so that it
    is the last to go.
    """
    visits: list[Visit] = []
    strangers: list[BrowserContext] = []

    def visit(stranger: bool = False, at: Server = server) -> Visit:
        if stranger:
            browser: Browser = request.getfixturevalue("browser")
            strangers.append(browser.new_context(viewport=WINDOW, reduced_motion=MOTION))
            strangers[-1].set_default_timeout(PATIENCE)
        one = Visit((strangers[-1] if stranger else person).new_page(), at.url)
        _watch(one)
        visits.append(one)
        return one

    yield visit
    for number, one in enumerate(visits):
        if getattr(request.node, "failed", False) and not one.page.is_closed():
            FAILED.mkdir(exist_ok=True)
            one.page.screenshot(path=FAILED / f"{request.node.name}-{number}.png")
        one.page.close()
    for context in strangers:
        context.close()
    assert [problem for one in visits for problem in one.problems] == []
    assert [url for one in visits for url in one.foreign] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let the fixtures know that the test failed, so that they keep a picture of the page."""
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def visit(visiting: Visiting) -> Visit:
    """The page as it opens, in a new browser."""
    return visiting().open()


@pytest.fixture(scope="session")
def untouched(person: BrowserContext, server: Server) -> Iterator[Visit]:
    """The page as it opens, for all tests that only look at it."""
    one = Visit(person.new_page(), server.url)
    _watch(one)
    yield one.open()
    one.page.close()
    assert (one.problems, one.foreign) == ([], [])
