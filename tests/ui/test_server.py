"""The server's routes, served by uvicorn in a thread, to a real WebSocket client."""

import asyncio
import json
import os
import sys
import threading
import time
import types
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from streamlit import config, net_util
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from mlpdash.runs import wire
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.runs.server.times import Times
from mlpdash.specs import Experiment
from mlpdash.ui import server
from mlpdash.ui.board.assets import ASSETS, ASSETS_VERSION, KINDS

LONG = Experiment().changed(epochs=None)
FAKES = Path(__file__).parents[1] / "runs" / "server"


@pytest.fixture(autouse=True)
def _surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(FAKES))
    monkeypatch.setattr(net_util, "get_external_ip", lambda: None)  # asks the internet
    kept = sys.modules.pop(server._KEPT, None)
    yield
    sys.modules.pop(server._KEPT, None)
    if kept is not None:
        sys.modules[server._KEPT] = kept


def fake_supervisor():
    return Supervisor(limit=2, times=Times(tick=0.02, exit_grace=5), worker="fake_worker:main")


class Site:
    """A server on a free port, and what tests ask of it."""

    def __init__(self, base="", lifespan=server.lifespan):
        self.app = Starlette(routes=server.routes(base), lifespan=lifespan)
        self.base = base
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                self.app, port=0, log_level="warning", ws="websockets-sansio", lifespan="on"
            )
        )
        self.thread = threading.Thread(target=self.uvicorn.run)

    def __enter__(self):
        self.thread.start()
        until(lambda: self.uvicorn.started)
        self.port = self.uvicorn.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.uvicorn.should_exit = True
        self.thread.join(15)
        assert not self.thread.is_alive()

    def socket(self, run_id, **options):
        options.setdefault("origin", f"http://localhost:{self.port}")
        return connect(
            f"ws://localhost:{self.port}{self.base}/mlpdash/stream/{run_id}",
            proxy=None,
            open_timeout=5,
            **options,
        )

    def get(self, path):
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(server, "Supervisor", fake_supervisor)
    with Site() as running:
        yield running


def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)
    return found


def say(socket, kind, **more):
    socket.send(json.dumps({"kind": kind, **more}))


def hear(socket, kind):
    """Return the next message of a kind."""
    while True:
        text, payload = wire.unpack(socket.recv(timeout=10))
        header = json.loads(text)
        if header["kind"] == kind:
            return header, bytes(payload)


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


# -- the socket --------------------------------------------------------------------------------


def test_run_is_watched_and_controlled_over_the_socket(site):
    ticket = server.supervisor().draft(LONG)
    with site.socket(ticket.run_id) as owner, site.socket(ticket.run_id) as guest:
        say(owner, "hello", secret=ticket.secret)
        say(guest, "hello", secret="not it")
        assert hear(owner, "status")[0]["control"] is True
        assert hear(guest, "status")[0]["control"] is False
        say(guest, "train")
        assert "only the browser that made this run" in hear(guest, "refused")[0]["message"]
        say(owner, "train")
        assert hear(guest, "status")[0]["state"] == "running"
        for socket in (owner, guest):
            say(socket, "next", view={"x": "x1"}, have={"count": -1}, force=True)
            header, payload = hear(socket, "frame")
            assert header["arrays"] == [["field", "f4", [2, 2], 0]]
            assert len(payload) == 16
    assert Store.open(ticket.run_id).experiment == LONG


def test_watcher_that_goes_is_forgotten(site):
    ticket = server.supervisor().draft(LONG)
    with site.socket(ticket.run_id) as socket:
        say(socket, "next", view={}, have={}, force=True)
        pid = json.loads(hear(socket, "frame")[0]["message"])["pid"]
    until(lambda: not is_alive(pid))


def test_unknown_run_is_404(site):
    for run_id in ("A" * 22, "short", "..%2F..%2Fetc", "%00" * 22):
        with pytest.raises(InvalidStatus) as refused, site.socket(run_id):
            pass
        assert refused.value.response.status_code in (404, 403)
    with pytest.raises(InvalidStatus) as refused, site.socket("A" * 22):
        pass
    assert refused.value.response.status_code == 404
    assert b"there is no run" in refused.value.response.body


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost.evil.example", "null", "http://[", ""]
)
def test_foreign_origin_is_403(site, origin):
    ticket = server.supervisor().draft(LONG)
    with pytest.raises(InvalidStatus) as refused, site.socket(ticket.run_id, origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_foreign_host_is_403_where_hosts_are_listed(site):
    ticket = server.supervisor().draft(LONG)
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["dash.example"])
    try:
        with pytest.raises(InvalidStatus) as refused, site.socket(ticket.run_id):
            pass
    finally:
        config.set_option("server.allowedHosts", before)
    assert refused.value.response.status_code == 403
    with site.socket(ticket.run_id) as socket:
        say(socket, "hello", secret=None)
        assert hear(socket, "status")[0]["state"] == "idle"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("x" * (server.MOST_TEXT + 1), 1009),
        (b"\0\1", 1003),
    ],
)
def test_what_no_board_sends_closes_the_socket(site, message, code):
    ticket = server.supervisor().draft(LONG)
    with site.socket(ticket.run_id) as socket:
        socket.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=10)
        assert closed.value.rcvd.code == code
    until(lambda: not server.supervisor()._runs[ticket.run_id].watchers)


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[1]",
        "[" * 60_000,
        '{"kind": "dance"}',
        '{"kind": "pace"}',
        '{"kind": "stop", "a": 1}',
    ],
)
def test_what_is_no_message_is_refused_in_a_sentence_and_the_socket_stays(site, message):
    ticket = server.supervisor().draft(LONG)
    with site.socket(ticket.run_id) as socket:
        say(socket, "hello", secret=ticket.secret)
        socket.send(message)
        assert "does not understand this page" in hear(socket, "refused")[0]["message"]
        say(socket, "train")
        assert hear(socket, "status")[0]["state"] == "running"


def test_base_path_is_put_in_front(monkeypatch):
    monkeypatch.setattr(server, "Supervisor", fake_supervisor)
    with Site("/deep/down") as site:
        ticket = server.supervisor().draft(LONG)
        with site.socket(ticket.run_id) as socket:
            say(socket, "hello", secret=ticket.secret)
            assert hear(socket, "status")[0]["control"] is True
        assert site.get("/deep/down/mlpdash/1/board.css")[0] == 200
        with pytest.raises(urllib.error.HTTPError) as missing:
            site.get("/mlpdash/1/board.css")
        missing.value.close()
        assert missing.value.code == 404


def test_end_of_the_server_closes_sockets_and_leaves_no_process(monkeypatch):
    monkeypatch.setattr(server, "Supervisor", fake_supervisor)
    with Site() as site:
        ticket = server.supervisor().draft(LONG)
        with site.socket(ticket.run_id) as socket:
            say(socket, "hello", secret=ticket.secret)
            say(socket, "train")
            say(socket, "next", view={}, have={}, force=True)
            hear(socket, "frame")
            pids = server.supervisor().processes()
            assert len(pids) == 2
            site.uvicorn.should_exit = True
            with pytest.raises(ConnectionClosed):
                hear(socket, "nothing")
    assert not any(is_alive(pid) for pid in pids)
    assert Store.open(ticket.run_id).state() == "paused"
    with Site() as site, site.socket(ticket.run_id) as socket:
        say(socket, "hello", secret=ticket.secret)
        status = hear(socket, "status")[0]
        assert (status["state"], status["control"]) == ("paused", True)


# -- files -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files():
    """Our routes without a supervisor, which files do not need."""
    with Site(lifespan=None) as running:
        yield running


def test_plotly_comes_from_the_installed_package(files):
    import plotly

    wanted = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    status, headers, content = files.get(f"/mlpdash/plotly.js?v={version('plotly')}")
    assert (status, content) == (200, wanted.read_bytes())
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize("query", ["", "?v=", "?v=6.0.0"])
def test_file_of_another_version_is_not_kept_by_the_browser(files, query):
    assert files.get(f"/mlpdash/plotly.js{query}")[1]["cache-control"] == "no-cache"


def test_board_is_served_by_name_and_kept_by_version(files):
    for name, path in ASSETS.items():
        _, headers, content = files.get(f"/mlpdash/{ASSETS_VERSION}/{name}")
        assert content == path.read_bytes()
        assert "immutable" in headers["cache-control"]
        assert headers["content-type"].startswith(KINDS[path.suffix])
        assert headers["x-content-type-options"] == "nosniff"


def test_a_page_of_an_older_server_gets_the_present_board_and_does_not_keep_it(files):
    _, headers, content = files.get("/mlpdash/0123456789abcdef/cards/figure.js")
    assert content == ASSETS["cards/figure.js"].read_bytes()
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    [
        "server.py",
        "board.py",
        "..%2F__init__.py",
        "../board.py",
        "cards/../board.js",
        "cards",
        "cards/",
        "%2Fetc%2Fpasswd",
        "page.css",
        "x.js",
    ],
)
def test_nothing_else_is_served(files, name):
    with pytest.raises(urllib.error.HTTPError) as missing:
        files.get(f"/mlpdash/{ASSETS_VERSION}/{name}")
    missing.value.close()
    assert missing.value.code == 404


# -- the supervisor's life ---------------------------------------------------------------------


def test_without_a_server_drafts_are_made_and_nothing_starts():
    before = threading.active_count()
    ticket = server.supervisor().draft(LONG)
    assert server.supervisor().describe(ticket.run_id).state == "idle"
    assert server.supervisor().processes() == []
    assert threading.active_count() == before


def test_supervisor_outlives_the_eviction_of_every_watched_module(site):
    """Streamlit drops watched modules, and all modules under their names, from sys.modules."""
    made = server.supervisor()
    evicted = {name: m for name, m in sys.modules.items() if name.partition(".")[0] == "mlpdash"}
    for name in evicted:
        del sys.modules[name]
    try:
        import mlpdash.ui.server as again

        assert again is not server
        assert again.supervisor() is made
        draft = again.supervisor().draft(importlib_experiment())
        assert made.describe(draft.run_id).state == "idle"
        with site.socket(draft.run_id) as socket:
            say(socket, "next", view={}, have={}, force=True)
            assert hear(socket, "frame")[0]["state"] == "idle"
    finally:
        for name in [n for n in sys.modules if n.partition(".")[0] == "mlpdash"]:
            del sys.modules[name]
        sys.modules.update(evicted)


def importlib_experiment():
    from mlpdash.specs import Experiment as Newer

    return Newer().changed(epochs=7)


def test_keeping_place_is_no_file_that_streamlit_would_watch():
    from streamlit.watcher.local_sources_watcher import get_module_paths

    server.supervisor()
    kept = sys.modules[server._KEPT]
    assert isinstance(kept, types.ModuleType)
    assert not get_module_paths(kept)
    assert not server._KEPT.startswith("mlpdash")


def test_supervisor_is_one_for_all_threads():
    found = []
    threads = [threading.Thread(target=lambda: found.append(server.supervisor())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_lifespan_has_one_supervisor_after_another(monkeypatch):
    monkeypatch.setattr(server, "Supervisor", fake_supervisor)

    async def living():
        async with server.lifespan(None):
            return server.supervisor()

    first, second = asyncio.run(living()), asyncio.run(living())
    assert first is not second
    assert first.processes() == second.processes() == []
