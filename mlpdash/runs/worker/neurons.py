"""What a frame shows of a net's inside: small fields of its neurons, and the weights between."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from mlpdash.training.net.model import Population

Arrays = dict[str, np.ndarray[Any, Any]]

FIELD_POINTS: Final = 16  # along each side of a neuron's field
MOST_NEURONS: Final = 32  # neurons of a layer, whatever a watcher asks for


@torch.inference_mode()
def neurons(
    net: Population, points: Tensor, shape: tuple[int, int], member: int, most: int
) -> Arrays:
    """Return the fields, weights and biases of the first `most` neurons of each layer.

    Parameters
    ----------
    points : (rows * columns, in) the plane, encoded for the net
    shape : (rows, columns)
    member : which of the nets

    Returns
    -------
    neuron_fields (neurons, rows, columns): inputs, then each hidden layer, then the outputs, before
    softmax and in training's units; neuron_weights: layer by layer (to, from), laid end to end;
    neuron_biases (neurons without the inputs,)
    """
    most = max(1, min(most, MOST_NEURONS))
    columns = [points, *net.layers(points, member)]
    fields = [column[:, :most].T.reshape(-1, *shape) for column in columns]
    weights = [w[member, :most, :most].flatten() for w in net.weights]
    biases = [b[member, 0, :most] for b in net.biases]
    parts = {"fields": fields, "weights": weights, "biases": biases}
    return {f"neuron_{name}": torch.cat(found).cpu().numpy() for name, found in parts.items()}
