"""Every field's bounds, sentences and text form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.errors import SpecError
from mlpdash.specs import (
    FIELDS,
    NONE_WORDS,
    Experiment,
    bounds_of,
    choices_of,
    format_text,
    help_of,
    items_of,
    parse_text,
    title_of,
)
from mlpdash.specs.preparation import Preparation

BAD = {
    "task": ["clustering", ""],
    "noise": ["-1", "51", "1.5", "much"],
    "rows": ["9", "100001", "many"],
    "validation": ["-0.1", "0.91", "nan", "half"],
    "test": ["-0.1", "0.6", "inf"],
    "standardize": ["maybe", "2"],
    "data_seed": ["-1", "4294967296", "x"],
    "split_seed": ["-1", "4294967296"],
    "hidden": ["0", "8193", "4,x", "1.5", ",".join("1" * 17), "-3", "1000000,1000000"],
    "activation": ["swish", "RELU"],
    "dropout": ["-0.1", "1", "nan"],
    "optimizer": ["lbfgs", ""],
    "lr": ["0", "-1", "11", "nan", "inf", "fast"],
    "weight_decay": ["-1", "11", "nan"],
    "batch_size": ["0", "-5", "2.5", "all", "10000001"],
    "epochs": ["0", "-1", "1e3", "forever", "10000001"],
    "seed": ["-1", "4294967296", "0.5"],
    "preparation": ["{x", '{"split": "never"}', "[1]", '{"levels": 0}'],
    "patience": ["0", "-1", "1.5", "never"],
    "plateau": ["0", "-1", "soon"],
    "l1": ["-1", "11", "nan"],
    "nets": ["0", "257", "1.5", "many"],
    "folds": ["1", "21", "2.5", "many"],
    "repeats": ["0", "21", "1.5"],
    "sweep": ["x" * 501],
    "inputs": ["x3", "", "x1,cos(x1)"],
    "points": ["1" * 40_001],
    "activations": ["relu,swish", ",".join(["relu"] * 17)],
    "init": ["ones", ""],
    "weights": ["net.safetensors", "sha256:12:net.pt"],
    "bias": ["perhaps"],
    "loss": ["mse", ""],
    "momentum": ["1", "-0.1", "nan"],
    "beta1": ["1", "-0.1", "high"],
    "beta2": ["1", "-0.1", "nan"],
    "smoothing": ["1", "-1"],
    "eps": ["0", "2", "nan"],
    "lr_decay": ["-1", "2"],
    "momentum_decay": ["-1", "2"],
    "schedule": ["linear", ""],
    "step_epochs": ["0", "1.5"],
    "step_factor": ["0", "1.1"],
    "warmup": ["-1", "2.5"],
    "clip": ["0", "-1", "none", "nan"],
    "class_weight": ["x" * 20_001],
    "best_by": ["", "Loss", "f1"],
    "device": ["tpu", "cuda:x", "", "cpu0"],
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in BAD.items() for t in texts])
def test_a_bad_value_is_refused_with_the_name_the_rule_and_what_came(name, text):
    with pytest.raises(SpecError) as refused:
        Experiment().changed(**{name: parse_text(name, text)})
    sentence = str(refused.value)
    assert refused.value.field == name
    assert sentence.startswith(f"{title_of(name)} ({name}) must be ")
    assert "; got " in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_every_field_has_bad_values_here():
    assert set(FIELDS) - set(BAD) == {"data", "target"}  # any text; the catalogue checks them


def test_every_field_has_a_title_and_help():
    for name in FIELDS:
        assert title_of(name)
        assert help_of(name).endswith(".")


def test_an_unknown_name_is_named_with_those_there_are():
    with pytest.raises(SpecError, match='no choice called "colour"; there are data, target'):
        Experiment().changed(colour="red")


def texts_of(name):
    """Make valid values of a field, out of its own bounds."""
    bounds, kind = bounds_of(name), FIELDS[name].annotation
    if choices_of(name):
        return st.sampled_from(choices_of(name))
    if items_of(name):
        return st.lists(st.sampled_from(items_of(name)), min_size=1, max_size=7).map(tuple)
    if name == "hidden":
        return st.lists(st.integers(1, 8_192), max_size=16).map(tuple)
    if name == "target":
        column = st.text(min_size=1, max_size=8).map(str.strip).filter(bool)
        printable = column.filter(lambda t: t.isprintable())
        return st.lists(printable, max_size=3).map(tuple)
    if name == "preparation":
        return st.sampled_from([Preparation(), Preparation(split="time", levels=7)])
    if name == "sweep":
        return st.sampled_from(["", "lr=0.1,0.2", "lr=0.1; dropout=0,0.5"])
    if name == "device":
        return st.sampled_from(["auto", "cpu", "mps", "cuda", "cuda:3"])
    if name == "weights":
        return st.sampled_from(["", f"sha256:{'0a' * 32}:my net: 2.safetensors"])
    if kind is bool:
        return st.booleans()
    if kind is str:
        return st.just("iris")
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    if kind in (float, float | None):
        numbers = st.floats(
            low, high, exclude_min="gt" in bounds, exclude_max="lt" in bounds, allow_subnormal=False
        )
    else:
        numbers = st.integers(int(low), int(high))
    return numbers | st.none() if name in NONE_WORDS else numbers


@given(st.data())
def test_text_reads_back_to_the_same_experiment(data):
    start = Experiment()
    for name in FIELDS:
        value = data.draw(texts_of(name), label=name)
        changed = start.changed(**{name: value})
        assert changed.flat()[name] == value
        assert parse_text(name, format_text(name, value)) == value


def test_an_experiment_reads_back_from_json():
    one = Experiment().changed(hidden=(3, 2), epochs=None, target=("a", "b"))
    assert Experiment.model_validate_json(one.model_dump_json()) == one


def test_an_experiment_is_frozen():
    with pytest.raises(Exception, match="frozen"):
        Experiment().train.lr = 1.0
