"""A first column without a name numbers the rows, unless it holds years or a measurement."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

random = np.random.default_rng(6)
SHUFFLED = random.permutation(150)
INDEXES = {
    "gaps": [3, 4, 7, 9, 12, 13, 17, 18, 21, 30],
    "from 0": range(30),
    "from 1": range(1, 31),
    "a permutation": SHUFFLED[:150],
    "the rows of a test set": SHUFFLED[:30],
    "the rows of a training set": SHUFFLED[30:],
    "the last rows": range(800, 1000),
    "a few of very many rows": sorted(random.choice(60_000, 25, replace=False)),
    "drawn from many rows": random.choice(60_000, 40, replace=False),
    "every second row": range(0, 80, 2),
    "a count that passes through years": range(1, 2_501),
    "a filter on rows about 1,990": [12, 1_990, 1_991, 1_995, 2_003, 2_040],
}
OTHERS = {
    "years": range(1947, 1963),
    "years with gaps": [1950, 1955, 1960, 1961, 1970, 1984],
    "years, the last first": range(2024, 1990, -1),
    "months": [190001 + 100 * (n // 12) + n % 12 for n in range(48)],
    "round numbers": [50, 100, 200, 500, 1000, 2000],
    "temperatures in even steps": range(100, 400, 10),
    "below 0": [-3, -1, 0, 2, 5, 8, 9],
    "heights": [172, 165, 180, 158, 191, 176],
    "repeated": [1, 2, 2, 3, 4, 5, 6],
    "fractions": [0.5, 1, 2, 3, 4, 5],
}
NAMELESS = ("", "Unnamed: 0", "X")
NAMED = ("index", "rownames", "row.names", "obs", "Index")


def prepared(name: str, cells: object) -> Prepared:
    """Prepare cells below a name beside two columns to learn from and predict."""
    rows = len(list(cells))  # type: ignore[call-overload]
    frame = pd.DataFrame({"first": list(cells), "a": range(rows)})  # type: ignore[call-overload]
    frame["a"] = frame["a"] * 7 % 5 + 0.5
    frame["price"] = frame["a"] * 2.5
    text = frame.to_csv(index=False).replace("first", f'"{name}"' if name else "", 1)
    return prepare(read_table(text.encode(), "x.csv"), DataSpec())


def inputs(found: Prepared) -> list[str]:
    return [feature.column for feature in found.features]


@pytest.mark.parametrize("name", [*NAMELESS, *NAMED])
@pytest.mark.parametrize("kind", INDEXES)
def test_the_numbers_of_rows_are_not_learned_from(name: str, kind: str) -> None:
    assert inputs(prepared(name, INDEXES[kind])) == ["a"]


@pytest.mark.parametrize("name", NAMELESS)
@pytest.mark.parametrize("kind", OTHERS)
def test_years_and_measurements_without_a_name_are_kept(name: str, kind: str) -> None:
    assert inputs(prepared(name, OTHERS[kind]))[-1] == "a"
    assert len(inputs(prepared(name, OTHERS[kind]))) == 2


@pytest.mark.parametrize("name", NAMED)
def test_years_are_kept_whatever_a_tool_called_them(name: str) -> None:
    assert inputs(prepared(name, OTHERS["years"])) == [name, "a"]


def test_the_index_of_an_index_goes_too() -> None:
    text = ",X.1,X,a,b\n" + "".join(f"{n},{3 * n + 1},{n + 1},{n % 4},{n}.5\n" for n in range(30))
    assert inputs(prepare(read_table(text.encode(), "x.csv"), DataSpec())) == ["a"]


@pytest.mark.parametrize("head", ["X,Y", "X,Y,Z", "x,a,b", "a,X,b"])
def test_an_x_that_a_person_named_is_kept(head: str) -> None:
    width = head.count(",")
    rows = "".join(f"{n + 1}{f',{n % 7}.5' * width}\n" for n in range(30))
    found = inputs(prepare(read_table(f"{head}\n{rows}".encode(), "x.csv"), DataSpec()))
    assert found[0] == head.split(",")[0]


def test_few_different_numbers_in_a_file_without_names_are_kept() -> None:
    text = "17,2.5,1.5\n11,3.5,2.5\n3,1.5,4.5\n8,2.5,1.5\n20,7.5,6.5\n"
    assert "column 1" in inputs(prepare(read_table(text.encode(), "x.csv"), DataSpec()))


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
def test_an_index_is_told_of_once(name: str) -> None:
    told = [
        note
        for note in prepared(name, range(30)).notes
        if "name" in note and "predicted" not in note
    ]
    assert len(told) == 1
    assert ("numbers the rows" in told[0]) == (not name)


def test_a_column_of_row_names_without_a_name_is_told_of_once() -> None:
    text = '"a","b"\n' + "".join(f'"car {n}",{n % 7},{n}.5\n' for n in range(40))
    found = prepare(read_table(text.encode(), "x.csv"), DataSpec())
    assert inputs(found) == ["a"]
    (told,) = [note for note in found.notes if "name" in note and "predicted" not in note]
    assert told == "The first column has no name and only identifies the rows; it was left out."


def test_an_index_can_be_chosen_as_a_number() -> None:
    text = ",a,b\n" + "".join(f"{n},{n % 7},{n}.5\n" for n in range(30))
    chosen = Preparation(columns=(ColumnChoice(name="column 1", kind="number"),))
    found = prepare(read_table(text.encode(), "x.csv"), DataSpec(preparation=chosen))
    assert inputs(found) == ["column 1", "a"]


def test_years_that_pandas_wrote_as_labels_of_rows_are_kept() -> None:
    frame = pd.DataFrame({"a": range(16), "b": 2.5}, index=range(1947, 1963))
    frame["b"] += frame["a"] * 7 % 5
    frame["__index_level_0__"] = frame.index
    content = frame.reset_index(drop=True).to_parquet()
    found = prepare(read_table(content, "x.parquet"), DataSpec(target=("b",)))
    assert inputs(found) == ["a", "__index_level_0__"]


@pytest.mark.parametrize("name", ["no.", "orig_index", "Index", "obs"])
def test_a_count_called_like_one_may_begin_again_in_groups(name: str) -> None:
    def is_input(counts: list[int]) -> bool:
        lines = (f"{n % 7}.5,{c},{n % 11}.5\n" for n, c in enumerate(counts))
        found = prepare(read_table(f"x,{name},y\n{''.join(lines)}".encode(), "x.csv"), DataSpec())
        return name in inputs(found)

    assert not is_input([*range(40)])
    assert not is_input([*range(1, 20), *range(1, 12)])
    assert is_input([1, 2, 3] * 12)  # visits or trials
    assert is_input([*range(1, 20), *range(3, 20)])


@pytest.mark.parametrize("name", ["patient", "Case", "study", "subject", "firm"])
def test_a_count_of_things_numbers_the_rows(name: str) -> None:
    text = f"x,{name},y\n" + "".join(f"{n % 7}.5,{n},{n % 11}.5\n" for n in range(1, 40))
    assert name not in inputs(prepare(read_table(text.encode(), "x.csv"), DataSpec()))


@pytest.mark.parametrize(("name", "step"), [("rank", 1), ("x", 1), ("time", 1), ("case", 3)])
def test_a_count_of_something_else_is_learned_from(name: str, step: int) -> None:
    text = f"a,{name},y\n" + "".join(f"{n % 7}.5,{n * step},{n % 11}.5\n" for n in range(1, 40))
    assert name in inputs(prepare(read_table(text.encode(), "x.csv"), DataSpec()))


def test_few_different_words_in_a_column_without_a_name_name_the_rows() -> None:
    text = ",a,y\n" + "".join(f"{name},{n},{n * n}.5\n" for n, name in enumerate("pqrstuvwxy"))
    assert inputs(prepare(read_table(text.encode(), "x.csv"), DataSpec())) == ["a"]


@pytest.mark.parametrize(("rows", "left_out"), [(7, False), (8, True), (20, True)])
def test_words_that_all_differ_name_the_rows(rows: int, left_out: bool) -> None:
    spec = DataSpec(target=("y",))

    def words(cell: str) -> list[str]:
        lines = (f"{cell.format(n=n)},{n},{n * n}.5\n" for n in range(rows))
        return inputs(prepare(read_table(("kind,a,y\n" + "".join(lines)).encode(), "x.csv"), spec))

    assert ("kind" not in words("town of {n}")) == left_out
    assert "kind" in words("{n}0-{n}9")  # ranges have an order
