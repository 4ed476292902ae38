"""Who is let in: origins, hosts, run ids and secrets; checked without a browser."""

import contextlib
import json
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.browser.visit import Visit
from tests.serving import Server


def dial(server: Server, run: str, **more: str) -> ClientConnection:
    address = f"ws://127.0.0.1:{server.port}/mlpdash/stream/{run}"
    headers = {"Host": more["host"]} if "host" in more else None
    origin = more.get("origin", server.url)
    return connect(address, origin=origin, additional_headers=headers, open_timeout=10)  # type: ignore[arg-type]


def refused(server: Server, run: str, **more: str) -> int:
    with pytest.raises(InvalidStatus) as refusal:
        dial(server, run, **more)
    return refusal.value.response.status_code


@pytest.fixture(scope="module")
def watched(server: Server, person: BrowserContext) -> Iterator[Visit]:
    """A run that goes on through all of these tests, and the page of the one who started it."""
    visit = Visit(person.new_page(), server.url)
    visit.open("?epochs=until-stopped")
    visit.train()
    yield visit
    visit.press("Stop")
    visit.state("stopped")
    visit.page.close()


@pytest.fixture
def run(watched: Visit) -> str:
    return watched.run()


def test_the_same_origin_is_let_in_and_watches(server: Server, run: str) -> None:
    with dial(server, run) as stream:
        stream.send(json.dumps({"kind": "hello", "secret": None}))
        assert isinstance(stream.recv(timeout=10), bytes)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1.evil.example", "https://localhost.x"],
)
def test_a_foreign_origin_is_refused(server: Server, run: str, origin: str) -> None:
    assert refused(server, run, origin=origin) == 403


def test_an_unknown_run_is_not_found(server: Server) -> None:
    assert refused(server, "A" * 22) == 404
    assert refused(server, "..%2f..%2fetc") in (403, 404)


def test_a_foreign_origin_learns_nothing_about_runs(server: Server, run: str) -> None:
    assert refused(server, "A" * 22, origin="http://evil.example") == 403


@pytest.mark.parametrize("secret", [None, "", "x" * 32])
def test_without_the_secret_nothing_is_controlled(
    watched: Visit, server: Server, run: str, secret: str | None
) -> None:
    with dial(server, run) as stream:
        stream.send(json.dumps({"kind": "hello", "secret": secret}))
        stream.send(json.dumps({"kind": "stop"}))
        answers = iter(lambda: stream.recv(timeout=10), None)
        assert any(b'"refused"' in bytes(one) for one in answers if isinstance(one, bytes))
    watched.after("epoch", watched.number("epoch"))
    watched.state("running")


@pytest.mark.parametrize(
    "message", ["", "{", "[]", "{}", '{"kind": 7}', '{"kind": "set", "changes": {"lr": "x"}}']
)
def test_rubbish_harms_no_run(watched: Visit, server: Server, run: str, message: str) -> None:
    with dial(server, run) as stream, contextlib.suppress(ConnectionClosed):
        stream.send(message)
        stream.send(b"\xff" * 100)
    watched.after("epoch", watched.number("epoch"))
    watched.state("running")


def test_it_listens_on_this_machine_only(server: Server) -> None:
    """Every address of this machine other than localhost refuses the connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; tells the address to send from
        except OSError:
            pytest.skip("this machine has no other address")
        address = probe.getsockname()[0]
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address, server.port), timeout=5).close()
