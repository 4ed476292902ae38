"""Rows as a person knows them: values by the table's columns, and what the net says beside."""

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.uploads import keep
from mlpdash.results.judging.rows import cells, rows_table, unit_of
from mlpdash.specs.preparation import Preparation


def of_text(text: str, **choices: object) -> Prepared:
    spec = starting_point(keep(text.encode(), "t.csv")).changed(**choices).data
    return prepare(load(spec), spec)


@pytest.fixture
def mixed() -> Prepared:
    random = np.random.default_rng(0)
    days = pd.date_range("2023-12-25", periods=40, freq="11D").strftime("%Y-%m-%d")
    lines = [
        f"{day},{'' if n == 3 else 'red' if n % 2 else 'blue'},{random.normal():.3f},"
        f"{n % 7 + random.normal():.2f}"
        for n, day in enumerate(days)
    ]
    preparation = Preparation(dates=("year", "day of year", "weekday"))
    text = "sold on,colour,weight,price\n" + "\n".join(lines)
    return of_text(text, preparation=preparation, target=("price",), task="regression")


def test_inputs_are_the_cells_of_the_table() -> None:
    table = load(starting_point("iris").data).frame
    iris = prepare(load(starting_point("iris").data), starting_point("iris").data)
    shown = cells(iris, np.array([3, 77]))
    expected = table.iloc[[3, 77], :4]
    assert list(shown.columns) == list(expected.columns)
    np.testing.assert_allclose(shown.to_numpy(float), expected.to_numpy(float))


def test_a_date_is_shown_as_the_date_it_was(mixed: Prepared) -> None:
    shown = cells(mixed, np.arange(40))
    days = pd.date_range("2023-12-25", periods=40, freq="11D").strftime("%Y-%m-%d")
    assert shown["sold on"].tolist() == days.tolist()  # across a leap year
    assert not [name for name in shown if "weekday" in name]
    assert shown["colour"].tolist()[:3] == ["blue", "red", "blue"]
    assert shown["colour"].isna().tolist() == [n == 3 for n in range(40)]


def test_a_list_has_what_is_true_and_what_is_said_then_the_inputs(mixed: Prepared) -> None:
    outputs = np.full((40, 1), 2.5)
    rows = np.array([4, 9])
    shown = rows_table(mixed, outputs, rows)
    assert list(shown.columns[:5]) == ["row", "part", "actual", "predicted", "actual − predicted"]
    assert shown["row"].tolist() == [4, 9]
    assert shown["predicted"].tolist() == [2.5, 2.5]
    assert (shown["actual"] * 100 == (shown["actual"] * 100).round()).all()  # as it was written
    assert "weight" in shown
    assert "weight" not in rows_table(mixed, outputs, rows, inputs=False)


def test_units_are_those_of_the_targets() -> None:
    spec = starting_point("temperature").data
    table = prepare(load(spec), spec)
    assert unit_of(table) == "°F"
    assert unit_of(table, 5) == ""
