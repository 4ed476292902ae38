"""What each member of a population is: the choices in which members may differ."""

from __future__ import annotations

from dataclasses import dataclass

from mlpdash.specs import Experiment


@dataclass(frozen=True)
class Member:
    """One net's own choices; all else it shares with the others."""

    seed: int
    hidden: tuple[int, ...]
    lr: float
    weight_decay: float
    dropout: float
    l1: float = 0.0


def members_of(experiment: Experiment) -> tuple[Member, ...]:
    """Return the members that an experiment trains side by side."""
    model, spec = experiment.model, experiment.train
    return (Member(spec.seed, model.hidden, spec.lr, spec.weight_decay, model.dropout),)


def widest(members: tuple[Member, ...]) -> tuple[int, ...]:
    """Return the hidden widths that hold every member."""
    return tuple(max(widths) for widths in zip(*(m.hidden for m in members), strict=True))
