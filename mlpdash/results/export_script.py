"""An experiment as a readable script in plain PyTorch, with its rows beside it.

Three styles: raw tensors with hand-written updates, an `nn.Module`, or `nn.Sequential`. Each draws
the run's initial weights and batches again, and so reaches the run's losses.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, get_args

import numpy as np

from mlpdash.data.preparing import Prepared
from mlpdash.errors import SpecError
from mlpdash.results import script_parts as parts
from mlpdash.specs import Experiment, title_of
from mlpdash.text import _
from mlpdash.training.events import Event
from mlpdash.training.size import layer_sizes, size_of

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
    """Return a zip file of `train.py`, `data.npz` (the encoded rows) and `losses.csv`.

    Parameters
    ----------
    experiment : as it was when the run started; where it has several nets, the script trains the
        first of them
    epochs : how many the run has completed
    events : what was changed while it ran
    losses : the run's training loss of each epoch, to compare with; may be empty

    Raises
    ------
    SpecError : there is no such style, or the run stops early or halves its learning rate itself
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.py", script(prepared, experiment, style, epochs, events))
        archive.writestr("data.npz", _arrays(prepared), zipfile.ZIP_STORED)
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
    _check_constant_plan(experiment)
    sizes = layer_sizes(prepared.width, experiment.model.hidden, prepared.outputs)
    changes = [e for e in events if e.field in ("lr", "weight_decay", "batch_size")]
    task = "classification" if prepared.classes else "regression"
    head = parts.HEAD.format(shape="-".join(map(str, sizes)), imports=parts.IMPORTS[style])
    pieces = [
        head + "\n" + _constants(prepared, experiment, epochs, sizes, changes),
        parts.ROWS,
        parts.BATCHES_CHANGING if changes else parts.BATCHES,
        parts.DROPOUT[style] if experiment.model.dropout else "",
        _net(style, experiment, sizes),
        parts.LOSS[task],
        parts.PENALTY[style] if experiment.train.l1 else "",
        _optimizer(style, experiment),
        _changing(style) if changes else "",
        _training(style, bool(changes), bool(experiment.train.l1)),
        parts.EVALUATE[task],
        _main(style),
    ]
    return "\n\n\n".join(piece.strip("\n") for piece in pieces if piece) + "\n"


def _check_constant_plan(experiment: Experiment) -> None:
    """Refuse what a script would silently do otherwise than the run."""
    for name in ("patience", "plateau"):
        if getattr(experiment.train, name) is not None:
            raise SpecError(
                _("a script cannot be written of a run with {title} ({name}) on.").format(
                    title=title_of(name), name=name
                ),
                name,
            )


def _constants(
    prepared: Prepared,
    experiment: Experiment,
    epochs: int,
    sizes: Sequence[int],
    changes: Sequence[Event],
) -> str:
    """Write the choices. Other people's text appears as a literal of Python only."""
    train = experiment.train
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
    if experiment.model.dropout:
        lines.append(f"DROPOUT = {experiment.model.dropout!r}")
    if not prepared.classes:
        scale = prepared.target_scale.tolist()
        lines.append(f"TARGET_SCALE = {scale}  # units of each target per unit of training")
    batch = min(train.batch_size or len(prepared.split.train), len(prepared.split.train))
    if 6 * size_of(sizes, train.optimizer, batch).parameters * batch < ONE_THREAD_OPERATIONS:
        lines.append("torch.set_num_threads(1)  # more only slow down a net this small")
    if changes:
        lines.append("CHANGES = [  # made while it ran: before the step after this one")
        lines += [f"    ({e.step}, {e.field!r}, {e.value!r})," for e in changes]
        lines.append("]")
    return "\n".join(lines)


def _net(style: Style, experiment: Experiment, sizes: Sequence[int]) -> str:
    activation, dropout = experiment.model.activation, bool(experiment.model.dropout)
    call = parts.FUNCTIONS[activation]
    if style == "tensors":
        step = call.format("h @ w.T + b")
        lines = [f"        h = {step}", *(["        h = dropped(h, learning)"] if dropout else [])]
        return parts.TENSORS.format(hidden="\n".join(lines))
    if style == "sequential":
        lines = []
        for m, n in pairwise(sizes[:-1]):
            lines += [f"nn.Linear({m}, {n})", f"{parts.MODULES[activation]}()"]
            lines += ["Dropout()"] if dropout else []
        lines.append(f"nn.Linear({sizes[-2]}, {sizes[-1]})")
        return parts.SEQUENTIAL.format(layers="\n".join(f"        {line}," for line in lines))
    names = [*(f"hidden{n}" for n in range(1, len(sizes) - 1)), "output"]
    shapes = zip(names, pairwise(sizes), strict=True)
    made = [f"        self.{name} = nn.Linear({m}, {n})" for name, (m, n) in shapes]
    used: list[str] = []
    for name in names[:-1]:
        used.append(f"        x = {call.format(f'self.{name}(x)')}")
        used += ["        x = self.dropout(x)"] if dropout else []
    made += ["        self.dropout = Dropout()"] if dropout else []
    return parts.MODULE.format(
        made="\n".join(made), used="\n".join([*used, "        return self.output(x)"])
    )


def _optimizer(style: Style, experiment: Experiment) -> str:
    name = experiment.train.optimizer
    if style == "tensors":
        return parts.UPDATES[name]
    return parts.OPTIMIZER.format(call=parts.OPTIMIZERS[name])


def _changing(style: Style) -> str:
    return parts.CHANGE_SETTINGS if style == "tensors" else parts.CHANGE_OPTIMIZER


def _training(style: Style, changing: bool, l1: bool) -> str:
    """Write the loop; where something was changed, it looks at that after each step."""
    raw = style == "tensors"
    backward = "(loss + penalty(net)).backward()" if l1 else "loss.backward()"
    if raw and changing:
        step = [backward, 'update(net, state, now["lr"], now["weight_decay"])']
    elif raw:
        step = [backward, "update(net, state, LEARNING_RATE, WEIGHT_DECAY)"]
    else:
        step = ["optimizer.zero_grad()", backward, "optimizer.step()"]
    setup = ["state = {}" if raw else "optimizer = optimizer_for(net)"]
    if changing:
        call = "change(step, now)" if raw else "change(step, now, optimizer)"
        setup += [f"step, now = 0, {parts.NOW}", call]
        step += ["step += 1", call]
    return parts.TRAIN.format(
        setup="\n    ".join(setup),
        batches="batches(len(x), now, shuffling)" if changing else "batches(len(x), shuffling)",
        outputs="outputs_of(net, x[chosen], learning=True)" if raw else "net(x[chosen])",
        step="\n            ".join(step),
    )


def _main(style: Style) -> str:
    if style == "tensors":
        return parts.MAIN.format(eval="", outputs="outputs_of(net, x)")
    return parts.MAIN.format(eval="\n        net.eval()", outputs="net(x)")


def _arrays(prepared: Prepared) -> bytes:
    content = io.BytesIO()
    arrays = {}
    for part in ("train", "validation", "test"):
        rows = getattr(prepared.split, part)
        arrays[f"{part}_x"], arrays[f"{part}_y"] = prepared.x[rows], prepared.y[rows]
    np.savez(content, **arrays)
    return content.getvalue()


def _losses(losses: Sequence[float]) -> str:
    content = io.StringIO()
    table = csv.writer(content, lineterminator="\n")
    table.writerow(["epoch", "loss"])
    table.writerows([epoch, repr(float(loss))] for epoch, loss in enumerate(losses, 1))
    return content.getvalue()
