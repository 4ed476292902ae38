"""A script holds every choice of a net and its training: another value makes another script."""

import pytest

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.results.exporting.script.script import script
from mlpdash.specs import FIELDS, OPTIMIZERS, ModelSpec, TrainSpec, bounds_of, choices_of
from tests.one_net import one_net

NOT_IN_IT = {  # the same losses for all values, or those of the first net; or there is no script
    "device",
    "nets",
    "sweep",
    "weights",
}
KNOBS = [name for spec in (ModelSpec, TrainSpec) for name in spec.model_fields]


@pytest.fixture(scope="module")
def start():
    return one_net("circle").changed(schedule="step", patience=9)


def another(name, value):
    """Return a value of a field that it does not have."""
    if name in ("hidden", "activations"):
        return {"hidden": (3,), "activations": ("relu",)}[name]
    if name == "class_weight":
        return "balanced"
    if name == "loss":
        return "cross_entropy_after_softmax"
    if choices_of(name):
        return next(choice for choice in choices_of(name) if choice not in (value, "auto"))
    if isinstance(value, bool):
        return not value
    low = max(bounds_of(name).get("ge", 0), bounds_of(name).get("gt", 0))
    return low + 1 if FIELDS[name].annotation in (int, int | None) else low + 0.4


@pytest.mark.parametrize("name", [name for name in KNOBS if name not in NOT_IN_IT])
def test_another_value_is_another_script(name, start):
    usual = next((kind for kind, one in OPTIMIZERS.items() if name in one.parameters), "sgd")
    one = start.changed(optimizer=usual)
    other = one.changed(**{name: another(name, one.flat()[name])})
    prepared = prepare(load(one.data), one.data)
    assert script(prepared, one, "tensors", 5) != script(prepared, other, "tensors", 5)
