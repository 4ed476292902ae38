"""Encoding, against scikit-learn's own pipeline and against cells worked by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlpdash.data.columns.columns import Column
from mlpdash.data.columns.kinds import profile_columns
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import CyclicPart, Year
from mlpdash.data.preparing.features import Feature, are_sound, encode
from mlpdash.data.preparing.fitting import fit_features
from mlpdash.data.preparing.matching import UNSEEN, UnreadCells
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.read_cells import read_cells
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Preparation


def fitted(
    frame: pd.DataFrame,
    train: list[int] | range,
    standardize: bool = True,
    indicators: bool = False,
) -> tuple[Feature, ...]:
    profiles = profile_columns(frame, {}, ".")
    inputs = [Column(name, one.kind, "input", 0, one) for name, one in profiles.items()]
    spec = DataSpec(standardize=standardize, preparation=Preparation(indicators=indicators))
    return fit_features(frame, inputs, np.array(train), spec, {})


def encoded(frame: pd.DataFrame, features: tuple[Feature, ...]) -> np.ndarray:
    return encode(features, read_cells(frame, features)[0])


def mixed(rows: int = 200) -> pd.DataFrame:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "a": random.normal(50, 9, rows),
            "b": random.integers(0, 30, rows).astype(float),
            "c": random.choice(["red", "green", "blue"], rows, p=[0.6, 0.3, 0.1]),
            "d": random.lognormal(0, 3, rows),
            "e": random.choice(["low", "high"], rows),
        }
    )
    for name in frame:
        frame.loc[random.random(rows) < 0.1, name] = None
    return frame


@pytest.mark.parametrize("standardize", [True, False])
def test_it_is_what_scikit_learns_pipeline_makes(standardize: bool) -> None:
    frame, train = mixed(), range(0, 200, 2)
    ours = encoded(frame, fitted(frame, train, standardize))
    number = [SimpleImputer(strategy="median"), *([StandardScaler()] if standardize else [])]
    category = [
        SimpleImputer(strategy="most_frequent"),
        OneHotEncoder(sparse_output=False, handle_unknown="ignore"),
    ]
    order = [
        (name, make_pipeline(*(category if name in "ce" else number)), [name]) for name in "abcde"
    ]
    theirs = ColumnTransformer(order).fit(frame.iloc[train]).transform(frame)
    assert ours.dtype == np.float32
    np.testing.assert_array_equal(ours, theirs.astype(np.float32))


def test_medians_and_modes_fill_what_is_missing() -> None:
    frame = pd.DataFrame({"n": [1.0, 2, 9, None, 100], "c": ["a", "b", "b", None, "a"]})
    n, c = fitted(frame, [0, 1, 2, 3], standardize=False)
    assert n.typical == 2  # of 1, 2, 9
    assert (c.levels, c.typical) == (("a", "b"), 1)
    x = encoded(frame, (n, c))
    assert x.tolist() == [[1, 1, 0], [2, 0, 1], [9, 0, 1], [2, 0, 1], [100, 1, 0]]


def test_raw_values_keep_units_and_gaps() -> None:
    frame = pd.DataFrame({"n": [1.0, None, 9], "c": ["a", None, "b"], "f": [True, None, False]})
    features = fitted(frame, [0, 1])
    raw, _unread = read_cells(frame, features)
    assert raw[:, 0].tolist() == pytest.approx([1, np.nan, 9], nan_ok=True)
    assert raw[:, 1].tolist() == pytest.approx([0, np.nan, UNSEEN], nan_ok=True)
    assert raw[:, 2].tolist() == pytest.approx([1, np.nan, 0], nan_ok=True)


def test_a_category_not_seen_in_training_is_all_zeros() -> None:
    frame = pd.DataFrame({"c": ["a", "b", "zebra"]})
    assert encoded(frame, fitted(frame, [0, 1])).tolist() == [[1, 0], [0, 1], [0, 0]]


def test_columns_of_x_have_names_for_people() -> None:
    year = Year("day: year", "day", 0, mean=2000, scale=1, typical=0, low=0, high=1, form="")
    month = CyclicPart("day: month", "day", "month", 1, typical=6, form="", indicator=True)
    city = Category("city", 4, typical=0, levels=("Ulm", "Jena"), indicator=True)
    size = Number("size", 7, mean=0, scale=1, typical=0, low=0, high=1)
    assert [f.column for f in (year, month, city, size)] == ["day", "day", "city", "size"]
    assert [name for f in (year, month, city, size) for name in f.names_out] == [
        "day: year",
        *("day: month, sine", "day: month, cosine", "day: month is missing"),
        *("city = Ulm", "city = Jena", "city is missing"),
        "size",
    ]


def test_columns_of_x_follow_each_other() -> None:
    features = fitted(mixed(), range(200))
    assert are_sound(features)
    assert [(f.start, f.stop) for f in features] == [(0, 1), (1, 2), (2, 5), (5, 6), (6, 8)]
    assert [f.kind for f in features] == ["number", "number", "category", "number", "category"]


def test_many_levels_are_pooled() -> None:
    names = [f"v{n:03}" for n in range(150) for _ in range(150 - n)]
    frame = pd.DataFrame({"c": names})
    (feature,) = fitted(frame, range(len(names)))
    assert feature.pooled
    assert feature.levels == (*(f"v{n:03}" for n in range(50)), "other")
    new = pd.DataFrame({"c": ["v000", "v049", "v050", "v149", "never seen", None]})
    raw = read_cells(new, (feature,))[0][:, 0]
    assert raw.tolist() == pytest.approx([0, 49, 50, 50, 50, np.nan], nan_ok=True)
    assert encode((feature,), raw[:, None])[-1].argmax() == 0  # the mode


def test_a_level_called_other_keeps_its_own_column() -> None:
    names = ["other"] * 9 + [f"v{n:03}" for n in range(150) for _ in range(1 + (n < 60))]
    (feature,) = fitted(pd.DataFrame({"c": names}), range(len(names)))
    assert "other" in feature.levels[:-1]
    assert feature.levels[-1] == "other*"


def test_a_hundred_levels_are_not_pooled() -> None:
    (feature,) = fitted(pd.DataFrame({"c": [f"v{n % 100}" for n in range(300)]}), range(300))
    assert len(feature.levels) == 100
    assert not feature.pooled


def test_constant_in_training_does_not_divide_by_nothing() -> None:
    frame = pd.DataFrame({"n": [5.0, 5, 7], "far": [1.0, 1 + 1e-12, 1e29]})
    x = encoded(frame, fitted(frame, [0, 1]))
    assert x[:, 0].tolist() == [0, 0, 2]
    assert np.isfinite(x).all()


def test_a_column_without_any_value_in_training_is_filled_with_something_finite() -> None:
    frame = pd.DataFrame({"n": [None, None, 7.0, 8.0], "c": [None, None, "a", "b"]})
    n, c = fitted(frame, [0, 1])
    assert (n.typical, c.levels) == (0, ("",))
    assert np.isfinite(encoded(frame, (n, c))).all()


def test_ranges_are_of_all_rows() -> None:
    n, c = fitted(pd.DataFrame({"n": [1.0, 2, 9, None], "c": ["a", "b", "c", "c"]}), [0, 1, 2])
    assert (n.low, n.high) == (1, 9)
    assert (c.low, c.high) == (0, 2)


def test_columns_are_found_by_name() -> None:
    frame = mixed()
    features = fitted(frame, range(200))
    turned = frame[list(frame.columns)[::-1]]
    np.testing.assert_array_equal(encoded(frame, features), encoded(turned, features))


def test_a_missing_or_changed_column_is_one_sentence() -> None:
    frame = mixed()
    features = fitted(frame, range(200))
    with pytest.raises(DataError, match='the column "b" is missing'):
        read_cells(frame.drop(columns="b"), features)
    with pytest.raises(DataError, match='the column "b" must hold numbers'):
        read_cells(frame.assign(b=pd.Timestamp("2024-02-01")), features)


def test_text_in_a_column_of_numbers_counts_as_missing_and_the_first_is_told() -> None:
    frame = mixed()
    features = fitted(frame, range(200))
    odd = frame["b"].astype(str)
    odd.iloc[[3, 7]] = ["text", "NA"]
    raw, unread = read_cells(frame.assign(b=odd), features)
    known, _none = read_cells(frame, features)
    place = [f.name for f in features].index("b")
    assert unread == {"b": UnreadCells(1, 4, "text", "number")}
    assert np.isnan(raw[[3, 7], place]).all()
    known[[3, 7], place] = np.nan
    np.testing.assert_array_equal(raw, known)
