"""The picture of a run's net, as the board needs it."""

from __future__ import annotations

from mlpdash.charts.board.network import NetworkPicture, network_picture
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import Experiment
from mlpdash.ui.choices import several_nets


def picture_of(prepared: Prepared, experiment: Experiment) -> NetworkPicture | None:
    """Return the picture of the net that an experiment trains; None where it has too many layers.

    Raises
    ------
    SpecError : the grid cannot be read
    """
    inputs = [label for feature in prepared.features for label in feature.names_out]
    outputs = prepared.classes or prepared.targets
    hidden = several_nets.widest_of(experiment)
    widths = several_nets.widths_of(experiment)
    return network_picture(inputs, hidden, outputs, biases=experiment.model.bias, widths=widths)
