"""Plain CSVs open as expected; everything else is one sentence that says where and why."""

import csv
import gzip
import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlpdash.data.reading import misfits, read
from mlpdash.data.reading.first_lines import delimiters, layout
from mlpdash.data.reading.read import read_table
from mlpdash.errors import DataError
from mlpdash.specs.preparation import Reading
from tests.lines_run import lines_run


def frame(text: str | bytes) -> pd.DataFrame:
    return read_table(text.encode() if isinstance(text, str) else text, "x.csv").frame


def refused(content: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        frame(content)
    message = str(caught.value)
    assert '"x.csv"' in message
    assert message.endswith(".")
    assert "\n" not in message
    return message


EXPECTED = {"name": ["Ann", "Bo"], "size": [1.5, 2.0], "n": [3, 4]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_delimiters_line_ends_and_bom(delimiter: str, end: str, bom: bytes) -> None:
    lines = ["name,size,n", "Ann,1.5,3", "Bo,2.0,4"]
    text = end.join(line.replace(",", delimiter) for line in lines)
    for last in ("", end):
        assert frame(bom + (text + last).encode()).to_dict("list") == EXPECTED


def test_quoted_delimiters_newlines_and_quotes_stay() -> None:
    found = frame('a,b\n"x, y",1\n"two\nlines",2\n"say ""hi""",3\n')
    assert found["a"].tolist() == ["x, y", "two\nlines", 'say "hi"']


def test_quoted_fields_between_blanks() -> None:
    found = frame('name "the size"\n"two words" 1\n\n"say ""hi""" 2\n"007" 3\n')
    assert found.to_dict("list") == {
        "name": ["two words", 'say "hi"', "007"],
        "the size": [1, 2, 3],
    }


def test_odd_quotes_keep_the_rows_around_them_countable() -> None:
    text = 'a,b,c\n"5" pipe,1,2\n3,4\n5,6,7,8\n'
    assert "line 4 has 4 fields where the header has 3" in refused(text)
    table = read_table(text.encode(), "x.csv", Reading(bad_lines="skip"))
    assert table.frame["a"].tolist() == ["5 pipe", "3"]
    assert [note[:6] for note in table.notes] == ["1 line", "1 row "]


SPOILED: dict[str, tuple[Callable[[int], str], str]] = {  # n lines, or quotes, and what is said
    "blank": (lambda n: "a,b\n" + "\n" * n, "has a header but no rows"),
    "spaces": (lambda n: "a,b\n" + "   \n" * n, "has a header but no rows"),
    "quotes": (lambda n: "a,b\n1,2\n" + '"' * n, "line 3 has a field of {n:,} characters"),
    "odd quote": (
        lambda n: 'a,b\n"5" pipe,2\n' + "1,2\n" * (n - 3) + "1,2,3\n",
        "line {n:,} has 3 fields",
    ),
    "quotes and blanks": (
        lambda n: "a b\n" + '"x y"  2\n' * (n - 2) + "1 2 3\n",
        "line {n:,} has 3 fields",
    ),
    "inches": (
        lambda n: "a,b\n" + '5",6"\n' * (n - 2) + "1,2,3\n",
        "line {n:,} has 3 fields",
    ),
    "all too long": (lambda n: "a,b\n" + "1,2,3\n" * n, "line 2 has 3 fields"),
}


@pytest.fixture
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what Python looks at row by row, so that files need not be large to exceed it."""
    for module in (delimiters, layout):
        monkeypatch.setattr(module, "HEAD", 20_000)
    for module in (misfits, read):
        monkeypatch.setattr(module, "WINDOW", 40_000)


@pytest.mark.parametrize("kind", SPOILED)
def test_a_longer_file_is_refused_without_a_look_at_each_line(kind: str, short_looks: None) -> None:
    """Python looks at some rows of the file, and numpy at the rest."""
    content, words = SPOILED[kind]
    sizes = [2_000_000, 3_000_000] if kind == "quotes" else [100_000, 200_000]
    texts = [content(n) for n in sizes]
    for n, text in zip(sizes, texts, strict=True):
        assert words.format(n=n) in refused(text)
    fewer, more = (lines_run(lambda text=text: refused(text)) for text in texts)
    assert more - fewer < (sizes[1] - sizes[0]) / 10


def test_many_columns_are_typed_as_few_are() -> None:
    few = [["1", "x", "", "2.5", "007", "True"], ["2", "NA", "", "3", "008", "False"]]
    names = [f"c{n}" for n in range(600)]
    wide = frame("\n".join(",".join(row) for row in [names, few[0] * 100, few[1] * 100]))
    narrow = frame("\n".join(",".join(row) for row in [names[:6], *few]))
    for n, name in enumerate(names):
        column = narrow.iloc[:, n % 6].rename(name)
        pd.testing.assert_series_equal(wide[name], column)


def test_blanks_after_delimiters_and_blank_lines_do_not_count() -> None:
    found = frame("\n\na, b\n1, x\n\n2, y\n")
    assert found.to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}


def test_a_delimiter_that_is_text_is_not_taken() -> None:
    assert frame("a;b\n1,5;2,5\n3,5;4,5\n").columns.tolist() == ["a", "b"]
    assert frame('a,b\n"1;2;3",4\n"1;2;3",5\n').columns.tolist() == ["a", "b"]


def test_a_short_row_is_filled_with_missing_values() -> None:
    assert frame("a,b,c\n1,2\n3,4,5\n")["c"].isna().tolist() == [True, False]


@pytest.mark.parametrize("text", ["a,b,\n1,2,\n3,4,\n", "a,b\n1,2,\n3,4,\n", "a,,b\n1,,2\n3,,4\n"])
def test_nameless_empty_columns_are_dropped(text: str) -> None:
    table = read_table(text.encode(), "x.csv")
    assert table.frame.to_dict("list") == {"a": [1, 3], "b": [2, 4]}
    gone = ("1 empty column without a name was left out.",)
    assert table.notes == (gone if text.startswith(("a,b,", "a,,")) else ())


ROWS = "".join(f"{n},{2 * n},{n % 3}\n" for n in range(30))


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("a,b,c,", ["a", "b", "c"]),
        ("a,b,c,,,", ["a", "b", "c"]),
        ('"a","b","c",""', ["a", "b", "c"]),
        ("a,b,c, ", ["a", "b", "c"]),
        ("a,b,c,d", ["a", "b", "c", "d"]),
        ("a,b,c,d,e", ["a", "b", "c", "d", "e"]),
        ("a,b,c,d,", ["a", "b", "c", "d"]),
        ("a,b,c,,e", ["a", "b", "c", "e"]),
    ],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["", "1,2\n"])  # a row that lacks one more
def test_a_header_with_more_names_than_any_row_has_fields_opens(
    head: str, names: list[str], mark: str, end: str
) -> None:
    """A nameless last column goes; one with a name is empty, and it is told."""
    content = (head + "\n" + ROWS + end).replace(",", mark).encode()
    table = read_table(content, "table.csv")
    assert list(table.frame.columns) == names
    assert len(table.frame) == 30 + bool(end)
    assert table.frame["c"].iloc[:30].tolist() == [n % 3 for n in range(30)]
    assert table.frame.iloc[:, 3:].isna().all().all()
    nameless = head.count(",") + 1 - len(names)
    assert any("without a name" in note for note in table.notes) == bool(nameless)
    short = "fewer fields than the header" in " ".join(table.notes)
    assert short == (len(names) > 3 or bool(end))


def test_missing_and_repeated_names_are_renamed_and_reported() -> None:
    table = read_table(b",a,a, a ,a (2)\n1,2,3,4,5\n6,7,8,9,0\n", "x.csv")
    assert table.frame.columns.tolist() == ["column 1", "a", "a (3)", "a (4)", "a (2)"]
    assert table.frame.iloc[0].tolist() == [1, 2, 3, 4, 5]
    (note,) = table.notes
    assert 'renamed: "a (3)", "a (4)"' in note
    assert table.nameless_first


def test_a_file_of_numbers_alone_keeps_its_first_row() -> None:
    table = read_table(b"1,2\n3,4\n", "x.csv")
    assert table.frame.to_dict("list") == {"column 1": [1, 3], "column 2": [2, 4]}
    assert "read as a row" in table.notes[0]


def test_a_column_has_one_type_however_long_the_file() -> None:
    rows = "\n".join(["1,2"] * 300_000 + ["x,2"])
    assert frame(f"a,b\n{rows}\n")["a"].dtype == "str"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (" \n\r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        ("a,b,c\n", "has a header but no rows"),
        ("a,b,c", "has a header but no rows"),
        ("a\n1\n2\n", "has one column; an input and a target are needed"),
        ("a,\n1,\n2,\n", "has one column"),
        ("one line of text\n", "has one column"),
        ("a,b\n1,2\n3,4,5\n", "line 3 has 3 fields where the header has 2"),
        ("a,b\n1,2,3\n4,5,6\n", "line 2 has 3 fields where the header has 2"),
        ("a,b\n1,2,\n4,5,6\n", "line 3 has 3 fields where the header has 2"),
        ('a,b\n"x\ny",2\n\n3,4,5\n', "line 5 has 3 fields where the header has 2"),
        ('a,b\n1,2\n"3,4\n5,6\n', "line 3 has a quote that is never closed"),
        ('a,b\n1,2\n3,"' + "4\n" * 200_000, "line 3 has a quote that is never closed"),
        ('a,"b\n1,2\n3,4\n', "line 1 has a quote that is never closed"),
        ("<!DOCTYPE html>\n<html><body>a,b</body></html>", "is not a CSV but an HTML page"),
        ("\n <HTML>", "is not a CSV but an HTML page"),
        ('<?xml version="1.0"?><a/>', "is not a CSV but an XML file"),
        (b"PK\x03\x04\x14\x00", "is not a CSV but a zip archive"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "is not a CSV but a gzip archive"),
        (b"PAR1\x15\x04", "is a damaged Parquet file"),
        (b"a,b\n1,2\n3,\x004\n", "NUL byte in line 3"),
        (bytes(range(256)), "NUL byte in line 1"),
        (
            "a,b\ncaf\xe9,2\n".encode("cp1252"),
            "line 2 has the byte 0xE9. Choose its encoding",
        ),
        (b"a,b\n1,\xe2\x82", "line 2 has the byte 0xE2"),
    ],
)
def test_what_is_no_plain_csv_is_one_sentence(content: str | bytes, words: str) -> None:
    assert words in refused(content)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a,b\n1,2\n\n3,4,5\n6,7\n", 'Line 4 of the file reads "3,4,5".'),
        ('a,b\n"1\n1",2\n3,4,5\n6,7\n', 'Line 4 of the file reads "3,4,5".'),
        ("title\na,b\n1,2\n1,2\n3,4,5\n", 'Line 5 of the file reads "3,4,5".'),
        ('a,b\n1,2\n"3,4\n5,6\n', 'Line 3 of the file reads ""3,4".'),
        ('a,b\r\n1,2\r\n3,"4\x1a\r\n5,6\r\n', 'Line 3 of the file reads "3,"4<U+001A>".'),
    ],
)
def test_the_line_that_is_wrong_is_shown(text: str, line: str) -> None:
    assert line in refused(text)


@pytest.mark.parametrize("shift", range(8))
def test_characters_across_the_pieces_that_are_checked(
    shift: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlpdash.data.reading.encodings.CHUNK", 8)
    good = "x" * shift + "a,b\n" + "\N{GRINNING FACE},1\n" * 5
    assert frame(good).iloc[:, 0].tolist() == ["\N{GRINNING FACE}"] * 5
    assert "line 7 has the byte 0xFF" in refused(
        good.encode() + "\N{GRINNING FACE}".encode() + b"\xff"
    )


def test_a_wide_and_a_long_table() -> None:
    wide = ",".join(f"c{n}" for n in range(3_000)) + "\n" + ",".join(["1"] * 3_000) + "\n"
    assert frame(wide).shape == (1, 3_000)
    same = ",".join(["c"] * 3_000) + "\n" + ",".join(["1"] * 3_000) + "\n"
    assert frame(same).columns.is_unique


NAMES = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=2, max_size=5, unique=True)
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8
)


@given(data=st.data(), names=NAMES, delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_what_python_writes_is_read_back(
    data: st.DataObject, names: list[str], delimiter: str
) -> None:
    cell = CELLS.map(lambda text: f"t{text}t")  # neither missing nor a number, nor stripped
    rows = data.draw(st.lists(st.tuples(*[cell] * len(names)), min_size=1, max_size=6))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows])
    found = frame(out.getvalue())
    assert found.columns.tolist() == names
    assert [tuple(row) for row in found.to_numpy()] == rows


def is_table_or_refused(content: bytes) -> bool:
    try:
        table = read_table(content, "x.csv")
    except DataError as error:
        return "\n" not in str(error)
    return len(table.frame) > 0 and table.frame.shape[1] > 1 and table.frame.columns.is_unique


@given(st.binary(max_size=200))
@example(b"a,b\n1,2")
def test_any_bytes_are_a_table_or_one_sentence(content: bytes) -> None:
    assert is_table_or_refused(content)


@settings(max_examples=400)
@given(st.text(alphabet='ab1,;\t|"\n\r .', max_size=60))
@example("1,1\n1,1")
def test_any_text_is_a_table_or_one_sentence(text: str) -> None:
    assert is_table_or_refused(text.encode())


def test_numbers_are_read_as_float64_exactly() -> None:
    values = np.random.default_rng(0).normal(size=200) * 10.0 ** np.arange(-100, 100)
    text = "a,b\n" + "".join(f"{v!r},1\n" for v in values.tolist())
    assert np.array_equal(frame(text)["a"].to_numpy(), values)


def test_a_word_beside_true_and_false_can_be_kept() -> None:
    """pandas makes objects of true and false with a gap, which are text for us no less."""
    text = b"flag,x\nTRUE,1\nFALSE,2\nNA,3\n"
    missing = read_table(text, "t.csv")
    assert missing.frame["flag"].isna().tolist() == [False, False, True]
    assert any('contains "NA" and counts as missing' in note for note in missing.notes)
    kept = read_table(text, "t.csv", Reading(words="keep"))
    assert kept.frame["flag"].tolist() == ["TRUE", "FALSE", "NA"]


def test_words_for_missing_cells_in_many_columns_are_one_sentence() -> None:
    names = [f"c{n}" for n in range(700)]
    rows = [",".join(names), *(",".join(["NA" if r == 1 else "x"] * 700) for r in range(3))]
    found = read_table("\n".join(rows).encode(), "t.csv")
    (said,) = [note for note in found.notes if "count as missing" in note]
    assert said.startswith('700 cells in "c0", "c1", "c2", "c3", "c4" and 695 more contain "NA"')
    assert bool(found.frame.iloc[1].isna().all())
