"""Predict numbers."""

from __future__ import annotations

from typing import Any, Final, Self

import numpy as np
from sklearn.base import RegressorMixin

from mlpdash.estimators.base import BaseMLP
from mlpdash.estimators.nets import Array, Table
from mlpdash.text import _

LOSSES: Final = ("squared_error", "squared_error_sum", "absolute_error", "huber")


class MLPRegressor(RegressorMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron that predicts one or several numbers.

    Like scikit-learn's, it takes inputs and targets as they are: put a StandardScaler before it,
    and a TransformedTargetRegressor around it, where their scales are far from 1.

    Parameters
    ----------
    hidden_layer_sizes : neurons of each hidden layer, one number or several
    activation : a name of `mlpdash.specs.ACTIVATIONS`; logistic is sigmoid
    optimizer : a name of `mlpdash.specs.OPTIMIZERS`
    lr : learning rate
    weight_decay : L2; adds weight_decay * w to the gradient of each weight, not of biases; adamw
        shrinks weights by lr * weight_decay instead
    dropout : share of hidden neurons silenced in each step
    loss : squared_error (also auto), squared_error_sum, absolute_error or huber
    choices : further choices by the dashboard's names, such as {"momentum": 0.99, "clip": 1};
        `mlpdash.estimators.base.CHOICES` names all, `mlpdash.specs.help_of` says what each does. A
        schedule starts anew with each fit
    batch_size : rows per step; auto is 200 or all rows, None is all rows
    epochs : passes over the rows
    early_stopping : hold out `validation_fraction` of the rows, stop a net when its loss there has
        not fallen by more than `tol` for `n_iter_no_change` epochs, and take its best weights
    n_nets : nets that differ in their seed, trained side by side; predictions are their mean
    folds : cut the rows into so many folds, and train a net for each that learns from the others
        and is stopped by its own, as by `early_stopping`; predictions are the nets' mean
    repeats : how often the rows are cut into folds anew, with nets of their own
    device : cpu, cuda, mps or auto
    random_state : an int is the seed, as in the dashboard; further nets have the ints after it
    warm_start : `fit` goes on from where the last one ended, optimiser and order included
    verbose : print about 20 lines on how the loss falls

    Attributes
    ----------
    history_ : "loss_train" and, where rows are held out, "loss_validation": (epochs,), or with
        several nets (epochs, n_nets)
    out_of_fold_ : with folds, what the nets that did not learn from a row say of it, in the shape
        of y; an honest score of the rows of the fit
    coefs_, intercepts_ : weights and biases of each layer
    n_iter_ : epochs of the last fit
    n_outputs_ : how many numbers are predicted
    """

    n_outputs_: int

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train on X (n, features) and y (n,) or (n, outputs).

        Raises
        ------
        ValueError : a parameter or the data is not possible
        """
        return self._train(self._numbers(X, y, sample_weight, True), self._loss(), self.n_outputs_)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train one more epoch on these rows."""
        table = self._numbers(X, y, sample_weight, not hasattr(self, "nets_"))
        return self._train(table, self._loss(), self.n_outputs_, one_epoch=True)

    def predict(self, X: Any, return_std: bool = False) -> Any:  # noqa: N803
        """Return the mean over the nets, (n,) or (n, outputs).

        Parameters
        ----------
        return_std : also return the standard deviation over the nets, of the same shape
        """
        each = self._outputs(X)
        if self._flat_target:
            each = each[..., 0]
        return (each.mean(0), each.std(0)) if return_std else each.mean(0)

    def _meant(self, said: Array) -> Array:
        return said[:, 0] if self._flat_target else said

    def _numbers(self, X: Any, y: Any, weight: Any, reset: bool) -> Table:  # noqa: N803
        table = self._table(X, y, weight, reset, y_numeric=True)
        y = np.asarray(table.y, table.x.dtype)
        self._flat_target = y.ndim == 1
        goal = y.reshape(len(y), -1)  # (n, K)
        if not reset and goal.shape[1] != self.n_outputs_:
            raise ValueError(
                _("y has {n} columns where the earlier one had {m}.").format(
                    n=goal.shape[1], m=self.n_outputs_
                )
            )
        self.n_outputs_ = goal.shape[1]
        return table._replace(y=goal)

    def _loss(self) -> str:
        if self.loss == "auto":
            return LOSSES[0]
        if self.loss not in LOSSES:
            raise ValueError(
                _("loss must be one of {names}; got {loss!r}.").format(
                    names=", ".join(("auto", *LOSSES)), loss=self.loss
                )
            )
        return str(self.loss)

    def _state(self) -> dict[str, Any]:
        return {"targets": self.n_outputs_, "flat_target": self._flat_target}

    def _take_state(self, state: dict[str, Any]) -> None:
        self.n_outputs_, self._flat_target = state["targets"], state["flat_target"]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
