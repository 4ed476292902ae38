"""How to optimise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from mlpdash.specs.base import MAX_NETS, MAX_SEED, Live, Off, Spec
from mlpdash.specs.optimizers import OPTIMIZERS
from mlpdash.text import N_

if TYPE_CHECKING:
    OptimizerName = str  # types are not made from a table
else:
    OptimizerName = Literal[tuple(OPTIMIZERS)]


class TrainSpec(Spec):
    """How to optimise. Durations are in epochs."""

    loss: Literal[
        "auto",
        "cross_entropy",
        "cross_entropy_after_softmax",
        "squared_error",
        "squared_error_sum",
        "absolute_error",
        "huber",
    ] = Field(
        "auto",
        title=N_("Loss"),
        description=N_(
            "What training minimises. Auto is cross-entropy for classes and the mean "
            "squared error for numbers; absolute error and Huber are less sensitive to "
            "outliers."
        ),
    )
    class_weight: str = Field(
        "",
        max_length=20_000,
        title=N_("Class weight"),
        description=N_(
            "What a row of each class counts in the loss: balanced gives rare classes as much "
            "weight as frequent ones; or by class, such as yes=5, no=1. Put a name that contains "
            "a comma in double quotes."
        ),
    )
    optimizer: Annotated[OptimizerName, Live()] = Field(
        "sgd",
        title=N_("Optimiser"),
        description=N_(
            "How the gradient becomes a step. Adam adapts to each weight and needs least care; "
            "plain SGD shows most clearly what the learning rate does."
        ),
    )
    lr: Annotated[float, Live()] = Field(
        0.03,
        gt=0,
        le=10,
        title=N_("Learning rate"),
        description=N_(
            "Size of each step down the gradient. If it is too large, the loss jumps up and down."
        ),
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        title=N_("Momentum"),
        description=N_(
            "Share of the last step that is taken again, by Momentum and Nesterov. At 0 "
            "they are plain SGD; try 0.99 if progress is slow and smooth."
        ),
    )
    beta1: float = Field(
        0.9,
        ge=0,
        lt=1,
        title=N_("Beta 1"),
        description=N_(
            "How long the average of the gradient remembers, in Adam and its relatives. "
            "Lower it to 0.5 if the loss oscillates."
        ),
    )
    beta2: float = Field(
        0.999,
        ge=0,
        lt=1,
        title=N_("Beta 2"),
        description=N_(
            "How long the average of the squared gradient remembers, in Adam and its relatives. "
            "Try 0.99 with few steps."
        ),
    )
    smoothing: float = Field(
        0.99,
        ge=0,
        lt=1,
        title=N_("Smoothing"),
        description=N_(
            "How long RMSprop's average of the squared gradient remembers. Try 0.9 to let it react "
            "faster."
        ),
    )
    eps: float = Field(
        1e-8,
        gt=0,
        le=1,
        title=N_("Epsilon"),
        description=N_(
            "Keeps the division by the gradient's size in bounds, in Adam, its relatives, "
            "RMSprop and Adagrad. Try 0.001 if steps become very large."
        ),
    )
    lr_decay: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Rate decay"),
        description=N_("How fast Adagrad's learning rate falls with the steps. Try 0.0001."),
    )
    momentum_decay: float = Field(
        0.004,
        ge=0,
        le=1,
        title=N_("Momentum decay"),
        description=N_("How fast NAdam's look ahead grows to its full size. 0.004 suits most."),
    )
    weight_decay: Annotated[float, Live()] = Field(
        0.0,
        ge=0,
        le=10,
        title=N_("L2"),
        description=N_("Pulls weights (not biases) towards zero. Try 0.001 against overfitting."),
    )
    l1: float = Field(
        0.0,
        ge=0,
        le=10,
        title=N_("L1"),
        description=N_(
            "Pulls weights (not biases) towards zero by the same amount whatever their size, so "
            "that many become almost zero. Try 0.001."
        ),
    )
    batch_size: Annotated[int | None, Live(), Off("full")] = Field(
        10,
        ge=1,
        le=10_000_000,
        title=N_("Batch size"),
        description=N_(
            "Rows per step. Small batches are noisy and quick; full takes all rows at once."
        ),
    )
    epochs: Annotated[int | None, Off("until-stopped")] = Field(
        500,
        ge=1,
        le=10_000_000,
        title=N_("Epochs"),
        description=N_("Passes over the training rows; left empty, it trains until stopped."),
    )
    schedule: Literal["constant", "step", "cosine"] = Field(
        "constant",
        title=N_("Schedule"),
        description=N_(
            "How the learning rate changes with the epochs: not at all, down by a factor every so "
            "many, or along half a cosine to zero at the last. Try cosine."
        ),
    )
    step_epochs: int = Field(
        100,
        ge=1,
        le=10_000_000,
        title=N_("Step every"),
        description=N_("After how many epochs the step schedule lowers the learning rate."),
    )
    step_factor: float = Field(
        0.5,
        gt=0,
        le=1,
        title=N_("Step factor"),
        description=N_("What the step schedule multiplies the learning rate with. Try 0.1."),
    )
    warmup: int = Field(
        0,
        ge=0,
        le=1_000_000,
        title=N_("Warm-up"),
        description=N_(
            "In how many epochs the learning rate rises evenly to its full size. Try 5 when the "
            "first steps throw the net off."
        ),
    )
    clip: Annotated[float | None, Off("off")] = Field(
        None,
        gt=0,
        le=1e6,
        title=N_("Gradient clipping"),
        description=N_(
            "Longest gradient that is followed; a longer one is shortened to it. Try 1 when the "
            "loss jumps or is lost."
        ),
    )
    patience: Annotated[int | None, Off("off")] = Field(
        None,
        ge=1,
        le=1_000_000,
        title=N_("Early stopping"),
        description=N_(
            "Stop after this many epochs in which the validation loss did not improve, and go back "
            "to the best weights. Try 50."
        ),
    )
    plateau: Annotated[int | None, Off("off")] = Field(
        None,
        ge=1,
        le=1_000_000,
        title=N_("Halve on plateau"),
        description=N_(
            "Halve the learning rate after this many epochs in which the validation loss did not "
            "improve. Try 20."
        ),
    )
    best_by: Literal[
        "loss",
        "accuracy",
        "balanced_accuracy",
        "macro_f1",
        "log_loss",
        "mae",
        "rmse",
        "r2",
    ] = Field(
        "loss",
        title=N_("Best by"),
        description=N_(
            "The measure on the validation rows by which early stopping and halving judge a net, "
            "and by which its best weights are chosen."
        ),
    )
    seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Seed"),
        description=N_("Draws the initial weights, the order of the rows and the dropout."),
    )
    nets: int = Field(
        1,
        ge=1,
        le=MAX_NETS,
        title=N_("Nets"),
        description=N_(
            "How many nets train side by side, each from its own seed: what they agree on "
            "comes from the design, the rest is luck. Try 16."
        ),
    )
    sweep: str = Field(
        "",
        max_length=500,
        title=N_("Grid"),
        description=N_(
            "One or two settings with values to try side by side, such as lr=0.01,0.03; "
            "dropout=0,0.2. Settings: lr, weight_decay, l1, dropout, width."
        ),
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        title=N_("Device"),
        description=N_("Where the computation runs. Auto chooses what suits this net."),
    )
