"""Worked examples: experiments that reach a known result, each with where it comes from.

A preset fixes every choice that differs from the defaults, by flat name. What is not the seed of
training is fixed; the result is reached with other seeds too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mlpdash.specs import Experiment
from mlpdash.specs.preparation import Preparation
from mlpdash.text import N_


@dataclass(frozen=True)
class Preset:
    """One worked example. Its texts are marked for translation, not translated.

    Attributes
    ----------
    story : where it comes from and what it shows
    reaches : what it comes to, in a sentence
    compare : names of presets to run beside it
    """

    name: str
    title: str
    story: str
    reaches: str
    choices: Mapping[str, Any]
    pace: Literal["60", "full"] = "full"
    compare: tuple[str, ...] = ()

    @property
    def data(self) -> str:
        """The dataset it is about."""
        return str(self.choices["data"])

    def experiment(self) -> Experiment:
        """Return the experiment with all its choices."""
        return Experiment().changed(**self.choices)


_GAUSSIANS: Final = {
    "data": "two-gaussians",
    "rows": 200,
    "validation": 0.0,
    "standardize": False,
    "hidden": (5, 5),
    "activation": "sigmoid",
    "loss": "cross_entropy",
    "optimizer": "sgd",
    "lr": 0.01,
    "batch_size": None,
    "epochs": 10_000,
}
_TEMPERATURE: Final = {
    "data": "temperature",
    "validation": 0.2,
    "test": 0.2,
    "standardize": True,
    "preparation": Preparation(target_scaling="none"),
    "hidden": (128,),
    "activation": "sigmoid",
    "loss": "squared_error",
    "optimizer": "adam",
    "lr": 0.001,
    "batch_size": 16,
    "epochs": 1_000,
}
_POLYNOMIAL: Final = {
    "data": "polynomial",
    "rows": 120,
    "noise": 20,
    "validation": 100 / 120,
    "standardize": True,
    "hidden": (128, 128),
    "activation": "tanh",
    "optimizer": "adam",
    "lr": 0.003,
    "batch_size": None,
    "epochs": 3_000,
}

PRESETS: Final[dict[str, Preset]] = {
    one.name: one
    for one in (
        Preset(
            "two-gaussians",
            N_("Two Gaussians"),
            N_(
                "A first classifier, as many posts on PyTorch begin: 100 points around (2, 2), 100 "
                "around (-2, -2), and a 2-5-5-2 net of sigmoids whose sums go into cross-entropy."
            ),
            N_("Loss from about 0.7 to below 0.05, and at least 98 % right."),
            _GAUSSIANS,
            compare=("two-gaussians-published",),
        ),
        Preset(
            "two-gaussians-published",
            N_("Two Gaussians, softmax twice"),
            N_(
                "The same net as it was published: softmax is applied before cross-entropy, which "
                "applies it again. Probabilities between 0 and 1 taken for sums can differ by 1 at "
                "most, so the loss cannot fall below ln(1 + 1/e) = 0.313, however right the net is."
            ),
            N_("Loss stalls near 0.33 although the classes are told apart."),
            {**_GAUSSIANS, "loss": "cross_entropy_after_softmax"},
            compare=("two-gaussians",),
        ),
        Preset(
            "line",
            N_("A line"),
            N_(
                "Linear regression as the smallest net, a common first exercise in PyTorch: x from "
                "0 to 10, y = 2x + 1, no hidden layer, nothing scaled."
            ),
            N_("Loss below 0.0001, and a prediction within 0.02 of 21 at x = 10."),
            {
                "data": "line",
                "rows": 11,
                "validation": 0.0,
                "standardize": False,
                "hidden": (),
                "loss": "squared_error",
                "optimizer": "sgd",
                "lr": 0.01,
                "batch_size": None,
                "epochs": 1_000,
            },
        ),
        Preset(
            "temperature",
            N_("Temperature"),
            N_(
                "Tomorrow's temperature from the last two days and the season, after a widespread "
                "exercise; the year here is made by a formula, so that the noise is known. The "
                "target stays in degrees, so the loss begins near the mean of its square."
            ),
            N_(
                "Mean squared error from about 3,500 to below 13.5, 1.5 times the noise's variance."
            ),
            _TEMPERATURE,
            compare=("temperature-by-hand",),
        ),
        Preset(
            "temperature-by-hand",
            N_("Temperature, by hand"),
            N_(
                "The same exercise as it is first done by hand: weights and gradients written out, "
                "ReLU, and plain gradient descent over all rows at once."
            ),
            N_("Mean squared error below 13.5 here too."),
            {
                **_TEMPERATURE,
                "activation": "relu",
                "optimizer": "sgd",
                "batch_size": None,
            },
            compare=("temperature",),
        ),
        Preset(
            "two-layer",
            N_("Two layers by heart"),
            N_(
                "The net that PyTorch's tutorial on numpy, autograd and nn writes again and again: "
                "64 rows of 1,000 random numbers, 100 ReLU neurons, 10 random outputs, no biases, "
                "summed squared error. There is nothing to find: it learns by heart."
            ),
            N_("Loss below a thousandth of where it starts, within 500 steps."),
            {
                "data": "two-layer",
                "rows": 64,
                "validation": 0.0,
                "standardize": False,
                "hidden": (100,),
                "activation": "relu",
                "bias": False,
                "loss": "squared_error_sum",
                "optimizer": "adam",
                "lr": 1e-4,
                "batch_size": None,
                "epochs": 500,
            },
            pace="60",
        ),
        Preset(
            "fashion-mnist",
            N_("Fashion-MNIST"),
            N_(
                "Ten kinds of clothes in 28 x 28 grey pixels (Xiao, Rasul and Vollgraf, 2017), "
                "and the multilayer perceptron of Dive into Deep Learning: 784-256-10, SGD 0.1. "
                "The 10,000 test rows are the validation set, so that each epoch shows both "
                "accuracies."
            ),
            N_(
                "About 85 % of the test rows right, on average over the last three of 10 epochs; a "
                "single epoch can be some points lower."
            ),
            {
                "data": "fashion-mnist",
                "validation": 1 / 7,
                "standardize": False,
                "preparation": Preparation(split="given"),
                "hidden": (256,),
                "activation": "relu",
                "loss": "cross_entropy",
                "optimizer": "sgd",
                "lr": 0.1,
                "batch_size": 256,
                "epochs": 10,
            },
        ),
        Preset(
            "polynomial",
            N_("A cubic, learned by heart"),
            N_(
                "Overfitting in one picture: 20 noisy points of a cubic to learn from, 100 for "
                "validation, and a net with 17,000 parameters."
            ),
            N_("The training loss falls to nothing; the validation loss to 1, and up to 2 again."),
            _POLYNOMIAL,
            compare=("polynomial-weight-decay", "polynomial-early-stopping"),
        ),
        Preset(
            "polynomial-weight-decay",
            N_("A cubic, with weight decay"),
            N_("The same net and points, with weights pulled towards zero in each step."),
            N_("At the end a validation loss of about 1.3, instead of 2."),
            {**_POLYNOMIAL, "weight_decay": 0.03},
            compare=("polynomial", "polynomial-early-stopping"),
        ),
        Preset(
            "polynomial-early-stopping",
            N_("A cubic, stopped early"),
            N_(
                "The same net and points; training stops when the validation loss has not improved "
                "for 200 epochs, and the best weights come back."
            ),
            N_("At the end a validation loss of about 1, instead of 2."),
            {**_POLYNOMIAL, "patience": 200},
            compare=("polynomial", "polynomial-weight-decay"),
        ),
        Preset(
            "digits",
            N_("Digits"),
            N_(
                "Handwritten digits in 8 x 8 pixels, which scikit-learn brings along (Alpaydin and "
                "Kaynak, 1998), and a 64-64-10 net."
            ),
            N_("At least 96 % of the test rows right."),
            {
                "data": "digits",
                "validation": 0.1,
                "test": 0.2,
                "standardize": False,
                "hidden": (64,),
                "activation": "relu",
                "loss": "cross_entropy",
                "optimizer": "adam",
                "lr": 0.001,
                "weight_decay": 0.0003,
                "dropout": 0.2,
                "batch_size": 16,
                "epochs": 200,
            },
        ),
    )
}
