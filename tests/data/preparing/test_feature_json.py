"""What was fitted as JSON: files of before are read, and give bits worked out by hand."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import CyclicPart, Year
from mlpdash.data.preparing.feature_json import feature_from_json, feature_to_json
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PlanePoint, Term
from mlpdash.data.preparing.prepared import preprocessor_from_json, preprocessor_to_json
from mlpdash.errors import DataError

UNUSED = {
    "mean": 0.0,
    "scale": 1.0,
    "low": 0.0,
    "levels": [],
    "unit": "",
    "pooled": False,
    "source": "",
    "part": "",
    "period": 0.0,
    "form": "",
    "indicator": False,
    "terms": None,
}
NUMBER = {
    **UNUSED,
    "name": "size",
    "kind": "number",
    "start": 0,
    "stop": 2,
    "mean": 50.0,
    "scale": 4.0,
    "typical": 48.0,
    "low": 30.0,
    "high": 70.0,
    "unit": "m",
    "form": "decimal ,",
    "indicator": True,
}
CATEGORY = {
    **UNUSED,
    "name": "city",
    "kind": "category",
    "start": 2,
    "stop": 5,
    "typical": 1.0,
    "high": 2.0,
    "levels": ["Bonn", "Ulm", "other"],
    "pooled": True,
}
YEAR = {
    **UNUSED,
    "name": "day: year",
    "kind": "number",
    "start": 5,
    "stop": 7,
    "mean": 2020.0,
    "scale": 2.0,
    "typical": 2021.0,
    "low": 2018.0,
    "high": 2024.0,
    "source": "day",
    "part": "year",
    "form": "dates dmy",
    "indicator": True,
}
MONTH = {
    **UNUSED,
    "name": "day: month",
    "kind": "number",
    "start": 7,
    "stop": 9,
    "typical": 6.0,
    "low": 1.0,
    "high": 12.0,
    "source": "day",
    "part": "month",
    "period": 12.0,
    "form": "dates dmy",
}
TABLE = {
    "version": 2,
    "task": "regression",
    "name": "own.csv",
    "features": [NUMBER, CATEGORY, YEAR, MONTH],
    "targets": ["price"],
    "target_units": ["€"],
    "classes": [],
    "target_mean": [100.0],
    "target_scale": [10.0],
    "time_name": "day",
    "target_forms": [""],
    "text_format": {
        "encoding": "auto",
        "delimiter": ";",
        "header": True,
        "words": "missing",
        "decimal": ",",
    },
}
ROWS = pd.DataFrame(
    {
        "size": ["58,0", None],
        "city": ["Ulm", "Jena"],
        "day": ["15.03.2024", None],
        "price": [120.0, 80.0],
    }
)
TERMS = [{"name": "x1^2", "mean": 5.0, "scale": 2.0}]
MIXED_TERMS = [{"name": "x1*x2", "mean": 0.0, "scale": 1.0}]
X1 = {
    **UNUSED,
    "name": "x1",
    "kind": "number",
    "start": 0,
    "stop": 1,
    "mean": -0.25,
    "scale": 3.0,
    "typical": 0.5,
    "low": -6.0,
    "high": 6.0,
    "terms": TERMS,
}
X2 = {**X1, "name": "x2", "start": 1, "stop": 2, "typical": -1.0, "terms": MIXED_TERMS}
PLANE = {
    "version": 2,
    "task": "classification",
    "name": "Circle",
    "features": [X1, X2],
    "targets": ["label"],
    "target_units": [""],
    "classes": ["-1", "1"],
    "target_mean": [0.0],
    "target_scale": [1.0],
    "time_name": "",
}


def test_a_table_of_before_is_read_and_gives_the_same_bits() -> None:
    known = preprocessor_from_json(json.dumps(TABLE))
    assert known.features == (
        Number("size", 0, 50.0, 4.0, 48.0, 30.0, 70.0, "m", "decimal ,", True),
        Category(
            "city",
            2,
            1.0,
            ("Bonn", "Ulm", "other"),
            pooled=True,
        ),
        Year("day: year", "day", 5, 2020.0, 2.0, 2021.0, 2018.0, 2024.0, "dates dmy", True),
        CyclicPart("day: month", "day", "month", 7, 6.0, "dates dmy"),
    )
    quarter, half = np.float32(np.cos(np.pi / 2)), np.float32(np.sin(np.pi))
    assert known.x(ROWS).tolist() == [
        [2, 0, 0, 1, 0, 2, 0, 1, quarter],  # March is a quarter of the way round
        [-0.5, 1, 0, 0, 1, 0.5, 1, half, -1],
    ]
    assert known.y(ROWS).tolist() == [[2], [-2]]


def test_points_of_before_are_read_and_give_the_same_bits() -> None:
    known = preprocessor_from_json(json.dumps(PLANE))
    assert known.features == (
        PlanePoint("x1", 0, 0.5, -6.0, 6.0, (Term("x1^2", 5.0, 2.0),)),
        PlanePoint("x2", 1, -1.0, -6.0, 6.0, (Term("x1*x2"),)),
    )
    rows = pd.DataFrame({"x2": [2.0, np.nan], "x1": [3.0, np.nan]})
    assert known.x(rows).tolist() == [[2, 6], [-2.375, -0.5]]


@pytest.mark.parametrize("one", [NUMBER, CATEGORY, YEAR, MONTH], ids=lambda one: one["name"])
def test_every_kind_is_written_as_it_was_read(one: dict[str, Any]) -> None:
    written = feature_to_json(feature_from_json(one))
    assert list(json.loads(json.dumps(written))) == [
        *("name", "kind", "start", "stop", "mean", "scale", "typical", "low", "high", "levels"),
        *("unit", "pooled", "source", "part", "period", "form", "indicator", "terms"),
    ]
    assert json.loads(json.dumps(written)) == one


def test_what_older_versions_do_not_know_is_written_where_it_is_used() -> None:
    more = {"merged": True, "codes": ["-9"], "kept": ["NA"]}
    written = json.loads(json.dumps(feature_to_json(feature_from_json({**CATEGORY, **more}))))
    assert written == {**CATEGORY, **more}


def test_terms_are_written_as_they_were_read() -> None:
    known = preprocessor_from_json(json.dumps(PLANE))
    written = json.loads(json.dumps(preprocessor_to_json(known)))
    assert [one["terms"] for one in written["features"]] == [TERMS, MIXED_TERMS]
    assert preprocessor_from_json(json.dumps({"version": 2, **written})) == known


def test_keys_that_older_files_lack_are_not_missed() -> None:
    lean = {key: value for key, value in NUMBER.items() if UNUSED.get(key) != value}
    known = {"mean": 0.0, "scale": 1.0, "levels": [], "low": 0.0, **lean, "stop": 1}
    del known["indicator"]
    assert feature_from_json(known) == Number("size", 0, 50, 4, 48, 30, 70, "m", "decimal ,")


DAMAGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "no name": lambda p: p["features"][0].pop("name"),
    "another key": lambda p: p["features"][0].update(more=1),
    "another kind": lambda p: p["features"][0].update(kind="text"),
    "text for a number": lambda p: p["features"][0].update(mean="much"),
    "a number for text": lambda p: p["features"][1].update(levels=[1, 2, 3]),
    "no scale": lambda p: p["features"][0].update(scale=0.0),
    "infinite": lambda p: p["features"][0].update(typical=float("inf")),
    "no number": lambda p: p["features"][2].update(mean=float("nan")),
    "a wider one": lambda p: p["features"][3].update(stop=10**12),
    "a gap in x": lambda p: p["features"][3].update(start=8, stop=10),
    "the order": lambda p: p["features"].reverse(),
    "no levels": lambda p: p["features"][1].update(levels=[], stop=3),
    "no such level": lambda p: p["features"][1].update(typical=3.0),
    "before the first level": lambda p: p["features"][1].update(typical=-1.0),
    "a year that comes round": lambda p: p["features"][2].update(period=12.0),
    "another period": lambda p: p["features"][3].update(period=11.0),
    "another part": lambda p: p["features"][3].update(part="century"),
    "a number that comes round": lambda p: p["features"][0].update(period=12.0),
    "terms of a number": lambda p: p["features"][0].update(terms=TERMS, stop=1),
    "terms of a category": lambda p: p["features"][1].update(terms=TERMS),
    "terms of nothing": lambda p: p["features"][0].update(terms="x1"),
    "features of nothing": lambda p: p.update(features=[[]]),
    "infinite target": lambda p: p.update(target_mean=[float("inf")]),
    "another task": lambda p: p.update(task="clustering"),
    "another delimiter": lambda p: p["text_format"].update(delimiter="x"),
    "another key of the text": lambda p: p["text_format"].update(more=1),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_does_not_fit_together_is_one_sentence(name: str) -> None:
    found = copy.deepcopy(TABLE)
    DAMAGE[name](found)
    with pytest.raises(DataError, match="damaged, or of another version"):
        preprocessor_from_json(json.dumps(found))
