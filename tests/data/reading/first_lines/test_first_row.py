"""The header is the last line of names above the data; lines of units below it are no rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Reading

ROWS = 30


def rows(make: Callable[[int], str], count: int = ROWS) -> str:
    return "".join(f"{make(n)}\n" for n in range(count))


HOUSES = rows(lambda n: f"{50 + n * 7 % 31},{n % 6 + 1},{100 + n * 13 % 77}")
BLANKS = rows(lambda n: f"{n}.5  {n * 3 % 7}   {n * 5 % 11}")
PROSE = rows(lambda n: f"Line {n} of a description, which goes on{' and on' * (n % 4)}.")


def table(text: str, **choices: object) -> Table:
    return read_table(text.encode(), "x.csv", Reading(**choices))  # type: ignore[arg-type]


PADDED = {
    "titles": "House prices,,\nSource,land registry,\n,,\narea,rooms,price\n",
    "one title": "House prices in Ulm,,\narea,rooms,price\n",
    "a title in two fields": "House prices,Ulm,\narea,rooms,price\n",
    "keys and values": "Station:,Ulm,\nLat,48.4,\nFrom,2020-01-01,\narea,rooms,price\n",
    "keys and numbers": "Station:,Ulm,\nLat,48.4,\nLon,9.9,\nHeight,478,\narea,rooms,price\n",
    "keys and values without padding": "Station,Ulm\nLat,48.4\n\narea,rooms,price\n",
    "a name of some columns": ",Inside,Money\narea,rooms,price\n",
    "merged names of columns": "Flat,,Money\narea,rooms,price\n",
    "repeated names of columns": "Flat,Flat,Money\narea,rooms,price\n",
    "a title and groups": "House prices,,\nFlat,,Money\narea,rooms,price\n",
}


@pytest.mark.parametrize("kind", PADDED)
def test_lines_above_the_last_line_of_names_go(kind: str) -> None:
    found = table(PADDED[kind] + HOUSES)
    assert found.frame.columns.tolist() == ["area", "rooms", "price"]
    assert len(found.frame) == ROWS
    assert all(str(dtype) == "int64" for dtype in found.frame.dtypes)
    assert "above the header" in found.notes[0]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_padded_titles_go_with_every_delimiter(mark: str) -> None:
    text = (PADDED["titles"] + HOUSES).replace(",", mark)
    assert table(text).frame.columns.tolist() == ["area", "rooms", "price"]


def test_a_title_above_years_as_names_goes() -> None:
    text = "Population,,,\nSource,office,,\ncountry,2010,2011,2012\n"
    found = table(text + rows(lambda n: f"c{n},{n},{n + 5},{n * 3}"))
    assert found.frame.columns.tolist() == ["country", "2010", "2011", "2012"]


BELOW = {
    "units": ("area,rooms,price\nm2,,EUR\n", {"area": "m2", "price": "EUR"}),
    "units in brackets": ("area,rooms,price\n[m2],[-],[EUR]\n", {"area": "m2", "price": "EUR"}),
    "units in parentheses": ("area,rooms,price\n(m²),(1),($)\n", {"area": "m²", "price": "$"}),
    "a unit alone": ("area,rooms,price\nsq ft,,\n", {"area": "sq ft"}),
    "a title and units": (
        "Houses,,\narea,rooms,price\nm2,,EUR\n",
        {"area": "m2", "price": "EUR"},
    ),
    "types": ("area,rooms,price\nfloat,int,float\n", {}),
    "types of a database": (
        "area,rooms,price\nNUMERIC(8, 2),integer,double\n".replace("8, 2", "8"),
        {},
    ),
    "types and roles": ("area,rooms,price\ncontinuous,discrete,continuous\n,,class\n", {}),
}


@pytest.mark.parametrize("kind", BELOW)
def test_lines_of_units_or_types_below_the_names_are_no_rows(kind: str) -> None:
    head, units = BELOW[kind]
    found = table(head + HOUSES)
    assert found.frame.columns.tolist() == ["area", "rooms", "price"]
    assert len(found.frame) == ROWS
    assert all(str(dtype) == "int64" for dtype in found.frame.dtypes)
    assert found.units == units
    word = "units" if units else "types"
    assert sum(f"holds {word}, not values" in note for note in found.notes) == 1


def test_types_above_text_are_no_row() -> None:
    found = table("name,city\nvarchar(20),string\n" + rows(lambda n: f"c{n},{'UBJ'[n % 3]}"))
    assert len(found.frame) == ROWS


def test_units_of_columns_reach_the_inputs_and_the_target() -> None:
    prepared = prepare(table(BELOW["units"][0] + HOUSES), DataSpec(target=("price",)))
    assert {f.column: f.unit for f in prepared.features} == {"area": "m2", "rooms": ""}
    assert prepared.preprocessor.target_units == ("EUR",)


def test_a_line_of_units_in_rows_to_predict_is_no_row() -> None:
    found = table(BELOW["units"][0] + HOUSES)
    prepared = prepare(found, DataSpec(target=("price",)))
    text = b"Houses,\narea,rooms\nm2,\n60,2\n70,3\n"
    new = read_rows(text, "new.csv", prepared.features, found.text_format)
    assert new.cells["area"].tolist() == [60, 70]


KEPT = {
    "a row with a word": ("name,value\nb,unknown\n", "a{n},{n}", ["name", "value"]),
    "a row with gaps": ("name,v,w\nb,,\n", "a{n},{n},{n}", ["name", "v", "w"]),
    "a row with NA": ("name,v,w\nb,NA,NA\n", "a{n},{n},{n}", ["name", "v", "w"]),
    "text alone": ("name,city\nx,s\n", "a{n},s", ["name", "city"]),
    "names that are units": ("m,s,kg\n1,2,3\n", "{n},{n},{n}", ["m", "s", "kg"]),
    "letters": ("a,b,c\n1,2,x\n", "{n},{n},y", ["a", "b", "c"]),
    "a date": ("day,v\n2024-01-01,m\n", "2024-02-01,{n}", ["day", "v"]),
}


@pytest.mark.parametrize("kind", KEPT)
def test_rows_stay_rows(kind: str) -> None:
    head, row, names = KEPT[kind]
    found = table(head + rows(lambda n: row.format(n=n)))
    assert found.frame.columns.tolist() == names
    assert len(found.frame) == ROWS + 1


def test_columns_without_names_are_no_titles() -> None:
    found = table("id,,,\n" + rows(lambda n: f"{n},{n % 3},{n % 5},{n % 7}"))
    assert found.frame.columns.tolist() == ["id", "column 2", "column 3", "column 4"]


ABOVE_BLANKS = {
    "prose": PROSE + "\nx y z\n",
    "prose with more lines than rows": PROSE * 2 + "x y z\n",
    "a comment": "/* quarterly data,\nsource: an office in Ulm\n*/\n<1960 Q1>\nx y z\n",
    "stars": "*****\n*** Weekly averages\n*****\n   x    y    z\n",
}


@pytest.mark.parametrize("kind", ABOVE_BLANKS)
def test_prose_above_fields_between_blanks_goes(kind: str) -> None:
    found = table(ABOVE_BLANKS[kind] + BLANKS)
    assert found.frame.columns.tolist() == ["x", "y", "z"]
    assert len(found.frame) == ROWS
    assert [f.column for f in prepare(found, DataSpec(target=("z",))).features] == ["x", "y"]


CAR = '{n}.0   8   3{n:02}.0      130.0\t"car {k}"'
TABBED = {  # the head, the rows, how many fields they have
    "no header": ("", CAR, 5),
    "a header of words": ("mpg cylinders displacement horsepower name\n", CAR, 5),
    "a header with tabs": ("mpg\tcylinders\tdisplacement\thorsepower name\n", CAR, 5),
    "tabs here and there": ("a b c d\n", "{n}.5 \t{k}\t 7{n}  1.{k}", 4),
    "row names": ("a b c\n", "r_{n} \t{k}\t 7{n}  1.{k}", 4),
}


@pytest.mark.parametrize("kind", TABBED)
def test_a_tab_among_blanks_makes_no_column_of_many_numbers(kind: str) -> None:
    head, row, width = TABBED[kind]
    found = table(head + rows(lambda n: row.format(n=n, k=n % 5)))
    assert found.frame.shape == (ROWS, width)


UNQUOTED = {
    "no header": "",
    "a header of words": "mpg cylinders displacement horsepower\tname\n",
    "a header with tabs": "mpg\tcylinders\tdisplacement\thorsepower\tname\n",
}


@pytest.mark.parametrize("kind", UNQUOTED)
def test_words_without_quotes_behind_a_tab_are_one_field(kind: str) -> None:
    row = "{n}.0   8   3{n:02}.0      ?\tcar of {k}{more}"
    text = UNQUOTED[kind] + rows(lambda n: row.format(n=n, k=n % 5, more=" b" * (n % 3)))
    found = table(text)
    assert found.frame.shape == (ROWS, 5)
    assert found.frame.iloc[1, 4] == "car of 1 b"
    if kind:
        new = read_rows(text.encode(), "new.csv", [], found.text_format)
        assert new.cells.columns.tolist() == found.frame.columns.tolist()


@pytest.mark.parametrize("edge", ["", "   "])
def test_fields_with_wide_gaps_between_them_may_hold_single_blanks(edge: str) -> None:
    text = f"{edge}  town    rooms   price\n" + rows(
        lambda n: f"{edge}Bad Elm     {n}     {n}.5" if n % 2 else f"{edge}   Ulm     {n}     {n}.5"
    )
    found = table(text)
    assert found.frame.columns.tolist() == ["town", "rooms", "price"]
    assert found.frame["town"].tolist()[:2] == ["Ulm", "Bad Elm"]
    assert found.frame["price"].tolist() == [n + 0.5 for n in range(ROWS)]
    assert "two or more spaces" in found.notes[0]
    few = "  town    rooms   price\nBad Elm     1     1.5\n"
    new = read_rows(few.encode(), "new.csv", [], found.text_format)
    assert new.cells.iloc[0].tolist()[:2] == ["Bad Elm", 1]


@pytest.mark.parametrize("end", ["\x1a", "\n\x1a", "\n\x1a\r\n"])
def test_the_end_of_file_mark_of_dos_is_no_cell(end: str) -> None:
    found = table("a,b\n1,2\n3,4.5" + end)
    assert found.frame["b"].tolist() == [2, 4.5]
    assert "Ctrl-Z" in found.notes[0]
    quoted = table('a,b\n1,"2"\n3,"4.5\x1a"' + end.replace("\x1a", ""))
    assert quoted.frame["b"].tolist() == [2, 4.5]
    assert "Ctrl-Z" in quoted.notes[0]


def test_blanks_within_fields_between_tabs_part_nothing() -> None:
    found = table("city\tplace\ty\n" + rows(lambda n: f"Ulm\t52.{n} 13.{n}\t{n}"))
    assert found.frame.columns.tolist() == ["city", "place", "y"]


INDEXED = {
    "tens": (",10,20,30\n", "{n},0.{n},{k},7"),
    "fractions": ('"","16.5","16.75","17.25"\n', '"{n}",{k},3,{n}'),
    "letters": (",5,10,20\n", "r{n},{k}.5,3,{n}"),
    "below a title": ("Cubits,,,\n,10,20,40\n", "{n},0.{n},{k},7"),
    "a named index": ("id,5,10,20\n", "r{n},{k}.5,3,{n}"),
}


@pytest.mark.parametrize("kind", INDEXED)
def test_numbers_beside_an_empty_field_name_columns(kind: str) -> None:
    head, row = INDEXED[kind]
    found = table(head + rows(lambda n: row.format(n=n + 1, k=n % 5)))
    assert len(found.frame) == ROWS
    names = head.splitlines()[-1].replace('"', "").split(",")
    assert found.frame.columns.tolist() == [names[0] or "column 1", *names[1:]]


def test_numbers_beside_an_empty_field_may_be_a_row() -> None:
    found = table(",10,20\n" + rows(lambda n: f"{n % 3},{n},{n * 7 % 11}"))
    assert len(found.frame) == ROWS + 1


COUNTED = {
    "wine": (f"{ROWS},13,class_0,class_1,class_2\n", 14),
    "iris": (f"{ROWS},4,setosa,versicolor,virginica\n", 5),
    "the target is counted": (f"{ROWS},4,no,yes\n", 4),
    "counts alone": (f"{ROWS} 3\n", 3),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_a_first_line_of_counts_is_left_out(kind: str) -> None:
    head, width = COUNTED[kind]
    mark = "," if "," in head else " "
    found = table(head + rows(lambda n: mark.join([f"{n}.5"] * (width - 1) + [str(n % 2)])))
    assert found.frame.shape == (ROWS, width)
    assert sum("counts the rows" in note for note in found.notes) == 1
    assert table(head + BLANKS.replace("  ", " "), skip=1, header="no").frame.shape[0] == ROWS


def test_counts_that_are_wrong_are_no_counts() -> None:
    found = table("7,4,a,b,c\n" + rows(lambda n: f"{n},1.5,2,3,{n % 2}"))
    assert found.frame.columns.tolist() == ["7", "4", "a", "b", "c"]
