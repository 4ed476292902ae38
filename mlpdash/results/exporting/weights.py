"""Trained weights for PyTorch: the `state_dict` of the exported script's `nn.Sequential`."""

from __future__ import annotations

import io
from collections import OrderedDict

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor

from mlpdash.results.predicting import Predictor


def state_dict(
    predictor: Predictor, *, dropout: bool = False, member: int = 0
) -> dict[str, Tensor]:
    """Return one net's parameters under the names they have in `nn.Sequential`.

    Parameters
    ----------
    dropout : whether that `nn.Sequential` has a Dropout after each activation
    member : which of the nets
    """
    net = predictor.net
    each = 3 if dropout else 2  # modules per hidden layer: Linear, activation, Dropout
    found: OrderedDict[str, Tensor] = OrderedDict()
    for layer, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        found[f"{layer * each}.weight"] = w[member].cpu().clone()  # (out, in)
        if net.layout.bias:
            found[f"{layer * each}.bias"] = b[member, 0].cpu().clone()  # (out,)
        slope = net.slopes[layer] if layer < len(net.slopes) else None
        if slope is not None:
            found[f"{layer * each + 1}.weight"] = slope[member, 0].cpu().clone()  # (1,) of PReLU
    return found


def state_dict_safetensors(
    predictor: Predictor, *, dropout: bool = False, member: int = 0
) -> bytes:
    """Return `state_dict` as a safetensors file."""
    tensors = state_dict(predictor, dropout=dropout, member=member)
    return save({name: np.ascontiguousarray(t.numpy()) for name, t in tensors.items()})


def state_dict_pt(predictor: Predictor, *, dropout: bool = False, member: int = 0) -> bytes:
    """Return `state_dict` as `torch.save` writes it."""
    content = io.BytesIO()
    torch.save(state_dict(predictor, dropout=dropout, member=member), content)
    return content.getvalue()
