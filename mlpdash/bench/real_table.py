"""One table, read by the product and by pandas alone: what each found, and what differs.

As a program it answers each path on a line of stdin with two lines of JSON, of the product and of
pandas.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlpdash.errors import MlpDashError
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

    from mlpdash.data.columns.columns import Columns
    from mlpdash.data.table import Table

Row = dict[str, Any]
DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}  # pandas guesses those of other files
NAMELESS: Final = "Unnamed: "  # how pandas begins the names of columns that have none


def examine(path: Path) -> Row:
    """Read a table twice, prepare it, and compare.

    Returns
    -------
    state : "opened", "refused" (`message` says why) or "crashed" (`message` is the traceback)
    rows, columns, kinds, left_out, target, task, notes : what the product found, as far as it got
    warnings : that Python raised meanwhile
    seconds, pandas_seconds : how long reading and preparing took, and pandas' reading alone
    pandas_rows, pandas_columns : what pandas found; `pandas_message` if it could not read the file
    differs : sentences about what differs
    """
    product, beside = parts(path)
    return product | beside


def parts(path: Path) -> Iterator[Row]:
    """Yield what `examine` returns of the product, then what it returns of pandas."""
    content = path.read_bytes()
    row: Row = {"state": "opened", "seconds": 0.0}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = _open(content, path.name, row)
    row["warnings"] = sorted({str(one.message) for one in caught})
    yield row
    yield _beside_pandas(content, path.suffix, table, row.get("kinds", {}))


def _open(content: bytes, name: str, row: Row) -> Table | None:
    """Read and prepare, and write down what came of it; return the table if it could be read."""
    from mlpdash.data.columns.columns import find_columns
    from mlpdash.data.prepare import prepare
    from mlpdash.data.reading.read import read_table
    from mlpdash.data.sets.catalogue import TABLE
    from mlpdash.specs import Experiment

    spec = Experiment().changed(**TABLE).data  # what the dashboard starts a table with
    table = None
    try:
        with _timed(row):
            table = read_table(content, name)
        row |= {"rows": len(table.frame), "columns": table.frame.shape[1]}
        row["notes"] = list(table.notes)
        row |= _columns(table, find_columns(table, spec))
        with _timed(row):
            row["notes"] = list(prepare(table, spec).notes)
    except MlpDashError as error:
        row |= {"state": "refused", "message": str(error)}
    except Exception:  # noqa: BLE001 - a crash is what is looked for
        row |= {"state": "crashed", "message": traceback.format_exc()}
    return table


@contextlib.contextmanager
def _timed(row: Row) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        row["seconds"] += time.perf_counter() - started


def _columns(table: Table, found: Columns) -> Row:
    from mlpdash.data.overview import overview

    left_out = [column.name for column in found.columns if column.role == "ignored"]
    views = overview(table.frame, found, left_out, None)
    return {
        "kinds": {column.name: column.kind for column in found.columns},
        "left_out": {view.column.name: view.becomes for view in views},
        "target": list(found.targets),
        "task": found.task,
    }


def _beside_pandas(content: bytes, suffix: str, table: Table | None, kinds: dict[str, str]) -> Row:
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = read_by_pandas(content, suffix)
    except Exception as error:  # noqa: BLE001 - whatever pandas raises is its answer
        return {"pandas_message": str(error).partition("\n")[0], "differs": []}
    return {
        "pandas_seconds": time.perf_counter() - started,
        "pandas_rows": len(frame),
        "pandas_columns": frame.shape[1],
        "differs": [] if table is None else differences(table.frame, frame, kinds),
    }


def read_by_pandas(content: bytes, suffix: str) -> pd.DataFrame:
    """Read a table as a person would with pandas who has seen its first line."""
    import pandas as pd

    if suffix == ".parquet":
        return pd.read_parquet(io.BytesIO(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    delimiter = DELIMITERS.get(suffix)
    if delimiter and not any(delimiter in line for line in text.splitlines()[:10]):
        delimiter = None  # not what the name of the file promises

    def read(header: int | None) -> pd.DataFrame:
        engine: Any = "c" if delimiter else "python"
        return pd.read_csv(io.StringIO(text), sep=delimiter, engine=engine, header=header)

    frame = read(0)
    are_numbers = pd.to_numeric(pd.Series(map(str, frame.columns)), errors="coerce").notna()
    return read(None) if are_numbers.mean() > 0.5 else frame


def differences(ours: pd.DataFrame, theirs: pd.DataFrame, kinds: dict[str, str]) -> list[str]:
    """Say where the product's reading differs from that of pandas in rows, columns or names.

    Parameters
    ----------
    kinds : what the product takes each column for; text and numbers may be told apart otherwise
    """
    said = []
    if len(ours) != len(theirs):
        said.append(_("{n:,} rows, pandas {m:,}").format(n=len(ours), m=len(theirs)))
    if ours.shape[1] != theirs.shape[1]:
        said.append(_("{n:,} columns, pandas {m:,}").format(n=ours.shape[1], m=theirs.shape[1]))
        return said
    for at, (name, other) in enumerate(zip(ours.columns, theirs.columns, strict=True)):
        named = isinstance(other, str) and not other.startswith(NAMELESS)
        if named and name != other.strip():
            said.append(_('"{name}", pandas "{other}"').format(name=name, other=other))
        is_number = theirs.iloc[:, at].dtype.kind in "biuf"
        kind = kinds.get(name, "")
        if (kind == "category" and is_number) or (kind == "number" and not is_number):
            holds = _("numbers") if is_number else _("text")
            said.append(
                _('"{name}" is a {kind}, in pandas {holds}').format(
                    name=name, kind=kind, holds=holds
                )
            )
    return said


def main() -> None:
    """Answer paths until there are no more; imports come first, so that no table has to wait."""
    import pandas  # noqa: F401

    import mlpdash.data.overview
    import mlpdash.data.prepare  # noqa: F401

    for line in sys.stdin:
        for part in parts(Path(json.loads(line))):
            sys.stdout.write(json.dumps(part) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
