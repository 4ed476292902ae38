"""How fast tables are read, typed and prepared, beside what pandas alone takes.

Each file is measured in a fresh process. There pandas and we take turns, so that both see the same
state of the machine; of the ratios the median counts, of the times the best. Memory is measured in
another fresh process, where nothing has run before.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from mlpdash.errors import MlpDashError, RunError
from mlpdash.runs.children import Child
from mlpdash.text import _

ROWS, COLUMNS = 1_000_000, 20
ROUNDS: Final = 5
MOST_TIMES: Final = 2.5  # pandas.read_csv alone
MOST_MEMORY: Final = 3.0  # times the table as an array of float64
WIDE_SECONDS: Final = 2.0
REFUSED_SECONDS: Final = 1.0
Row = dict[str, Any]


def measure() -> list[Row]:
    """Measure all cases, one after the other.

    Returns
    -------
    One row per case: `case`, `value` and `limit` in `unit` ("s" or "times"), `ok`, and `note`
    """
    with tempfile.TemporaryDirectory() as folder:
        return [*_long(Path(folder)), *_wide(Path(folder)), *_refused(Path(folder))]


def _long(folder: Path) -> list[Row]:
    """1,000,000 x 20 numbers: time against pandas.read_csv, memory against the array."""
    path = folder / "long.csv"
    _write(path, ROWS, COLUMNS)
    turns = _in_process("turns", path)
    ratio = statistics.median(
        ours / alone for ours, alone in zip(turns["ours"], turns["pandas"], strict=True)
    )
    case = _("read, typed and prepared, {rows:,} x {columns}").format(rows=ROWS, columns=COLUMNS)
    said = _("{ours:.2f} s beside {alone:.2f} s of pandas.read_csv, {mb:,} MB").format(
        ours=min(turns["ours"]), alone=min(turns["pandas"]), mb=path.stat().st_size // 10**6
    )
    memory = _in_process("memory", path)["bytes"] / (ROWS * COLUMNS * 8)
    return [
        _row(case, ratio, MOST_TIMES, "times", said),
        _row(case, memory, MOST_MEMORY, "times", _("peak of memory, in arrays of float64")),
    ]


def _wide(folder: Path) -> list[Row]:
    path = folder / "wide.csv"
    _write(path, 200, 10_000)
    seconds = min(_in_process("turns", path)["ours"])
    return [_row(_("read, typed and prepared, 200 x 10,000"), seconds, WIDE_SECONDS, "s", "")]


def _refused(folder: Path) -> list[Row]:
    """The same large file, spoiled in its last line or its first in some ways."""
    good = (folder / "long.csv").read_bytes()
    quoted = b"".join(b'"' + line.replace(b",", b'","') + b'"\n' for line in good.splitlines())
    blanks = good.replace(b",", b"  ")
    texts = quoted.replace(b'","', b'"  "')
    head, _line, body = good.partition(b"\n")
    inches = head + b"\n" + body.replace(b",", b'",').replace(b"\n", b'"\n')
    odd = head + b'\n"5" pipe' + b",1" * (COLUMNS - 1) + b"\n" + body
    spoiled = {
        _("a row with too many fields at its end"): good + b"1" + b",1" * COLUMNS + b"\n",
        _("a quote never closed at its end"): good + b'"1' + b",1" * (COLUMNS - 1) + b"\n",
        _("a NUL byte at its end"): good + b"1,\x002\n",
        _("a byte that is no UTF-8 at its end"): good + b"1,\xe92\n",
        _("a quote never closed at its start"): good[:300] + b'\n"1,' + good[300:],
        _("all quoted, a row with too many fields at its end"): quoted + b"1" + b",1" * COLUMNS,
        _("all quoted, a quote never closed at its end"): quoted + b'"1' + b",1" * (COLUMNS - 1),
        _("blanks between fields, too many at its end"): blanks + b"1" + b" 1" * COLUMNS,
        _("quotes between blanks, too many at its end"): texts + b"1" + b" 1" * COLUMNS,
        _("an inch mark after each number, too many at its end"): inches + b"1" + b",1" * COLUMNS,
        _("text after a closing quote, too many at its end"): odd + b"1" + b",1" * COLUMNS,
        _("blank lines alone"): good[: good.find(b"\n")] + b"\n" * len(good),
    }
    rows = []
    for what, content in spoiled.items():
        path = folder / "spoiled.csv"
        path.write_bytes(content)
        done = _in_process("refusals", path)
        case = _("refused: {what}").format(what=what)
        rows.append(_row(case, min(done["seconds"]), REFUSED_SECONDS, "s", done["message"]))
    return rows


def _row(case: str, value: float, limit: float, unit: str, note: str) -> Row:
    return {
        "case": case,
        "value": value,
        "limit": limit,
        "unit": unit,
        "ok": value <= limit,
        "note": note,
    }


def _write(path: Path, rows: int, columns: int) -> None:
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{n}" for n in range(columns)) + "\n")
        for start in range(0, rows, 50_000):
            cells = random.normal(size=(min(50_000, rows - start), columns))
            file.write("\n".join(",".join(f"{v:.6g}" for v in row) for row in cells.tolist()))
            file.write("\n")


def _in_process(what: str, path: Path) -> Row:
    child = Child("mlpdash.bench.tables", what, str(path), one_thread=False)
    lines = child.answers.readlines()
    if said := child.wait():
        raise RunError(said)
    child.end()
    found: Row = json.loads(lines[-1])
    return found


def turns(content: bytes) -> Row:
    """Let pandas and us read in turns; seconds of each round."""
    found: dict[str, list[float]] = {"pandas": [], "ours": []}
    for _round in range(ROUNDS):
        found["pandas"].append(_seconds(_pandas, content))
        found["ours"].append(_seconds(_prepare, content))
    return found


def memory(content: bytes) -> Row:
    """Return how far the peak of memory rises above what the bytes and the imports take."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _prepare(content)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"bytes": (after - before) * (1 if sys.platform == "darwin" else 1024)}


def refusals(content: bytes) -> Row:
    """Return how long it takes to refuse a file, and the sentence."""
    return {
        "seconds": [_seconds(_refuse, content) for _round in range(ROUNDS)],
        "message": _refuse(content),
    }


def _seconds(work: Callable[[bytes], Any], content: bytes) -> float:
    start = time.perf_counter()
    work(content)
    return time.perf_counter() - start


def _pandas(content: bytes) -> None:
    import io

    import pandas as pd

    pd.read_csv(io.BytesIO(content))


def _prepare(content: bytes) -> None:
    from mlpdash.data.prepare import prepare
    from mlpdash.data.reading.read import read_table
    from mlpdash.specs import DataSpec

    prepare(read_table(content, "table.csv"), DataSpec(test=0.2))


def _refuse(content: bytes) -> str:
    from mlpdash.data.reading.read import read_table

    try:
        read_table(content, "table.csv")
    except MlpDashError as error:
        return str(error)
    return _("it was not refused")


def _warm() -> None:
    """Import what every process of ours has imported, so that imports are not measured."""
    import pandas  # noqa: F401
    import sklearn.impute
    import sklearn.preprocessing  # noqa: F401


if __name__ == "__main__":
    _warm()
    works = {"turns": turns, "memory": memory, "refusals": refusals}
    sys.stdout.write(json.dumps(works[sys.argv[1]](Path(sys.argv[2]).read_bytes())) + "\n")
