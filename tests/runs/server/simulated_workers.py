"""A pool whose processes are simulated, so that a test decides what each of them does next."""

from collections import deque
from contextlib import nullcontext

from mlpdash.runs.messages.server_to_worker import Exit, Extend, Open, Pause, Step, Stop, Train
from mlpdash.runs.messages.worker_to_server import Bye, WorkerStatus
from mlpdash.runs.server.lifecycle import Event


class SimulatedStore:
    """A run's folder of which only the record matters; the lock is free where it has to be."""

    def __init__(self, folder):
        self.folder = folder
        self.written = {"state": "idle"}

    def record(self):
        return self.written

    def update(self, **changes):
        self.written = {**self.written, **changes}

    def lock(self, timeout):
        return nullcontext()


class SimulatedWorker:
    """The server's end and the process of one worker; it writes the run's record as a real one.

    Attributes
    ----------
    inbox : what it was sent and has not read
    outbox : what it has said and the server has not heard
    """

    def __init__(self, run_id):
        self.run_id = run_id
        self.inbox, self.outbox = deque(), deque()
        self.has_connected = self.was_told_to_exit = False
        self.is_alive, self.is_heard = True, True
        self.is_open = self.has_lock = False
        self.state, self.attempt, self.store = "idle", 0, None

    # -- what the server calls

    def send(self, message):
        assert not self.was_told_to_exit
        self.inbox.append(message)

    def exit(self, grace):
        assert not self.was_told_to_exit
        self.inbox.append(Exit())
        self.was_told_to_exit = True

    # -- what the process does

    def hear(self, store, *, well=True):
        """Read the next message; a run that is not `well` cannot be opened, or not be trained."""
        self.has_connected = True
        message = self.inbox.popleft()
        self.attempt = getattr(message, "attempt", self.attempt)
        match message:
            case Exit():
                self.leave()
            case Open():
                self.store = store
                self.is_open = well
                written = store.record()["state"]
                self.state = "failed" if not well or written == "running" else written
                self.tell()
            case Train() | Step() | Extend() if self.is_open and well:
                self.has_lock = True
                self.become("running")
            case Train() | Step() | Extend():
                self.tell()
            case Pause() if self.state == "running":
                self.become("paused")
            case Stop() if self.state in ("running", "paused"):
                self.become("stopped")

    def become(self, state):
        self.state = state
        if self.has_lock:
            self.store.update(state=state)
        self.has_lock = self.has_lock and state in ("running", "paused")
        self.tell()

    def tell(self):
        said = {"attempt": self.attempt, "state": self.state}
        self.outbox.append(WorkerStatus(**said, message="", epoch=0, step=0))

    def leave(self):
        """Save and say goodbye, when told to or for a reason of its own, such as a full disk."""
        self.has_connected = True
        if self.has_lock:
            self.state = "paused" if self.state == "running" else self.state
            self.store.update(state=self.state)
        self.outbox.append(Bye(attempt=self.attempt, state=self.state))
        self.die()

    def die(self):
        self.is_alive = self.has_lock = False


class SimulatedPool:
    """Hands out simulated workers; what they say and their end reach the server when told to."""

    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.workers = []

    def spawn(self, run_id):
        assert run_id not in {worker.run_id for worker in self.workers}
        self.workers.append(SimulatedWorker(run_id))
        return self.workers[-1]

    def deliver(self, run):
        """Let the server hear what a run's process has said, or that it is no more."""
        worker = run.worker
        if worker.outbox:
            self.scheduler.on_message(run, worker.outbox.popleft(), b"")
        elif not worker.is_alive and worker.is_heard:
            worker.is_heard = False
            self.scheduler.handle(run, Event.DISCONNECTED)
        elif not worker.is_alive:
            self.workers.remove(worker)
            self.scheduler.handle(run, Event.EXITED)
