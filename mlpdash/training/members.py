"""Which nets train side by side: several seeds, a grid of settings, or folds. Torch-free."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mlpdash.cures import Cure
from mlpdash.errors import SpecError
from mlpdash.specs import LIVE_FIELDS, MAX_NETS, Experiment, parse_text, title_of
from mlpdash.text import _

SETTINGS: Final = ("lr", "weight_decay", "l1", "dropout", "width")


@dataclass(frozen=True)
class Member:
    """One net's own choices; all else it shares with the others."""

    seed: int
    hidden: tuple[int, ...]
    lr: float
    weight_decay: float
    dropout: float
    l1: float = 0.0


@dataclass(frozen=True)
class Axis:
    """One setting of a grid, and the values it takes."""

    name: str
    values: tuple[float, ...]


def live_fields(experiment: Experiment) -> tuple[str, ...]:
    """Name the fields that act at once on the running nets; of a grid not those that it tries."""
    swept = {axis.name for axis in sweep_of(experiment)}
    return tuple(name for name in LIVE_FIELDS if name not in swept)


def refuse_swept(experiment: Experiment, name: str) -> None:
    """Refuse to change a setting of the grid for all its nets.

    Raises
    ------
    SpecError : `name` is one
    """
    if name in LIVE_FIELDS and name not in live_fields(experiment):
        raise SpecError(
            _("{title} ({name}) is a setting of the grid; adopt a cell to change it.").format(
                title=title_of(name), name=name
            ),
            name,
        )


def sweep_of(experiment: Experiment) -> tuple[Axis, ...]:
    """Read the grid of an experiment: none, one or two settings.

    Raises
    ------
    SpecError : it cannot be read, a value is out of bounds, or it makes too many nets
    """
    axes = tuple(_axis(part) for part in experiment.train.sweep.split(";") if part.strip())
    if not experiment.model.hidden and any(axis.name == "width" for axis in axes):
        raise SpecError(
            _(
                "{title} (sweep) tries widths, but this net has no hidden layers. Add a layer, or "
                "take width out of the grid."
            ).format(title=title_of("sweep")),
            "sweep",
        )
    if len(axes) > 2 or len({axis.name for axis in axes}) < len(axes):
        raise _bad(experiment.train.sweep)
    cells = 1
    for axis in axes:
        cells *= len(axis.values)
    if cells * experiment.train.nets > MAX_NETS:
        raise SpecError(
            _(
                "{title} (sweep) makes {cells:,} cells of {nets:,} nets, {all:,} in all, but at "
                "most {most} train side by side. Use fewer values, or fewer nets."
            ).format(
                title=title_of("sweep"),
                cells=cells,
                nets=experiment.train.nets,
                all=cells * experiment.train.nets,
                most=MAX_NETS,
            ),
            "sweep",
        )
    return axes


def members_of(experiment: Experiment) -> tuple[Member, ...]:
    """Return the members that an experiment trains, cell by cell, in each cell seed by seed.

    Cells follow the first axis fastest; the seeds are the experiment's and those after it. With
    folds there is a member for each, repeat by repeat.

    Raises
    ------
    SpecError : the grid cannot be read, or makes too many nets; or there are folds beside it
    """
    model, spec = experiment.model, experiment.train
    axes = sweep_of(experiment)
    base = Member(spec.seed, model.hidden, spec.lr, spec.weight_decay, model.dropout, spec.l1)
    if folds := nets_of_folds(experiment):
        return tuple(replace(base, seed=spec.seed + i) for i in range(folds))
    names = [axis.name for axis in reversed(axes)]
    cells = itertools.product(*(axis.values for axis in reversed(axes)))
    return tuple(
        replace(_with(base, dict(zip(names, cell, strict=True)), experiment), seed=spec.seed + i)
        for cell in cells
        for i in range(spec.nets)
    )


def nets_of_folds(experiment: Experiment) -> int:
    """Return how many nets the folds make; 0 without folds.

    Raises
    ------
    SpecError : there are too many, or several seeds or a grid beside them
    """
    data, train = experiment.data, experiment.train
    if data.folds is None:
        return 0
    if train.nets > 1 or train.sweep.strip():
        name = "nets" if train.nets > 1 else "sweep"
        raise SpecError(
            _(
                "{folds} (folds) train nets of one design, one for each; they do not go together "
                "with {title} ({name})."
            ).format(folds=title_of("folds"), title=title_of(name), name=name),
            "folds",
            [Cure(_("Train without folds"), data={"folds": None})],
        )
    if data.folds * data.repeats > MAX_NETS:
        raise SpecError(
            _("{folds} folds in {repeats} repeats make {all:,} nets; at most {most} train side "
              "by side. Use fewer repeats.").format(
                folds=data.folds,
                repeats=data.repeats,
                all=data.folds * data.repeats,
                most=MAX_NETS,
            ),
            "repeats",
        )  # fmt: skip
    return data.folds * data.repeats


def folds_give_way(chosen: Collection[str]) -> dict[str, None]:
    """Return the change to suggested settings that leaves room for what a person chose by name.

    Who wants several seeds, a grid, or a share of the rows held out, does not want the folds that
    were only suggested.
    """
    others = {"nets", "sweep", "validation"}
    return {"folds": None} if others.intersection(chosen) and "folds" not in chosen else {}


def nets_of_cell(experiment: Experiment) -> int:
    """Return how many nets have one design: seeds, or folds."""
    return nets_of_folds(experiment) or experiment.train.nets


def widest(members: tuple[Member, ...]) -> tuple[int, ...]:
    """Return the hidden widths that hold every member."""
    return tuple(max(widths) for widths in zip(*(m.hidden for m in members), strict=True))


def _with(base: Member, values: Mapping[str, float], experiment: Experiment) -> Member:
    """Return a member with the values of its cell, checked against the bounds of their fields."""
    own: dict[str, Any] = {name: value for name, value in values.items() if name != "width"}
    if "width" in values:
        own_hidden = (int(values["width"]),) * len(base.hidden)
        experiment.changed(hidden=own_hidden)
        base = replace(base, hidden=own_hidden)
    experiment.changed(**own)
    return replace(base, **own)


def _axis(text: str) -> Axis:
    name, equals, values = text.partition("=")
    name = name.strip()
    if not equals or name not in SETTINGS:
        raise _bad(text)
    field = "hidden" if name == "width" else name
    try:
        numbers = tuple(
            float(parse_text(field, v)[0] if name == "width" else parse_text(field, v))
            for v in values.split(",")
        )
    except (SpecError, IndexError):
        raise _bad(text) from None
    return Axis(name, numbers)


def _bad(text: str) -> SpecError:
    return SpecError(
        _(
            "{title} (sweep) must name one or two different settings of {names}, each with its "
            'values, such as "lr=0.01,0.03; dropout=0,0.2"; got "{text}".'
        ).format(title=title_of("sweep"), names=", ".join(SETTINGS), text=text.strip()[:60]),
        "sweep",
    )
