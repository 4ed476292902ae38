"""The supervisor with the workers that really train."""

import asyncio
import json
import shutil
import time

from mlpdash.runs import wire
from mlpdash.runs.disk.store import folder_of
from mlpdash.runs.server.supervisor import Supervisor, Times
from mlpdash.specs import Experiment

SHORT = Experiment().changed(epochs=3)
TIMES = Times(tick=0.05, viewer_leave=0.5, exit_grace=5)


class Tab:
    """A browser's tab with a run that it made."""

    def __init__(self, server, ticket, watcher):
        self.server, self.ticket, self.watcher = server, ticket, watcher
        self.states = []
        self.say("hello", secret=ticket.secret)

    @classmethod
    async def opened(cls, server):
        ticket = server.draft(SHORT)
        return cls(server, ticket, await server.watch(ticket.run_id))

    def say(self, kind, **more):
        self.server.hear(self.watcher, json.dumps({"kind": kind, **more}))

    def take(self):
        """Take over the states that it was told since the last look."""
        while not self.watcher.outbox.empty():
            header = json.loads(wire.unpack(self.watcher.outbox.get_nowait())[0])
            if header["kind"] == "status":
                self.states.append(header["state"])

    async def reaches(self, state, seconds=60.0):
        """Wait until it is told a state; what it was told before that is forgotten."""
        deadline = time.monotonic() + seconds
        while state not in self.states:
            assert time.monotonic() < deadline, f"{state!r} is not reached, but {self.states}"
            await asyncio.sleep(0.02)
            self.take()
        del self.states[: self.states.index(state) + 1]


def test_run_that_fails_twice_for_one_reason_gives_its_place_away(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))

    async def visit():
        server = Supervisor(limit=1, times=TIMES)
        await server.start()
        try:
            tab, other = await Tab.opened(server), await Tab.opened(server)
            tab.say("train")
            await tab.reaches("finished")
            shutil.rmtree(folder_of(tab.ticket.run_id))
            while tab.watcher.run.worker is not None:
                await asyncio.sleep(0.02)
            tab.say("next", view={}, have={}, force=True)
            await tab.reaches("failed")
            tab.say("train")  # while there still is the process that could not open it
            await tab.reaches("running")
            await tab.reaches("failed")
            assert not folder_of(tab.ticket.run_id).exists()
            other.say("train")
            await other.reaches("finished")
        finally:
            await server.close()

    asyncio.run(asyncio.wait_for(visit(), 180))
