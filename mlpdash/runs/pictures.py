"""What a frame shows of a net: the field, the marked rows, the predictions. Arrays, no drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from mlpdash.data.preparing import Prepared
from mlpdash.data.sample import sample_rows
from mlpdash.results.fields import Plane, axes, plane
from mlpdash.training.learner import Learner

Arrays = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class View:
    """What a person looks at: the inputs on the axes, hidden confidence or not, one net or all."""

    x: str | None = None
    y: str | None = None
    discretize: bool = False
    member: int | None = None


CELL_POINTS: Final = 20  # along each side of the small field of a grid's cell
BAND: Final = (0.1, 0.9)  # quantiles over the nets


class Pictures:
    """Pictures of nets on their data. Grids and sampled rows are laid out once and kept.

    Of several nets the mean is shown: of their probabilities, or of their predictions. Nets that
    have diverged are left out.
    """

    def __init__(self, prepared: Prepared, device: torch.device | str) -> None:
        self.prepared = prepared
        self._device = device
        sample = sample_rows(prepared)
        self._parts = {"train": sample.train, "validation": sample.held_out}
        self._rows = {name: self._tensor(prepared.x[rows]) for name, rows in self._parts.items()}
        self._axes: dict[tuple[str | None, str | None], list[int]] = {}
        self._planes: dict[tuple[str | None, str | None, int], tuple[Plane, Tensor]] = {}
        first = prepared.y if prepared.y.ndim == 1 else prepared.y[:, 0]
        self._middle, self._low, self._high = 0.0, 0.0, 1.0
        if not prepared.classes:
            values = first * prepared.target_scale[0] + prepared.target_mean[0]
            self._low, self._high = float(values.min()), float(values.max())
            symmetric = self._low < 0 < self._high
            self._middle = 0.0 if symmetric else (self._low + self._high) / 2

    @torch.inference_mode()
    def field(self, learner: Learner, view: View, resolution: int) -> Arrays:
        """Return the field over the view's plane, or the curve over a single input.

        Two classes: the probability of the second. More: class + confidence, which is
        (largest probability - 1/K) / (1 - 1/K). Regression: the first target in its own units.
        Of several nets also how much they agree: `field_opacity`, 1 minus the entropy of the mean
        over log K; or `field_spread`, the standard deviation.
        """
        grid, points = self._plane(view, resolution)
        answers = self._answers(learner, points, view.member)  # (M, points) or (M, points, K)
        mean = answers.mean(0) if len(answers) > 1 else answers[0]
        if grid.y is None:
            return self._curve(grid, mean)
        shape = (len(grid.ys), len(grid.xs))
        z = self._encoded(mean, view.discretize).reshape(shape)
        arrays = {"field": z, "field_x": grid.xs, "field_y": grid.ys}
        if len(answers) > 1 and self.prepared.classes and not view.discretize:
            arrays["field_opacity"] = self._agreement(mean).reshape(shape)
        elif len(answers) > 1:
            arrays["field_spread"] = answers.std(0).cpu().numpy().reshape(shape)
        return arrays

    @torch.inference_mode()
    def cells(self, learner: Learner, view: View, cells: int) -> np.ndarray[Any, Any]:
        """Return a small field for each cell of a grid of settings, (cells, 20, 20)."""
        grid, points = self._plane(view, CELL_POINTS)
        if grid.y is None:
            return np.zeros((0, CELL_POINTS, CELL_POINTS), np.float32)
        answers = self._as_answers(learner.net.forward(points))
        alive = learner.alive.view(-1, *[1] * (answers.dim() - 1))
        answers = torch.where(alive, answers, torch.nan)
        means = answers.view(cells, -1, *answers.shape[1:]).nanmean(1)
        fields = [self._encoded(mean.nan_to_num(), view.discretize) for mean in means]
        return np.stack(fields).reshape(cells, CELL_POINTS, CELL_POINTS)

    def _answers(self, learner: Learner, x: Tensor, member: int | None) -> Tensor:
        """Ask the nets: probabilities (M, rows, K), of two classes the second's, or values.

        M is 1 for one net, else those that are alive. Two classes and regression: (M, rows).
        """
        outputs = learner.net.forward(x)  # (P, rows, K)
        if member is not None and member < len(outputs):
            outputs = outputs[member : member + 1]
        elif learner.dead:
            outputs = outputs[learner.alive]
        return self._as_answers(outputs)

    def _as_answers(self, outputs: Tensor) -> Tensor:
        if not self.prepared.classes:
            scale, mean = self.prepared.target_scale[0], self.prepared.target_mean[0]
            return outputs[..., 0] * float(scale) + float(mean)
        if len(self.prepared.classes) == 2:
            return torch.sigmoid(outputs[..., 1] - outputs[..., 0])
        return torch.softmax(outputs, -1)

    def _encoded(self, mean: Tensor, discretize: bool) -> np.ndarray[Any, Any]:
        classes = len(self.prepared.classes)
        if classes > 2:
            largest, code = mean.max(-1)
            confidence = (largest - 1 / classes) / (1 - 1 / classes)
            if discretize:
                confidence = torch.ones_like(confidence)
            z = (code + confidence.clamp(0, 0.999)).cpu().numpy()
        else:
            z = mean.cpu().numpy()
            if discretize:
                low, high = (0.0, 1.0) if classes else (self._low, self._high)
                z = np.where(z > (0.5 if classes else self._middle), high, low)
        return z.astype(np.float32, copy=False)

    def _agreement(self, mean: Tensor) -> np.ndarray[Any, Any]:
        """Return 1 minus the entropy of the mean over its most, log K."""
        p = torch.stack((1 - mean, mean), -1) if mean.dim() == 1 else mean  # (points, K)
        entropy = torch.special.entr(p).sum(-1) / math.log(p.shape[-1])
        found: np.ndarray[Any, Any] = (1 - entropy).clamp(0, 1).cpu().numpy()
        return found

    def _curve(self, grid: Plane, mean: Tensor) -> Arrays:
        if not self.prepared.classes:
            return {"curve_x": grid.xs, "curve_y": mean.cpu().numpy()}
        p = torch.stack((1 - mean, mean), -1) if mean.dim() == 1 else mean  # (points, K)
        shares = p.cpu().numpy()
        curves = {f"curve_y{k}": shares[:, k].copy() for k in range(shares.shape[1])}
        return {"curve_x": grid.xs, **curves}

    @torch.inference_mode()
    def predictions(self, learner: Learner, view: View) -> Arrays:
        """Return predictions for the sampled rows: values, or confusion and the wrong rows.

        Of several nets values come with the quantiles of `BAND` over the nets, as _low and _high.
        """
        parts = {name: self._answers(learner, x, view.member) for name, x in self._rows.items()}
        if not self.prepared.classes:
            return self._values(parts)
        means = {name: p.mean(0) for name, p in parts.items()}
        two = len(self.prepared.classes) == 2
        codes = {
            name: ((p > 0.5).long() if two else p.argmax(-1)).cpu().numpy()
            for name, p in means.items()
        }
        return {"confusion": self._confusion(codes), **self._wrong(codes, view)}

    def _values(self, parts: dict[str, Tensor]) -> Arrays:
        arrays: Arrays = {}
        for name, answers in parts.items():
            arrays[f"predicted_{name}"] = answers.mean(0).cpu().numpy()
            if len(answers) > 1:
                q = torch.tensor(BAND, dtype=answers.dtype, device=answers.device)
                low, high = torch.quantile(answers, q, dim=0).cpu().numpy()
                arrays |= {f"predicted_{name}_low": low, f"predicted_{name}_high": high}
        return arrays

    def _confusion(self, codes: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
        name = "validation" if len(self._parts["validation"]) else "train"
        actual, k = self.prepared.y[self._parts[name]], len(self.prepared.classes)
        counts = np.bincount(actual * k + codes[name], minlength=k * k)
        return counts.reshape(k, k).astype(np.float32)

    def _wrong(self, codes: dict[str, np.ndarray[Any, Any]], view: View) -> Arrays:
        columns = self._columns(view)
        if len(columns) < 2:
            return {}
        marked: Arrays = {}
        for part, prefix in (("train", "wrong"), ("validation", "wrong_validation")):
            rows = self._parts[part]
            wrong = rows[codes[part] != self.prepared.y[rows]]
            at = self.prepared.raw[wrong][:, columns].astype(np.float32)  # (wrong, 2)
            marked |= {f"{prefix}_x": at[:, 0].copy(), f"{prefix}_y": at[:, 1].copy()}
        return marked

    def _plane(self, view: View, resolution: int) -> tuple[Plane, Tensor]:
        key = (view.x, view.y, resolution)
        if key not in self._planes:
            if len(self._planes) > 12:  # axes that were looked at and left
                self._planes.clear()
            grid = plane(self.prepared, view.x, view.y, resolution)
            self._planes[key] = (grid, self._tensor(grid.points))
        return self._planes[key]

    def _columns(self, view: View) -> list[int]:
        """Return which columns of `raw` are on the axes."""
        key = (view.x, view.y)
        if key not in self._axes:
            found = axes(self.prepared, view.x, view.y)
            self._axes[key] = [self.prepared.features.index(axis) for axis in found if axis]
        return self._axes[key]

    def _tensor(self, rows: np.ndarray[Any, Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self._device)
