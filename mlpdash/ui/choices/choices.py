"""What a person has chosen on the Train page, and how the URL writes it.

The URL holds flat names: the fields of the specs, `pace`, `example` (a worked example by name), and
what the view has: `x`, `y`, `plane`, `output` and three switches. Only what differs from where one
starts with the dataset or the example is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from mlpdash.data.load import default_pace
from mlpdash.data.sets.catalogue import OPENING
from mlpdash.errors import MlpDashError, SpecError
from mlpdash.runs.messages.message import PACES
from mlpdash.specs import FIELDS, Experiment, format_text, parse_text
from mlpdash.specs.presets import PRESETS
from mlpdash.text import _
from mlpdash.training.members import folds_give_way, live_fields
from mlpdash.ui.choices import several_nets

MAX_NAME: Final = 200
PLANES: Final = ("inputs", "pca")
_SWITCHES: Final = ("discretize", "show_test", "fade")
_NAMES: Final = ("x", "y", "output")  # of the view, other people's text
StartingPoint = Callable[[str], Experiment]


@dataclass(frozen=True)
class View:
    """What the boundary shows.

    Attributes
    ----------
    x, y : the inputs on its axes, "" for the first ones
    plane : over two inputs or the first two principal components; "" for what suits the data
    output : one class or one target by its name; "" for all classes, or the first target
    fade : whether it is paler far from the training rows
    """

    x: str = ""
    y: str = ""
    discretize: bool = False
    show_test: bool = False
    plane: str = ""
    output: str = ""
    fade: bool = False

    def changed(self, name: str, value: Any) -> View:
        """Return a copy with another value for `name`."""
        return View(**{**asdict(self), name: value})


@dataclass(frozen=True)
class Choices:
    """An experiment, how fast to train it and how to look at it.

    `example` names the worked example that it began as, "" for none.
    """

    experiment: Experiment
    pace: str
    view: View = field(default_factory=View)
    example: str = ""

    def changed(self, **choices: Any) -> Choices:
        """Return a copy with other values for some fields of the experiment.

        Raises
        ------
        SpecError : a name is unknown or a value is out of its bounds
        """
        return replace(self, experiment=self.experiment.changed(**choices))


def starting_choices(data: str, start: StartingPoint) -> Choices:
    """Return the choices that a person gets on picking the dataset `data`.

    Raises
    ------
    MlpDashError : there is no such dataset, or it cannot be used
    """
    return Choices(start(data), default_pace(data), example=data if data in PRESETS else "")


def example_choices(name: str) -> Choices:
    """Return the choices of a worked example.

    Raises
    ------
    SpecError : there is none of that name
    """
    if name not in PRESETS:
        rule = _("must be one of {choices}").format(choices=", ".join(PRESETS))
        raise _bad("example", rule, name)
    return Choices(PRESETS[name].experiment(), PRESETS[name].pace, example=name)


def read_query(query: Mapping[str, str], start: StartingPoint) -> tuple[Choices, list[str]]:
    """Read choices from the URL's parameters.

    Returns
    -------
    The choices, and one sentence for each bad value that was ignored. Names that are none of
    ours are ignored without a word.
    """
    problems: list[str] = []
    query = {name.replace("-", "_"): text for name, text in query.items()}  # as flags are written
    try:
        choices = _beginning(query, start)
    except MlpDashError as error:
        problems.append(str(error))
        choices = starting_choices(OPENING, start)
    choices = choices.changed(**folds_give_way(query))
    for name, text in query.items():
        if name in ("data", "example"):
            continue
        try:
            choices = _with(choices, name, text)
        except SpecError as error:
            problems.append(str(error))
    return choices, problems


def _beginning(query: Mapping[str, str], start: StartingPoint) -> Choices:
    """Return the choices that the URL's example or dataset begins with."""
    if "example" in query:
        return example_choices(query["example"])
    return starting_choices(query.get("data", OPENING), start)


def _with(choices: Choices, name: str, text: str) -> Choices:
    if name in FIELDS:
        found = choices.changed(**{name: parse_text(name, text)})
        if name in ("nets", "sweep", "folds", "repeats"):
            several_nets.check(found.experiment)
        return found
    if name == "pace":
        if text not in PACES:
            raise _bad(name, _("must be one of {choices}").format(choices=", ".join(PACES)), text)
        return replace(choices, pace=text)
    if name in _SWITCHES:
        if text not in ("true", "false"):
            raise _bad(name, _("must be true or false"), text)
        return replace(choices, view=choices.view.changed(name, text == "true"))
    if name == "plane":
        if text not in PLANES:
            raise _bad(name, _("must be one of {choices}").format(choices=", ".join(PLANES)), text)
        return replace(choices, view=choices.view.changed(name, text))
    if name in _NAMES:
        return replace(choices, view=choices.view.changed(name, text[:MAX_NAME]))
    return choices


def _bad(name: str, rule: str, text: str) -> SpecError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return SpecError(
        _('{name} {rule}; got "{text}".').format(name=name, rule=rule, text=shown), name
    )


def write_query(choices: Choices, start: StartingPoint) -> dict[str, str]:
    """Return the URL's parameters for `choices`; `read_query` gives the same choices back."""
    data = choices.experiment.data.data
    if choices.example in ("", data):
        usual = starting_choices(data, start)
        query = {"data": data} if data != OPENING else {}
    else:
        usual = example_choices(choices.example)
        query = {"example": choices.example}
    flat, usual_flat = choices.experiment.flat(), usual.experiment.flat()
    query |= {
        name: format_text(name, value) for name, value in flat.items() if value != usual_flat[name]
    }
    if usual_flat["folds"] is not None and folds_give_way(query):  # as read_query would otherwise
        query["folds"] = format_text("folds", flat["folds"])
    if choices.pace != usual.pace:
        query["pace"] = choices.pace
    query |= {name: "true" for name in _SWITCHES if getattr(choices.view, name)}
    query |= {name: value for name in (*_NAMES, "plane") if (value := getattr(choices.view, name))}
    return query


def waiting_for_reset(chosen: Experiment, running: Experiment) -> frozenset[str]:
    """Name the fields that differ from the run on the board and do not act on it at once."""
    of_run, at_once = running.flat(), live_fields(running)
    return frozenset(
        name
        for name, value in chosen.flat().items()
        if value != of_run[name] and name not in at_once
    )
