"""The fast pass over the bytes finds what Python's csv module finds."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlpdash.data.reading import lines, quotes
from mlpdash.data.reading.lines import scan_rows


def looked(text: str, width: int = 3) -> lines.Lines:
    return scan_rows(text.encode(), 0, b",", width, 1_000)


def rows_by_csv(text: str) -> list[list[str]]:
    """Return the rows of all lines that hold more than white space."""
    held: list[str] = []  # lines of one row

    def lines_of() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            held.append(line)
            yield line

    rows = []
    for row in csv.reader(lines_of(), skipinitialspace=True):
        if "".join(held).strip():
            rows.append(row)
        held.clear()
    return rows


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
    np.testing.assert_array_equal(quotes._odd_so_far(mask), np.cumsum(mask) % 2 == 1)


@pytest.mark.parametrize("cell", ['"5" pipe', '"a "b" c"', '"a" "b"', '""a'])
def test_text_after_a_closing_quote_is_odd(cell: str, pieces: int) -> None:
    text = "1,2,3\n" * 20 + f"4,{cell},6\n7,8,9\n"
    assert looked(text).odd_quote == 120


@pytest.mark.parametrize(
    "cell", ['5" pipe', 'say "hi" you', 'a "b, c" d', 'x"y', '5"', '5""', '5" x 6"']
)
def test_a_quote_amid_a_field_is_a_letter_like_others(cell: str, pieces: int) -> None:
    text = "1,2,3\n" * 20 + f"4,{cell},6\n7,8,9\n"
    found = looked(text)
    assert (found.rows, found.odd_quote, found.open_quote) == (22, None, None)
    assert len(found.long) == ("," in cell)


def is_open_by_csv(text: str) -> bool:
    """Tell by the csv module whether what comes after `text` would be within quotes."""
    rows = list(csv.reader(io.StringIO(text + "\nZ\nZ", newline=""), skipinitialspace=True))
    return rows[-1] != ["Z"]


def filled(row: list[str]) -> bool:
    return any(cell.strip() for cell in row[3:])


@pytest.mark.slow
@settings(max_examples=2_000)
@given(
    text=st.lists(
        st.sampled_from(
            ['"', '""', ",", ",,", "\n", "\r", "\r\n", " ", "   ", "a", "0", "07", ',"']
        ),
        max_size=60,
    ).map("".join),
    piece=st.sampled_from([1, 2, 5, 16, 1 << 20]),
)
@example(text='a,"b\n"c"\n', piece=5)
@example(text='"""a",b""\n,"",""""\n', piece=2)
@example(text="1,2,3, \n1,2,3, ,x\n", piece=1)
def test_any_text_is_parted_as_the_csv_module_parts_it(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", piece)
        found = looked(text)
        first = scan_rows(text.encode(), 0, b",", 3, 1_000, most_long=1)
    assert (found.open_quote is not None) == is_open_by_csv(text)
    known = rows_by_csv(text if found.open_quote is None else text[: found.open_quote])
    if found.open_quote is not None and not text[: found.open_quote].endswith(("\n", "\r")):
        known = known[: found.rows]  # without the row in which the quote opens
    assert found.rows == len(known)
    assert found.short == sum(len(row) < 3 for row in known)
    spans = [text[row.start : row.stop] for row in found.long]
    assert all(len(rows_by_csv(span)) == 1 for span in spans)
    assert [row.fields for row in found.long] == [len(rows_by_csv(span)[0]) for span in spans]
    long = [row for row in known if filled(row)]
    assert [row for span in spans for row in rows_by_csv(span) if filled(row)] == long
    assert first.long == found.long[:1]
    assert (first.rows, first.short, first.zeros) == (found.rows, found.short, found.zeros)


@pytest.mark.slow
@settings(max_examples=1_000)
@given(
    text=st.lists(
        st.sampled_from(['"', '""', '"a b"', '"c\nd"', "\n", "\r\n", " ", "\t", "   ", "a", "0"]),
        max_size=60,
    ).map("".join),
    piece=st.sampled_from([1, 2, 5, 16, 1 << 20]),
)
def test_quoted_fields_between_blanks_are_parted_as_by_pandas(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", piece)
        found = scan_rows(text.encode(), 0, b" ", 3, 1_000)
    known = [row for _line, row in lines.rows_of(text.encode(), 0, " ")]
    if found.open_quote is None:
        assert found.rows == len(known)
        assert found.short == sum(len(row) < 3 for row in known)
        assert [row.fields for row in found.long] == [len(r) for r in known if len(r) > 3]
    if found.open_quote is None and found.rows and not found.long:
        frame = pd.read_csv(
            io.StringIO(text, newline=""),
            sep=r"\s+",
            names=["x", "y", "z"],
            header=None,
            index_col=False,
            dtype=str,
            keep_default_na=False,
        )
        assert len(frame) == len(known)
        blanked = [[" ".join(str(cell).split()) for cell in row] for row in frame.to_numpy()]
        assert blanked == [
            [" ".join(cell.split()) for cell in row + [""] * (3 - len(row))] for row in known
        ]


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
        found = scan_rows(text.encode(), 0, b" ", 3, 1_000)
    known = [row for row in rows if row]
    assert found.rows == len(known)
    assert found.short == sum(len(row) < 3 for row in known)
    long = [row for row in known if len(row) > 3]
    assert [row.fields for row in found.long] == [len(row) for row in long]
    for span, row in zip(found.long, long, strict=True):
        assert text.encode()[span.start : span.stop].decode().split() == row


def test_the_longest_field_and_its_place(pieces: int) -> None:
    found = scan_rows(b"1,2,3\n4," + b"x" * 30 + b",6\n", 0, b",", 3, 20)
    assert (found.longest, found.longest_at) == (30, 8)


def test_blank_lines_are_no_rows(pieces: int) -> None:
    found = looked("\n1,2,3\n\n   \n4,5,6\n\n")
    assert (found.rows, found.short) == (2, 0)
