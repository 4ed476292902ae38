"""What a person chose, frozen and checked.

`Experiment` holds three specs. Every field has one flat name that is the same in the URL, on the
command line and in messages; its title, help, bounds and choices stand here and nowhere else.
"""

from mlpdash.specs.activations import ACTIVATIONS
from mlpdash.specs.base import MAX_LAYERS, MAX_NETS, MAX_SEED, MAX_WIDTH, Spec
from mlpdash.specs.data import DataSpec
from mlpdash.specs.experiment import Experiment
from mlpdash.specs.fields import (
    FIELDS,
    LIVE_FIELDS,
    NONE_WORDS,
    bounds_of,
    choices_of,
    help_of,
    items_of,
    part_of,
    title_of,
)
from mlpdash.specs.model import ModelSpec
from mlpdash.specs.optimizers import OPTIMIZERS
from mlpdash.specs.text import format_text, parse_text, rule_of
from mlpdash.specs.train import TrainSpec

__all__ = [
    "ACTIVATIONS",
    "FIELDS",
    "LIVE_FIELDS",
    "MAX_LAYERS",
    "MAX_NETS",
    "MAX_SEED",
    "MAX_WIDTH",
    "NONE_WORDS",
    "OPTIMIZERS",
    "DataSpec",
    "Experiment",
    "ModelSpec",
    "Spec",
    "TrainSpec",
    "bounds_of",
    "choices_of",
    "format_text",
    "help_of",
    "items_of",
    "parse_text",
    "part_of",
    "rule_of",
    "title_of",
]
