"""What a worker writes to its run's folder besides the training itself, under the run's lock."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from filelock import BaseFileLock

from mlpdash.runs.disk.store import Store
from mlpdash.training.loop.events import Event


class RunFolder:
    """Write a run's state and the changes made to it, as its one writer.

    Who trains a run holds its lock; who only views it takes the lock for the moment of a change.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock: BaseFileLock | None = None

    @property
    def is_locked(self) -> bool:
        """Whether this process holds the run's lock, and so may train it."""
        return self._lock is not None

    def lock(self) -> None:
        """Take the run's lock, to keep it.

        Raises
        ------
        RunError : another process holds it
        """
        self._lock = self.store.lock()

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def set_state(self, state: str, message: str) -> None:
        """Write the run's state; nothing where the run is only viewed."""
        if self.is_locked:
            self.store.update(state=state, message=message)

    def record(self, change: Callable[[], Event]) -> None:
        """Make a change to the nets and write it down, with the lock held.

        Parameters
        ----------
        change : changes the nets and returns the event; it is not called without the lock

        Raises
        ------
        RunError : another process holds the lock, or what `change` raises
        """
        with contextlib.nullcontext() if self.is_locked else self.store.lock():
            self.append(change())

    def append(self, event: Event) -> None:
        """Write an event down."""
        self.store.append_event(event.step, event.field, event.value)
