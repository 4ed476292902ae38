"""Which names of columns say that a number only names the row."""

from __future__ import annotations

import pandas as pd
import pytest

from mlpdash.data.cells.row_names import answers, names_rows
from mlpdash.data.columns.kinds import profile_columns

NAMES = (
    *("id", "ID", "Customer ID", "USER_ID", "ID_USER", "Row ID", "CustomerID", "customerid"),
    *(
        "Nr.",
        "No.",
        "S.No.",
        "Sl No",
        "Kd-Nr.",
        "#",
        "Order Number",
        "order_number",
        "Kundennummer",
    ),
    *("key", "primary key", "obs", "account", "PassengerId", "Unnamed: 0", "id (2)", "index"),
)
OTHERS = (
    *("paid", "bid", "grid", "acid", "number", "Atomic Number", "wave number", "No. of rooms"),
    *("house price index", "x", "age", "keyboard", "accounts receivable", "idle", "note"),
)


def kind_of(name: str, cells: list[float]) -> str:
    return profile_columns(pd.DataFrame({name: cells}), {}, ".")[name].kind


@pytest.mark.parametrize("name", NAMES)
def test_whole_numbers_all_different_only_name_the_rows(name: str) -> None:
    cells = [7 * n % 101 for n in range(100)]
    assert kind_of(name, cells) == "identifier"


@pytest.mark.parametrize("name", NAMES)
def test_numbers_that_come_again_or_have_fractions_do_not(name: str) -> None:
    assert kind_of(name, [n % 30 for n in range(100)]) == "number"
    assert kind_of(name, [n / 7 for n in range(100)]) == "number"


@pytest.mark.parametrize("name", OTHERS)
def test_other_names_do_not(name: str) -> None:
    assert not names_rows(name)
    assert kind_of(name, [7 * n % 101 for n in range(100)]) == "number"


def test_the_labels_of_rows_that_pandas_wrote_need_not_differ() -> None:
    cells = [n % 30 for n in range(100)]
    assert kind_of("__index_level_0__", cells) == "identifier"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["smoker_yes", "smoker_no"], {"smoker_no"}),
        (["smokerNo", "smokerYes", "customerNo"], {"smokerNo"}),
        (["a_yes_b_no", "a_yes_b_yes", "a_no_b_no", "a_no_b_yes"], {"a_yes_b_no", "a_no_b_no"}),
        (["Yes", "No"], {"No"}),
        (["Voted: no", "Voted: yes", "Voted: maybe"], {"Voted: no"}),
        (["fuma_no", "fuma_sí"], {"fuma_no"}),
        (["NO", "NO2", "NOx"], {"NO"}),
        (["order_no", "order_date", "order_total"], set()),
        (["no", "name"], set()),
        (["yes_no", "customer_yes"], set()),
    ],
)
def test_an_answer_is_no_number_of_a_row(names: list[str], expected: set[str]) -> None:
    assert answers(names) == expected
