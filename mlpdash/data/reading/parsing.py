"""Text whose layout is known -> rows, by pandas' C engine."""

from __future__ import annotations

import csv
import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from mlpdash.data.cells.cells import MANY_COLUMNS
from mlpdash.data.reading.first_lines.layout import Layout
from mlpdash.data.reading.lines import Lines, rows_of

if TYPE_CHECKING:
    import pandas as pd

ZERO_LED: Final = re.compile(r"\s*0\d")
LONG_NUMBER: Final = re.compile(r"[+-]?\d{16,}")  # has more digits than a float
WIDE: Final = 500  # columns from which on each piece that pandas parses costs more than it saves
AT_ONCE: Final = 64_000_000  # bytes of text that are parsed at once at most, which takes memory


def text_columns(text: bytes, layout: Layout, lines: Lines) -> set[int]:
    """Find columns whose numbers would lose digits: leading zeros, and beyond 15 digits."""
    width = len(layout.names)
    found = {*layout.grouped, *(n for n in lines.zeros if n < width)}
    head = text[layout.start : layout.start + 200_000]
    try:
        for count, (_line, row) in enumerate(rows_of(head, 0, layout.delimiter)):
            if count == 100:
                break
            found |= {
                n
                for n, cell in enumerate(row[:width])
                if LONG_NUMBER.fullmatch(cell.strip()) or ZERO_LED.match(cell)
            }
    except csv.Error:
        pass
    return found


def parsed_rows(text: bytes, layout: Layout, types: dict[str, str]) -> pd.DataFrame:
    """Parse in pieces, which is quicker; at once where they differ in type or columns are many."""
    import pandas as pd

    # A dict of types, even an empty one, makes pandas build a Series for each column.
    more: dict[str, Any] = {"dtype": types} if types else {}
    is_wide = len(layout.names) > WIDE and len(text) < AT_ONCE
    if not is_wide:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            frame = _pandas(text, layout, **more)
    if is_wide or any(kind.kind == "O" and kind != "str" for kind in frame.dtypes):
        frame = _pandas(text, layout, low_memory=False, **more)
    return frame.copy() if frame.shape[1] > MANY_COLUMNS else frame  # a copy is one block: quicker


def _pandas(text: bytes, layout: Layout, **more: Any) -> pd.DataFrame:
    import pandas as pd

    more = {"skipinitialspace": True, **more}

    def read(**chosen: Any) -> pd.DataFrame:
        stream = io.BytesIO(text)
        stream.seek(layout.start)
        frame: pd.DataFrame = pd.read_csv(
            stream,
            sep=r"\s+" if layout.delimiter == " " else layout.delimiter,
            names=layout.names,
            header=None,
            index_col=False,
            decimal="." if layout.delimiter == "," else layout.decimal,
            **chosen,
        )
        return frame

    columns = more.pop("usecols", range(len(layout.names)))  # empty fields beyond are no error
    try:
        return read(usecols=columns, **more)
    except pd.errors.ParserError:  # mostly since no row has as many fields as there are names
        return read(**more).iloc[:, list(columns)]


def as_text(
    text: bytes, layout: Layout, columns: list[str], *, keep_blanks: bool = False
) -> pd.DataFrame:
    """Read columns once more, as they stand; only empty cells are missing.

    Parameters
    ----------
    keep_blanks : those before a cell are part of it
    """
    return _pandas(
        text,
        layout,
        usecols=[layout.names.index(name) for name in columns],
        dtype="str",
        keep_default_na=False,
        na_values=[""],
        skipinitialspace=not keep_blanks,
    )
