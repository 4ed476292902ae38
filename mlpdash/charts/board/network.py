"""The net as a picture: a small field for each neuron, a line for each weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlpdash.charts import theme
from mlpdash.charts.theme import PALETTES, Scale, Theme
from mlpdash.text import _

MOST_NEURONS: Final = 12  # of a layer that are shown: more would be too small to be read
MOST_LAYERS: Final = 8  # hidden layers, likewise


@dataclass(frozen=True)
class NetworkLayer:
    """One column of the picture.

    Parameters
    ----------
    title : what stands over it, raw text
    names : of the neurons that are shown, from the first on
    width : how many neurons there are
    """

    title: str
    names: tuple[str, ...]
    width: int


@dataclass(frozen=True)
class NetworkPicture:
    """What the board needs to draw a net, made for both themes.

    Parameters
    ----------
    layers : inputs, hidden layers and outputs
    most : how many neurons of each layer a frame holds
    scales : colours from the most negative value of a neuron to the most positive, by theme
    negative, positive : colours of weights
    biases : whether neurons have biases that can be set
    widths : of the hidden layers of each net, where several differ in them; `layers` has the widest
    """

    layers: tuple[NetworkLayer, ...]
    most: int
    scales: dict[Theme, Scale]
    negative: str
    positive: str
    biases: bool
    widths: tuple[tuple[int, ...], ...] = ()


def network_picture(
    inputs: Sequence[str],
    hidden: Sequence[int],
    outputs: Sequence[str],
    *,
    biases: bool = True,
    widths: Sequence[Sequence[int]] = (),
) -> NetworkPicture | None:
    """Return the picture of a net, or None where it has too many layers for one.

    Parameters
    ----------
    inputs, outputs : the names of all
    hidden : widths of the hidden layers, the largest of several nets
    widths : of each net, where they differ
    """
    if len(hidden) > MOST_LAYERS:
        return None
    layers = [_layer(_("Inputs"), inputs)]
    for number, width in enumerate(hidden, 1):
        names = [
            _("neuron {n} of layer {layer}").format(n=n, layer=number) for n in range(1, width + 1)
        ]
        layers.append(_layer(_("Layer {n}").format(n=number), names))
    layers.append(_layer(_("Outputs"), outputs))
    return NetworkPicture(
        layers=tuple(layers),
        most=MOST_NEURONS,
        scales={name: theme.two_sided(palette) for name, palette in PALETTES.items()},
        negative=theme.ORANGE,
        positive=theme.BLUE,
        biases=biases,
        widths=tuple(tuple(own) for own in widths),
    )


def _layer(title: str, names: Sequence[str]) -> NetworkLayer:
    return NetworkLayer(title, tuple(names[:MOST_NEURONS]), len(names))
