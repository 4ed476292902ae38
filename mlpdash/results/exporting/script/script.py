"""An experiment as a readable script in plain PyTorch, with its rows beside it.

Three styles: raw tensors with hand-written updates, an `nn.Module`, or `nn.Sequential`. Each draws
the run's initial weights and batches again, and so reaches the run's losses.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import SpecError
from mlpdash.results.exporting.script import folds, parts
from mlpdash.results.exporting.script.net import net_source
from mlpdash.results.exporting.script.training import main_source, training_source, way_of
from mlpdash.specs import FIELDS, OPTIMIZERS, Experiment, TrainSpec, title_of
from mlpdash.text import _
from mlpdash.training.choices import loss_for
from mlpdash.training.loop.evaluate import judged_every
from mlpdash.training.loop.events import Event
from mlpdash.training.net.size import layer_sizes, size_of
from mlpdash.training.update.losses import LOSSES
from mlpdash.training.weights import row_weights

ONE_THREAD_OPERATIONS: Final = 200_000_000  # on a busy machine, fewer are much slower on two

Style = Literal["tensors", "module", "sequential"]
STYLES: Final[tuple[Style, ...]] = get_args(Style)


def script_zip(
    prepared: Prepared,
    experiment: Experiment,
    style: Style,
    *,
    epochs: int,
    events: Sequence[Event] = (),
    losses: Sequence[float] = (),
) -> bytes:
    """Return a zip file of `train.py`, `data.npz` (the encoded rows), and but for folds
    `losses.csv`.

    Parameters
    ----------
    experiment : as it was when the run started; where it has several nets, the script trains the
        first of them, but all of folds
    epochs : how many the run has completed
    events : what was changed while it ran
    losses : the run's training loss of each epoch, to compare with; may be empty

    Raises
    ------
    SpecError : there is no such style, or the run was changed in a way that a script does not know
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.py", script(prepared, experiment, style, epochs, events))
        archive.writestr("data.npz", _arrays(prepared, experiment), zipfile.ZIP_STORED)
        if prepared.split.folds is None:
            archive.writestr("losses.csv", _losses(losses))
    return content.getvalue()


def script(
    prepared: Prepared,
    experiment: Experiment,
    style: Style,
    epochs: int,
    events: Sequence[Event] = (),
) -> str:
    """Return the source of `train.py`; see `script_zip`."""
    if style not in STYLES:
        raise SpecError(
            _('there is no style "{style}"; there are {names}.').format(
                style=str(style)[:60], names=", ".join(STYLES)
            )
        )
    changes = [e for e in events if e.field in ("lr", "weight_decay", "batch_size")]
    _check_can_be_written(experiment, events)
    model, train = experiment.model, experiment.train
    sizes = layer_sizes(prepared.width, model.hidden, prepared.outputs)
    task = "classification" if prepared.classes else "regression"
    cut = prepared.split.folds is not None
    weighted = row_weights(prepared, train.class_weight) is not None
    way = way_of(style, experiment, changes, folds=cut, weighted=weighted)
    pieces = [
        _head(style, sizes, train, cut=cut)
        + "\n"
        + _constants(prepared, experiment, epochs, sizes, changes),
        folds.ROWS if cut else parts.ROWS,
        (folds if cut else parts).BATCHES_CHANGING
        if changes
        else (folds if cut else parts).BATCHES,
        parts.DROPOUT[style] if model.dropout else "",
        net_source(style, model, sizes),
        _loss(prepared, experiment),
        parts.EVALUATE[task].format(loss=_scored(train)),
        parts.measure(train.best_by) if way.watched and train.best_by != "loss" else "",
        *training_source(way, train),
        folds.main_source(task, raw=way.raw, dropout=model.dropout > 0)
        if cut
        else main_source(way),
    ]
    source = "\n\n\n".join(piece.strip("\n") for piece in pieces if piece) + "\n"
    return folds.of_each_net(source) if cut else source


def _head(style: Style, sizes: Sequence[int], train: TrainSpec, *, cut: bool) -> str:
    kind = folds.HEAD if cut else parts.HEAD
    head = kind.format(shape="-".join(map(str, sizes)), imports=parts.IMPORTS[style])
    first = "from pathlib"
    return head.replace(first, f"import math\n{first}") if train.schedule == "cosine" else head


def _loss(prepared: Prepared, experiment: Experiment) -> str:
    """Write the loss; where rows have weights, as a mean over them by these."""
    loss = loss_for(prepared.task, experiment.train.loss)
    what, call = parts.LOSSES[loss]
    if row_weights(prepared, experiment.train.class_weight) is None:
        return parts.LOSS.format(what=what, call=call)
    is_sum = LOSSES[loss].sum_over_rows
    plain = call.replace(', reduction="sum"', "")
    return parts.LOSS_OF_WEIGHTED.format(
        weights=folds.WEIGHTS if prepared.split.folds is not None else 'data[f"{part}_weight"]',
        what=what,
        call=plain[:-1] + ', reduction="none")',
        over_outputs="sum" if is_sum else "mean",
        over_rows="sum" if is_sum else "mean",
        weighted="(each * weight).sum()" + ("" if is_sum else " / weight.sum()"),
    )


def _scored(train: TrainSpec) -> str:
    """Write the loss of many rows: a sum over rows as that of a step, as in the run's curves."""
    loss = "loss_of(outputs, y).item()"
    return f"{loss} * ROWS_PER_STEP / len(y)" if train.loss == "squared_error_sum" else loss


def _check_can_be_written(experiment: Experiment, events: Sequence[Event]) -> None:
    """Refuse what a script would silently do otherwise than the run.

    Raises
    ------
    SpecError : something was changed while the run went on that a script does not know
    """
    train, known = experiment.train, {"lr", "weight_decay", "batch_size", "epochs"}
    if train.clip is not None and not OPTIMIZERS[train.optimizer].l2_in_step:
        known -= {"weight_decay"}
    if train.schedule == "cosine" or train.patience is not None or train.plateau is not None:
        known -= {"epochs"}
    for event in events:
        if event.field not in known:
            title = title_of(event.field) if event.field in FIELDS else event.field
            raise SpecError(
                _(
                    "a script cannot be written of this run, since {title} ({name}) was changed "
                    "while it ran."
                ).format(title=title, name=event.field),
                event.field,
            )


def _constants(
    prepared: Prepared,
    experiment: Experiment,
    epochs: int,
    sizes: Sequence[int],
    changes: Sequence[Event],
) -> str:
    """Write the choices. Other people's text appears as a literal of Python only."""
    model, train = experiment.model, experiment.train
    lines = [
        "HERE = Path(__file__).parent",
        f"DATA = {prepared.name!a}",
        f"SIZES = {list(sizes)}",
        f"SEED = {train.seed}",
        f"EPOCHS = {epochs}",
        f"BATCH_SIZE = {train.batch_size}" + ("" if train.batch_size else "  # all rows at once"),
        f"LEARNING_RATE = {train.lr!r}",
        f"WEIGHT_DECAY = {train.weight_decay!r}  # L2, on weights and not on biases",
    ]
    if train.l1:
        lines.append(f"L1 = {train.l1!r}  # likewise")
    if model.dropout:
        lines.append(f"DROPOUT = {model.dropout!r}")
    lines += [*folds.constants(prepared), *_plan(prepared, experiment, changes)]
    if not prepared.classes:
        scale = prepared.target_scale.tolist()
        lines.append(f"TARGET_SCALE = {scale}  # units of each target per unit of training")
    batch = _batch(prepared, train.batch_size)
    size = size_of(
        sizes, train.optimizer, batch, activations=model.layer_activations, bias=model.bias
    )
    if 6 * size.parameters * batch < ONE_THREAD_OPERATIONS:
        lines.append("torch.set_num_threads(1)  # more only slow down a net this small")
    if changes:
        lines.append("CHANGES = [  # made while it ran: before the step after this one")
        lines += [f"    ({e.step}, {e.field!r}, {e.value!r})," for e in changes]
        lines.append("]")
    return "\n".join(lines)


def _plan(prepared: Prepared, experiment: Experiment, changes: Sequence[Event]) -> list[str]:
    """Write what the schedule, clipping and stopping need; nothing where they are off."""
    train = experiment.train
    lines = [f"CLIP = {train.clip!r}  # longest gradient"] if train.clip is not None else []
    if train.warmup:
        lines.append(f"WARMUP = {train.warmup}  # epochs")
    if train.schedule == "step":
        lines.append(f"STEP_EPOCHS, STEP_FACTOR = {train.step_epochs}, {train.step_factor!r}")
    watched = train.patience is not None or train.plateau is not None
    if train.schedule == "cosine" or watched:
        lines.append(f"PLANNED_EPOCHS = {train.epochs}")
    if watched:
        lines.append(f"PATIENCE, PLATEAU = {train.patience}, {train.plateau}  # epochs")
        every = judged_every(train) if prepared.split.folds is None else 1
        lines.append(f"JUDGED_EVERY = {every}  # epochs")
    if train.loss == "squared_error_sum":
        sizes = [event.value for event in changes if event.field == "batch_size"]
        batch = _batch(prepared, sizes[-1] if sizes else train.batch_size)
        lines.append(f"ROWS_PER_STEP = {batch}")
    return lines


def _batch(prepared: Prepared, chosen: int | None) -> int:
    rows = folds.least_rows(prepared.split)
    return min(chosen or rows, rows)


def _arrays(prepared: Prepared, experiment: Experiment) -> bytes:
    content = io.BytesIO()
    arrays = {}
    weight = row_weights(prepared, experiment.train.class_weight)
    for part in ("train", "validation", "test"):
        rows = getattr(prepared.split, part)
        arrays[f"{part}_x"], arrays[f"{part}_y"] = prepared.x[rows], prepared.y[rows]
        if weight is not None and part != "test":
            arrays[f"{part}_weight"] = weight[rows].astype(np.float32)
    if prepared.split.folds is not None:
        arrays["folds"] = prepared.split.folds
    np.savez(content, **arrays)
    return content.getvalue()


def _losses(losses: Sequence[float]) -> str:
    content = io.StringIO()
    table = csv.writer(content, lineterminator="\n")
    table.writerow(["epoch", "loss"])
    table.writerows([epoch, repr(float(loss))] for epoch, loss in enumerate(losses, 1))
    return content.getvalue()
