"""What a frame shows of a net: the field, the marked rows, the predictions. Arrays, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mlpdash.data.preparing import Prepared
from mlpdash.data.sample import sample_rows
from mlpdash.results.fields import Plane, axes, plane
from mlpdash.training.model import Population

Arrays = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class View:
    """What a person looks at: the inputs on the axes, and whether confidence is hidden."""

    x: str | None = None
    y: str | None = None
    discretize: bool = False


class Pictures:
    """Pictures of a net on its data. Grids and sampled rows are laid out once and kept."""

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
    def field(self, net: Population, view: View, resolution: int) -> Arrays:
        """Return the field over the view's plane, or the curve over a single input.

        Two classes: the probability of the second. More: class + confidence, which is
        (largest probability - 1/K) / (1 - 1/K). Regression: the first target in its own units.
        """
        grid, points = self._plane(view, resolution)
        values = net.forward(points)[0]  # (points, K)
        if grid.y is None:
            return self._curve(grid, values)
        shape = (len(grid.ys), len(grid.xs))
        z = self._encoded(values, view.discretize).reshape(shape)
        return {"field": z, "field_x": grid.xs, "field_y": grid.ys}

    def _encoded(self, values: Tensor, discretize: bool) -> np.ndarray[Any, Any]:
        classes = len(self.prepared.classes)
        if not classes:
            z = self._target_units(values)
            if discretize:
                z = np.where(z > self._middle, self._high, self._low)
        elif classes == 2:
            z = torch.sigmoid(values[:, 1] - values[:, 0]).cpu().numpy()
            if discretize:
                z = (z > 0.5).astype(np.float32)
        else:
            largest, code = torch.softmax(values, -1).max(-1)
            confidence = (largest - 1 / classes) / (1 - 1 / classes)
            if discretize:
                confidence = torch.ones_like(confidence)
            z = (code + confidence.clamp(0, 0.999)).cpu().numpy()
        return z.astype(np.float32, copy=False)

    def _curve(self, grid: Plane, values: Tensor) -> Arrays:
        if not self.prepared.classes:
            return {"curve_x": grid.xs, "curve_y": self._target_units(values)}
        shares = torch.softmax(values, -1).cpu().numpy()  # (points, K)
        curves = {f"curve_y{k}": shares[:, k].copy() for k in range(shares.shape[1])}
        return {"curve_x": grid.xs, **curves}

    @torch.inference_mode()
    def predictions(self, net: Population, view: View) -> Arrays:
        """Return predictions for the sampled rows: values, or confusion and the wrong rows."""
        parts = {name: net.forward(x)[0] for name, x in self._rows.items()}
        if not self.prepared.classes:
            return {f"predicted_{name}": self._target_units(v) for name, v in parts.items()}
        codes = {name: v.argmax(-1).cpu().numpy() for name, v in parts.items()}
        return {"confusion": self._confusion(codes), **self._wrong(codes, view)}

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

    def _target_units(self, values: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
        scale, mean = self.prepared.target_scale[0], self.prepared.target_mean[0]
        units: np.ndarray[Any, Any] = values[:, 0].cpu().numpy() * scale + mean
        return units.astype(np.float32)

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
