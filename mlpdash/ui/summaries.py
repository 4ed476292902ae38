"""What is chosen, in a line for each group of the sidebar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mlpdash.data.preparing import Prepared
from mlpdash.specs import Experiment, ModelSpec, TrainSpec
from mlpdash.text import N_, _
from mlpdash.training.size import Size, gigabytes
from mlpdash.ui.choices import View

WORDS: Final[Mapping[str, str]] = {
    "auto": N_("Auto"),
    "classification": N_("Classification"),
    "regression": N_("Regression"),
    "relu": N_("ReLU"),
    "tanh": N_("tanh"),
    "sigmoid": N_("sigmoid"),
    "identity": N_("identity"),
    "sgd": N_("SGD"),
    "momentum": N_("Momentum"),
    "adam": N_("Adam"),
}
LONGEST: Final = 5  # layers that a summary names


def word(choice: str) -> str:
    """Return the visible name of one of the fixed choices."""
    return _(WORDS[choice])


def of_data(title: str, prepared: Prepared | None) -> str:
    """Say which table, and how many rows of it are used."""
    if prepared is None:
        return title
    return _("{title}, {rows:,} rows").format(title=title, rows=len(prepared.x))


def of_network(model: ModelSpec, prepared: Prepared | None) -> str:
    """Say the widths from inputs to outputs, and the activation."""
    widths = [str(width) for width in model.hidden]
    if len(widths) > LONGEST:
        widths = [*widths[:2], "...", *widths[-2:]]
    if prepared is not None:
        widths = [str(prepared.width), *widths, str(prepared.outputs)]
    return _("{widths}, {activation}").format(
        widths=" > ".join(widths), activation=word(model.activation)
    )


def of_training(train: TrainSpec) -> str:
    """Say the optimiser, its learning rate, the batch, and how many nets if there are several."""
    batch = _("full batch") if train.batch_size is None else _("batch {n:,}")
    line = _("{optimizer} {lr:g}, {batch}").format(
        optimizer=word(train.optimizer), lr=train.lr, batch=batch.format(n=train.batch_size)
    )
    sizes = [part.count(",") + 1 for part in train.sweep.split(";") if part.strip()]
    sizes += [train.nets] if train.nets > 1 else []
    if not sizes:
        return line
    nets = " x ".join(str(size) for size in sizes)
    return _("{line}, {nets} nets").format(line=line, nets=nets)


def capital(text: str) -> str:
    """Return the text with its first letter large.

    >>> capital("learning rate")
    'Learning rate'
    """
    return text[:1].upper() + text[1:]


def of_view(view: View, axes: tuple[str, str] | None) -> str:
    """Say what the boundary shows."""
    parts = [_("{y} over {x}").format(x=axes[0], y=axes[1])] if axes else []
    parts += [_("discretised") if view.discretize else _("smooth")]
    parts += [_("test rows shown")] if view.show_test else []
    return ", ".join(parts)


def of_size(size: Size, nets: int = 1) -> str:
    """Say how large the nets are and what training them takes."""
    if nets > 1:
        return _("{nets:,} nets, {parameters:,} parameters, {memory} to train").format(
            nets=nets, parameters=size.parameters, memory=gigabytes(size.bytes)
        )
    return _("{parameters:,} parameters, {memory} to train").format(
        parameters=size.parameters, memory=gigabytes(size.bytes)
    )


def of_seeds(experiment: Experiment) -> str:
    """Say the seeds: data, split, training."""
    return _("Seeds {data} / {split} / {training}").format(
        data=experiment.data.data_seed,
        split=experiment.data.split_seed,
        training=experiment.train.seed,
    )
