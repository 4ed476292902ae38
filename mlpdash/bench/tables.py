"""How fast tables are read, typed and prepared, beside what pandas alone takes.

Each figure is measured in a fresh process, so that the peak of memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from mlpdash.errors import MlpDashError
from mlpdash.text import _

ROWS, COLUMNS = 1_000_000, 20
REPEATS: Final = 3
BAD_LINE: Final = b"1,2,3,4\n"
Row = dict[str, Any]


def measure() -> list[Row]:
    """Measure all cases, one after the other.

    Returns
    -------
    One row per case: `case`, `seconds`, `limit` (seconds, or what it is compared with), `ok`,
    and `note` in words
    """
    with tempfile.TemporaryDirectory() as folder:
        return [*_long(Path(folder)), *_wide(Path(folder)), *_refused(Path(folder))]


def _long(folder: Path) -> list[Row]:
    """1,000,000 x 20 numbers: time against pandas.read_csv, memory against the array."""
    path = folder / "long.csv"
    _write(path, ROWS, COLUMNS)
    alone = min(_in_process("pandas", path)["seconds"] for _n in range(REPEATS))
    ours = min((_in_process("prepare", path) for _n in range(REPEATS)), key=lambda r: r["seconds"])
    array = ROWS * COLUMNS * 8
    file = path.stat().st_size
    return [
        _row(
            _("pandas.read_csv alone, {rows:,} x {columns}").format(rows=ROWS, columns=COLUMNS),
            alone,
            None,
            _("{mb:,} MB").format(mb=file // 10**6),
        ),
        _row(
            _("read, typed and prepared, {rows:,} x {columns}").format(rows=ROWS, columns=COLUMNS),
            ours["seconds"],
            2.5 * alone,
            _("{times:.2f} times pandas; memory {memory:.2f} times the array of float64").format(
                times=ours["seconds"] / alone, memory=ours["memory"] / array
            ),
        ),
    ]


def _wide(folder: Path) -> list[Row]:
    path = folder / "wide.csv"
    _write(path, 200, 10_000)
    done = min((_in_process("prepare", path) for _n in range(REPEATS)), key=lambda r: r["seconds"])
    return [_row(_("read, typed and prepared, 200 x 10,000"), done["seconds"], 2.0, "")]


def _refused(folder: Path) -> list[Row]:
    """The same large file, spoiled in its last line in some ways."""
    good = (folder / "long.csv").read_bytes()
    spoiled = {
        _("a row with too many fields at its end"): good + b"1" + b",1" * COLUMNS + b"\n",
        _("a quote never closed at its end"): good + b'"1' + b",1" * (COLUMNS - 1) + b"\n",
        _("a NUL byte at its end"): good + b"1,\x002\n",
        _("a byte that is no UTF-8 at its end"): good + b"1,\xe92\n",
        _("a quote never closed at its start"): good[:300] + b'\n"1,' + good[300:],
    }
    rows = []
    for what, content in spoiled.items():
        path = folder / "spoiled.csv"
        path.write_bytes(content)
        done = _in_process("refuse", path)
        rows.append(
            _row(_("refused: {what}").format(what=what), done["seconds"], 1.0, done["message"])
        )
    return rows


def _row(case: str, seconds: float, limit: float | None, note: str) -> Row:
    return {
        "case": case,
        "seconds": seconds,
        "limit": limit,
        "ok": limit is None or seconds <= limit,
        "note": note,
    }


def _write(path: Path, rows: int, columns: int) -> None:
    random = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"c{n}" for n in range(columns)) + "\n")
        for start in range(0, rows, 50_000):
            cells = random.normal(size=(min(50_000, rows - start), columns))
            file.write("\n".join(",".join(f"{v:.6g}" for v in row) for row in cells.tolist()))
            file.write("\n")


def _in_process(what: str, path: Path) -> Row:
    done = subprocess.run(
        [sys.executable, "-m", "mlpdash.bench.tables", what, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def _timed(work: Callable[[bytes], str], path: Path) -> Row:
    """Run `work` on the bytes of a file; seconds, and bytes of memory above what stood before."""
    content = path.read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    message = work(content)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "memory": (peak - before) * 1024, "message": message}


def _pandas(content: bytes) -> str:
    import io

    import pandas as pd

    pd.read_csv(io.BytesIO(content))
    return ""


def _prepare(content: bytes) -> str:
    from mlpdash.data.preparing import prepare
    from mlpdash.data.reading import read_table
    from mlpdash.specs import DataSpec

    prepare(read_table(content, "table.csv"), DataSpec(test=0.2))
    return ""


def _refuse(content: bytes) -> str:
    from mlpdash.data.reading import read_table

    try:
        read_table(content, "table.csv")
    except MlpDashError as error:
        return str(error)
    return ""


def _warm() -> None:
    """Import what every process of ours has imported, so that imports are not measured."""
    import pandas  # noqa: F401
    import sklearn.impute
    import sklearn.preprocessing  # noqa: F401


if __name__ == "__main__":
    _warm()
    works = {"pandas": _pandas, "prepare": _prepare, "refuse": _refuse}
    sys.stdout.write(json.dumps(_timed(works[sys.argv[1]], Path(sys.argv[2]))) + "\n")
