"""The fast pass over the bytes finds what Python's csv module finds."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpdash.data import lines
from mlpdash.data.lines import scan, scan_blanks


def looked(text: str, width: int = 3) -> lines.Lines:
    return scan(text.encode(), 0, b",", width, 1_000)


def rows_by_csv(text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    return [row for row in reader if len(row) > 1 or (row and row[0].strip())]


@pytest.fixture(params=[7, 64, 1 << 20])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(lines, "CHUNK", request.param)
    return int(request.param)


CELL = st.sampled_from(
    [
        *("", "1", "02", "a", '"x,y"', '"two\nlines"', '"say ""hi"""', '"0,1"'),
        *('5" pipe', '12"', '5" x 6"', 'say "hi" or "ho" you', ' "x,y"', "  a b", '"a ""b"", c"'),
    ]
)
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
    known = rows_by_csv(text)
    assert found.rows == len(known)
    assert found.short == sum(len(row) < 3 for row in known)
    long = [row for row in known if any(cell.strip() for cell in row[3:])]
    assert [row.fields for row in found.long] == [len(row) for row in long]
    for span, row in zip(found.long, long, strict=True):
        piece_of = text.encode()[span.start : span.stop].decode()
        assert rows_by_csv(piece_of) == [row]
    assert found.open_quote is None
    assert found.odd_quote is None
    zeros = {n for row in known for n, cell in enumerate(row) if cell == "02"}
    assert zeros <= found.zeros


def test_an_open_quote_is_found_where_it_opens(pieces: int) -> None:
    text = "1,2,3\n" * 50 + '4,"5,6\n' + "7,8,9\n" * 50
    assert looked(text).open_quote == text.index('"')


@given(
    size=st.sampled_from([1, 7, 8, 63, 64, 65, 1_000, 70_001]),
    share=st.sampled_from([0.0, 0.01, 0.5, 1.0]),
    seed=st.integers(0, 99),
)
def test_odd_and_even_are_told_as_by_counting(size: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random(size) < share
    np.testing.assert_array_equal(lines._odd_so_far(mask), np.cumsum(mask) % 2 == 1)


@pytest.mark.parametrize("cell", ['"5" pipe', '"a "b" c"', '"a" "b"', '5""'])
def test_quotes_that_neither_enclose_a_field_nor_stand_amid_one_are_odd(
    cell: str, pieces: int
) -> None:
    text = "1,2,3\n" * 20 + f"4,{cell},6\n7,8,9\n"
    assert looked(text).odd_quote == 120


@pytest.mark.parametrize("cell", ['5" pipe', 'say "hi" you', 'a "b, c" d', 'x"y', '5"', '5" x 6"'])
def test_a_quote_amid_a_field_is_a_letter_like_others(cell: str, pieces: int) -> None:
    text = "1,2,3\n" * 20 + f"4,{cell},6\n7,8,9\n"
    found = looked(text)
    assert (found.rows, found.odd_quote, found.open_quote) == (22, None, None)
    assert len(found.long) == ("," in cell)


WORD = st.sampled_from(["1", "02", "a", "-3.5", "\u00e9"])


@settings(max_examples=200)
@given(
    rows=st.lists(st.lists(WORD, max_size=5), min_size=1, max_size=30),
    gap=st.sampled_from([" ", "   ", "\t", " \t "]),
    around=st.sampled_from(["", " "]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
    piece=st.sampled_from([5, 16, 1 << 20]),
)
def test_runs_of_blanks_part_fields_as_split_does(
    rows: list[list[str]], gap: str, around: str, end: str, last: bool, piece: int
) -> None:
    text = end.join(around + gap.join(row) + around for row in rows) + (end if last else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", piece)
        found = scan_blanks(text.encode(), 0, 3)
    known = [row for row in rows if row]
    assert found.rows == len(known)
    assert found.short == sum(len(row) < 3 for row in known)
    long = [row for row in known if len(row) > 3]
    assert [row.fields for row in found.long] == [len(row) for row in long]
    for span, row in zip(found.long, long, strict=True):
        assert text.encode()[span.start : span.stop].decode().split() == row


def test_the_longest_field_and_its_place(pieces: int) -> None:
    found = looked("1,2,3\n4," + "x" * 30 + ",6\n")
    assert (found.longest, found.longest_at) == (30, 8)


def test_blank_lines_are_no_rows(pieces: int) -> None:
    found = looked("\n1,2,3\n\n   \n4,5,6\n\n")
    assert (found.rows, found.short) == (2, 0)
