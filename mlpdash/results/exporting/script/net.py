"""How the net of an experiment is written in a script, in each of the three styles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mlpdash.results.exporting.script import parts
from mlpdash.specs import ACTIVATIONS, ModelSpec


def net_source(style: str, model: ModelSpec, sizes: Sequence[int]) -> str:
    """Return the functions or classes that make the net."""
    if style == "tensors":
        return _tensors(model)
    made = _sequential(model, sizes) if style == "sequential" else _module(model, sizes)
    if model.init == "torch":
        return made
    calls = [parts.INITS[model.init], *(["nn.init.zeros_(layer.bias)"] if model.bias else [])]
    first = parts.INITIALISED.format(how=parts.DRAWN[model.init], calls=_indented(12, calls))
    return f"{first.strip()}\n\n\n{made.strip()}"


def _tensors(model: ModelSpec) -> str:
    names = ["w", *(["b"] if model.bias else [])]
    drawn = list(parts.WEIGHTS[model.init])
    if model.bias:
        drawn.append(parts.BIASES["torch" if model.init == "torch" else "zeros"])
    drawn.append(f"layers.append({_tuple(names)})")
    slopes = [n for n, name in enumerate(model.layer_activations) if ACTIVATIONS[name].has_slope]
    places = _tuple([str(n) for n in slopes])
    return parts.TENSORS.format(
        shapes="weight (out, in), bias (out,)" if model.bias else "weight (out, in),",
        how=parts.DRAWN[model.init],
        drawn=_indented(8, drawn) + (parts.SLOPES.format(places=places).rstrip() if slopes else ""),
        hidden=_hidden(model, names),
        last=_unpacked(names),
        outputs=_sum(model),
    )


def _hidden(model: ModelSpec, names: list[str]) -> str:
    """Write the hidden layers: as a loop where all are alike, else one after another."""
    kinds = model.layer_activations

    def layer(kind: str) -> list[str]:
        dropped = ["h = dropped(h, learning)"] if model.dropout else []
        return [f"h = {_applied(kind, _sum(model))}", *dropped]

    def taken(kind: str) -> str:
        return _unpacked([*names, *(["slope"] if ACTIVATIONS[kind].has_slope else [])])

    if len(set(kinds)) == 1:
        loop = [f"for {taken(kinds[0])} in layers[:-1]:", *("    " + x for x in layer(kinds[0]))]
        return _indented(4, loop)
    lines: list[str] = []
    for place, kind in enumerate(kinds):
        lines += [f"{taken(kind)} = layers[{place}]", *layer(kind)]
    return _indented(4, lines)


def _applied(kind: str, total: str) -> str:
    """Write an activation of a sum; the slope of a layer that has one is called so."""
    f = ACTIVATIONS[kind]
    if not f.function:
        return total
    return f"{f.function}({total}, slope)" if f.has_slope else f"{f.function}({total})"


def _sum(model: ModelSpec) -> str:
    return "h @ w.T + b" if model.bias else "h @ w.T"


def _sequential(model: ModelSpec, sizes: Sequence[int]) -> str:
    lines: list[str] = []
    for name, (m, n) in zip(model.layer_activations, pairwise(sizes[:-1]), strict=True):
        lines += [_linear(model, m, n), f"{ACTIVATIONS[name].module}()"]
        lines += ["Dropout()"] if model.dropout else []
    lines.append(_linear(model, sizes[-2], sizes[-1]))
    if model.init == "torch":
        inner = _indented(8, [f"{line}," for line in lines])
        made = f"torch.manual_seed(SEED)\n    return nn.Sequential(\n{inner}\n    )"
    else:
        inner = _indented(12, [f"{line}," for line in lines])
        made = f"return initialised(\n        nn.Sequential(\n{inner}\n        )\n    )"
    return parts.SEQUENTIAL.format(made_net=made)


def _module(model: ModelSpec, sizes: Sequence[int]) -> str:
    hidden = range(1, len(sizes) - 1)
    names = [*(f"hidden{n}" for n in hidden), "output"]
    shapes = zip(names, pairwise(sizes), strict=True)
    made = [f"self.{name} = {_linear(model, m, n)}" for name, (m, n) in shapes]
    used: list[str] = []
    for n, kind in zip(hidden, model.layer_activations, strict=True):
        total = f"self.hidden{n}(x)"
        if ACTIVATIONS[kind].has_slope:
            made.append(f"self.{kind}{n} = {ACTIVATIONS[kind].module}()")
            used.append(f"x = self.{kind}{n}({total})")
        else:
            used.append(f"x = {_applied(kind, total)}")
        used += ["x = self.dropout(x)"] if model.dropout else []
    made += ["self.dropout = Dropout()"] if model.dropout else []
    plain = "torch.manual_seed(SEED)\n    return Net()"
    return parts.MODULE.format(
        made=_indented(8, made),
        used=_indented(8, [*used, "return self.output(x)"]),
        made_net=plain if model.init == "torch" else "return initialised(Net())",
    )


def _linear(model: ModelSpec, m: int, n: int) -> str:
    return f"nn.Linear({m}, {n})" if model.bias else f"nn.Linear({m}, {n}, bias=False)"


def _tuple(names: Sequence[str]) -> str:
    return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"


def _unpacked(names: Sequence[str]) -> str:
    return _tuple(names) if len(names) == 1 else ", ".join(names)


def _indented(by: int, lines: Sequence[str]) -> str:
    return "\n".join(" " * by + line for line in lines)
