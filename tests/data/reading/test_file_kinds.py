"""What is no table is named, also under a table's name; what only looks like it is read."""

import json
import pickle
from io import BytesIO

import numpy as np
import pytest

from mlpdash.data.reading.file_kinds import other_kind
from mlpdash.data.reading.read import read_table
from mlpdash.errors import DataError

ROWS = [{"a": n, "b": n % 2} for n in range(9)]
PAGE = "<!DOCTYPE html>\n<html><body>a,b\n1,2</body></html>"
SHEET = "<table border=1>\n<tr><td>1,2</td></tr>\n<tr><td>3,4</td></tr>\n</table>\n"


def saved(array: np.ndarray) -> bytes:
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (json.dumps(ROWS, indent=2).encode(), "JSON"),
        (json.dumps({"rows": ROWS}, indent=4).encode(), "JSON"),
        (b"\n".join(json.dumps(row).encode() for row in ROWS), "JSON"),
        (b"  [[1, 2],\n [3, 4]]\n", "JSON"),
        (b"[\n  1,\n  2\n]", "JSON"),
        (b"{}", "JSON"),
        (json.dumps(ROWS, indent=2).encode("utf-16"), "JSON"),
        (PAGE.encode("utf-8-sig"), "an HTML page"),
        (PAGE.encode("utf-16"), "an HTML page"),
        (PAGE.encode("utf-16-le"), "an HTML page"),
        (PAGE.encode("utf-16-be"), "an HTML page"),
        (b"\n <!-- by us, -->\n<!-- and\nthem -->" + PAGE.encode(), "an HTML page"),
        (SHEET.encode(), "an HTML page"),
        (b'<meta charset="utf-8"><style>a {}</style>\n' + SHEET.encode(), "an HTML page"),
        (b'<div class="a,b">\n<p>1,2</p>\n</div>\n', "an HTML page"),
        (b"<!-- sheet --><?xml version='1.0'?><Workbook/>", "an XML file"),
        (saved(np.eye(3)), "a NumPy array"),
        (pickle.dumps(ROWS, 4), "a Python pickle"),
        (b"{\\rtf1 a,b\n1,2}", "a text document"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, kind: str) -> None:
    with pytest.raises(DataError, match=f'"x.csv" is not a CSV but {kind}'):
        read_table(content, "x.csv")


@pytest.mark.parametrize(
    "header",
    [
        "<b>size</b>,y",
        "<table>,<div>",
        "<p> <T>",
        "<p>low</p>;<p>high</p>",
        "[kg],[m]",
        "[1],[2]",
        "{a},{b}",
        "<18,>65",
        "GIF8,b",
        "BZh,b",
        "%PDF,b",
    ],
)
def test_headers_like_that_are_headers(header: str) -> None:
    mark = next(mark for mark in ";, " if mark in header)
    text = header + "".join(f"\n{n}{mark}{n % 3}" for n in range(9)) + "\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        content = text.encode(encoding)
        assert other_kind(content) == ""
        assert read_table(content, "x.csv").frame.shape[1] == 2


def test_cells_with_tags_are_cells() -> None:
    lines = "".join(f"<p>text, {n}</p>\t{n}\n" for n in range(9))
    assert other_kind(lines.encode()) == ""
