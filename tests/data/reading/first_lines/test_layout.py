"""What the first lines say: the delimiter, the names, the lines above them, the decimal mark."""

from collections.abc import Callable

import pandas as pd
import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Reading

ROWS = 40


def rows(make: Callable[[int], str], count: int = ROWS) -> str:
    return "".join(f"{make(n)}\n" for n in range(count))


def numbers(width: int, mark: str = ",", decimal: str = ".") -> str:
    each = [[f"{n + m / 8:.2f}".replace(".", decimal) for m in range(width)] for n in range(ROWS)]
    return "".join(f"{mark.join(row)}\n" for row in each)


def table(text: str, **choices: object) -> Table:
    return read_table(text.encode(), "x.csv", Reading(**choices))  # type: ignore[arg-type]


def frame(text: str) -> pd.DataFrame:
    return table(text).frame


def names(text: str) -> list[str]:
    return frame(text).columns.tolist()


def refused(text: str, **choices: object) -> str:
    with pytest.raises(DataError) as caught:
        table(text, **choices)
    assert str(caught.value).endswith(".")
    return str(caught.value)


GERMAN = [
    ("Länge, cm;Breite, cm;Gewicht, kg\n", ";"),
    ("Länge, cm\tBreite, cm\tGewicht, kg\n", "\t"),
    ("x|y|z\n", "|"),
    ("x y z\n", " "),
    ("", ";"),
    ("", "|"),
    ("", " "),
]


@pytest.mark.parametrize(("head", "mark"), GERMAN)
def test_decimal_commas_and_commas_in_names_part_no_fields(head: str, mark: str) -> None:
    found = frame(head + numbers(3, mark, ","))
    assert found.shape == (ROWS, 3)
    assert found.iloc[1].tolist() == [1, 1.12, 1.25]
    if head and mark != " ":
        assert found.columns.tolist() == head.strip().split(mark)


def test_a_semicolon_on_some_rows_beyond_the_last_field_still_parts_them() -> None:
    text = "Länge, cm;Breite, cm\n" + rows(lambda n: f"1,{n};2,{n}" + ";" * (n % 3 > 0))
    assert names(text) == ["Länge, cm", "Breite, cm"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b, c\n" + numbers(3, ", "), ["a", "b", "c"]),
        ("Gene|ID,expr\n" + rows(lambda n: f"TP{n}|7,{n}.5"), ["Gene|ID", "expr"]),
        ("tags,y\n" + rows(lambda n: f"a;b;c{n},{n}"), ["tags", "y"]),
        ("tags,city\n" + rows(lambda n: f"a;b;c{n},Ulm"), ["tags", "city"]),
        ("x,list\n" + rows(lambda n: f"{n},2;3;4"), ["x", "list"]),
        ("when,v\n" + rows(lambda n: f"2024-01-01 10:{n:02d},{n}"), ["when", "v"]),
    ],
)
def test_other_marks_inside_fields_of_a_comma_file_part_nothing(
    text: str, expected: list[str]
) -> None:
    assert names(text) == expected


PLAIN = numbers(3)
LETTERS = rows(lambda n: f"n{n},{'ab'[n % 2]}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#,Name,HP\n" + rows(lambda n: f"{n + 1},Mon{n},{n * 3}"), ["#", "Name", "HP"]),
        ("#,Name,City\n" + rows(lambda n: f"a{n},b{n},c{n}"), ["#", "Name", "City"]),
        ("# x,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("# x y z\n" + numbers(3, " "), ["x", "y", "z"]),
        ("# made by\n# x,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("##f=1\n#chrom\tstart\n" + numbers(2, "\t"), ["chrom", "start"]),
        ("# made by hand, in May, yes\nx,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("# 1,2,3\nx,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("# from: a, b\nname,city\n" + LETTERS, ["name", "city"]),
        (",,y\n" + PLAIN, ["column 1", "column 2", "y"]),
        (",Report,\n,,\nx,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("Exported 2024\nx,y\n" + numbers(2), ["x", "y"]),
        ("Exported 2024\nname,city\n" + LETTERS, ["name", "city"]),
        ("From: Berlin, Germany\nLat: 52.5, Lon: 13.4\nx,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("Lat: 52.5, Lon: 13.4\nx,y\n" + numbers(2), ["x", "y"]),
        ("Notes: a, b, c, d\nx,y,z\n" + PLAIN, ["x", "y", "z"]),
        ("a,b,c\ncm,kg,s\n" + PLAIN, ["a", "b", "c"]),
        (rows(lambda n: f"#{n},red,{n}"), ["column 1", "column 2", "column 3"]),
    ],
)
def test_lines_above_the_header_go_and_the_header_stays(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_one_line_above_the_header_is_one_line() -> None:
    assert table("Exported 2024\nx,y\n" + numbers(2)).notes == (
        'The line above the header was left out: "Exported 2024".',
    )
    (note, *_rest) = table("\n,,\n,By me,\nx,y,z\n" + PLAIN).notes
    assert note == '2 lines above the header were left out, the first: "By me".'


@pytest.mark.parametrize(
    ("head", "width", "expected"),
    [
        ("air temp  humidity\n", 2, ["air temp", "humidity"]),
        ("air temp  humidity  wind speed\n", 3, ["air temp", "humidity", "wind speed"]),
        ("air   temp  wind\n", 3, ["air", "temp", "wind"]),
    ],
)
def test_wider_gaps_part_names_of_several_words(head: str, width: int, expected: list[str]) -> None:
    assert names(head + numbers(width, " ")) == expected


def test_words_that_fit_no_columns_are_no_names() -> None:
    found = table("air temp humidity\n" + numbers(2, " "))
    assert found.frame.columns.tolist() == ["column 1", "column 2"]
    assert found.doubtful == ("header",)
    assert "has 3 words and the rows have 2 fields" in found.notes[-1]


@pytest.mark.parametrize("tail", [",", ",,,"])
@pytest.mark.parametrize("bad_lines", ["refuse", "skip"])
def test_empty_fields_beyond_the_last_column_do_not_count(tail: str, bad_lines: str) -> None:
    text = "a,b,c\n" + rows(lambda n: f"{n},2,3" + tail * (n % 3 > 0))
    found = table(text, bad_lines=bad_lines)
    assert found.frame["a"].tolist() == list(range(ROWS))
    assert found.frame.shape == (ROWS, 3)
    assert found.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        '"x","y"\n' + rows(lambda n: f'"{n + 1}",{n}.5,{n}'),
        '"x" "y"\n' + rows(lambda n: f'"car {n}" {n}.5 {n}'),
        "   x   y\n" + rows(lambda n: f"{n}  {n}.5   {n}"),
    ],
)
def test_row_names_without_a_name_are_a_column(text: str) -> None:
    found = table(text)
    assert found.frame.columns.tolist() == ["column 1", "x", "y"]
    assert found.frame["y"].tolist() == list(range(ROWS))
    assert found.nameless_first


@pytest.mark.parametrize("bad_lines", ["refuse", "skip"])
def test_a_field_more_in_each_row_is_said(bad_lines: str) -> None:
    said = refused("a,b\n1,2,3\n4,5,6\n7,8,9\n", bad_lines=bad_lines)
    assert "line 2 has 3 fields where the header has 2, and so has every row" in said
    assert said.endswith('"no" for names in the first line and 1 for "Lines above".')
    found = table("a,b\n1,2,3\n4,5,6\n", header="no", skip=1)  # the way out
    assert found.frame.to_numpy().tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("head", "last"), [("id,x", "note"), ("a,b", ""), ("Nr.,x", "7")], ids=["id", "gaps", "Nr."]
)
def test_a_last_column_without_a_name_shifts_no_names(head: str, last: str) -> None:
    text = f"{head}\n" + rows(lambda n: f"{n + 1},5,{last if n else 'note'}")
    assert "has 3 fields where the header has 2" in refused(text)


@pytest.mark.parametrize("above", [0, 3])
def test_a_long_field_without_quotes_is_no_open_quote(above: int) -> None:
    text = "a,b\n" + "1,2\n" * above + "x" * 1_200_000 + ",1\n3,4\n"
    assert f"line {above + 2} has a field of 1,200,000 characters" in refused(text)
    assert frame("a,b\n" + "x" * 200_000 + ",1\n3,4\n").shape == (2, 2)


def column(text: str, name: str) -> list[float]:
    spec = DataSpec(data="x", validation=0.2, test=0.2)
    prepared = prepare(table(text), spec)
    place = [feature.column for feature in prepared.features].index(name)
    found: list[float] = prepared.raw[:, place].tolist()
    return found


SOME = [1234, 999, 12_500, 3_100, 450] * 8


def pointed(n: int) -> str:
    return f"{SOME[n]:,}".replace(",", ".")


@pytest.mark.parametrize(
    "text",
    [
        "size;price;kind\n" + rows(lambda n: f"{pointed(n)};{n},5;{'ab'[n % 2]}"),
        "size;kind\n" + rows(lambda n: f"{pointed(n)};{'ab'[n % 2]}"),
        "size;v;price;kind\n" + rows(lambda n: f"{pointed(n)};1.{n % 5};{n},5;{'ab'[n % 2]}"),
        "size,price,kind\n" + rows(lambda n: f'"{pointed(n)}","{n},5",{"ab"[n % 2]}'),
    ],
)
def test_points_between_thousands_are_no_decimal_points(text: str) -> None:
    assert column(text, "size") == SOME


@pytest.mark.parametrize(
    "text",
    [
        "v;price;kind\n" + rows(lambda n: f"{n % 7}.{n % 5};{n},5;{'ab'[n % 2]}"),
        "v;kind\n" + rows(lambda n: f"{n % 7}.{n % 5}00;{'ab'[n % 2]}"),
        "v,kind\n" + rows(lambda n: f"{n % 7}.{n % 5}00,{'ab'[n % 2]}"),
    ],
)
def test_decimal_points_stay_decimal_points(text: str) -> None:
    assert column(text, "v") == [float(f"{n % 7}.{n % 5}") for n in range(ROWS)]


def test_a_single_row_is_too_few() -> None:
    with pytest.raises(DataError, match="there is 1 row with a target; this split needs at least"):
        prepare(table("a,b\n1,2\n"), DataSpec(data="x", validation=0.2, test=0.2))
