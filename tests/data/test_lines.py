"""The fast pass over the bytes finds what Python's csv module finds."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpdash.data import lines
from mlpdash.data.lines import scan


def looked(text: str, width: int = 3) -> lines.Lines:
    return scan(text.encode(), 0, b",", width, 1_000)


@pytest.fixture(params=[7, 64, 1 << 20])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(lines, "CHUNK", request.param)
    return int(request.param)


CELL = st.sampled_from(["", "1", "02", "a", '"x,y"', '"two\nlines"', '"say ""hi"""', '"0,1"'])
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=30)


@settings(max_examples=200)
@given(
    rows=ROWS,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
    piece=st.sampled_from([5, 16, 1 << 20]),
)
def test_it_finds_what_the_csv_module_finds(
    rows: list[list[str]], end: str, last: bool, piece: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", piece)
        text = end.join(",".join(row) for row in rows) + (end if last else "")
        found = looked(text)
    known = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert found.rows == len(known)
    assert found.short == sum(len(row) < 3 for row in known)
    long = [row for row in known if any(cell.strip() for cell in row[3:])]
    assert [row.fields for row in found.long] == [len(row) for row in long]
    for span, row in zip(found.long, long, strict=True):
        piece_of = text.encode()[span.start : span.stop].decode()
        assert next(csv.reader(io.StringIO(piece_of, newline=""))) == row
    assert found.open_quote is None
    assert found.odd_quote is None
    zeros = {n for row in known for n, cell in enumerate(row) if cell == "02"}
    assert zeros <= found.zeros


def test_an_open_quote_is_found_where_it_opens(pieces: int) -> None:
    text = "1,2,3\n" * 50 + '4,"5,6\n' + "7,8,9\n" * 50
    assert looked(text).open_quote == text.index('"')


def test_quotes_inside_a_field_are_odd_not_wrong(pieces: int) -> None:
    text = "1,2,3\n" * 20 + '4,5" pipe,6\n'
    assert looked(text).odd_quote == 120


def test_the_longest_field_and_its_place(pieces: int) -> None:
    found = looked("1,2,3\n4," + "x" * 30 + ",6\n")
    assert (found.longest, found.longest_at) == (30, 8)


def test_blank_lines_are_no_rows(pieces: int) -> None:
    found = looked("\n1,2,3\n\n   \n4,5,6\n\n")
    assert (found.rows, found.short) == (2, 0)
