"""Worked examples on the Train page: the list, the address, and what is said of the chosen one."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mlpdash.data.sets.fetching import is_here
from mlpdash.specs import Experiment
from mlpdash.specs.presets import PRESETS


def said(page: AppTest) -> str:
    text = " ".join(item.value for item in page.markdown)
    return text.replace("\\", "").replace("\u2060", "")  # as a person reads it


def shown(stage: Any) -> Experiment:
    found: Experiment = stage.supervisor.runs[stage.last.run].experiment
    return found


@pytest.mark.parametrize("name", [name for name, one in PRESETS.items() if is_here(one.data)])
def test_each_example_opens_from_its_address_with_its_own_choices(stage: Any, name: str) -> None:
    page = stage.open(example=name)
    assert not page.warning
    assert not page.error
    assert shown(stage) == PRESETS[name].experiment()
    assert stage.last.pace == PRESETS[name].pace
    assert PRESETS[name].title in said(page)
    key = "example" if name != PRESETS[name].data else "data"
    assert page.query_params == {key: name}


def test_the_list_offers_every_example_and_a_click_opens_it(stage: Any) -> None:
    page = stage.open()
    page.button(key="examples").click()
    stage.run()
    buttons = {button.key for button in page.button}
    assert {f"example_{name}" for name in PRESETS} <= buttons
    assert all(preset.title in said(page) for preset in PRESETS.values())
    page.button(key="example_two-gaussians-published").click()
    stage.run()
    assert shown(stage) == PRESETS["two-gaussians-published"].experiment()
    assert "softmax" in said(page)
    page.button(key="compare_two-gaussians").click()
    stage.run()
    assert shown(stage).train.loss == "cross_entropy"


def test_what_is_changed_of_an_example_stands_beside_its_name(stage: Any) -> None:
    page = stage.open(example="polynomial-early-stopping")
    page.number_input(key="patience").set_value(30)
    stage.run()
    assert page.query_params == {"example": "polynomial-early-stopping", "patience": "30"}
    again = stage.open(**page.query_params)
    assert again.number_input(key="patience").value == 30
    assert PRESETS["polynomial-early-stopping"].title in said(again)


def test_another_dataset_ends_an_example(stage: Any) -> None:
    page = stage.open(example="temperature-by-hand")
    page.selectbox(key="data").select("xor")
    stage.run()
    assert page.query_params == {"data": "xor"}
    assert PRESETS["temperature-by-hand"].title not in said(page)


def test_a_run_keeps_its_example_over_a_reload(stage: Any) -> None:
    page = stage.open(example="two-gaussians-published")
    run = stage.start()
    assert page.query_params == {"example": "two-gaussians-published", "run": run}
    again = stage.open(**page.query_params)
    assert PRESETS["two-gaussians-published"].title in said(again)
    other = stage.open(example="line", run=run)  # which this run is not
    assert PRESETS["line"].title not in said(other)


def test_an_example_opened_when_a_run_is_over_is_shown_at_once(stage: Any) -> None:
    page = stage.open(example="two-gaussians")
    run = stage.start()
    stage.supervisor.runs[run].state = "finished"
    page.button(key="compare_two-gaussians-published").click()
    stage.run()
    assert stage.last.run != run
    assert shown(stage).train.loss == "cross_entropy_after_softmax"


def test_an_example_opened_beside_a_live_run_waits_for_reset(stage: Any) -> None:
    page = stage.open(example="two-gaussians")
    run = stage.start()
    page.button(key="compare_two-gaussians-published").click()
    stage.run()
    assert stage.last.run == run
    assert stage.last.pending
    stage.supervisor.runs[run].state = "finished"
    stage.run()
    assert stage.last.run == run  # it was opened beside a live run, so its end changes nothing
