"""The shape of the net."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, field_validator

from mlpdash.specs.activations import ACTIVATIONS
from mlpdash.specs.base import MAX_LAYERS, MAX_WIDTH, Live, Spec
from mlpdash.text import N_, _

if TYPE_CHECKING:
    ActivationName = str  # types are not made from a table
else:
    ActivationName = Literal[tuple(ACTIVATIONS)]

WEIGHTS_KEY: Final = r"sha256:([0-9a-f]{64}):(.{1,120})"  # digest and name of a file


def weights_name(key: str) -> str:
    """Return the name of the file that a key of own weights is about.

    >>> weights_name(f"sha256:{'0a' * 32}:net.pt")
    'net.pt'
    """
    match = re.fullmatch(WEIGHTS_KEY, key)
    return match[2] if match else key


class ModelSpec(Spec):
    """The shape of the net, and what it starts from."""

    hidden: tuple[int, ...] = Field(
        (4, 2),
        max_length=MAX_LAYERS,
        title=N_("Hidden layers"),
        description=N_(
            "Neurons in each hidden layer, such as 16, 16; empty is a linear model. "
            "More layers bend the boundary more, and are harder to train."
        ),
    )
    activation: Annotated[ActivationName, Live()] = Field(
        "tanh",
        title=N_("Activation"),
        description=N_(
            "What each neuron does to its sum. ReLU gives straight edges, tanh smooth ones; "
            "identity makes the whole net linear."
        ),
    )
    activations: Annotated[tuple[ActivationName, ...], Live()] = Field(
        (),
        max_length=MAX_LAYERS,
        title=N_("Activation per layer"),
        description=N_(
            "An activation of its own for each hidden layer, from the first on; layers beyond the "
            "list have the common one. Try relu, tanh."
        ),
    )
    init: Literal["torch", "xavier", "he", "normal", "zeros"] = Field(
        "torch",
        title=N_("Initial weights"),
        description=N_(
            "What training starts from. Xavier suits tanh and sigmoid, He suits ReLU; start from "
            "zeros to see why weights are drawn at random."
        ),
    )
    weights: str = Field(
        "",
        title=N_("Own weights"),
        description=N_(
            "A file of weights that training starts from: safetensors, or a state_dict that "
            "torch.save wrote. Its layers must have the shapes of this net."
        ),
    )
    bias: bool = Field(
        True,
        title=N_("Biases"),
        description=N_(
            "Whether each neuron adds a number of its own. Without them every line goes through "
            "the origin."
        ),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        title=N_("Dropout"),
        description=N_(
            "Share of hidden neurons silenced at random in each step. Try 0.2 when the "
            "validation loss rises while the training loss falls."
        ),
    )

    @field_validator("hidden")
    @classmethod
    def _widths(cls, hidden: tuple[int, ...]) -> tuple[int, ...]:
        for width in hidden:
            if not 1 <= width <= MAX_WIDTH:
                raise ValueError(
                    _("must be widths from 1 to {most:,}; got {width:,}").format(
                        most=MAX_WIDTH, width=width
                    )
                )
        return hidden

    @field_validator("weights")
    @classmethod
    def _key_of_weights(cls, weights: str) -> str:
        if weights and not re.fullmatch(WEIGHTS_KEY, weights):
            raise ValueError(_("must be the key of a file of weights that was given here"))
        return weights

    @property
    def layer_activations(self) -> tuple[ActivationName, ...]:
        """The activation of each hidden layer.

        >>> ModelSpec(hidden=(8, 4), activation="relu", activations=("tanh",)).layer_activations
        ('tanh', 'relu')
        """
        own = self.activations[: len(self.hidden)]
        return (*own, *[self.activation] * (len(self.hidden) - len(own)))
