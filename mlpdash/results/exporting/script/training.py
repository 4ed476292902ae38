"""How the training of an experiment is written in a script: penalties, steps, schedule, loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.results.exporting.script import steps
from mlpdash.results.exporting.script.folds import STOP
from mlpdash.specs import OPTIMIZERS, Experiment, TrainSpec
from mlpdash.specs.optimizers import optimizer_named
from mlpdash.training.loop.events import Event

MOST_ON_A_LINE: Final = 80  # characters of a call


@dataclass(frozen=True)
class Way:
    """What the training needs beyond the simplest loop.

    Attributes
    ----------
    style : tensors, module or sequential
    changed : something was changed while it ran
    scheduled : the learning rate goes by the epoch
    watched : it stops early, or halves its rate on a plateau
    clipped : gradients that are too long are shortened
    penalised : L1, or L2 that has to be in the gradient before it is shortened
    stopping : each of several nets ends when it has not improved for long enough
    folds : a net for each fold
    weighted : rows have weights in the loss
    """

    style: str
    changed: bool
    scheduled: bool
    watched: bool
    clipped: bool
    penalised: bool
    stopping: bool
    folds: bool
    weighted: bool

    @property
    def raw(self) -> bool:
        """Whether updates are written by hand."""
        return self.style == "tensors"

    @property
    def living(self) -> bool:
        """Whether what holds for a step is not the same from the first to the last."""
        return self.changed or self.scheduled or self.watched

    @property
    def parameters(self) -> str:
        """Write all parameters of the net."""
        return "[p for layer in net for p in layer]" if self.raw else "net.parameters()"


def way_of(
    style: str,
    experiment: Experiment,
    changes: Sequence[Event],
    *,
    folds: bool = False,
    weighted: bool = False,
) -> Way:
    """Return what the training of an experiment needs."""
    train = experiment.train
    return Way(
        style,
        changed=bool(changes),
        scheduled=train.schedule != "constant" or train.warmup > 0,
        watched=train.patience is not None or train.plateau is not None,
        clipped=train.clip is not None,
        penalised=bool(train.l1) or has_l2_in_loss(train),
        stopping=folds and train.patience is not None,
        folds=folds,
        weighted=weighted,
    )


def has_l2_in_loss(train: TrainSpec) -> bool:
    """Tell whether L2 has to be in the gradient before it is clipped."""
    in_step = OPTIMIZERS[train.optimizer].l2_in_step
    return train.clip is not None and train.weight_decay > 0 and not in_step


def training_source(way: Way, train: TrainSpec) -> list[str]:
    """Return the functions that train the net, in their order."""
    found = [
        _penalty(way, train) if way.penalised else "",
        _optimizer(way, train),
        _share(train) if way.scheduled else "",
        steps.CHANGE if way.changed else "",
        _settle(way, train) if way.living and not way.raw else "",
        _watch(way, train) if way.watched else "",
        _loop(way, train),
    ]
    return [piece for piece in found if piece]


def main_source(way: Way) -> str:
    """Return what runs all of it."""
    if way.raw:
        return steps.MAIN.format(eval="", outputs="outputs_of(net, x)")
    return steps.MAIN.format(eval="\n        net.eval()", outputs="net(x)")


def _penalty(way: Way, train: TrainSpec) -> str:
    chosen = [*(["l1"] if train.l1 else []), *(["l2"] if has_l2_in_loss(train) else [])]
    names = {"l1": "L1 adds", "l2": "L2 adds"}
    said = names[chosen[0]] if len(chosen) == 1 else "L1 and L2 add"
    terms = " + ".join(steps.PENALTIES[name] for name in chosen)
    return steps.PENALTY[way.style].format(names=said, terms=terms)


def _optimizer(way: Way, train: TrainSpec) -> str:
    kind, own = optimizer_named(train.optimizer, train.momentum), train.model_dump()
    if not way.raw:
        decay = "" if has_l2_in_loss(train) else ', "weight_decay": WEIGHT_DECAY'
        arguments = [f"{name}={value!r}" for name, value in kind.arguments_from(own).items()]
        call = _call(f"torch.optim.{kind.module}", ["groups", "lr=LEARNING_RATE", *arguments])
        return steps.OPTIMIZER.format(call=call, decay=decay)
    first = [f"    {line.format(**own)}\n" for line in kind.update.first]
    lines = [f"        {line.format(**own)}" for line in kind.update.lines]
    return steps.UPDATE.format(
        what=kind.update.docstring, first="".join(first), lines="\n".join(lines)
    )


def _call(function: str, arguments: list[str]) -> str:
    """Write a call that is returned, over several lines where one would be too long."""
    written = ", ".join(arguments)
    if len(function) + len(written) <= MOST_ON_A_LINE:
        return f"{function}({written})"
    if len(written) > MOST_ON_A_LINE:
        written = ",\n        ".join(arguments) + ","
    return f"{function}(\n        {written}\n    )"


def _share(train: TrainSpec) -> str:
    names = ["warmup"] if train.warmup else []
    names += [train.schedule] if train.schedule != "constant" else []
    return steps.SHARE.format(factors=" * ".join(steps.SCHEDULES[name] for name in names))


def _settle(way: Way, train: TrainSpec) -> str:
    changes = way.changed and not has_l2_in_loss(train)
    return steps.SETTLE.format(decay=steps.DECAY if changes else "")


def _watch(way: Way, train: TrainSpec) -> str:
    raw = way.raw
    outputs = "outputs_of(net, x)" if raw else "net(x)"
    weight = ', weights("validation")' if way.weighted else ""
    if train.best_by != "loss":
        loss = f"measure({outputs}, y{weight})"
    elif way.weighted:
        loss = f"loss_of({outputs}, y{weight}).item()"
    else:
        loss = f'evaluate({outputs}, y)["loss"]'
    return steps.WATCH.format(
        loss=loss,
        mode="" if raw else "\n        net.eval()",
        back="" if raw else "\n        net.train()",
        parameters=way.parameters,
    )


def _loop(way: Way, train: TrainSpec) -> str:
    raw = way.raw
    settle = ["settle(optimizer, now)"] if way.living and not raw else []
    weight = ['weight = weights("train")'] if way.weighted else []
    setup = [*weight, "state = {}" if raw else "optimizer = optimizer_for(net)"]
    if way.living:
        setup += [
            'now = {"lr": LEARNING_RATE, "weight_decay": WEIGHT_DECAY, "share": 1, "left": 1}'
        ]
    if way.changed:
        setup += ['now["batch_size"] = BATCH_SIZE', "step = 0", "change(step, now)"]
    if way.watched:
        setup += ['seen = {"loss": float("inf"), "epoch": 0, "lowered": 0, "best": []}']
    begin = ['now["share"] = share(epoch - 1)'] if way.scheduled else []
    begin += settle
    judged = ["judge(net, epoch, losses[-1], seen, now)"]
    return steps.TRAIN.format(
        setup="\n    ".join(setup),
        begin="".join(f"{line}\n        " for line in begin),
        batches="batches(len(x), now, shuffling)" if way.changed else "batches(len(x), shuffling)",
        outputs="outputs_of(net, x[chosen], learning=True)" if raw else "net(x[chosen])",
        goal="y[chosen], weight[chosen]" if way.weighted else "y[chosen]",
        step="\n            ".join(_step(way, settle, train)),
        judged=(
            "\n        if is_judged(epoch):\n            " + "\n".join(judged)
            if way.watched
            else ""
        )
        + (STOP if way.stopping else ""),
        count="ROWS" if way.folds else "len(x)",
        best=(
            steps.BEST.rstrip().format(parameters=way.parameters)
            if train.patience is not None
            else ""
        ),
    )


def _step(way: Way, settle: list[str], train: TrainSpec) -> list[str]:
    backward = "(loss + penalty(net)).backward()" if way.penalised else "loss.backward()"
    clip = ["torch.nn.utils.clip_grad_norm_(" + way.parameters + ", CLIP)"] if way.clipped else []
    if way.raw:
        rate = 'now["lr"] * now["share"] * now["left"]' if way.living else "LEARNING_RATE"
        decay = 'now["weight_decay"]' if way.living else "WEIGHT_DECAY"
        decay = "0" if has_l2_in_loss(train) else decay
        lines = [backward, *clip, f"update(net, state, {rate}, {decay})"]
    else:
        lines = ["optimizer.zero_grad()", backward, *clip, "optimizer.step()"]
    if way.changed:
        lines += ["step += 1", "change(step, now)", *settle]
    return lines
