"""Trained nets and the statistics of their inputs -> predictions for rows, by column name."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mlpdash.data.notes.unfit import Unfit, about_unfit
from mlpdash.data.preparing.features import encode
from mlpdash.data.preparing.matching import UnreadCells
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.data.preparing.read_cells import unseen
from mlpdash.errors import DataError
from mlpdash.results.judging.conformal import LEVEL, Margins
from mlpdash.specs import ModelSpec
from mlpdash.text import _, brief, listed, n_
from mlpdash.training.net.layout import layout_of
from mlpdash.training.net.model import Population, population_in
from mlpdash.training.net.size import layer_sizes

if TYPE_CHECKING:
    import pandas as pd

Link = Literal["softmax", "sigmoid", "identity"]  # from the last layer's sums to what they mean
SEPARATOR: Final = " | "  # between the classes of a set

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What P nets say about some rows.

    Attributes
    ----------
    each : (P, rows, K) each net's probabilities of the K classes or labels, or its K values in the
        targets' units
    unseen : column -> how many rows have a category there that the training rows do not have
    missing : column -> how many rows have nothing there, and got the typical value
    unread : column -> its cells that are no number or no date, which count as missing too
    margins : what the true values lie within, as far as held-out rows tell
    """

    preprocessor: Preprocessor
    link: Link
    each: Floats
    unseen: Mapping[str, int]
    missing: Mapping[str, int]
    margins: Margins | None = None
    unread: Mapping[str, UnreadCells] = field(default_factory=dict)

    @property
    def mean(self) -> Floats:
        """The mean over the nets, (rows, K)."""
        return np.asarray(self.each.mean(0))

    @property
    def std(self) -> Floats:
        """The standard deviation over the nets, (rows, K); 0 for a single one."""
        return np.asarray(self.each.std(0))

    def interval(self, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Return the two ends, (rows, K) each, of the middle `level` of the nets' predictions."""
        tail = (1 - level) / 2
        low, high = np.quantile(self.each, [tail, 1 - tail], axis=0)
        return low, high

    @property
    def unread_notes(self) -> list[str]:
        """Sentences about cells that are no number or no date."""
        return about_unfit(
            [
                Unfit(column, found.kind, found.count, found.row, found.text)
                for column, found in self.unread.items()
            ]
        )

    @property
    def notes(self) -> list[str]:
        """Sentences about all that was odd in the rows."""
        return [
            *self.unread_notes,
            *(_about_missing(column, n) for column, n in self.missing.items()),
            *(_about_unseen(column, n) for column, n in self.unseen.items()),
        ]

    @property
    def values(self) -> NDArray[Any]:
        """Class names (rows,), labels 0 or 1 (rows, K), or values (rows, K)."""
        if self.link == "softmax":
            return np.asarray(np.array(self.preprocessor.classes, object)[self.mean.argmax(1)])
        return (self.mean > 0.5).astype(np.int64) if self.link == "sigmoid" else self.mean

    def frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Return a table: what is predicted, probabilities, what the true value lies within, and
        where P > 1, within what the nets agree.
        """
        import pandas as pd

        targets, classes = self.preprocessor.targets, self.preprocessor.classes
        predicted = [_("predicted {name}").format(name=t) for t in targets]
        columns = _columns(predicted, self.values.reshape(len(self.mean), -1))
        shown = predicted
        if self.link != "identity":
            names = classes if self.link == "softmax" else targets
            shown = [_("probability {name}").format(name=n) for n in names]
            columns |= _columns(shown, self.mean)
        columns |= self._within(predicted)
        if len(self.each) > 1:
            low, high = self.interval(level)
            for text, end in ((_("{name}, nets from"), low), (_("{name}, nets to"), high)):
                columns |= _columns([text.format(name=n) for n in shown], end)
        return pd.DataFrame(columns)

    def _within(self, predicted: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Return columns with the interval of each target, or with the classes not ruled out."""
        if self.margins is None:
            return {}
        share = f"{100 * self.margins.level:.3g} %"
        if self.link == "softmax":
            names = np.array(self.preprocessor.classes, object)
            sets = self.margins.sets(self.mean)
            text = np.array([SEPARATOR.join(names[inside]) for inside in sets], object)
            return {_("{name}, {share} set").format(name=predicted[0], share=share): text}
        low, high = self.margins.interval(self.mean)
        ends = {_("{name}, {share} from"): low, _("{name}, {share} to"): high}
        return {
            text.format(name=name, share=share): end[:, k]
            for k, name in enumerate(predicted)
            for text, end in ends.items()
        }


@dataclass(frozen=True)
class Predictor:
    """P trained nets and what turns a table into their inputs."""

    preprocessor: Preprocessor
    net: Population
    link: Link
    margins: Margins | None = None

    def each(self, x: NDArray[np.floating[Any]]) -> Floats:
        """Return what each net says about encoded rows.

        Parameters
        ----------
        x : (rows, width), as `Preprocessor.x` makes it

        Returns
        -------
        (P, rows, K) probabilities, or values in the targets' units
        """
        if not len(x):
            return np.zeros((self.net.members, 0, self.net.sizes[-1]))
        with torch.inference_mode():
            given = torch.from_numpy(np.require(x, requirements=["C", "W"])).to(self.net.flat)
            v = self.net.forward(given).cpu().double()  # (P, rows, K)
            return _applied(self.link, v, self.preprocessor).numpy()

    def outputs(self, x: NDArray[np.floating[Any]]) -> Floats:
        """Return the mean over the nets, (rows, K), for encoded rows (rows, width)."""
        return np.asarray(self.each(x).mean(0))

    def rows(self, frame: pd.DataFrame) -> Prediction:
        """Predict the rows of a table. Columns go by name; others than the inputs are ignored.

        Raises
        ------
        DataError : input columns are missing, there twice, or hold text instead of numbers
        """
        features = self.preprocessor.features
        _check_columns(frame, list(dict.fromkeys(f.column for f in features)))
        raw, unread = self.preprocessor.cells(frame)
        gaps = np.isnan(raw).sum(0).tolist()
        return Prediction(
            self.preprocessor,
            self.link,
            self.each(encode(features, raw)),
            unseen=unseen(features, raw),
            missing={f.column: n for f, n in zip(features, gaps, strict=True) if n},
            margins=self.margins,
            unread=unread,
        )

    def predict(self, frame: pd.DataFrame) -> NDArray[Any]:
        """Return class names (rows,), or values: (rows,), with several targets (rows, K)."""
        values = self._warned(frame).values
        return values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values

    def predict_proba(self, frame: pd.DataFrame) -> Floats:
        """Return probabilities (rows, K) in the order of `preprocessor.classes`.

        Raises
        ------
        DataError : the nets predict numbers, not classes
        """
        if self.link == "identity":
            raise DataError(_("these nets predict numbers, which have no probabilities."))
        return self._warned(frame).mean

    def _warned(self, frame: pd.DataFrame) -> Prediction:
        found = self.rows(frame)
        for sentence in found.unread_notes:
            warnings.warn(sentence, UserWarning, stacklevel=3)
        return found


def predictor_of(
    preprocessor: Preprocessor,
    model: ModelSpec,
    flat: NDArray[np.floating[Any]],
    *,
    link: Link | None = None,
    device: torch.device | str = "cpu",
) -> Predictor:
    """Put nets together from their weights.

    Parameters
    ----------
    flat : (P * parameters,) as in a snapshot, see `training.layout`
    link : by default softmax for classes and identity for numbers

    Raises
    ------
    ValueError : `flat` does not hold whole nets of this shape
    """
    outputs = len(preprocessor.classes) if link in (None, "softmax") else 0
    width = preprocessor.features[-1].stop
    sizes = layer_sizes(width, model.hidden, outputs or len(preprocessor.targets))
    one = layout_of(sizes, model.layer_activations, 1, bias=model.bias)
    members, rest = divmod(flat.size, one.parameters)
    if rest or not members:
        raise ValueError(f"{flat.size} parameters are not nets of {sizes}")
    values = torch.from_numpy(np.array(flat)).to(device)
    net = population_in(values, replace(one, members=members))
    return Predictor(preprocessor, net, link or ("softmax" if preprocessor.classes else "identity"))


def _applied(link: Link, v: Tensor, preprocessor: Preprocessor) -> Tensor:
    """Return probabilities, or values in the targets' units, for the nets' sums (P, rows, K)."""
    if link == "softmax":
        return torch.softmax(v, -1)
    if link == "sigmoid":
        return torch.sigmoid(v)
    return v * v.new_tensor(preprocessor.target_scale) + v.new_tensor(preprocessor.target_mean)


def _about_missing(column: str, n: int) -> str:
    return n_(
        '1 row has no "{column}"; the typical value was taken.',
        '{n:,} rows have no "{column}"; the typical value was taken.',
        n,
    ).format(n=n, column=brief(column))


def _about_unseen(column: str, n: int) -> str:
    return n_(
        '1 row has a "{column}" that the net was not trained on.',
        '{n:,} rows have a "{column}" that the net was not trained on.',
        n,
    ).format(n=n, column=brief(column))


def _check_columns(frame: pd.DataFrame, wanted: list[str]) -> None:
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise DataError(
            _("the table lacks {n:,} of the columns that the net was trained on: {names}.").format(
                n=len(missing), names=listed(missing, 20)
            )
        )
    twice = set(frame.columns[frame.columns.duplicated()]) & set(wanted)
    if twice:
        raise DataError(
            _("the table has more than one column called {names}.").format(
                names=listed(sorted(twice))
            )
        )


def _columns(names: Sequence[str], table: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return dict(zip(names, table.T, strict=True))
