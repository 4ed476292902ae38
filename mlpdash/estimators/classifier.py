"""Predict one of several classes, or several labels at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import _check_partial_fit_first_call, type_of_target
from sklearn.utils.validation import column_or_1d

from mlpdash.estimators.base import BaseMLP
from mlpdash.estimators.nets import Array, Table
from mlpdash.text import _

LOSSES: Final = ("cross_entropy", "cross_entropy_after_softmax")


class MLPClassifier(ClassifierMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron that predicts classes.

    y (n,) holds classes of any kind; y (n, labels) of 0 and 1 is multilabel. Like scikit-learn's,
    it takes inputs as they are: put a StandardScaler before it where their scales are far from 1.

    Parameters
    ----------
    hidden_layer_sizes : neurons of each hidden layer, one number or several
    activation : a name of `mlpdash.specs.ACTIVATIONS`; logistic is sigmoid
    optimizer : a name of `mlpdash.specs.OPTIMIZERS`
    lr : learning rate
    weight_decay : L2; adds weight_decay * w to the gradient of each weight, not of biases; adamw
        shrinks weights by lr * weight_decay instead
    dropout : share of hidden neurons silenced in each step
    loss : auto: cross_entropy for classes, binary_cross_entropy for labels; or for classes
        cross_entropy_after_softmax, which takes the softmax twice
    choices : further choices by the dashboard's names, such as {"momentum": 0.99, "clip": 1};
        `mlpdash.estimators.base.CHOICES` names all, `mlpdash.specs.help_of` says what each does. A
        schedule starts anew with each fit
    batch_size : rows per step; auto is 200 or all rows, None is all rows
    epochs : passes over the rows
    early_stopping : hold out `validation_fraction` of the rows, stop a net when its loss there has
        not fallen by more than `tol` for `n_iter_no_change` epochs, and take its best weights
    n_nets : nets that differ in their seed, trained side by side; probabilities are their mean
    folds : cut the rows into so many folds, and train a net for each that learns from the others
        and is stopped by its own, as by `early_stopping`; predictions are the nets' mean
    repeats : how often the rows are cut into folds anew, with nets of their own
    device : cpu, cuda, mps or auto
    random_state : an int is the seed, as in the dashboard; further nets have the ints after it
    warm_start : `fit` goes on from where the last one ended, optimiser and order included
    verbose : print about 20 lines on how the loss falls
    class_weight : None, "balanced", or class -> weight

    Attributes
    ----------
    classes_ : the classes, sorted; of labels their indices
    history_ : "loss_train" and, where rows are held out, "loss_validation": (epochs,), or with
        several nets (epochs, n_nets)
    out_of_fold_ : with folds, what the nets that did not learn from a row say of it: probabilities
        (n, classes), or of labels (n, labels); an honest score of the rows of the fit
    coefs_, intercepts_ : weights and biases of each layer
    n_iter_ : epochs of the last fit
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
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
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
    ) -> None:
        super().__init__(
            hidden_layer_sizes,
            activation,
            optimizer=optimizer,
            lr=lr,
            weight_decay=weight_decay,
            dropout=dropout,
            loss=loss,
            choices=choices,
            batch_size=batch_size,
            epochs=epochs,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            n_iter_no_change=n_iter_no_change,
            tol=tol,
            n_nets=n_nets,
            folds=folds,
            repeats=repeats,
            device=device,
            random_state=random_state,
            warm_start=warm_start,
            verbose=verbose,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train on X (n, features) and y (n,) classes or (n, labels) of 0 and 1.

        Raises
        ------
        ValueError : a parameter or the data is not possible
        """
        table = self._table(X, y, sample_weight, True)
        labels = self._labels(table.y)
        if not self._going_on():
            self._multilabel = labels.ndim == 2
            self.classes_ = np.arange(labels.shape[1]) if labels.ndim == 2 else np.unique(labels)
        return self._train(self._coded(table, labels), self._loss(), len(self.classes_))

    def partial_fit(
        self,
        X: Any,  # noqa: N803
        y: Any,
        classes: Any = None,
        sample_weight: Any = None,
    ) -> Self:
        """Train one more epoch on these rows.

        Parameters
        ----------
        classes : all classes that there will be, needed at the first call
        """
        first = not hasattr(self, "nets_")
        _check_partial_fit_first_call(self, classes)
        table = self._table(X, y, sample_weight, first)
        labels = self._labels(table.y)
        if first:
            self._multilabel = labels.ndim == 2
        coded = self._coded(table, labels)
        return self._train(coded, self._loss(), len(self.classes_), one_epoch=True)

    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """Return the mean probabilities over the nets: (n, classes), each row summing to 1; of
        labels (n, labels), each by itself."""
        return np.asarray(self._probabilities(X).mean(0))

    def predict(self, X: Any, return_std: bool = False) -> Any:  # noqa: N803
        """Return the most probable class (n,), or labels (n, labels).

        Parameters
        ----------
        return_std : also return the standard deviation over the nets of the probability of what is
            predicted, of the same shape
        """
        each = self._probabilities(X)
        mean, std = each.mean(0), each.std(0)
        if self._multilabel:
            found = (mean > 0.5).astype(np.int64)
            return (found, std) if return_std else found
        codes = mean.argmax(1)
        found = self.classes_[codes]
        return (found, std[np.arange(len(codes)), codes]) if return_std else found

    def _probabilities(self, X: Any) -> Array:  # noqa: N803
        return self._shares(self._outputs(X))

    def _each(self, x: Array) -> Array:
        return self._shares(self.nets_.outputs(x))

    def _shares(self, v: Array) -> Array:
        """Return the probabilities of the nets' sums (P, n, K)."""
        if self._multilabel:
            return np.asarray(1 / (1 + np.exp(-np.clip(v, -700, 700))))
        e = np.exp(v - v.max(-1, keepdims=True))
        return np.asarray(e / e.sum(-1, keepdims=True))

    def _going_on(self) -> bool:
        return bool(self.warm_start and hasattr(self, "nets_"))

    def _labels(self, y: Array) -> Array:
        """Return y (n,) of classes, or (n, labels).

        Raises
        ------
        ValueError : y is neither
        """
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind == "multilabel-indicator":
            return np.asarray(y)
        if kind not in ("binary", "multiclass"):
            raise ValueError(
                f"Unknown label type: {kind}. A classifier's y holds classes, or labels of 0 and 1."
            )
        return np.asarray(column_or_1d(y, warn=True))

    def _coded(self, table: Table, labels: Array) -> Table:
        """Replace classes by their codes, and multiply the rows' weights by those of the classes.

        Raises
        ------
        ValueError : a class was not there when the nets were made
        """
        weight = table.weight
        if self.class_weight is not None:
            own = compute_sample_weight(self.class_weight, labels).astype(table.x.dtype)
            weight = own if weight is None else weight * own
        if labels.ndim == 2 or self._multilabel:
            return Table(table.x, np.asarray(labels, table.x.dtype), weight)
        codes = np.searchsorted(self.classes_, labels).clip(0, len(self.classes_) - 1)
        if not (self.classes_[codes] == labels).all():
            strange = sorted(set(labels.tolist()) - set(self.classes_.tolist()))
            raise ValueError(
                _("y has classes that were not there before: {classes}.").format(
                    classes=", ".join(map(str, strange[:10]))
                )
            )
        return Table(table.x, codes.astype(np.int64), weight)

    def _loss(self) -> str:
        known = ("binary_cross_entropy",) if self._multilabel else LOSSES
        if self.loss not in ("auto", *known):
            raise ValueError(
                _("loss must be one of {names} here; got {loss!r}.").format(
                    names=", ".join(("auto", *known)), loss=self.loss
                )
            )
        return known[0] if self.loss == "auto" else str(self.loss)

    def _state(self) -> dict[str, Any]:
        dtype = "object" if self.classes_.dtype == object else self.classes_.dtype.str
        classes = {"values": self.classes_.tolist(), "dtype": dtype}
        return {"classes": classes, "multilabel": self._multilabel}

    def _take_state(self, state: dict[str, Any]) -> None:
        classes = state["classes"]
        self.classes_ = np.array(classes["values"], dtype=np.dtype(classes["dtype"]))
        self._multilabel = state["multilabel"]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
