"""Which inputs make the difference between one row and the typical one: integrated gradients.

The gradient is averaged along the straight line from the typical row to this one, and multiplied by
the way gone; the shares add up to the difference of the two outputs (Sundararajan, Taly and Yan,
ICML 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.features import Feature, plane_points
from mlpdash.results.explaining.plane_points import typical_row
from mlpdash.results.judging.rows import Floats

if TYPE_CHECKING:
    from torch import Tensor

    from mlpdash.results.predicting import Predictor

STEPS: Final = 256


@dataclass(frozen=True)
class Attribution:
    """What each input adds to one output of one row.

    Attributes
    ----------
    features : names; of inputs that became several terms, the terms
    shares : (features,) they add up to `output` - `typical`, but for the error of the integral
    output, typical : what the net says of the row, and of the typical row
    """

    features: list[str]
    shares: list[float]
    output: float
    typical: float


def integrated_gradients(
    predictor: Predictor, x: NDArray[np.float32], output: int, *, steps: int = STEPS
) -> Attribution:
    """Explain one class's probability, or one target's value in its units, for one row.

    Parameters
    ----------
    predictor : of one net, or of several whose mean is explained
    x : (width,) the row as the net gets it
    output : which class or target
    steps : points of the midpoint rule
    """
    import torch

    features, net = predictor.preprocessor.features, predictor.net
    start = torch.from_numpy(typical_row(features)).to(net.flat)
    end = torch.from_numpy(np.ascontiguousarray(x)).to(net.flat)
    along = (torch.arange(steps, device=end.device) + 0.5) / steps  # (steps,)
    path = (start + along[:, None] * (end - start)).requires_grad_()  # (steps, width)
    (gradient,) = torch.autograd.grad(_said(predictor, path, output).sum(), path)
    columns = ((end - start) * gradient.mean(0)).double().cpu().numpy()  # (width,)
    with torch.no_grad():
        ends = _said(predictor, torch.stack([end, start]), output).tolist()
    if points := plane_points(features):
        terms = [name for point in points for name in point.names_out]
        return Attribution(terms, columns.tolist(), ends[0], ends[1])
    shares = per_feature(columns, features)
    return Attribution([f.name for f in features], shares.tolist(), ends[0], ends[1])


def _said(predictor: Predictor, rows: Tensor, output: int) -> Tensor:
    """Return one output, the mean over the nets, for encoded rows, (rows,) of (rows, width)."""
    v = predictor.net.forward(rows)  # (P, rows, K)
    if predictor.link == "softmax":
        return v.softmax(-1).mean(0)[:, output]
    fitted = predictor.preprocessor
    return v.mean(0)[:, output] * fitted.target_scale[output] + fitted.target_mean[output]


def per_feature(columns: Floats, features: tuple[Feature, ...]) -> Floats:
    """Return the sum over the columns of each input, (features,) of (width,)."""
    return np.array([columns[f.start : f.stop].sum() for f in features])
