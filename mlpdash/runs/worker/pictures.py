"""What a frame shows of a net: the field, the marked rows, the predictions. Arrays, no drawing."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.results.explaining.components import Components, components
from mlpdash.results.explaining.images import MOST_UNITS, image_of, pictured_rows
from mlpdash.results.explaining.plane_points import (
    Plane,
    axes,
    component_plane,
    output_index,
    parts_at_zero,
    plane,
    plane_of,
)
from mlpdash.results.judging.confusion import confusion_cells, confusion_matrix
from mlpdash.results.judging.out_of_fold import shares_of_nets
from mlpdash.runs.worker.neurons import FIELD_POINTS, neurons
from mlpdash.runs.worker.view import View
from mlpdash.training.loop.learner import Learner

Arrays = dict[str, np.ndarray[Any, Any]]

CELL_POINTS: Final = 20  # along each side of the small field of a grid's cell
BAND: Final = (0.1, 0.9)  # quantiles over the nets


class Pictures:
    """Compute pictures of nets on their data. Grids and sampled rows are laid out once and kept.

    Of several nets the mean is shown: of their probabilities, or of their predictions. Nets that
    have diverged are left out.
    """

    def __init__(self, prepared: Prepared, device: torch.device | str) -> None:
        self.prepared = prepared
        self._device = device
        sample = sample_rows(prepared)
        self._parts = {"train": sample.train, "validation": sample.held_out}
        self._rows = {name: self._tensor(prepared.x[rows]) for name, rows in self._parts.items()}
        self._counts = {name: self._counting(rows) for name, rows in self._parts.items()}
        self._known_coordinates: dict[tuple[str | None, ...], dict[str, np.ndarray[Any, Any]]] = {}
        self._planes: dict[tuple[str | None, str | None, str, int], tuple[Plane, Tensor]] = {}
        self._components: Components | None = None
        self._pictured: tuple[Tensor, Tensor | None] | None = None
        if not prepared.classes:
            values = prepared.y * prepared.target_scale + prepared.target_mean
            self._target_range = values.min(0), values.max(0)  # (outputs,) each

    @torch.inference_mode()
    def field(self, learner: Learner, view: View, resolution: int) -> Arrays:
        """Return the field over the view's plane, or the curve over a single input.

        Two classes: the probability of the second. More: class + confidence, which is
        (largest probability - 1/K) / (1 - 1/K). One class that was asked for: its probability.
        Regression: the target in its own units. Of several nets also how much they agree:
        `field_opacity`, 1 minus the entropy of the mean over log K; or `field_spread`, the
        standard deviation.
        """
        grid, points = self._plane(view, resolution)
        predicted = self._predict(learner, points, view)  # (M, points) or (M, points, K)
        if grid.is_line:
            return self._curve(grid, predicted)
        mean = predicted.mean(0) if len(predicted) > 1 else predicted[0]
        shape = (len(grid.ys), len(grid.xs))
        z = self._field_values(mean, view).reshape(shape)
        arrays = {"field": z, "field_x": grid.xs, "field_y": grid.ys}
        if len(predicted) > 1 and self.prepared.classes and not view.discretize:
            arrays["field_opacity"] = self._agreement(mean).reshape(shape)
        elif len(predicted) > 1:
            arrays["field_spread"] = predicted.std(0).cpu().numpy().reshape(shape)
        return arrays

    @torch.inference_mode()
    def cells(self, learner: Learner, view: View, cells: int) -> np.ndarray[Any, Any]:
        """Return a small field for each cell of a grid of settings, (cells, 20, 20).

        It is of the mean of the cell's nets; in the cell of the net that is picked, of that net.
        """
        grid, points = self._plane(view, CELL_POINTS)
        if grid.is_line:
            return np.zeros((0, CELL_POINTS, CELL_POINTS), np.float32)
        predicted = self._from_outputs(learner.net.forward(points), view)
        alive = learner.alive.view(-1, *[1] * (predicted.dim() - 1))
        predicted = torch.where(alive, predicted, torch.nan)
        means = predicted.view(cells, -1, *predicted.shape[1:]).nanmean(1)
        if view.member is not None and view.member < len(predicted):
            means[view.member * cells // len(predicted)] = predicted[view.member]
        fields = [self._field_values(mean.nan_to_num(), view) for mean in means]
        return np.stack(fields).reshape(cells, CELL_POINTS, CELL_POINTS)

    @torch.inference_mode()
    def neurons(self, learner: Learner, view: View) -> Arrays:
        """Return the neurons of the view's net over the view's plane; see `neurons.neurons`."""
        grid, points = self._plane(view, FIELD_POINTS)
        if grid.is_line:
            nearest = torch.linspace(0, len(points) - 1, FIELD_POINTS).round().long()
            points = points[nearest].repeat(FIELD_POINTS, 1)
        shape = (FIELD_POINTS, FIELD_POINTS)
        return neurons(learner.net, points, shape, self.shown_member(learner, view), view.network)

    @torch.inference_mode()
    def images(self, learner: Learner, view: View) -> Arrays:
        """Return what the nets predict for the rows that are shown as pictures.

        `picture_code` and `picture_share`: the likeliest class and its probability; or
        `picture_value`, the target. The rows are those of `results.images.pictured_rows`.
        """
        if image_of(self.prepared) is None:
            return {}
        if self._pictured is None:
            rows = pictured_rows(self.prepared)
            self._pictured = self._tensor(self.prepared.x[rows]), self._counting(rows)
        predicted = self._predict_rows(learner, *self._pictured, view).mean(0)
        if not self.prepared.classes:
            return {"picture_value": predicted.cpu().numpy()}
        share, code = self._all_classes(predicted).max(-1)
        return {"picture_code": code.cpu().numpy(), "picture_share": share.cpu().numpy()}

    @torch.inference_mode()
    def first_weights(self, learner: Learner, view: View) -> Arrays:
        """Return the weights that lead to the first layer's units, as small whole numbers.

        `unit_weights` (units, height, width) int8: 127 stands for `unit_scale`, the largest.
        """
        shape = image_of(self.prepared)
        if shape is None:
            return {}
        member = self.shown_member(learner, view)
        weights = learner.net.weights[0][member][:MOST_UNITS]  # (units, in)
        most = weights.abs().max().clamp(min=1e-12)
        small = (weights * (127 / most)).round().to(torch.int8).cpu().numpy()
        scale = np.array([float(most)], np.float32)
        return {"unit_weights": small.reshape(-1, *shape), "unit_scale": scale}

    def shown_member(self, learner: Learner, view: View) -> int:
        """Return the net that is looked at alone: the one asked for, else the first alive."""
        if view.member is not None and view.member < learner.net.members:
            return view.member
        return int(learner.alive.long().argmax()) if learner.dead else 0

    def _predict(self, learner: Learner, x: Tensor, view: View) -> Tensor:
        """Predict rows: probabilities (M, rows, K), of two classes the second's, or values.

        M is 1 for one net, else those that are alive. Two classes and regression: (M, rows).
        """
        outputs = learner.net.forward(x)  # (P, rows, K)
        if view.member is not None and view.member < len(outputs):
            outputs = outputs[view.member : view.member + 1]
        elif learner.dead:
            outputs = outputs[learner.alive]
        return self._from_outputs(outputs, view)

    def _predict_rows(
        self, learner: Learner, x: Tensor, counts: Tensor | None, view: View
    ) -> Tensor:
        """Predict rows of the table as `_predict`; those cut into folds by nets that did not learn
        from them, of which `counts` (P, rows) says what each counts: M is 1.
        """
        if counts is None:
            return self._predict(learner, x, view)
        predicted = self._from_outputs(learner.net.forward(x), view)  # (P, rows) or (P, rows, K)
        share = counts if predicted.dim() == 2 else counts[..., None]
        return (share * predicted).sum(0, keepdim=True)

    def _counting(self, rows: np.ndarray[Any, Any]) -> Tensor | None:
        """Return what each net counts in each row that was cut into a fold; None without folds."""
        share = shares_of_nets(self.prepared, rows)
        return None if share is None else torch.from_numpy(share).float().to(self._device)

    def _from_outputs(self, outputs: Tensor, view: View) -> Tensor:
        """Return the probabilities, or the values in the target's units, of outputs (..., K)."""
        if not self.prepared.classes:
            at = self._output(view) or 0
            scale, mean = self.prepared.target_scale[at], self.prepared.target_mean[at]
            return outputs[..., at] * float(scale) + float(mean)
        if len(self.prepared.classes) == 2:
            return torch.sigmoid(outputs[..., 1] - outputs[..., 0])
        return torch.softmax(outputs, -1)

    def _all_classes(self, p: Tensor) -> Tensor:
        """Return the probabilities of all classes (..., K); of two, `p` has the second's alone."""
        return torch.stack((1 - p, p), -1) if len(self.prepared.classes) == 2 else p

    def _output(self, view: View) -> int | None:
        return output_index(self.prepared, view.output)

    def _field_values(self, mean: Tensor, view: View) -> np.ndarray[Any, Any]:
        """Return what is drawn of probabilities (points,) or (points, K), or of values."""
        classes, at = len(self.prepared.classes), self._output(view)
        if not classes:
            low, high = (float(ends[at or 0]) for ends in self._target_range)
            middle = 0.0 if parts_at_zero(self.prepared) else (low + high) / 2
            z = mean.cpu().numpy()
            z = np.where(z > middle, high, low) if view.discretize else z
        elif classes == 2 or at is not None:
            z = self._all_classes(mean)[..., 1 if at is None else at].cpu().numpy()
            z = np.where(z > 0.5, 1.0, 0.0) if view.discretize else z
        else:
            largest, code = mean.max(-1)
            confidence = (largest - 1 / classes) / (1 - 1 / classes)
            if view.discretize:
                confidence = torch.ones_like(confidence)
            z = (code + confidence.clamp(0, 0.999)).cpu().numpy()
        return z.astype(np.float32, copy=False)

    def _agreement(self, mean: Tensor) -> np.ndarray[Any, Any]:
        """Return 1 minus the entropy of the mean over its most, log K."""
        p = self._all_classes(mean)
        entropy = torch.special.entr(p).sum(-1) / math.log(p.shape[-1])
        found: np.ndarray[Any, Any] = (1 - entropy).clamp(0, 1).cpu().numpy()
        return found

    def _curve(self, grid: Plane, predicted: Tensor) -> Arrays:
        """Return a curve for each class, or the one of the target; of several nets with a band."""
        if not self.prepared.classes:
            curves = {"curve_y": predicted}
        else:
            p = self._all_classes(predicted)  # (M, points, K)
            curves = {f"curve_y{k}": p[..., k] for k in range(p.shape[-1])}
        arrays: Arrays = {"curve_x": grid.xs}
        for name, values in curves.items():
            arrays |= _with_band(name, values)
        return arrays

    @torch.inference_mode()
    def predictions(self, learner: Learner, view: View) -> Arrays:
        """Return predictions for the sampled rows: values, or confusion and the wrong rows.

        Of several nets values come with the quantiles of `BAND` over the nets, as _low and _high.
        """
        parts = {
            name: self._predict_rows(learner, x, self._counts[name], view)
            for name, x in self._rows.items()
        }
        if not self.prepared.classes:
            arrays: Arrays = {}
            for name, predicted in parts.items():
                arrays |= _with_band(f"predicted_{name}", predicted)
            return arrays
        means = {name: p.mean(0) for name, p in parts.items()}
        two = len(self.prepared.classes) == 2
        codes = {
            name: ((p > 0.5).long() if two else p.argmax(-1)).cpu().numpy()
            for name, p in means.items()
        }
        return {"confusion": self._confusion(codes), **self._marks(learner, view, codes)}

    def _confusion(self, codes: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
        """Count the held-out rows, or else the training rows, by actual and predicted class."""
        name = "validation" if len(self._parts["validation"]) else "train"
        actual, k = self.prepared.y[self._parts[name]], len(self.prepared.classes)
        cells = confusion_cells(actual.astype(np.int64), codes[name], k)
        return confusion_matrix(cells, k).astype(np.float32)

    def _marks(
        self, learner: Learner, view: View, codes: dict[str, np.ndarray[Any, Any]]
    ) -> Arrays:
        """Return where the sampled rows lie that are classified wrongly; before the first epoch
        none, since what an untrained net guesses is no mistake.
        """
        if view.show != "boundary":
            return {}
        marked: Arrays = {}
        coordinates = self._coordinates(view)
        is_cut = self.prepared.split.folds is not None  # then held-out rows lie among the others
        held_out = "wrong" if is_cut else "wrong_validation"
        for part, prefix in (("train", "wrong"), ("validation", held_out)):
            if part not in coordinates:
                continue
            wrong = (codes[part] != self.prepared.y[self._parts[part]]) & (learner.epoch > 0)
            at = coordinates[part][wrong]  # (wrong, 2)
            marked |= {f"{prefix}_x": at[:, 0].copy(), f"{prefix}_y": at[:, 1].copy()}
        return marked

    def _coordinates(self, view: View) -> dict[str, np.ndarray[Any, Any]]:
        """Return by part where the sampled rows lie on the plane, (rows, 2); {} on a line."""
        kind = plane_of(self.prepared, view.plane)
        key = (kind, view.x, view.y)
        if key not in self._known_coordinates:
            self._known_coordinates.clear()
            self._known_coordinates[key] = {}
            for part, rows in self._parts.items():
                if kind == "pca":
                    at = self._principal_components().place(self.prepared.x[rows])
                else:
                    found = [axis for axis in axes(self.prepared, view.x, view.y) if axis]
                    columns = [self.prepared.features.index(axis) for axis in found]
                    at = self.prepared.raw[rows][:, columns]
                if at.shape[1] == 2:
                    self._known_coordinates[key][part] = at.astype(np.float32)
        return self._known_coordinates[key]

    def _principal_components(self) -> Components:
        if self._components is None:
            self._components = components(self.prepared)
        return self._components

    def _plane(self, view: View, resolution: int) -> tuple[Plane, Tensor]:
        kind = plane_of(self.prepared, view.plane)
        key = (view.x, view.y, kind, resolution)
        if key not in self._planes:
            if len(self._planes) > 12:  # axes that were looked at and left
                self._planes.clear()
            if kind == "pca":
                grid = component_plane(self.prepared, self._principal_components(), resolution)
            else:
                grid = plane(self.prepared, view.x, view.y, resolution)
            self._planes[key] = (grid, self._tensor(grid.points))
        return self._planes[key]

    def _tensor(self, rows: np.ndarray[Any, Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self._device)


def _with_band(name: str, predicted: Tensor) -> Arrays:
    """Return the mean over nets (M, rows), and of several the quantiles of `BAND`."""
    arrays = {name: predicted.mean(0).cpu().numpy()}
    if len(predicted) > 1:
        q = torch.tensor(BAND, dtype=predicted.dtype, device=predicted.device)
        low, high = torch.quantile(predicted, q, dim=0).cpu().numpy()
        arrays |= {f"{name}_low": low, f"{name}_high": high}
    return arrays
