"""Controls that come and go with what is chosen: losses, an optimiser's own numbers, planes."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.sets.fetching import is_here
from mlpdash.specs import Experiment, choices_of, items_of
from mlpdash.training.choices import losses_for, parameters_of_optimizer
from mlpdash.ui.train.sets import FAMILIES, family_of

OWN = {name for kind in choices_of("optimizer") for name in parameters_of_optimizer(kind)}


def numbers(page: AppTest) -> set[str]:
    return {str(field.key) for field in page.number_input}


def shown(stage: Any) -> Experiment:
    found: Experiment = stage.supervisor.runs[stage.last.run].experiment
    return found


@pytest.mark.parametrize("name", choices_of("optimizer"))
def test_an_optimiser_brings_its_own_numbers(stage: Any, name: str) -> None:
    page = stage.open(optimizer=name)
    own = parameters_of_optimizer(name)
    assert numbers(page) & OWN == set(own)
    for field in own:
        page.number_input(key=field).set_value(0.5)
    stage.run()
    assert all(shown(stage).flat()[field] == 0.5 for field in own)
    assert page.query_params == {
        **({"optimizer": name} if name != "sgd" else {}),
        **dict.fromkeys(own, "0.5"),
    }


def test_steps_ask_for_their_length_and_factor(stage: Any) -> None:
    page = stage.open()
    assert not numbers(page) & {"step_epochs", "step_factor"}
    page.selectbox(key="schedule").select("step")
    stage.run()
    page.number_input(key="step_epochs").set_value(20)
    page.number_input(key="step_factor").set_value(0.1)
    stage.run()
    assert page.query_params == {"schedule": "step", "step_epochs": "20", "step_factor": "0.1"}


def test_only_losses_of_the_task_are_offered(stage: Any) -> None:
    page = stage.open()
    assert len(page.selectbox(key="loss").options) == len(losses_for("classification"))
    assert page.selectbox(key="loss").options[0] == "Auto"
    page.selectbox(key="data").select("plane")
    stage.run()
    assert len(page.selectbox(key="loss").options) == len(losses_for("regression"))


def test_a_list_has_the_same_texts_for_all_data_and_says_beside_it_what_auto_means(
    stage: Any,
) -> None:
    page = stage.open()
    for data, loss, task in (
        ("circle", "Cross-entropy", None),
        ("diabetes", "Squared error", "Regression"),
        ("iris", "Cross-entropy", "Classification"),
    ):
        page.selectbox(key="data").select(data)
        stage.run()
        assert page.selectbox(key="loss").options[0] == "Auto"
        said = {caption.value.replace("\\", "") for caption in page.caption}
        assert loss in said
        if task is not None:
            assert page.selectbox(key="task").options[0] == "Auto"
            assert page.selectbox(key="target").options[0] == "Auto"
            assert task in said


def test_a_loss_that_the_task_cannot_have_is_let_go_in_a_sentence(stage: Any) -> None:
    page = stage.open(loss="huber")
    assert page.query_params == {}
    assert any("Loss" in caption.value for caption in page.caption)
    assert not page.error
    page.selectbox(key="loss").select("cross_entropy")
    stage.run()
    assert not any("huber" in caption.value for caption in page.caption)


def test_half_a_cosine_needs_an_end(stage: Any) -> None:
    page = stage.open(schedule="cosine")
    page.toggle(key="until_stopped").set_value(True)
    stage.run()
    assert shown(stage).train.schedule == "constant"
    assert any("cosine needs a number" in caption.value for caption in page.caption)


def test_each_layer_has_an_activation_of_its_own(stage: Any) -> None:
    page = stage.open()
    page.selectbox(key="activation_2").select("silu")
    stage.run()
    assert page.query_params == {"activations": "tanh,silu"}
    page.selectbox(key="activation").select("relu")  # the first layer had the common one
    stage.run()
    assert shown(stage).model.layer_activations == ("relu", "silu")
    page.selectbox(key="activation_2").select("relu")
    stage.run()
    assert page.query_params == {"activation": "relu"}


def test_inputs_are_ticked_in_their_order_and_one_stays(stage: Any) -> None:
    page = stage.open()
    chips = page.button_group(key="inputs")
    assert len(chips.options) == len(items_of("inputs"))
    chips.set_value(["x1*x2", "x1"])
    stage.run()
    assert page.query_params == {"inputs": "x1,x1*x2"}
    page.button_group(key="inputs").set_value([])
    stage.run()
    assert shown(stage).data.inputs == ("x1", "x1*x2")
    assert any("Inputs" in caption.value for caption in page.caption)


@pytest.mark.parametrize("data", ["iris", "line", "drawn"])
def test_engineered_inputs_are_offered_on_the_plane_alone(stage: Any, data: str) -> None:
    page = stage.open(data=data)
    has = any(group.key == "inputs" for group in page.button_group)
    assert has == CATALOGUE[data].on_plane


@pytest.mark.parametrize("name", [name for name in CATALOGUE if is_here(name)])
def test_every_set_has_a_picture_among_its_kind(stage: Any, name: str) -> None:
    page = stage.open(data=name)
    family = family_of(CATALOGUE[name])
    assert page.segmented_control(key="family").value == family
    pictures = page.button_group(key=f"set_{family}")
    assert pictures.value == name
    assert len(pictures.options) == sum(family_of(one) == family for one in CATALOGUE.values())


def test_the_pictures_of_another_kind_are_a_click_away(stage: Any) -> None:
    page = stage.open()
    for family in FAMILIES:
        page.segmented_control(key="family").set_value(family)
        stage.run()
        first = next(name for name, one in CATALOGUE.items() if family_of(one) == family)
        page.button_group(key=f"set_{family}").set_value(first)
        stage.run()
        assert page.selectbox(key="data").value == first


def test_the_plane_can_be_two_inputs_or_the_components(stage: Any) -> None:
    page = stage.open(data="iris")
    assert page.selectbox(key="plane").value == "inputs"
    page.selectbox(key="plane").set_value("pca")
    page.toggle(key="fade").set_value(True)
    stage.run()
    assert page.query_params == {"data": "iris", "plane": "pca", "fade": "true"}
    assert (stage.last.view["plane"], stage.last.view["fade"]) == ("pca", True)
    assert not [box for box in page.selectbox if box.key in ("x", "y")]
    again = stage.open(**page.query_params)
    assert again.selectbox(key="plane").value == "pca"


def test_one_class_can_be_looked_at(stage: Any) -> None:
    page = stage.open(data="iris")
    page.selectbox(key="output").select("virginica")
    stage.run()
    assert page.query_params == {"data": "iris", "output": "virginica"}
    assert stage.last.view["output"] == "virginica"
    page.selectbox(key="data").select("xor")
    stage.run()
    assert not [box for box in page.selectbox if box.key == "output"]


@pytest.mark.parametrize("query", [{}, {"data": "iris", "schedule": "step", "optimizer": "nadam"}])
def test_every_knob_says_what_it_does(stage: Any, query: dict[str, str]) -> None:
    page = stage.open(**query)
    kinds = ("selectbox", "slider", "select_slider", "number_input", "text_input", "toggle")
    knobs = [knob for kind in kinds for knob in page.get(kind)]
    assert len(knobs) > 30
    silent = [knob.label for knob in knobs if not knob.help]
    assert all(label.startswith("Activation of layer") for label in silent), silent
