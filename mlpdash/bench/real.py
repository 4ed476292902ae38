"""A folder of tables, each read by the product and by pandas: what differs, and what fails."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from mlpdash.errors import SpecError
from mlpdash.runs.children import Child
from mlpdash.text import _

Row = dict[str, Any]
SECONDS: Final = 60.0  # after which a table hangs
MOST_A_PACKAGE: Final = 40  # of a sample
FAILED: Final = ("crashed", "hung")
STATES: Final = ("opened", "refused", *FAILED)


def tables_in(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, relative to it and in order.

    Raises
    ------
    SpecError : there is none
    """
    found = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    if not found:
        raise SpecError(_('there are no files in "{folder}".').format(folder=folder))
    return found


def drawn(paths: Sequence[str], count: int, seed: int) -> list[str]:
    """Return a sample of tables, at most 40 of each first folder, in order.

    >>> drawn(["a/1.csv", "a/2.csv", "b/1.csv"], 3, 0)
    ['a/1.csv', 'a/2.csv', 'b/1.csv']
    """
    shuffled = list(paths)
    random.Random(seed).shuffle(shuffled)
    taken: Counter[str] = Counter()
    sample: list[str] = []
    for path in shuffled:
        package = path.partition("/")[0]
        if len(sample) < count and taken[package] < MOST_A_PACKAGE:
            taken[package] += 1
            sample.append(path)
    return sorted(sample)


def measure(
    folder: Path,
    paths: Sequence[str],
    seconds: float = SECONDS,
    tell: Callable[[str], None] = lambda line: None,
) -> Row:
    """Examine tables in processes of their own, as many at once as there are cores.

    Parameters
    ----------
    paths : relative to the folder
    seconds : after which a table hangs, and its process is ended
    tell : is told now and then how far it is

    Returns
    -------
    counts : how many tables opened, were refused, crashed, hung, and differ from pandas
    rows : one a table, as `real_table.examine`, with its path as `table`
    """
    rows = []
    for row in _examined(folder, paths, seconds):
        rows.append(row)
        if len(rows) % 100 == 0:
            tell(_("{n:,} of {total:,} tables").format(n=len(rows), total=len(paths)))
    counts = Counter(row["state"] for row in rows)
    differ = sum(bool(row["differs"]) for row in rows)
    return {
        "counts": {state: counts[state] for state in STATES} | {"differ": differ},
        "rows": rows,
    }


def _examined(folder: Path, paths: Sequence[str], seconds: float) -> Iterator[Row]:
    """Yield a row for each table, in order."""
    cores = os.cpu_count() or 1
    readers = [_Reader(seconds) for _core in range(cores)]
    idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
    for reader in readers:
        idle.put(reader)

    def examine(path: str) -> Row:
        reader = idle.get()
        try:
            return {"table": path} | reader.examine(folder / path)
        finally:
            idle.put(reader)

    try:
        with ThreadPoolExecutor(cores) as pool:
            yield from pool.map(examine, paths)
    finally:
        for reader in readers:
            reader.end()


class _Reader:
    """A process that examines tables, and is started anew after one that it does not survive."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._child: Child | None = None

    def examine(self, path: Path) -> Row:
        child = self._child = self._child or Child("mlpdash.bench.real_table")
        with contextlib.suppress(OSError):  # it has just ended
            child.tell(json.dumps(str(path)).encode() + b"\n")
        row = self._answer(child)
        beside = self._answer(child) if self._child else {}
        if "state" in beside:
            beside = {"pandas_message": beside["message"]}
        return row | {"differs": []} | beside

    def _answer(self, child: Child) -> Row:
        late = threading.Timer(self._seconds, child.kill)
        late.start()
        answer = child.answers.readline()
        hung = not late.is_alive()
        late.cancel()
        if answer:
            row: Row = json.loads(answer)
            return row
        self.end()
        if hung:
            message = _("was not done after {n:g} seconds").format(n=self._seconds)
            return {"state": "hung", "message": message}
        return {"state": "crashed", "message": _("the process ended")}

    def end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def failed(found: Row) -> bool:
    """Tell whether a table crashed or hung."""
    return any(found["counts"][state] for state in FAILED)


def as_text(found: Row) -> str:
    """Return what people read: a paragraph for each table, then those that failed, and counts."""
    lines = [line for row in found["rows"] for line in _paragraph(row)]
    for state in ("refused", *FAILED):
        rows = [row for row in found["rows"] if row["state"] == state]
        lines += [f"{state}: {row['table']}: {row['message'].rstrip()}" for row in rows]
    counts = found["counts"]
    total = sum(counts[state] for state in STATES)
    lines.append(
        _(
            "{total:,} tables: {opened:,} opened, {refused:,} refused, {crashed:,} crashed, "
            "{hung:,} hung; {differ:,} differ from pandas"
        ).format(total=total, **counts)
    )
    return "\n".join(lines)


def _paragraph(row: Row) -> Iterator[str]:
    if "rows" not in row:
        return
    yield _("{table}: {rows:,} rows, {columns:,} columns, {seconds:.2f} s").format(**row)
    if "target" in row:
        yield _("  predicts {target} ({task})").format(
            target=", ".join(row["target"]), task=row["task"]
        )
        kinds: dict[str, list[str]] = {}
        for name, kind in row["kinds"].items():
            if name not in row["left_out"]:
                kinds.setdefault(kind, []).append(name)
        yield from (f"  {kind}: {', '.join(names)}" for kind, names in kinds.items())
        yield from (f"  {name}: {reason}" for name, reason in row["left_out"].items())
    yield from (f"  differs: {what}" for what in row["differs"])
    yield from (f"  warning: {what}" for what in row["warnings"])
    yield from (f"  note: {note}" for note in row["notes"])
