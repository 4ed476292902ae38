"""What the classifier and the regressor share: parameters, fitting, and saving."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlpdash.data.preparing.folds import dealt
from mlpdash.data.preparing.splitting import Split
from mlpdash.errors import SpecError
from mlpdash.estimators.nets import Array, Curves, Nets, Plan, Table, train_nets
from mlpdash.specs import MAX_SEED, Experiment, ModelSpec, TrainSpec
from mlpdash.text import _

FLOATS: Final = (np.float64, np.float32)  # an X of another type becomes the first
AUTO_BATCH: Final = 200  # as scikit-learn's
SKLEARN_NAMES: Final = {"logistic": "sigmoid"}  # its names for what has another one here
OWN: Final = (  # choices that are parameters of their own here, or have no place in a fit
    *("hidden", "activation", "optimizer", "lr", "weight_decay", "dropout", "loss"),
    *("batch_size", "epochs", "patience", "plateau", "seed", "nets", "sweep", "device"),
    *("class_weight", "best_by", "weights"),
)
CHOICES: Final = tuple(  # further ones, by the dashboard's names
    name for spec in (ModelSpec, TrainSpec) for name in spec.model_fields if name not in OWN
)
REPORTS: Final = 20  # lines of a verbose fit


class BaseMLP(BaseEstimator):  # type: ignore[misc]
    """Multilayer perceptrons with scikit-learn's manners; see the two classes made of it."""

    nets_: Nets
    history_: Mapping[str, Array]
    n_iter_: int
    out_of_fold_: Array

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
        *,
        optimizer: str = "adam",
        lr: float = 0.001,
        weight_decay: float = 0.0,
        dropout: float = 0.0,
        loss: str = "auto",
        choices: Mapping[str, Any] | None = None,
        batch_size: int | Literal["auto"] | None = "auto",
        epochs: int = 200,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-4,
        n_nets: int = 1,
        folds: int | None = None,
        repeats: int = 1,
        device: str = "cpu",
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.optimizer = optimizer
        self.lr = lr
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.loss = loss
        self.choices = choices
        self.batch_size = batch_size
        self.epochs = epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.n_nets = n_nets
        self.folds = folds
        self.repeats = repeats
        self.device = device
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    def save(self, path: Path | str) -> None:
        """Write the fitted estimator as a bundle, which `mlpdash.load` opens.

        The parameters, the nets, the classes and the curves are kept; what only further training
        needs, the optimiser's state, is not.
        """
        from mlpdash.estimators.saving import save

        check_is_fitted(self)
        save(self, Path(path))

    @property
    def coefs_(self) -> list[Array]:
        """Weights of each layer, (in, out); with several nets (n_nets, in, out)."""
        check_is_fitted(self)
        weights = [w.mT.numpy() for w in self.nets_.population().weights]
        return [w[0] for w in weights] if len(self.nets_.seeds) == 1 else weights

    @property
    def intercepts_(self) -> list[Array]:
        """Biases of each layer, (out,); with several nets (n_nets, out)."""
        check_is_fitted(self)
        biases = [b[:, 0].numpy() for b in self.nets_.population().biases]
        return [b[0] for b in biases] if len(self.nets_.seeds) == 1 else biases

    # -- fitting --------------------------------------------------------------------------------

    def _train(self, table: Table, loss: str, outputs: int, *, one_epoch: bool = False) -> Self:
        """Train on a checked table; go on from the nets that are there where that is asked for."""
        again = hasattr(self, "nets_") and (one_epoch or self.warm_start)
        experiment = self._experiment(len(table.x))
        if one_epoch:
            experiment = experiment.changed(epochs=1)
        count = self._count_of_nets()
        seeds = self.nets_.seeds if again else self._seeds(count)
        if len(seeds) != count:
            raise ValueError(
                _("there are {n} nets, and they cannot continue as {m}.").format(
                    n=len(seeds), m=count
                )
            )
        rows, validation, held = table, None, None
        if self.folds is not None:
            if one_epoch:
                raise ValueError(
                    _("partial_fit sees some rows only, which make no folds; use fit.")
                )
            held = self._cut(table, seeds[0])
        elif self.early_stopping and not one_epoch:
            rows, validation = self._held_out(table, seeds[0])
        plan = Plan(
            experiment, loss, outputs, self.n_iter_no_change, self.tol, self._say(experiment)
        )
        before = self.nets_ if again else None
        self.nets_, curves = train_nets(plan, seeds, rows, validation, before, held)
        self.n_iter_ = len(curves.train)
        self.history_ = _history(curves)
        if held is None and hasattr(self, "out_of_fold_"):
            del self.out_of_fold_  # of an earlier fit
        if held is not None:
            share = held / held.sum(0)
            self.out_of_fold_ = self._meant(np.einsum("pr,prk->rk", share, self._each(table.x)))
        return self

    def _table(self, X: Any, y: Any, weight: Any, reset: bool, **how: Any) -> Table:  # noqa: N803
        """Check what a person hands in; y comes back as it is, but for its shape."""
        x, y = validate_data(
            self, X, y, dtype=FLOATS, multi_output=True, reset=reset, order="C", **how
        )
        if weight is not None:
            weight = _check_sample_weight(weight, x, dtype=x.dtype, ensure_non_negative=True)
            if not weight.any():
                raise ValueError("Sample weights must contain at least one non-zero number.")
        return Table(x, y, weight)

    def _experiment(self, rows: int) -> Experiment:
        """Return the choices as the dashboard names them, checked by the same rules."""
        hidden = self.hidden_layer_sizes
        widths = [hidden] if np.ndim(hidden) == 0 else list(np.ravel(hidden))
        batch = min(AUTO_BATCH, rows) if self.batch_size == "auto" else self.batch_size
        if self.epochs is None:
            raise ValueError(_("an estimator needs a number of epochs."))
        try:
            return Experiment().changed(
                **self._further(),
                hidden=tuple(map(_plain, widths)),
                activation=SKLEARN_NAMES.get(self.activation, self.activation),
                dropout=_plain(self.dropout),
                optimizer=self.optimizer,
                lr=_plain(self.lr),
                weight_decay=_plain(self.weight_decay),
                batch_size=_plain(batch),
                epochs=_plain(self.epochs),
                device=self.device,
            )
        except SpecError as mistake:
            raise ValueError(str(mistake)) from None

    def _further(self) -> dict[str, Any]:
        """Return the further choices, as far as there are such.

        Raises
        ------
        ValueError : one is not among them
        """
        given = dict(self.choices or {})
        strange = [str(name) for name in given if name not in CHOICES]
        if strange:
            raise ValueError(
                _("choices must be among {names}; got {strange}.").format(
                    names=", ".join(CHOICES), strange=", ".join(strange)
                )
            )
        return {name: _plain(value) for name, value in given.items()}

    def _count_of_nets(self) -> int:
        """Return how many nets are trained side by side.

        Raises
        ------
        ValueError : fewer than one, or several seeds beside folds
        """
        if int(self.n_nets) < 1:
            raise ValueError(_("n_nets must be at least 1; got {n}.").format(n=self.n_nets))
        for name, least in (("folds", 2), ("repeats", 1)):
            value = getattr(self, name)
            whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
            if not (name == "folds" and value is None) and not (whole and value >= least):
                raise ValueError(
                    _("{name} must be a whole number from {least} on; got {value!r}.").format(
                        name=name, least=least, value=value
                    )
                )
        if self.folds is None and self.repeats > 1:
            raise ValueError(_("repeats are of folds; give a number of folds too."))
        if self.folds is None:
            return int(self.n_nets)
        if self.n_nets != 1:
            raise ValueError(
                _("folds make the nets, so n_nets must be 1; got {n}.").format(n=self.n_nets)
            )
        return int(self.folds) * int(self.repeats)

    def _cut(self, table: Table, seed: int) -> NDArray[np.bool_] | None:
        """Return which rows each net is validated on, (nets, rows); each fold has its share of
        every class, or of large and small values.

        Raises
        ------
        ValueError : there are fewer rows than folds
        """
        rows, folds = len(table.x), int(self.folds or 1)
        if rows < folds:
            raise ValueError(
                _("n_samples={rows} makes no {folds} folds.").format(rows=rows, folds=folds)
            )
        random = np.random.Generator(np.random.PCG64([seed, 1]))
        by = table.y if table.y.ndim == 1 else table.y[:, 0]
        cuts = np.stack([dealt(by, folds, random) for _again in range(int(self.repeats))])
        every = np.arange(rows)
        return Split(every, every, every[:0], cuts).held()

    def _seeds(self, count: int) -> tuple[int, ...]:
        """Return a seed for each net: the random state and those after it, or drawn from it."""
        if isinstance(self.random_state, int | np.integer) and self.random_state >= 0:
            return tuple((int(self.random_state) + n) % (MAX_SEED + 1) for n in range(count))
        drawn = check_random_state(self.random_state).randint(0, 2**31 - 1, count)
        return tuple(drawn.tolist())

    def _held_out(self, table: Table, seed: int) -> tuple[Table, Table]:
        """Split off the validation rows; of classes in the same shares."""
        train, held_out = train_test_split(
            np.arange(len(table.x)),
            test_size=self.validation_fraction,
            random_state=seed,
            stratify=table.y if table.y.ndim == 1 else None,
        )
        return table.part(train), table.part(held_out)

    def _say(self, experiment: Experiment) -> Any:
        if not self.verbose:
            return None
        every = max(1, (experiment.train.epochs or 1) // REPORTS)

        def say(epoch: int, loss: float) -> None:
            if epoch % every == 0:
                line = _("epoch {epoch:,}: training loss {loss:.6f}")
                sys.stdout.write(line.format(epoch=epoch, loss=loss) + "\n")

        return say

    # -- predicting -----------------------------------------------------------------------------

    def _outputs(self, X: Any) -> Array:  # noqa: N803
        """Return what each net's last layer gives, (P, rows, K)."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=FLOATS, reset=False, order="C")
        return self.nets_.outputs(x)

    def _each(self, x: Array) -> Array:
        """Return what each net says of checked rows, (P, rows, K): probabilities or values."""
        return self.nets_.outputs(x)

    def _meant(self, said: Array) -> Array:
        """Return what nets say, (rows, K), in the shape of y."""
        return said


def _plain(value: Any) -> Any:
    """Return numpy's numbers as Python's, which the specs take."""
    return value.item() if isinstance(value, np.generic) else value


def _history(curves: Curves) -> Mapping[str, Array]:
    """Return the curves by name: (epochs,), with several nets (epochs, n_nets)."""
    named = {"loss_train": curves.train, "loss_validation": curves.validation}
    return {
        name: curve[:, 0] if curve.shape[1] == 1 else curve
        for name, curve in named.items()
        if len(curve)
    }
