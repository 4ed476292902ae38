"""One run that is looked at, trained, judged, predicted with and exported reads its table once.

After the page has prepared the table, the bytes of the upload are taken away: whoever read them
again, in whatever process, would refuse an empty file.
"""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlpdash.cli.main import main
from mlpdash.data import load
from mlpdash.data.load import starting_point
from mlpdash.data.uploads import keep, path_of
from mlpdash.errors import DataError
from mlpdash.runs import wire
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.analysts import Analysts
from mlpdash.runs.server.supervisor import Supervisor, Times
from mlpdash.specs import Experiment
from mlpdash.ui.shared import cached

TABLE = "size,city,price\n" + "".join(
    f"{n % 37},{('Ulm', 'Bonn')[n % 2]},{n % 37 * 2 + n % 2 + n % 5 / 7}\n" for n in range(400)
)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the tables that this process has read."""
    found: list[str] = []
    read_table = load.read_table

    def counted(content: bytes, name: str, *more: Any) -> Any:
        found.append(name)
        return read_table(content, name, *more)

    monkeypatch.setattr(load, "read_table", counted)
    return found


async def trained(experiment: Experiment) -> str:
    """Train a run to its end while a browser watches it and wants the baselines."""
    server = Supervisor(limit=1, times=Times(tick=0.05, viewer_leave=0.5, exit_grace=5))
    await server.start()
    try:
        ticket = server.draft(experiment)
        watcher = await server.watch(ticket.run_id)

        def say(kind: str, **more: object) -> None:
            server.hear(watcher, json.dumps({"kind": kind, **more}))

        async def told(fits: Callable[[dict[str, Any]], bool]) -> None:
            deadline = time.monotonic() + 120
            while True:
                assert time.monotonic() < deadline
                while not watcher.outbox.empty():
                    body = watcher.outbox.get_nowait()
                    assert body is not None
                    header = json.loads(wire.unpack(body)[0])
                    assert header.get("state") != "failed", header
                    assert not header.get("message"), header
                    if fits(header):
                        return
                await asyncio.sleep(0.02)

        say("hello", secret=ticket.secret)
        say("train")
        await told(lambda header: header.get("state") == "finished")
        say("baselines", wanted=True)
        await told(lambda header: header["kind"] == "baselines" and bool(header["over"]))
    finally:
        await server.close()
    return ticket.run_id


def judged(run: str) -> None:
    """Let the analysts judge the run, predict with it, and export it."""
    analysts = Analysts()
    try:
        step = Store.open(run).latest_snapshot().step  # type: ignore[union-attr]
        report = analysts.report(run, step)
        assert report.wait(120)
        assert (report.refused, report.done) == ("", report.of)
        about = {"run": run, "step": step, "cell": None}
        rows = analysts.ask({"ask": "table", "name": "new.csv", **about}, TABLE.encode())[1]
        assert bytes(rows).count(b"\n") == 401
        for what in ("bundle", "script-tensors"):
            assert len(analysts.ask({"ask": "export", "what": what, **about})[1]) > 100
    finally:
        analysts.close()


@pytest.mark.slow
def test_the_dashboard_reads_a_table_once(reads: list[str]) -> None:
    key = keep(TABLE.encode(), "x.csv")
    experiment = starting_point(key).changed(epochs=2, hidden=(4,))
    cached.prepared(experiment.data)
    path_of(key).write_bytes(b"")
    run = asyncio.run(asyncio.wait_for(trained(experiment), 240))
    judged(run)
    assert reads == ["x.csv"]


def test_the_command_line_reads_a_table_once(
    reads: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "x.csv", str(tmp_path / "run")
    file.write_text(TABLE)
    words = ["train", str(file), "--epochs", "2", "--category", "size", "--out", out, "--json"]
    assert main(words) == 0
    assert reads == ["x.csv"]
    path_of(Store(out).experiment.data.data).write_bytes(b"")
    assert main(["results", out]) == 0
    assert main(["export", out, "bundle", "--out", str(tmp_path / "x.mlpdash")]) == 0
    assert reads == ["x.csv"]
    capsys.readouterr()


def test_without_the_prepared_rows_an_empty_file_would_be_refused(home: Path) -> None:
    key = keep(TABLE.encode(), "z.csv")
    spec = starting_point(key).data
    cached.prepared(spec)
    path_of(key).write_bytes(b"")
    for file in (home / "tables").glob("*/prepared/*"):
        file.unlink()
    with pytest.raises(DataError, match="is empty"):
        load.load(spec)
