"""Features of built-in sets: pixels of pictures, and points on the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlpdash.data.cells.cells import Floats
from mlpdash.data.preparing.features import Feature
from mlpdash.data.preparing.fills_and_scales import fit_numbers
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PLANE, TERMS, TERMS_OF, PlanePoint, Term, values_of
from mlpdash.data.sets.toys import EXTENT
from mlpdash.errors import SpecError
from mlpdash.specs import DataSpec
from mlpdash.text import _


def with_pixels(features: Sequence[Feature], whitest: float) -> tuple[Feature, ...]:
    """Return the features of pictures: pixels as the net gets them are from 0 to 1."""
    return tuple(
        replace(feature, mean=0.0, scale=whitest, low=0.0, high=whitest)
        if isinstance(feature, Number)
        else feature
        for feature in features
    )


def on_plane(features: Sequence[Feature], train: Floats, spec: DataSpec) -> tuple[Feature, ...]:
    """Return x1 and x2 with the terms that `spec` names, and all of the plane as their range.

    Parameters
    ----------
    train : points (rows, 2)

    Raises
    ------
    SpecError : terms are wanted, and x1 or x2 was ignored or is no number
    """
    if spec.inputs == PLANE:
        return tuple(_over_the_plane(feature) for feature in features)
    points = [feature for feature in features if isinstance(feature, Number)]
    if tuple(point.name for point in points) != PLANE:
        raise SpecError(
            _(
                "Inputs (inputs) such as x1*x2 need both x1 and x2 as numbers; undo what was "
                "chosen for these columns."
            ),
            "inputs",
        )
    terms = _fit_terms([name for name in TERMS if name in spec.inputs], train, spec.standardize)
    made: list[PlanePoint] = []
    for point in points:
        own = tuple(terms[name] for name in TERMS_OF[point.name] if name in terms)
        start = made[-1].stop if made else 0
        made.append(PlanePoint(point.name, start, point.typical, -EXTENT, EXTENT, own))
    return tuple(made)


def _over_the_plane(feature: Feature) -> Feature:
    return replace(feature, low=-EXTENT, high=EXTENT) if isinstance(feature, Number) else feature


def _fit_terms(names: Sequence[str], train: Floats, standardize: bool) -> Mapping[str, Term]:
    if not standardize:
        return {name: Term(name) for name in names}
    values, count = values_of(names, train), len(names)
    _fill, mean, scale = fit_numbers(values, ["median"] * count, ["standard"] * count)
    stated = zip(names, mean.tolist(), scale.tolist(), strict=True)
    return {name: Term(name, m, s) for name, m, s in stated}
