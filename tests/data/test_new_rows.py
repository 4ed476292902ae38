"""Rows to predict are read as the table was that the net learned from: none is left out, and what
the table says is what the net gets."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.new_rows import Rows, read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.matching import UNSEEN, UnreadCells
from mlpdash.data.preparing.prepared import Preprocessor, prepared_to_json, preprocessor_from_json
from mlpdash.data.preparing.read_cells import read_cells
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import TextFormat
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Preparation, Reading


def learned(text: str | bytes, target: str = "y", **choices: object) -> Preprocessor:
    """Return what is fitted on a table, as a bundle holds it."""
    content = text if isinstance(text, bytes) else text.encode()
    preparation = Preparation.model_validate(choices)
    table = read_table(content, "x.csv", preparation.reading)
    spec = DataSpec(target=(target,), preparation=preparation)
    return preprocessor_from_json(prepared_to_json(prepare(table, spec)))


def read(known: Preprocessor, text: str | bytes, encoding: str = "auto") -> Rows:
    content = text if isinstance(text, bytes) else text.encode()
    return read_rows(content, "rows.csv", known.features, known.text_format, encoding)


def raw(known: Preprocessor, text: str | bytes) -> list[list[float]]:
    return known.raw(read(known, text).cells).T.tolist()


def lines(row: str, count: int = 40) -> str:
    return "".join(row.format(n=n, half=n / 2, odd=n % 2) + "\n" for n in range(count))


WORDS = ("TRUE", "FALSE", "UNKNOWN")
CODES = ("DE", "NA", "FR")
ANSWERS = ("yes", "no")
NUMBERS = "x,y\n" + lines("{half},{n}")
CHOICES = "c,y\n" + "".join(f"{WORDS[n % 3]},{n}.5\n" for n in range(60))


# -- no row is left out -----------------------------------------------------------------------


def test_a_file_with_the_one_input_alone_is_read() -> None:
    assert raw(learned(NUMBERS), "x\n1.5\n2\n-3") == [[1.5, 2, -3]]


def test_an_empty_line_in_one_column_is_a_row_and_those_at_the_end_are_none() -> None:
    (found,) = raw(learned(NUMBERS), "x\n\n1.5\n\n2\n\n\n")
    assert found == pytest.approx([np.nan, 1.5, np.nan, 2], nan_ok=True)


def test_one_column_is_read_with_the_delimiter_and_the_mark_of_the_training_table() -> None:
    known = learned("x;y\n" + lines("{n},5;{n}"))
    assert known.text_format == TextFormat(delimiter=";", decimal=",")
    assert raw(known, "x\n1,5\n2,25\n") == [[1.5, 2.25]]
    assert raw(known, "x\n1.500\n2\n") == raw(known, "x;z\n1.500;1\n2;1\n") == [[1500, 2]]
    assert raw(known, "x,z\n1.5,1\n2.25,1\n") == [[1.5, 2.25]]
    assert read(known, "x\n-1,5\n2,25\n").given.rows["x"].to_pylist() == ["-1,5", "2,25"]


def test_a_second_field_beside_one_column_is_refused_with_its_line() -> None:
    for text in ("x\n1\n2,3\n", "x,z\n1,2\n2,3,4\n"):
        with pytest.raises(DataError, match=r"line 3 has \d fields .* has \d\..* Correct it\.$"):
            read(learned(NUMBERS), text)
    with pytest.raises(DataError, match="has a header but no rows"):
        read(learned(NUMBERS), "x\n\n")


def test_one_parquet_column_is_read() -> None:
    content = io.BytesIO()
    pd.DataFrame({"x": [1.5, 2]}).to_parquet(content)
    assert raw(learned(NUMBERS), content.getvalue()) == [[1.5, 2]]


@pytest.mark.parametrize("last", ["Total,3,9", "Sum,3,9"])
def test_a_last_line_that_sums_the_others_is_a_row(last: str) -> None:
    known = learned("c,x,y\n" + lines("a{odd},{half},{n}"))
    found = read(known, f"c,x,y\na0,1,4\na1,2,5\n{last}\n")
    assert found.given.rows["x"].to_pylist() == ["1", "2", "3"]
    assert known.raw(found.cells)[:, 0].tolist() == [0, 1, UNSEEN]


# -- the names tell header and delimiter ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x,note,z\n1,a,2\n",
        "z;x\n2;1\n",
        "z\tx\n2\t1\n",
        "x  z\n1  2\n",
        "exported on Monday\n\nx,z\n1,2\n",
        "sep=;\nx;z\n1;2\n",
        "x,z,\n1,2,\n",
    ],
    ids=["more", "semicolon", "tab", "blanks", "lines above", "sep", "trailing"],
)
def test_the_inputs_are_found_however_the_rows_are_delimited(text: str) -> None:
    known = learned("x,z,y\n" + lines("{half},{n},{n}"))
    assert raw(known, text) == [[1], [2]]


def test_names_that_are_years_are_names_in_one_row_too() -> None:
    known = learned("2001,2002,y\n" + lines("{half},{n},{n}"), reading={"header": "yes"})
    assert raw(known, "2001,2002\n1,2\n") == [[1], [2]]


def test_rows_without_names_are_read_where_the_table_had_none() -> None:
    known = learned(lines("{half},a{odd},{n}"), target="column 3", reading={"header": "no"})
    assert not known.text_format.header
    assert raw(known, "7,a1\n8,a0\n") == [[7, 8], [1, 0]]
    assert raw(known, "column 2,column 1\na1,7\n") == [[7], [1]]
    texts = learned(lines("k{odd},a{odd},{n}"), target="column 3", reading={"header": "no"})
    assert raw(texts, "k1,a0\n") == [[1], [0]]  # one row of text looks like names


def test_lines_above_the_training_table_are_not_looked_for_in_the_rows() -> None:
    known = learned("a\nb\n" + NUMBERS, reading={"skip": 2})
    assert raw(known, "x,y\n1,2\n3,4\n") == [[1, 3]]


def test_columns_that_are_not_there_are_named_by_the_net() -> None:
    known = learned("x,z,y\n" + lines("{half},{n},{n}"))
    assert read(known, "z;w\n2;1\n").given.rows.column_names == ["z", "w"]


# -- encodings --------------------------------------------------------------------------------

GREEK = "größe,y\n" + lines("{half},{n}")


def test_rows_are_in_the_encoding_of_the_training_table_or_in_unicode() -> None:
    known = learned(GREEK.encode("cp1252"), reading={"encoding": "cp1252"})
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        assert raw(known, "größe\n1\n2\n".encode(encoding)) == [[1, 2]]


def test_an_encoding_that_nobody_told_is_asked_and_can_be_given() -> None:
    known = learned(GREEK)
    content = "größe,y\n1,2\n".encode("cp1252")
    with pytest.raises(ChoiceNeededError):
        read(known, content)
    found = read(known, content, "cp1252")
    assert found.given.rows.column_names == ["größe", "y"]
    assert found.notes


# -- categories -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", ["c\nTRUE\nFALSE\n", "c,y\nTRUE,1\nFALSE,2\n"])
def test_true_and_false_are_the_words_of_the_training_table(rows: str) -> None:
    known = learned(CHOICES)
    assert known.features[0].levels == ("FALSE", "TRUE", "UNKNOWN")
    assert raw(known, rows) == [[1, 0]]
    assert read(known, rows).given.rows["c"].to_pylist() == ["TRUE", "FALSE"]
    frame = pd.read_csv(io.StringIO(rows))  # as Python has them
    assert known.raw(frame)[:, 0].tolist() == [1, 0]


def test_na_is_a_category_where_it_was_kept_and_missing_elsewhere() -> None:
    table = "c,y\n" + "".join(f"{CODES[n % 3]},{n}.5\n" for n in range(60))
    kept = learned(table, reading={"words": "keep"})
    assert kept.features[0].levels == ("DE", "FR", "NA")
    found = read(kept, "c,y\nNA,1\nDE,2\n")
    assert kept.raw(found.cells)[:, 0].tolist() == [2, 0]
    assert found.given.rows["c"].to_pylist() == ["NA", "DE"]
    assert found.notes == ()
    assert raw(kept, "c\nnull\nNA\n") == [[UNSEEN, 2]]
    for known in (learned(table), learned(CHOICES)):
        (cells,) = raw(known, "c,y\nNA,1\nnull,2\nIT,3\n")
        assert cells == pytest.approx([np.nan, np.nan, UNSEEN], nan_ok=True)


def test_codes_that_were_numbers_are_the_same_codes_with_a_point() -> None:
    text = "c,y\n" + "".join(f"{n % 3},{n}.5\n" for n in range(60))
    known = learned(text, columns=[{"name": "c", "kind": "category"}])
    assert known.features[0].levels == ("0", "1", "2")
    (cells,) = raw(known, "c,y\n1.0,1\n02,1\n,1\n7,1\n")
    assert cells == pytest.approx([1, 2, np.nan, UNSEEN], nan_ok=True)


def test_leading_zeros_still_tell_postcodes_apart() -> None:
    text = "c,y\n" + "".join(f"{('01067', '1067', '20095')[n % 3]},{n}.5\n" for n in range(60))
    known = learned(text)
    assert known.features[0].levels == ("01067", "1067", "20095")
    assert raw(known, "c\n1067\n20095\n01067\n020095\n") == [[1, 2, 0, UNSEEN]]
    assert read(known, "c\n01067\n20095\n").given.rows["c"].to_pylist() == ["01067", "20095"]


def test_blanks_around_a_category_of_an_older_bundle_do_not_matter() -> None:
    known = learned("c,y\n" + "".join(f"{'abc'[n % 3]},{n}.5\n" for n in range(60)))
    padded = replace(known.features[0], levels=("a ", "b", "c"))
    cells, _unread = read_cells(pd.DataFrame({"c": ["a", "a ", "b\u00a0"]}), [padded])
    assert cells[:, 0].tolist() == [0, 0, 1]


# -- numbers and dates ------------------------------------------------------------------------


@pytest.mark.parametrize("rows", ["x\n1\noops\n3\n?\n", "x,z\n1,1\noops,1\n3,1\n?,1\n"])
def test_text_among_numbers_is_missing_and_told_with_its_place(rows: str) -> None:
    known = learned(NUMBERS)
    cells, unread = known.cells(read(known, rows).cells)
    assert cells[:, 0].tolist() == pytest.approx([1, np.nan, 3, np.nan], nan_ok=True)
    assert unread == {"x": UnreadCells(1, 2, "oops", "number")}


def test_numbers_are_read_with_their_signs_but_a_share_is_no_number() -> None:
    known = learned(NUMBERS)
    cells, unread = known.cells(read(known, 'x,z\n"1,234.5",a\n$7,a\n45 %,a\n\u22123,a\n').cells)
    assert cells[:, 0].tolist() == pytest.approx([1234.5, 7, np.nan, -3], nan_ok=True)
    assert unread["x"].text == "45 %"


def test_thousands_are_thousands_where_they_were_in_training() -> None:
    german = learned("x;y\n" + "".join(f"{n}.000,5;{n},5\n" for n in range(1, 40)))
    for rows in ("x;y\n1.234;1\n", "x\n1.234\n"):
        assert raw(german, rows) == [[1234]]
        assert read(german, rows).given.rows["x"].to_pylist() == ["1.234"]
    assert raw(german, "x,y\n1.5,1\n2.25,1\n") == [[1.5, 2.25]]


def test_empty_words_among_numbers_with_signs_are_no_odd_cells() -> None:
    known = learned("x,y\n" + lines("{n} %,{n}"))
    cells, unread = known.cells(read(known, "x\n5 %\nNA\n\n7\n").cells)
    assert cells[:, 0].tolist() == pytest.approx([5, np.nan, np.nan, 7], nan_ok=True)
    assert unread == {}


def test_a_comma_in_quotes_does_not_make_the_other_numbers_thousands() -> None:
    known = learned("q,x,y\n" + "".join(f'"0,{n}",{n}.25,{n}\n' for n in range(100, 160)))
    assert known.text_format.decimal == ","
    cells, unread = known.cells(read(known, 'q,x\n"0,750",1.234\n"0,125",oops\n').cells)
    assert cells[0].tolist() == [0.75, 1.234]
    assert unread["x"].row == 2


def test_truth_in_words_is_1_and_0_as_in_training() -> None:
    known = learned("x,y\n" + "".join(f"{n % 2 == 0},{n}.5\n" for n in range(60)))
    cells, unread = known.cells(read(known, "x,z\ntrue,1\nFALSE,1\nmaybe,1\n1,1\n").cells)
    assert cells[:, 0].tolist() == pytest.approx([1, 0, np.nan, 1], nan_ok=True)
    assert unread["x"].row == 3


@pytest.mark.parametrize("mark", [".", "/"], ids=["day first", "month first"])
def test_iso_dates_fit_every_order(mark: str) -> None:
    days = [(n % 12 + 1, n % 28 + 1) for n in range(60)]
    both = [(m, d) if mark == "/" else (d, m) for m, d in days]
    dates = [f"{a:02}{mark}{b:02}{mark}2024" for a, b in both]
    known = learned("d,y\n" + "".join(f"{d},{n}.5\n" for n, d in enumerate(dates)))
    found = read(known, f"d\n2024-02-01\n{dates[1]}\n31 June\n")
    cells, unread = known.cells(found.cells)
    month = [f.name for f in known.features].index("d: month")
    assert cells[:, month].tolist() == pytest.approx([2, 2, np.nan], nan_ok=True)
    assert unread == {"d": UnreadCells(1, 3, "31 June", "date")}


# -- the same table, the same numbers ---------------------------------------------------------

TABLES = {
    "numbers": ("x,z,y\n" + lines("{half},{n},{n}"), {}),
    "semicolons": ("x;c;y\n" + lines("{n},5;k{odd};{n}"), {}),
    "booleans": (CHOICES, {}),
    "percent": ("x,y\n" + lines("{n} %,{n}"), {}),
    "dates": ("d,y\n" + lines("2024-01-05 1{odd}:30,{n}"), {}),
    "yes": ("c,y\n" + "".join(f"{ANSWERS[n % 2]},{n}.5\n" for n in range(60)), {}),
    "gaps": ("x,c,y\n" + lines("{half},k{odd},{n}") + ",,3\nNA,NA,4\n", {}),
    "kept": ("x,c,y\n" + lines("{half},NA,{n}") + "1,b,3\n", {"reading": {"words": "keep"}}),
    "headless": (lines("{half},{n},7{odd}.5"), {"reading": {"header": "no"}}),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_training_table_gives_the_raw_values_of_training(name: str) -> None:
    text, choices = TABLES[name]
    preparation = Preparation.model_validate(choices)
    table = read_table(text.encode(), "x.csv", preparation.reading)
    prepared = prepare(table, DataSpec(preparation=preparation))
    found = read(prepared.preprocessor, text)
    cells, unread = prepared.preprocessor.cells(found.cells)
    np.testing.assert_array_equal(cells, prepared.raw)
    assert not unread


def test_a_bundle_of_before_says_nothing_of_the_format() -> None:
    known = learned(NUMBERS)
    older = prepared_to_json(
        prepare(read_table(NUMBERS.encode(), "x.csv", Reading()), DataSpec(target=("y",)))
    )
    found = json.loads(older)
    del found["text_format"]
    assert preprocessor_from_json(json.dumps(found)).features == known.features
