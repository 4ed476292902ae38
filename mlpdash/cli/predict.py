"""The command `predict`: a bundle and a table of rows -> a table of predictions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mlpdash.errors import DataError
from mlpdash.text import _


def add_predict(commands: Any) -> argparse.ArgumentParser:
    """Add the command to the subparsers of the command line."""
    one: argparse.ArgumentParser = commands.add_parser(
        "predict",
        help=_("predict the rows of a CSV with a bundle"),
        description=_(
            "Add predictions to the rows of a CSV or Parquet file, which is read the way "
            "the training table was. Columns are matched by name; extra columns are kept "
            "and missing ones are reported."
        ),
        allow_abbrev=False,
    )
    one.add_argument("bundle", type=Path, metavar="BUNDLE", help=_("a .mlpdash file"))
    one.add_argument("rows", type=Path, metavar="ROWS.csv", help=_("the rows to predict"))
    one.add_argument(
        "--encoding",
        default="auto",
        metavar="ENCODING",
        help=_("text encoding (default: UTF-8, otherwise the training table's)"),
    )
    one.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=_("where to write, a .csv or .parquet file (default: CSV on standard output)"),
    )
    return one


def predict(chosen: argparse.Namespace) -> int:
    """Write the rows with their predictions, and say on stderr what was odd about them."""
    from mlpdash.data.new_rows import read_rows
    from mlpdash.results.exporting.tables import csv_beside, parquet_beside
    from mlpdash.runs.bundles.bundle import read_bundle

    predictor = read_bundle(chosen.bundle).predictor
    known = predictor.preprocessor
    given = read_rows(
        _bytes(chosen.rows), chosen.rows.name, known.features, known.text_format, chosen.encoding
    )
    found = predictor.rows(given.cells)
    for sentence in (*given.notes, *found.notes):
        sys.stderr.write(sentence + "\n")
    if chosen.out is None:
        sys.stdout.write(csv_beside(given.given, found.frame()).decode())
        return 0
    try:
        is_parquet = chosen.out.suffix.lower() == ".parquet"
        write = parquet_beside if is_parquet else csv_beside
        chosen.out.write_bytes(write(given.given, found.frame()))
    except OSError as error:
        raise _no_access(chosen.out, error) from None
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _no_access(path, error) from None


def _no_access(path: Path, error: OSError) -> DataError:
    return DataError(
        _('"{path}" cannot be opened: {reason}.').format(path=path, reason=error.strerror)
    )
