"""What the server keeps in memory for all sessions, within `MLPDASH_MEMORY_MB`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import streamlit as st

from mlpdash.data.budgets import memory_budget

MOST: Final = 40  # values; each that is mapped holds a file open
LEAST: Final = 4  # values that stay however large they are: what one page shows

Value = TypeVar("Value")


class ValueCache:
    """Values by key; those not used for longest go where all together are larger than a budget.

    Two threads that want the same value at the same time make it once.

    Parameters
    ----------
    budget : bytes
    most, least : how many values are kept at most, and how many whatever their size
    """

    def __init__(self, budget: int, most: int = MOST, least: int = LEAST) -> None:
        self._budget, self._most, self._least = budget, most, least
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._guard = threading.Lock()

    def get(
        self, key: Hashable, make: Callable[[], Value], size_of: Callable[[Value], int]
    ) -> Value:
        """Return the value of `key`, made where it is not kept; what `make` raises is not kept."""
        with self._guard:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
        with entry.making:
            if not entry.made:
                try:
                    entry.value = make()
                except BaseException:
                    self._forget(key, entry)
                    raise
                entry.size, entry.made = size_of(entry.value), True
                self._add(key, entry)
        value: Value = entry.value
        return value

    @property
    def size(self) -> int:
        """The bytes that all values have."""
        with self._guard:
            return sum(entry.size for entry in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def _forget(self, key: Hashable, entry: _Entry) -> None:
        with self._guard:
            if self._entries.get(key) is entry:
                del self._entries[key]

    def _add(self, key: Hashable, entry: _Entry) -> None:
        """Keep a value that was just made, and make room for it."""
        with self._guard:
            self._entries[key] = entry  # again, if the first thread that made it has failed
            made = [key for key, entry in self._entries.items() if entry.made]
            used = sum(self._entries[key].size for key in made)
            for left, oldest in zip(range(len(made), self._least, -1), made, strict=False):
                if used <= self._budget and left <= self._most:
                    break
                used -= self._entries.pop(oldest).size


@dataclass(eq=False)
class _Entry:
    """A value that is made, or being made."""

    value: Any = None
    size: int = 0
    made: bool = False
    making: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(show_spinner=False)
def memory() -> ValueCache:
    """Return what this server keeps."""
    return ValueCache(memory_budget())
