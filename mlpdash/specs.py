"""What a person chose, frozen and checked.

`Experiment` holds three specs. Every field has one flat name that is the same in the URL, on the
command line and in messages; its title, help, bounds and choices stand here and nowhere else.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from mlpdash.errors import SpecError
from mlpdash.table_specs import Preparation
from mlpdash.text import N_, _

MAX_LAYERS: Final = 16
MAX_WIDTH: Final = 8_192
MAX_SEED: Final = 2**32 - 1
MAX_NETS: Final = 256
LIVE_FIELDS: Final = ("lr", "weight_decay", "batch_size")  # act at once on a running net
NONE_WORDS: Final = {  # how None is written
    "epochs": "until-stopped",
    "batch_size": "full",
    "patience": "off",
    "plateau": "off",
}


class Spec(BaseModel):
    """Frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DataSpec(Spec):
    """Which rows, and what is to be learned from them."""

    data: str = Field(
        "circle",
        title=N_("Dataset"),
        description=N_("The rows to learn from: a built-in set, or a table of your own."),
    )
    target: tuple[str, ...] = Field(
        (),
        title=N_("Target"),
        description=N_(
            "The column to predict; several numbers at once, separated by commas. A name that has "
            "a comma stands in double quotes."
        ),
    )
    task: Literal["auto", "classification", "regression"] = Field(
        "auto",
        title=N_("Task"),
        description=N_("Predict one of several classes, or a number. Auto looks at the target."),
    )
    noise: int = Field(
        0,
        ge=0,
        le=50,
        title=N_("Noise"),
        description=N_(
            "How far points are jittered, in percent. Raise it to make classes overlap."
        ),
    )
    rows: int = Field(
        500,
        ge=10,
        le=100_000,
        title=N_("Rows"),
        description=N_("How many points to draw. Few rows are learned by heart; try 50."),
    )
    validation: float = Field(
        0.2,
        ge=0,
        le=0.9,
        title=N_("Held out"),
        description=N_("Share of the rows kept from training, to see whether the net generalises."),
    )
    test: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title=N_("Test share"),
        description=N_("Share of the rows not looked at until the end."),
    )
    standardize: bool = Field(
        True,
        title=N_("Standardise"),
        description=N_(
            "Shift and scale numbers to mean 0 and deviation 1, measured on the training rows."
        ),
    )
    data_seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Data seed"),
        description=N_("Draws the points. The same seed gives the same points."),
    )
    split_seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Split seed"),
        description=N_("Decides which rows are held out."),
    )
    preparation: Preparation = Field(
        Preparation(),
        title=N_("Preparation"),
        description=N_("How a table of your own is read, typed, split and encoded, as JSON."),
    )


class ModelSpec(Spec):
    """The shape of the net."""

    hidden: tuple[int, ...] = Field(
        (4, 2),
        max_length=MAX_LAYERS,
        title=N_("Hidden layers"),
        description=N_(
            "Neurons in each hidden layer, such as 16, 16; empty is a linear model. "
            "More layers bend the boundary more, and are harder to train."
        ),
    )
    activation: Literal["relu", "tanh", "sigmoid", "identity"] = Field(
        "tanh",
        title=N_("Activation"),
        description=N_(
            "What each neuron does to its sum. ReLU gives straight edges, tanh smooth ones; "
            "identity makes the whole net linear."
        ),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        title=N_("Dropout"),
        description=N_(
            "Share of hidden neurons silenced at random in each step. Try 0.2 when the "
            "validation loss rises while the training loss falls."
        ),
    )

    @field_validator("hidden")
    @classmethod
    def _widths(cls, hidden: tuple[int, ...]) -> tuple[int, ...]:
        for width in hidden:
            if not 1 <= width <= MAX_WIDTH:
                raise ValueError(
                    _("must be widths from 1 to {most:,}; got {width:,}").format(
                        most=MAX_WIDTH, width=width
                    )
                )
        return hidden


class TrainSpec(Spec):
    """How to optimise. Durations are in epochs."""

    optimizer: Literal["sgd", "momentum", "adam"] = Field(
        "sgd",
        title=N_("Optimiser"),
        description=N_(
            "How the gradient becomes a step. Adam adapts to each weight and needs least care; "
            "plain SGD shows most clearly what the learning rate does."
        ),
    )
    lr: float = Field(
        0.03,
        gt=0,
        le=10,
        title=N_("Learning rate"),
        description=N_("Size of each step down the gradient. Too large and the loss jumps about."),
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=10,
        title=N_("L2"),
        description=N_("Pulls weights (not biases) towards zero. Try 0.001 against overfitting."),
    )
    l1: float = Field(
        0.0,
        ge=0,
        le=10,
        title=N_("L1"),
        description=N_(
            "Pulls weights (not biases) towards zero by the same amount whatever their size, so "
            "that many become almost zero. Try 0.001."
        ),
    )
    batch_size: int | None = Field(
        10,
        ge=1,
        le=10_000_000,
        title=N_("Batch size"),
        description=N_(
            "Rows per step. Small batches are noisy and quick; full takes all rows at once."
        ),
    )
    epochs: int | None = Field(
        500,
        ge=1,
        le=10_000_000,
        title=N_("Epochs"),
        description=N_("Passes over the training rows; left empty, it trains until stopped."),
    )
    patience: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title=N_("Early stopping"),
        description=N_(
            "Stop after this many epochs in which the validation loss did not improve, and go back "
            "to the best weights. Try 50."
        ),
    )
    plateau: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title=N_("Halve on plateau"),
        description=N_(
            "Halve the learning rate after this many epochs in which the validation loss did not "
            "improve. Try 20."
        ),
    )
    seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Seed"),
        description=N_("Draws the initial weights, the order of the rows and the dropout."),
    )
    nets: int = Field(
        1,
        ge=1,
        le=MAX_NETS,
        title=N_("Nets"),
        description=N_(
            "How many nets train side by side, each from a seed of its own: what they agree on is "
            "the design's doing, the rest is luck. Try 16."
        ),
    )
    sweep: str = Field(
        "",
        max_length=500,
        title=N_("Grid"),
        description=N_(
            "One or two settings with values to try side by side, such as lr=0.01,0.03; "
            "dropout=0,0.2. Settings: lr, weight_decay, l1, dropout, width."
        ),
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        title=N_("Device"),
        description=N_("Where the arithmetic is done. Auto takes what suits this net."),
    )


class Experiment(Spec):
    """Everything that decides what a run computes.

    >>> Experiment().changed(lr=0.1).train.lr
    0.1
    """

    data: DataSpec = DataSpec()
    model: ModelSpec = ModelSpec()
    train: TrainSpec = TrainSpec()

    def flat(self) -> dict[str, Any]:
        """Return every choice under its flat name."""
        return {
            name: getattr(getattr(self, part), name)
            for part, spec in _PARTS.items()
            for name in spec.model_fields
        }

    def changed(self, **choices: Any) -> Experiment:
        """Return a copy in which the choices given by flat name replace these.

        Raises
        ------
        SpecError : a name is unknown or a value is out of its bounds
        """
        parts: dict[str, dict[str, Any]] = {
            part: getattr(self, part).model_dump() for part in _PARTS
        }
        for name, value in choices.items():
            parts[part_of(name)][name] = value
        return Experiment(**{part: _checked(_PARTS[part], parts[part]) for part in _PARTS})


_PARTS: Final[dict[str, type[Spec]]] = {"data": DataSpec, "model": ModelSpec, "train": TrainSpec}
FIELDS: Final[dict[str, FieldInfo]] = {
    name: info for spec in _PARTS.values() for name, info in spec.model_fields.items()
}


def part_of(name: str) -> str:
    """Return which of data, model and train holds the field `name`."""
    for part, spec in _PARTS.items():
        if name in spec.model_fields:
            return part
    raise SpecError(
        _('there is no choice called "{name}"; there are {names}.').format(
            name=name[:60], names=", ".join(FIELDS)
        ),
        name,
    )


def choices_of(name: str) -> tuple[str, ...]:
    """Return the values that the field `name` allows, or () where it is not a choice."""
    kind = FIELDS[name].annotation
    return get_args(kind) if get_origin(kind) is Literal else ()


def bounds_of(name: str) -> dict[str, float]:
    """Return the bounds of a number, by pydantic's names: gt, ge, lt, le."""
    found: dict[str, float] = {}
    for rule in FIELDS[name].metadata:
        for key in ("gt", "ge", "lt", "le"):
            if hasattr(rule, key):
                found[key] = getattr(rule, key)
    return found


def title_of(name: str) -> str:
    """Return the visible name of a field, translated."""
    return _(FIELDS[name].title or name)


def help_of(name: str) -> str:
    """Return the help of a field, translated."""
    return _(FIELDS[name].description or "")


def parse_text(name: str, text: str) -> Any:
    """Read the value of the field `name` as the URL and the command line write it.

    Bounds are not checked here; `Experiment.changed` checks them.

    Raises
    ------
    SpecError : the text is not of the field's type
    """
    part_of(name)
    text = text.strip()
    if name in NONE_WORDS and text == NONE_WORDS[name]:
        return None
    if name == "target":
        cells = next(csv.reader([text], skipinitialspace=True), [])
        return tuple(name for name in (cell.strip() for cell in cells) if name)
    try:
        if name == "preparation":
            return Preparation.model_validate(text)
        if name == "hidden":
            return tuple(int(t) for t in text.replace(",", " ").split())
        kind = FIELDS[name].annotation
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if kind is float:
            return float(text)
        if kind in (int, int | None):
            return int(text)
    except (ValueError, KeyError):
        raise SpecError(_sentence(name, rule_of(name), text), name) from None
    return text


def format_text(name: str, value: Any) -> str:
    """Write a value of the field `name` as `parse_text` reads it."""
    if value is None:
        return NONE_WORDS[name]
    if isinstance(value, tuple):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(value)
        return line.getvalue()
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def rule_of(name: str) -> str:
    """Say in words what values the field `name` may have."""
    allowed = choices_of(name)
    if allowed:
        return _("must be one of {choices}").format(choices=", ".join(allowed))
    if name == "hidden":
        return _(
            "must be whole numbers from 1 to {width:,}, at most {layers} of them, such as 16,16"
        ).format(width=MAX_WIDTH, layers=MAX_LAYERS)
    if name == "device":
        return _("must be auto, cpu, mps, cuda or cuda with a number, such as cuda:0")
    if name == "preparation":
        return _('must be JSON such as {{"split": "time"}}').format()
    kind = FIELDS[name].annotation
    if kind is bool:
        return _("must be true or false")
    if kind not in (int, float, int | None):
        return _("must be text")
    word = _("a number") if kind is float else _("a whole number")
    limits = {
        "gt": _("greater than {x:,}"),
        "ge": _("at least {x:,}"),
        "lt": _("less than {x:,}"),
        "le": _("at most {x:,}"),
    }
    said = [limits[key].format(x=x) for key, x in bounds_of(name).items()]
    rule = _("must be {kind}, {limits}").format(kind=word, limits=_(" and ").join(said))
    if name in NONE_WORDS:
        rule += _(', or "{word}"').format(word=NONE_WORDS[name])
    return rule


def _sentence(name: str, rule: str, value: Any) -> str:
    return _("{title} ({name}) {rule}; got {value}.").format(
        title=title_of(name), name=name, rule=rule, value=_shown(value)
    )


def _shown(value: Any) -> str:
    if isinstance(value, tuple | list):
        value = ", ".join(str(v) for v in value)
    text = str(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else text[:57] + "..."


def _checked(spec: type[Spec], values: dict[str, Any]) -> Spec:
    try:
        return spec(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SpecError(_sentence(name, rule_of(name), values.get(name)), name) from None
