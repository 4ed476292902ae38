"""Choices and the URL: what is written is read back, and bad values are named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.data.load import default_pace, starting_point
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.runs.messages.message import PACES
from mlpdash.specs import LIVE_FIELDS, Experiment
from mlpdash.specs.presets import PRESETS
from mlpdash.ui.choices.choices import (
    PLANES,
    Choices,
    View,
    example_choices,
    read_query,
    starting_choices,
    waiting_for_reset,
    write_query,
)

seeds = st.integers(0, 2**32 - 1)
names = st.text(st.characters(exclude_characters=",", exclude_categories=("C", "Z")), min_size=1)
experiments = st.builds(
    lambda data, **choices: starting_point(data).changed(**choices),
    st.sampled_from(list(CATALOGUE)),
    target=st.lists(names, max_size=3).map(tuple),
    task=st.sampled_from(["auto", "classification", "regression"]),
    noise=st.integers(0, 50),
    rows=st.integers(10, 100_000),
    validation=st.floats(0, 0.9),
    standardize=st.booleans(),
    data_seed=seeds,
    hidden=st.lists(st.integers(1, 8192), max_size=16).map(tuple),
    activation=st.sampled_from(["relu", "tanh", "sigmoid", "identity", "prelu"]),
    activations=st.lists(st.sampled_from(["elu", "silu"]), max_size=16).map(tuple),
    init=st.sampled_from(["torch", "he", "zeros"]),
    bias=st.booleans(),
    loss=st.sampled_from(["auto", "huber"]),
    clip=st.none() | st.floats(0, 1e6, exclude_min=True),
    schedule=st.sampled_from(["constant", "step", "cosine"]),
    dropout=st.floats(0, 1, exclude_max=True),
    lr=st.floats(0, 10, exclude_min=True),
    weight_decay=st.floats(0, 10),
    batch_size=st.none() | st.integers(1, 10_000_000),
    epochs=st.none() | st.integers(1, 10_000_000),
    seed=seeds,
    device=st.sampled_from(["auto", "cpu", "mps", "cuda", "cuda:3"]),
)
axes = names | st.just("")
views = st.builds(
    View,
    x=axes,
    y=axes,
    discretize=...,
    show_test=...,
    plane=st.sampled_from(["", *PLANES]),
    output=axes,
    fade=...,
)


def of_dataset(experiment: Experiment, pace: str, view: View) -> Choices:
    data = experiment.data.data
    return Choices(experiment, pace, view, data if data in PRESETS else "")


def of_example(name: str, view: View, lr: float) -> Choices:
    return replace(example_choices(name), view=view).changed(lr=lr)


rates = st.floats(0, 10, exclude_min=True)
choices_of_all_kinds = st.builds(
    of_dataset, experiments, st.sampled_from(PACES), views
) | st.builds(of_example, st.sampled_from(list(PRESETS)), views, rates)


@given(choices_of_all_kinds)
def test_what_is_written_is_read_back(choices: Choices) -> None:
    again, problems = read_query(write_query(choices, starting_point), starting_point)
    assert again == choices
    assert problems == []


def test_suggested_folds_stay_beside_a_share_held_out_that_has_no_part_now() -> None:
    choices = starting_choices("iris", starting_point).changed(validation=0.3)
    query = write_query(choices, starting_point)
    assert query == {"data": "iris", "validation": "0.3", "folds": "5"}
    assert read_query(query, starting_point) == (choices, [])


@pytest.mark.parametrize("data", CATALOGUE)
def test_a_starting_point_writes_only_its_name(data: str) -> None:
    choices = starting_choices(data, starting_point)
    assert choices.pace == default_pace(data)
    assert write_query(choices, starting_point) == ({} if data == "circle" else {"data": data})


def test_the_names_are_those_of_the_command_line() -> None:
    choices = starting_choices("circle", starting_point).changed(
        hidden=(16, 16), batch_size=None, epochs=None, weight_decay=0.001
    )
    assert write_query(replace(choices, pace="full"), starting_point) == {
        "hidden": "16,16",
        "batch_size": "full",
        "epochs": "until-stopped",
        "weight_decay": "0.001",
        "pace": "full",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("noise", "51"),
        ("rows", "9"),
        ("validation", "1"),
        ("test", "nan"),
        ("standardize", "maybe"),
        ("data_seed", "-1"),
        ("hidden", "0"),
        ("hidden", ",".join(["2"] * 17)),
        ("activation", "swish"),
        ("activations", "relu,swish"),
        ("inputs", "x3"),
        ("clip", "0"),
        ("plane", "tsne"),
        ("fade", "1"),
        ("example", "nosuch"),
        ("dropout", "1"),
        ("optimizer", "lion"),
        ("lr", "0"),
        ("lr", "inf"),
        ("batch_size", "0"),
        ("epochs", "forever"),
        ("device", "cuda:x"),
        ("task", "clustering"),
        ("pace", "61"),
        ("show_test", "1"),
    ],
)
def test_each_bad_value_is_one_sentence_and_changes_nothing(name: str, text: str) -> None:
    choices, problems = read_query({name: text, "seed": "5"}, starting_point)
    assert len(problems) == 1
    assert name in problems[0]
    assert choices == starting_choices("circle", starting_point).changed(seed=5)


def test_a_long_bad_value_is_cut() -> None:
    (problem,) = read_query({"pace": "x" * 5000}, starting_point)[1]
    assert len(problem) < 200


def test_names_that_are_none_of_ours_say_nothing() -> None:
    assert read_query({"utm_source": "x", "embed": "true"}, starting_point)[1] == []


def test_only_live_fields_do_not_wait() -> None:
    run = Experiment()
    changes: dict[str, Any] = {
        "lr": 1.0,
        "weight_decay": 0.1,
        "batch_size": None,
        "activation": "relu",
        "activations": ("elu",),
        "optimizer": "adamw",
    }
    assert set(changes) == set(LIVE_FIELDS)
    assert waiting_for_reset(run.changed(**changes), run) == frozenset()
    assert waiting_for_reset(run.changed(**changes, seed=1, hidden=()), run) == {"seed", "hidden"}
    grid = run.changed(sweep="lr=0.01,0.1")
    assert waiting_for_reset(grid.changed(lr=0.5), grid) == {"lr"}


def test_names_may_be_written_as_flags_are():
    choices, problems = read_query({"batch-size": "32", "class-weight": "balanced"}, starting_point)
    assert problems == []
    train = choices.experiment.train
    assert (train.batch_size, train.class_weight) == (32, "balanced")
