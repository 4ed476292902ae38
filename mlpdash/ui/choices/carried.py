"""What of a person's choices goes along to another dataset."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.specs import FIELDS, part_of
from mlpdash.training.choices import parameters_of_optimizer
from mlpdash.training.members import folds_give_way
from mlpdash.ui.choices.choices import Choices

OF_ANY_ROWS: Final = ("validation", "test", "standardize", "split_seed", "folds", "repeats")
OF_ONE_TABLE: Final = ("class_weight", "weights")  # fit its classes, and its inputs


def is_kin(before: str, after: str) -> bool:
    """Tell whether both are sets of the plane with one task, between which a net stays."""
    if before not in CATALOGUE or after not in CATALOGUE:
        return False
    one, other = CATALOGUE[before], CATALOGUE[after]
    return one.on_plane and other.on_plane and one.task == other.task


def carried(now: Choices, suggested: Choices, by_hand: Collection[str]) -> Choices:
    """Return the choices for another dataset: its suggestion, with what goes along.

    Between kin net and training go along, unless a worked example comes whole; what was set by hand
    goes along to any rows that have it.

    Raises
    ------
    SpecError : they do not go together
    """
    data = suggested.experiment.data.data
    names = {name for name in by_hand if _goes_along(name, data)}
    if is_kin(now.experiment.data.data, data) and not suggested.example:
        names |= {name for name in FIELDS if part_of(name) != "data"} - {*OF_ONE_TABLE}
    flat = now.experiment.flat()
    room = folds_give_way(names & {*by_hand})
    return suggested.changed(**{**room, **{name: flat[name] for name in names}})


def with_net_of(now: Choices, before: Choices) -> Choices:
    """Return the choices with the net, the learning rate and the optimiser of those before.

    Raises
    ------
    SpecError : they do not go together
    """
    flat = before.experiment.flat()
    names = [name for name in FIELDS if part_of(name) == "model" and name not in OF_ONE_TABLE]
    own = parameters_of_optimizer(before.experiment.train.optimizer)
    return now.changed(**{name: flat[name] for name in (*names, "optimizer", "lr", *own)})


def _goes_along(name: str, data: str) -> bool:
    """Tell whether a field means the same for the rows of another dataset."""
    if part_of(name) != "data":
        return name not in OF_ONE_TABLE
    if data not in CATALOGUE:
        return name in OF_ANY_ROWS
    own = (*CATALOGUE[data].knobs, *(["inputs"] if CATALOGUE[data].on_plane else []))
    return name in OF_ANY_ROWS or (name in own and name != "points")


def differs(one: Choices, other: Choices) -> bool:
    """Tell whether two choices train differently, on whatever rows."""
    a, b = one.experiment, other.experiment
    return (a.model, a.train) != (b.model, b.train)
