"""A real server and a real browser, for the browser tests and the live benchmark."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STREAMLIT = (
    *(sys.executable, "-m", "streamlit", "run", "app.py"),
    *("--server.headless", "true", "--server.port"),
)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names or PATH has; None leaves it to playwright's own."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
    """Wait for something that cannot be waited for in the browser."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds:g} s"
        time.sleep(0.02)


class Server:
    """The dashboard on a port of its own, with a home folder of its own.

    Parameters
    ----------
    home : folder of the runs; the log lies beside it
    command : what starts it, up to the port
    cwd : where it is started
    settings : variables of the environment
    """

    def __init__(
        self,
        home: Path,
        command: Sequence[str] = STREAMLIT,
        cwd: Path = ROOT,
        **settings: str,
    ) -> None:
        self.home = home
        self._command = command
        self._cwd = cwd
        self.log = home.with_suffix(".log")
        self._settings = settings
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start the process and return at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._command, str(self.port)],
                cwd=self._cwd,
                env=os.environ | {"MLPDASH_HOME": str(self.home)} | self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> "Server":
        """Start the process and return when it answers."""
        self.launch()
        wait_until(self._answers, "the server answers", 120)
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(self.url + "/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process, and do not return before it is gone."""
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def said(self) -> str:
        """Return what the server wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def run_folder(self, run: str) -> Path:
        """Return the folder of a run."""
        return self.home / "runs" / run

    def runs(self) -> set[str]:
        """Return the ids of the runs that were kept."""
        return {folder.name for folder in (self.home / "runs").glob("*") if folder.is_dir()}

    def worker_of(self, run: str) -> int | None:
        """Return the process that holds the lock of a run."""
        lock = str(self.run_folder(run) / "lock")
        return next((pid for pid in descendants(self.process.pid) if lock in open_files(pid)), None)


def descendants(pid: int) -> set[int]:
    """Return the living processes under `pid` (where there is a /proc)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # gone meanwhile
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found: set[int] = set()
    generation = {pid}
    while generation := {child for child, parent in parents.items() if parent in generation}:
        found |= generation
    return found


def open_files(pid: int) -> set[str]:
    """Return the paths that a process has open."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.add(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return found


def alive(pid: int) -> bool:
    """Return whether a process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
