"""Which column is the target where nobody named one, and what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.cures import Cure, cures_of
from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.target_names import score_of_name
from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

ROWS = 60
random = np.random.default_rng(0)
WORDS = [f"{n:x}th of all" for n in range(ROWS)]  # never twice

TITANIC = ["1st", "2nd", "3rd", "crew"] * (ROWS // 4)
MADE = {  # cells of columns by name; others are numbers with decimals
    "class": TITANIC,
    "pclass": [1, 2, 3] * (ROWS // 3),
    "sex": ["female", "male", "male"] * (ROWS // 3),
    "survived": [0, 1, 1, 0, 1] * (ROWS // 5),
    "species": ["a", "b", "c"] * (ROWS // 3),
    "island": ["p", "q", "q"] * (ROWS // 3),
    "ocean": ["near", "far", "far", "near"] * (ROWS // 4),
    "name": WORDS,
    "ticket": WORDS,
    "id": [7 * n // 3 for n in range(ROWS)],
    "year": [1990 + n % 7 for n in range(ROWS)],
    "Churn": ["yes", "no"] * (ROWS // 2),
    "label": ["spam", "ham", "ham"] * (ROWS // 3),
    "kk1": [1, 0, 0] * (ROWS // 3),
    "kk2": [0, 1, 0] * (ROWS // 3),
    "kk3": [0, 0, 1] * (ROWS // 3),
}


def frame_of(names: str) -> pd.DataFrame:
    def cells(name: str) -> object:
        return MADE.get(name, random.normal(5, 1, ROWS).round(3))

    return pd.DataFrame({name: cells(name) for name in names.split(",")})


def target_of(names: str, **choices: object) -> str:
    content = frame_of(names).to_csv(index=False).encode()
    spec = DataSpec.model_validate(choices)
    return prepare(read_table(content, "x.csv"), spec).targets[0]


@pytest.mark.parametrize(
    ("names", "target"),
    [
        # what cannot be predicted is passed over
        ("mpg,hp,name", "mpg"),
        ("hp,weight_of_it,name", "weight_of_it"),
        ("a,b,ticket,name", "b"),
        ("a,b,id", "b"),
        # names of outcomes, wherever they stand
        ("class,sex,age,survived", "survived"),
        ("survived,sex,age,class", "survived"),
        ("id,survived,pclass,name,sex,age,ticket,fare,class", "survived"),
        ("id,Churn,age,charge", "Churn"),
        ("carat,depth,table,price,x,y,z", "price"),
        ("mpg,cyl,hp,origin", "mpg"),
        ("species,island,bill_length,sex,year", "species"),
        ("longitude,latitude,median_house_value,ocean", "median_house_value"),
        ("label,words,length", "label"),
        ("a,Target,c", "Target"),
        ("a,b,class", "class"),
        ("id,date_sold,SalePrice,sqft,lat,long", "SalePrice"),
        # places
        ("x,y", "y"),
        ("x1,x2,y", "y"),
        ("y,x1,x2", "y"),
        ("y,x,w", "y"),
        ("x,y,z", "z"),
        ("x,y,z,energy", "energy"),
        ("energy,x,y,z", "energy"),
        ("x,y,depth", "depth"),
        ("lon,lat,depth", "depth"),
        ("depth,lat,lon", "depth"),
        ("depth,easting,northing", "depth"),
        # names against a column
        ("a,b,sex", "a"),
        ("sex,a,b,year", "a"),
        ("a,b,region_code", "a"),
        ("width,lwidth", "width"),
        ("width,sex,width_sq", "width"),
        ("a,kk1,kk2,kk3", "a"),
        # nothing tells: the last
        ("a,b,c", "c"),
        ("v1,v2,v3,v4", "v4"),
    ],
)
def test_the_likeliest_target_is_chosen(names: str, target: str) -> None:
    assert target_of(names) == target


def test_a_column_that_another_one_decides_is_less_likely() -> None:
    width = random.normal(5, 1, ROWS).round(3)
    frame = pd.DataFrame({"w": width, "v": np.log(width)})
    frame["a"] = random.normal(5, 1, ROWS)
    order = ["a", "w", "v"]
    assert find_columns(Table(frame[order], "x.csv"), DataSpec()).targets == ("a",)
    kind = [1, 2, 3, 4, 5] * (ROWS // 5)
    of_kind = pd.DataFrame({"b": kind, "v": width, "is five": [n // 5 for n in kind]})
    assert find_columns(Table(of_kind, "x.csv"), DataSpec()).targets == ("b",)
    apart = of_kind.assign(**{"is five": [0, 1, 1] * (ROWS // 3)})
    assert find_columns(Table(apart, "x.csv"), DataSpec()).targets == ("is five",)


@pytest.mark.parametrize("made", ["sum", "difference", "mean"])
def test_a_sum_of_columns_in_front_is_less_likely(made: str) -> None:
    frame = frame_of("a,b,v")
    total = {"sum": 1.0, "difference": -1.0, "mean": 0.5}[made] * frame["b"] + frame["v"]
    assert find_columns(Table(frame.assign(w=total), "x.csv"), DataSpec()).targets == ("a",)
    noisy = total + random.normal(0, 0.1, ROWS)
    assert find_columns(Table(frame.assign(w=noisy), "x.csv"), DataSpec()).targets == ("w",)


def test_a_count_of_the_rows_is_less_likely() -> None:
    frame = frame_of("a,b").assign(w=range(1, ROWS + 1))
    assert find_columns(Table(frame, "x.csv"), DataSpec()).targets == ("a",)
    apart = frame.assign(w=random.permutation(ROWS))
    assert find_columns(Table(apart, "x.csv"), DataSpec()).targets == ("w",)


def test_it_is_said_why_and_which_columns_come_next() -> None:
    table = Table(frame_of("class,sex,age,survived"), "x.csv")
    told = next(note for note in prepare(table, DataSpec()).told if "To be" in str(note))
    assert str(told) == (
        'To be predicted: "survived", as a class since it has two different values; chosen for '
        'its name, before "class", "age".'
    )
    assert cures_of(told) == (
        Cure('Predict "class"', data={"target": ("class",), "task": "auto"}),
        Cure('Predict "age"', data={"target": ("age",), "task": "auto"}),
        Cure("Predict it as a number", data={"task": "regression"}),
    )
    last = prepare(Table(frame_of("a,b,sex"), "x.csv"), DataSpec()).notes[0]
    assert "chosen because the columns after it are less likely targets" in last


@pytest.mark.parametrize("name", ["id", "sex", "y", "year"])
def test_a_target_that_was_named_stays(name: str) -> None:
    assert target_of("survived,sex,x,y,z,year,id,price", target=(name,)) == name


def test_a_named_target_that_cannot_be_predicted_is_refused_and_not_exchanged() -> None:
    with pytest.raises(DataError, match=r'the target "name" of .* 60 different values'):
        target_of("price,hp,name", target=("name",))


def test_what_a_person_ignores_is_no_target() -> None:
    choices = Preparation(columns=(ColumnChoice(name="survived", role="ignored"),))
    assert target_of("survived,sex,age,price", preparation=choices) == "price"


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("SalePrice", 50),
        ("price_range", 40),
        ("Loan_Status", 40),
        ("default payment", 71),
        ("birth_year", -25),
        ("CustomerID", -80),
        ("latitude", -60),
        ("width", 0),
        ("", 0),
    ],
)
def test_a_name_speaks_for_or_against_a_column(name: str, score: int) -> None:
    assert score_of_name(name) == score


def test_thousands_of_columns_are_ranked_soon() -> None:
    wide = pd.DataFrame(random.normal(size=(20, 3000)), columns=[f"V{n}" for n in range(3000)])
    assert find_columns(Table(wide, "x.csv"), DataSpec()).targets == ("V2999",)
