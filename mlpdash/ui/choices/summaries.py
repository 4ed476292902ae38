"""What is chosen, in a line for each group of the sidebar."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import (
    ACTIVATIONS,
    OPTIMIZERS,
    Experiment,
    ModelSpec,
    TrainSpec,
    format_text,
    title_of,
)
from mlpdash.specs.model import weights_name
from mlpdash.text import N_, _, brief, n_
from mlpdash.training.choices import loss_for, parameters_of_optimizer
from mlpdash.training.net.size import Size, gigabytes
from mlpdash.ui.choices.choices import View
from mlpdash.ui.shared import cached

WORDS: Final[Mapping[str, str]] = {
    "auto": N_("Auto"),
    "classification": N_("Classification"),
    "regression": N_("Regression"),
    **{name: activation.title for name, activation in ACTIVATIONS.items()},
    "torch": N_("PyTorch's own"),
    "xavier": N_("Xavier"),
    "he": N_("He"),
    "normal": N_("normal, 0.1"),
    "zeros": N_("zeros"),
    "cross_entropy": N_("Cross-entropy"),
    "cross_entropy_after_softmax": N_("Cross-entropy after softmax"),
    "squared_error": N_("Squared error"),
    "squared_error_sum": N_("Squared error, summed"),
    "absolute_error": N_("Absolute error"),
    "huber": N_("Huber"),
    **{name: optimizer.title for name, optimizer in OPTIMIZERS.items()},
    "loss": N_("Loss"),
    "accuracy": N_("Accuracy"),
    "balanced_accuracy": N_("Balanced accuracy"),
    "macro_f1": N_("Macro F1"),
    "log_loss": N_("Log loss"),
    "mae": N_("MAE"),
    "rmse": N_("RMSE"),
    "r2": N_("R²"),
    "constant": N_("Constant"),
    "step": N_("Steps"),
    "cosine": N_("Cosine"),
}
LONGEST: Final = 5  # layers that a summary names
NAMED: Final = 3  # settings that wait
LONGEST_VALUE: Final = 30  # characters


def word(choice: str) -> str:
    """Return the visible name of one of the fixed choices."""
    return _(WORDS[choice])


def of_data(title: str, prepared: Prepared | None) -> str:
    """Say which table, and how many rows of it are used."""
    if prepared is None:
        return title
    rows = len(prepared.x)
    return n_("{title}, {rows:,} row", "{title}, {rows:,} rows", rows).format(
        title=title, rows=rows
    )


def of_network(model: ModelSpec, prepared: Prepared | None) -> str:
    """Say the widths from inputs to outputs, and the activation."""
    widths = [str(width) for width in model.hidden]
    if len(widths) > LONGEST:
        widths = [*widths[:2], "...", *widths[-2:]]
    if prepared is not None:
        widths = [str(prepared.width), *widths, str(prepared.outputs)]
    kinds = dict.fromkeys(model.layer_activations)  # in order
    named = ", ".join(word(kind) for kind in kinds) if len(kinds) < 3 else _("mixed")
    line = " > ".join(widths)
    return _("{widths}, {activation}").format(widths=line, activation=named) if named else line


def of_training(train: TrainSpec, folds: int = 0) -> str:
    """Say the optimiser, its learning rate, the batch, and how many nets if there are several.

    Parameters
    ----------
    folds : how many nets they make, 0 without folds
    """
    batch = _("full batch") if train.batch_size is None else _("batch {n:,}")
    line = _("{optimizer} {lr:g}, {batch}").format(
        optimizer=word(train.optimizer), lr=train.lr, batch=batch.format(n=train.batch_size)
    )
    sizes = [part.count(",") + 1 for part in train.sweep.split(";") if part.strip()]
    sizes += [train.nets] if train.nets > 1 else []
    if folds:
        return _("{line}, {nets} nets of folds").format(line=line, nets=folds)
    if not sizes:
        return line
    nets = " x ".join(str(size) for size in sizes)
    return _("{line}, {nets} nets").format(line=line, nets=nets)


def of_start(model: ModelSpec) -> str:
    """Say what a net starts from, where that is not the usual."""
    said = [word(model.init)] if model.init != "torch" else []
    if model.weights:
        said = [brief(weights_name(model.weights))]
    return ", ".join(said + ([] if model.bias else [_("no biases")]))


def of_schedule(train: TrainSpec) -> str:
    """Say how the learning rate changes and when training ends by itself, if it does."""
    said = [word(train.schedule).lower()] if train.schedule != "constant" else []
    for value, text in (
        (train.warmup or None, _("warm-up {n:,}")),
        (train.patience, _("patience {n:,}")),
        (train.plateau, _("plateau {n:,}")),
    ):
        said += [text.format(n=value)] if value is not None else []
    return ", ".join(said)


def of_more(train: TrainSpec) -> str:
    """Say what differs from the usual among what is seldom needed."""
    usual = TrainSpec()
    said = [
        _("{name} {value:g}").format(name=title_of(name).lower(), value=getattr(train, name))
        for name in parameters_of_optimizer(train.optimizer)
        if getattr(train, name) != getattr(usual, name)
    ]
    said += [_("L1 {value:g}").format(value=train.l1)] if train.l1 else []
    said += [_("clip {value:g}").format(value=train.clip)] if train.clip is not None else []
    said += [_("class weights")] if train.class_weight else []
    return ", ".join(said + ([train.device] if train.device != "auto" else []))


def of_auto_loss(name: str, prepared: Prepared | None) -> str:
    """Name the loss that auto stands for; "" where a loss is chosen."""
    if name != "auto" or prepared is None:
        return ""
    return word(loss_for(prepared.task, name))


def of_waiting(waiting: Collection[str], shown: Experiment, chosen: Experiment) -> str:
    """Say what the board shows and what was chosen instead; "" where nothing waits.

    Parameters
    ----------
    waiting : names of the fields in which both differ and that wait for a Reset
    """
    if not waiting:
        return ""
    names = sorted(waiting, key=lambda name: (name != "data", name == "preparation"))
    before, after = shown.flat(), chosen.flat()
    more = len(names) - NAMED
    rest = n_(" and {n} more setting", " and {n} more settings", more).format(n=more)
    return _("Shown: {shown}. Chosen: {chosen}{more}.").format(
        shown=", ".join(_setting(name, before[name]) for name in names[:NAMED]),
        chosen=", ".join(_setting(name, after[name]) for name in names[:NAMED]),
        more=rest if more > 0 else "",
    )


def _setting(name: str, value: Any) -> str:
    """Name a field with its value, where that is short."""
    title = title_of(name)
    if name == "data":
        text = cached.title(str(value))
    elif isinstance(value, bool):
        text = _("on") if value else _("off")
    elif isinstance(value, str) and value in WORDS:
        text = word(value)
    else:
        text = format_text(name, value).replace(",", ", ") if name != "preparation" else ""
    return f"{title} {text or _('none')}" if len(text) <= LONGEST_VALUE else title


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
    parts += [_("validation rows shown")] if view.show_test else []
    parts += [_("fading")] if view.fade else []
    return ", ".join(parts)


def of_size(size: Size, nets: int = 1) -> str:
    """Say how large the nets are and what training them takes."""
    if nets > 1:
        return _("{nets:,} nets, {parameters:,} parameters, {memory}").format(
            nets=nets, parameters=size.parameters, memory=gigabytes(size.bytes)
        )
    return _("{parameters:,} parameters, {memory}").format(
        parameters=size.parameters, memory=gigabytes(size.bytes)
    )


def of_seeds(experiment: Experiment) -> str:
    """Say the seeds: data, split, training."""
    return _("Seeds {data} / {split} / {training}").format(
        data=experiment.data.data_seed,
        split=experiment.data.split_seed,
        training=experiment.train.seed,
    )
