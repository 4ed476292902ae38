"""Features as JSON: the same keys for every kind, of which each means some."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, get_args

from pydantic import TypeAdapter

from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import CyclicPart, Year
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PlanePoint

FORM: Final[Mapping[str, Any]] = {  # in this order, and what a kind has that does not use a key
    "name": "",
    "kind": "",
    "start": 0,
    "stop": 0,
    "mean": 0.0,
    "scale": 1.0,
    "typical": 0.0,
    "low": 0.0,
    "high": 0.0,
    "levels": (),
    "unit": "",
    "pooled": False,
    "source": "",
    "part": "",
    "period": 0.0,
    "form": "",
    "indicator": False,
    "terms": None,
    "merged": False,
    "codes": (),
    "kept": (),
    "edges": (),
}
NEW: Final = frozenset(("merged", "codes", "kept", "edges"))  # which older versions do not know
OPTIONAL: Final = NEW | {  # not in older files
    *("unit", "pooled", "source", "part", "period", "form", "indicator", "terms"),
}


def feature_to_json(feature: Feature) -> dict[str, Any]:
    """Return what JSON holds of a feature."""
    found = {key: getattr(feature, key, unused) for key, unused in FORM.items()}
    if isinstance(feature, PlanePoint):
        found["terms"] = tuple(asdict(term) for term in feature.terms)
    return {key: value for key, value in found.items() if value or key not in NEW}


def feature_from_json(found: Mapping[str, Any]) -> Feature:
    """Read what `feature_to_json` wrote; its names and types are checked, its numbers are not.

    Raises
    ------
    ValueError : it is something else
    """
    if not FORM.keys() - OPTIONAL <= found.keys() <= FORM.keys():
        raise ValueError
    stated = {**FORM, **found}
    kind = _class_of(stated)
    feature = _adapters()[kind].validate_python({f.name: stated[f.name] for f in fields(kind)})
    follows = (feature.stop, getattr(feature, "period", FORM["period"]))
    if follows != (stated["stop"], stated["period"]):
        raise ValueError
    return feature


def _class_of(stated: Mapping[str, Any]) -> type[Feature]:
    match stated:
        case {"kind": "category", "terms": None}:
            return Category
        case {"kind": "number", "terms": None, "part": ""}:
            return Number
        case {"kind": "number", "terms": None, "part": "year"}:
            return Year
        case {"kind": "number", "terms": None}:
            return CyclicPart
        case {"kind": "number"}:
            return PlanePoint
    raise ValueError


@functools.cache
def _adapters() -> dict[type[Feature], TypeAdapter[Feature]]:
    return {kind: TypeAdapter(kind) for kind in get_args(Feature)}
