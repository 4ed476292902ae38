"""What a person decides about columns and splits is done, and comes back from JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.preparing.splitting import split_rows
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

ROWS = 120
random = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "day": pd.date_range("2023-12-25", periods=ROWS).strftime("%d.%m.%Y"),
        "size": random.normal(50, 9, ROWS),
        "shop": [f"s{n % 8}" for n in range(ROWS)],
        "open": np.where(random.random(ROWS) < 0.4, "ja", "nein"),
        "sales": random.normal(1_000, 90, ROWS),
    }
)
FRAME.loc[::10, "size"] = np.nan


def prepared(preparation: Preparation, frame: pd.DataFrame = FRAME, **choices: Any) -> Prepared:
    spec = DataSpec(validation=0.25, test=0.25, preparation=preparation, **choices)
    found = prepare(Table(frame, "own.csv"), spec)
    again = preprocessor_from_json(prepared_to_json(found))
    assert again == found.preprocessor
    np.testing.assert_array_equal(again.x(frame), found.x)
    np.testing.assert_array_equal(again.y(frame), found.y)
    return found


def column(name: str, **choices: Any) -> Preparation:
    return Preparation(columns=(ColumnChoice(name=name, **choices),))


def columns_of(found: Prepared, name: str) -> np.ndarray:
    features = [f for f in found.features if f.column == name]
    return found.x[:, features[0].start : features[-1].stop]


@pytest.mark.parametrize(
    ("scaling", "scaler"),
    [("standard", StandardScaler), ("minmax", MinMaxScaler), ("robust", RobustScaler)],
)
@pytest.mark.parametrize("fill", ["median", "mean"])
def test_numbers_are_filled_and_scaled_as_scikit_learn_does(
    scaling: Any, scaler: Any, fill: Any
) -> None:
    found = prepared(column("size", scaling=scaling, missing=fill))
    train = found.split.train
    values = FRAME["size"].to_numpy()
    filled = np.where(np.isnan(values), getattr(np, f"nan{fill}")(values[train]), values)
    expected = scaler().fit(filled[train, None]).transform(filled[:, None])
    x = columns_of(found, "size")
    np.testing.assert_allclose(x[:, 0], expected[:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(x[:, 1], np.isnan(values))


def test_gaps_are_not_marked_where_that_is_off() -> None:
    assert columns_of(prepared(Preparation(indicators=False)), "size").shape[1] == 1


def test_rows_with_gaps_can_be_left_out() -> None:
    spec = DataSpec(validation=0.25, preparation=column("size", missing="drop"))
    found = prepare(Table(FRAME, "own.csv"), spec)
    assert len(found.x) == ROWS - 12
    assert "12 rows had gaps and were left out, as you chose." in found.notes


def test_dates_become_years_and_places_on_circles() -> None:
    x = columns_of(prepared(Preparation()), "day")
    days = pd.date_range("2023-12-25", periods=ROWS)
    assert x.shape[1] == 1 + 2 + 2 + 2
    for at, values, period in (
        (1, days.month, 12),
        (3, days.day_of_week + 1, 7),
        (5, days.day_of_year, 366),
    ):
        angle = 2 * np.pi * np.asarray(values, float) / period
        np.testing.assert_allclose(x[:, at], np.sin(angle), atol=1e-6)
        np.testing.assert_allclose(x[:, at + 1], np.cos(angle), atol=1e-6)


def test_only_the_wanted_parts_of_a_date_and_the_hour_where_there_are_times() -> None:
    assert columns_of(prepared(Preparation(dates=("weekday",))), "day").shape[1] == 2
    clock = FRAME.assign(day=FRAME["day"] + " 14:30")
    found = prepared(Preparation(dates=("hour",)), clock)
    np.testing.assert_allclose(columns_of(found, "day")[:, 0], np.sin(2 * np.pi * 14.5 / 24), 1e-6)


def test_booleans_are_zero_and_one() -> None:
    found = prepared(Preparation())
    np.testing.assert_array_equal(columns_of(found, "open")[:, 0], FRAME["open"] == "ja")


def test_a_kind_can_be_chosen() -> None:
    found = prepared(column("open", kind="category"))
    assert columns_of(found, "open").shape[1] == 2
    names = ("day", "size", "shop", "open")
    nothing = Preparation(columns=tuple(ColumnChoice(name=n, role="ignored") for n in names))
    with pytest.raises(DataError, match="nothing to learn from"):
        prepared(nothing)


def test_levels_are_capped_for_all_or_for_one_column() -> None:
    assert columns_of(prepared(Preparation(levels=3)), "shop").shape[1] == 4
    assert columns_of(prepared(column("shop", levels=2)), "shop").shape[1] == 3
    assert columns_of(prepared(Preparation()), "shop").shape[1] == 8


def test_by_time_the_last_rows_are_the_test() -> None:
    shuffled = FRAME.sample(frac=1, random_state=1).reset_index(drop=True)
    found = prepared(Preparation(split="time"), shuffled)
    assert found.time is not None
    parts = (found.split.train, found.split.validation, found.split.test)
    train, validation, test = (found.time[part] for part in parts)
    assert train.max() < validation.min()
    assert validation.max() < test.min()
    by_size = Preparation(split="time", columns=(ColumnChoice(name="sales", role="time"),))
    found = prepared(by_size, FRAME.dropna(), target=("size",), task="regression")
    sales = FRAME.dropna()["sales"].to_numpy()
    assert sales[found.split.train].max() < sales[found.split.validation].min()


@pytest.mark.parametrize("seed", range(5))
def test_groups_stay_together(seed: int) -> None:
    found = prepared(Preparation(split="group", group="shop"), split_seed=seed)
    parts = (found.split.train, found.split.validation, found.split.test)
    shops = [set(FRAME["shop"].iloc[part]) for part in parts]
    assert all(shops)
    assert sum(map(len, shops)) == 8
    assert len(found.split.train) == 60
    assert "shop" not in {f.column for f in found.features}


def test_a_split_that_is_not_possible_is_one_sentence() -> None:
    plain = FRAME.drop(columns="day")
    with pytest.raises(SpecError, match="by time needs a column of dates"):
        prepared(Preparation(split="time"), plain)
    with pytest.raises(SpecError, match='no column "region"'):
        prepared(Preparation(split="group", group="region"))
    with pytest.raises(DataError, match="there are 2 groups; this split needs at least 3"):
        prepared(Preparation(split="group", group="open"))
    with pytest.raises(SpecError, match="needs a column; choose the one"):
        split_rows(9, DataSpec(preparation=Preparation(split="group")), None)


def test_choices_about_columns_that_are_gone_are_told() -> None:
    assert any('not there were ignored: "x"' in n for n in prepared(column("x", kind="date")).notes)


def test_with_column_forgets_what_is_as_before() -> None:
    one = Preparation().with_column("a", kind="date").with_column("a", role="input")
    assert one.column("a") == ColumnChoice(name="a", kind="date", role="input")
    assert one.with_column("a", kind="auto", role="auto") == Preparation()
    assert Preparation.model_validate(str(one)) == one
    assert str(Preparation()) == "{}"
