"""Engineered inputs, against values worked by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.features import are_sound, encode
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import TERMS, TERMS_OF, Term
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.errors import SpecError
from mlpdash.specs import items_of
from mlpdash.specs.preparation import ColumnChoice, Preparation

ALL = tuple(TERMS)
# the columns of x when every input is ticked: those of x1 first
ORDER = ("x1", "x1^2", "sin(x1)", "x2", "x2^2", "x1*x2", "sin(x2)")


def prepared(data: str = "circle", **choices: object) -> Prepared:
    spec = starting_point(data).changed(**choices).data
    return prepare(load(spec), spec)


def test_the_choices_are_those_that_can_be_evaluated() -> None:
    assert items_of("inputs") == ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
    assert set(items_of("inputs")) == set(TERMS) == {*TERMS_OF["x1"], *TERMS_OF["x2"]}


def test_every_input_is_a_column_of_its_own() -> None:
    found = prepared(inputs=ALL)
    a, b = found.raw.T
    expected = [a, a**2, np.sin(a), b, b**2, a * b, np.sin(b)]
    np.testing.assert_array_equal(found.x, np.column_stack(expected).astype(np.float32))
    assert tuple(name for f in found.features for name in f.names_out) == ORDER
    assert [(f.name, f.start, f.stop) for f in found.features] == [("x1", 0, 3), ("x2", 3, 7)]
    assert (found.features[0].low, found.features[0].high) == (-6, 6)


def test_what_is_not_ticked_is_not_given_to_the_net() -> None:
    found = prepared(inputs=("x2^2", "x1*x2"))
    a, b = found.raw.T
    np.testing.assert_array_equal(found.x, np.column_stack([b**2, a * b]).astype(np.float32))
    assert [(f.start, f.stop) for f in found.features] == [(0, 0), (0, 2)]
    only = prepared(inputs=("sin(x1)",))
    assert only.width == 1
    assert [(f.start, f.stop) for f in only.features] == [(0, 1), (1, 1)]


def test_the_order_in_which_they_are_ticked_changes_nothing() -> None:
    one, other = prepared(inputs=("x1", "x2^2", "x2")), prepared(inputs=("x2", "x1", "x2^2"))
    np.testing.assert_array_equal(one.x, other.x)


def test_standardised_inputs_have_deviation_one_on_the_training_rows() -> None:
    found = prepared(inputs=ALL, standardize=True)
    train = found.x[found.split.train].astype(np.float64)
    assert train.mean(axis=0) == pytest.approx(0, abs=1e-6)
    assert train.std(axis=0) == pytest.approx(1, abs=1e-6)


def test_the_usual_inputs_are_the_plain_columns() -> None:
    found = prepared()
    assert [type(f) for f in found.features] == [Number, Number]
    np.testing.assert_array_equal(found.x, found.raw.astype(np.float32))


@pytest.mark.parametrize("standardize", [False, True])
def test_other_rows_are_encoded_alike_also_after_json(standardize: bool) -> None:
    found = prepared("spiral", inputs=("x1", "x1*x2", "sin(x2)"), standardize=standardize)
    back = preprocessor_from_json(prepared_to_json(found))
    assert back == found.preprocessor
    frame = pd.DataFrame({"x2": found.raw[:, 1], "x1": found.raw[:, 0], "more": 1})
    np.testing.assert_array_equal(back.x(frame), found.x)


def test_a_gap_is_filled_before_the_terms_and_numbers_beyond_bounds_stay_finite() -> None:
    found = prepared(inputs=ALL)
    typical = [f.typical for f in found.features]
    raw = np.array([[np.nan, 2.0], [typical[0], 2.0], [1e300, -1e300]])
    x = encode(found.features, raw)
    np.testing.assert_array_equal(x[0], x[1])
    assert np.isfinite(x).all()


@pytest.mark.parametrize(
    "name", [n for n, one in CATALOGUE.items() if not one.on_plane and n in ("iris", "sine")]
)
def test_they_are_for_sets_on_the_plane_alone(name: str) -> None:
    with pytest.raises(SpecError, match=r"Inputs \(inputs\) are for sets on the plane") as caught:
        prepared(name, inputs=("x1",))
    assert caught.value.field == "inputs"


def test_an_input_named_twice_is_refused() -> None:
    with pytest.raises(SpecError, match="the same input twice"):
        prepared(inputs=("x1", "x1"))


@pytest.mark.parametrize("choice", [{"role": "ignored"}, {"kind": "category"}])
def test_terms_need_both_columns_as_numbers(choice: dict[str, Any]) -> None:
    preparation = Preparation(columns=(ColumnChoice(name="x1", **choice),))
    with pytest.raises(SpecError, match="need both x1 and x2 as numbers") as caught:
        prepared(inputs=("x1*x2",), preparation=preparation)
    assert caught.value.field == "inputs"
    assert prepared(preparation=preparation).features[-1].high == 6  # without terms it goes


def test_points_from_elsewhere_are_sound_only_as_they_are_made() -> None:
    features = prepared(inputs=("x1", "x2")).features
    assert are_sound(features)
    first, second = features = prepared(inputs=("x1", "x2^2")).features
    assert (first.stop, second.stop) == (1, 2)
    assert are_sound(features)
    bad = (
        (first, Number("x2", 1, mean=0, scale=1, typical=0, low=-6, high=6)),
        (Category("x1", 0, typical=0, levels=("a",)), second),
        (replace(second, start=0), replace(first, start=1)),
        (first,),
        (replace(first, terms=(Term("x2"),)), second),
        (replace(first, terms=(Term("cos(x1)"),)), second),
        (replace(first, terms=(Term("x1", 0.0, 0.0),)), second),
        (replace(first, terms=(Term("x1", float("nan")),)), second),
        (replace(first, typical=float("inf")), second),
    )
    assert not any(are_sound(one) for one in bad)
