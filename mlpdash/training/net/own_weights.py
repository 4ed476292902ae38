"""Weights that a person brings: a safetensors file, or a `state_dict` that `torch.save` wrote.

Only tensors are read: of a pickle, what torch takes with `weights_only` (no code runs).
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from mlpdash.errors import SpecError
from mlpdash.text import _, brief
from mlpdash.training.net.layout import Layout

ZIP = b"PK"  # how a file of torch.save begins


@dataclass(frozen=True)
class LayerWeights:
    """One fully connected layer of a file.

    Attributes
    ----------
    name : of its module, such as "0" or "net.2"
    weight : (out, in)
    bias : (out,), where it has one
    slope : (1,) of the PReLU behind it, where there is one
    """

    name: str
    weight: Tensor
    bias: Tensor | None = None
    slope: Tensor | None = None


def read_weights(content: bytes, name: str) -> tuple[LayerWeights, ...]:
    """Return the layers of a file, from the inputs to the outputs.

    The modules of a `state_dict` are in its order, those of a safetensors file in the order of
    their names, 2 before 10.

    Parameters
    ----------
    name : of the file, for sentences

    Raises
    ------
    SpecError : it is neither, or holds something else than fully connected layers
    """
    if content.startswith(ZIP):
        return _layers(_state_dict(content, name), name)
    try:
        found = safetensors.torch.load(content)
    except safetensors.SafetensorError:
        raise _unreadable(name) from None
    return _layers({key: found[key] for key in sorted(found, key=_natural)}, name)


def fitted_to(layers: tuple[LayerWeights, ...], layout: Layout, name: str) -> Tensor:
    """Return the parameters as the flat buffer of nets of one shape, the same for each net.

    Raises
    ------
    SpecError : a layer has another shape; the sentence names it, and both shapes
    """
    shapes = list(pairwise(layout.sizes))
    if len(layers) != len(shapes):
        text = _('"{name}" has {found} layers, {them}; this net has {wanted}, {us}.')
        own = (layers[0].weight.shape[1], *(one.weight.shape[0] for one in layers))
        raise _misfit(
            text.format(
                name=brief(name),
                found=len(layers),
                them=_chain(own),
                wanted=len(shapes),
                us=_chain(layout.sizes),
            )
        )
    flat = torch.zeros(layout.parameters)
    views = layout.views(flat)
    for place, one in enumerate(layers):
        _check(one, place, (shapes[place][1], shapes[place][0]), layout, name)
        views.weights[place].copy_(one.weight)
        if one.bias is not None:
            views.biases[place].copy_(one.bias)
        slope = views.slopes[place] if place < len(views.slopes) else None
        if slope is not None and one.slope is not None:
            slope.copy_(one.slope.view(1, 1, 1))
    return flat


def _state_dict(content: bytes, name: str) -> Mapping[str, Tensor]:
    try:
        found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError, KeyError):
        raise _unreadable(name) from None
    if not isinstance(found, Mapping) or not all(isinstance(t, Tensor) for t in found.values()):
        raise _unreadable(name)
    return found


def _layers(found: Mapping[str, Tensor], name: str) -> tuple[LayerWeights, ...]:
    layers: list[LayerWeights] = []
    for key, tensor in found.items():
        module, _dot, what = key.rpartition(".")
        values = tensor.detach().float() if tensor.is_floating_point() else None
        if values is None or not bool(values.isfinite().all()):
            raise _misfit(
                _('"{key}" in "{name}" holds something else than finite numbers.').format(
                    key=brief(key), name=brief(name)
                )
            )
        if what == "weight" and values.dim() == 2:
            bias = found.get(f"{module}.bias" if module else "bias")
            bias = None if bias is None else bias.detach().float()
            layers.append(LayerWeights(module, values, bias))
        elif what == "weight" and values.shape == (1,) and layers:
            layers[-1] = replace(layers[-1], slope=values)
        elif what != "bias" or not _has_weight(found, module):
            raise _misfit(
                _(
                    '"{key}" in "{name}", of shape {shape}, belongs to no fully connected layer; '
                    "only nets of such layers can be the start of a run."
                ).format(key=brief(key), name=brief(name), shape=_shape(tensor.shape))
            )
    if not layers:
        raise _unreadable(name)
    return tuple(layers)


def _has_weight(found: Mapping[str, Tensor], module: str) -> bool:
    weight = found.get(f"{module}.weight" if module else "weight")
    return weight is not None and weight.dim() == 2


def _check(
    one: LayerWeights, place: int, wanted: tuple[int, int], layout: Layout, name: str
) -> None:
    """Refuse a layer of another shape.

    Raises
    ------
    SpecError : it has
    """
    who = {"n": place + 1, "layer": brief(one.name), "name": brief(name)}
    if tuple(one.weight.shape) != wanted:
        text = _(
            'the weights of layer {n} ("{layer}" in "{name}") are {found}, outputs by inputs; this '
            "net has {wanted} there."
        )
        raise _misfit(text.format(**who, found=_shape(one.weight.shape), wanted=_shape(wanted)))
    bias = () if one.bias is None else tuple(one.bias.shape)
    if layout.bias and bias != wanted[:1]:
        text = _('layer {n} ("{layer}" in "{name}") has {found}; this net has {wanted} there.')
        found = _("biases of {shape}").format(shape=_shape(bias)) if bias else _("no biases")
        ours = _("biases of {shape}").format(shape=wanted[0])
        raise _misfit(text.format(**who, found=found, wanted=ours))
    if not layout.bias and bias:
        text = _('layer {n} ("{layer}" in "{name}") has biases; this net has none.')
        raise _misfit(text.format(**who))


def _natural(key: str) -> list[tuple[int, str]]:
    """Return what sorts names by their numbers as numbers."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", key)]


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or _("a single number")


def _chain(sizes: tuple[int, ...]) -> str:
    return " → ".join(map(str, sizes))


def _misfit(sentence: str) -> SpecError:
    return SpecError(sentence, "weights")


def _unreadable(name: str) -> SpecError:
    return _misfit(
        _(
            '"{name}" is neither a safetensors file nor a state_dict of tensors alone, as '
            "torch.save(net.state_dict(), ...) writes it."
        ).format(name=brief(name))
    )
