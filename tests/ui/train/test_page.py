"""The Train page by AppTest: what the widgets do to the URL, the draft and the run."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from streamlit.testing.v1 import AppTest

from mlpdash.data import uploads
from mlpdash.data.load import starting_point
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.sets.fetching import is_here
from mlpdash.ui.choices import address, picking, state
from mlpdash.ui.data import page as data_page
from mlpdash.ui.train import network
from tests.lines_run import lines_run

CSV = b"height,weight,kind\n" + b"".join(
    f"{150 + n % 40},{50 + n % 30},{'cat' if n % 3 else 'dog'}\n".encode() for n in range(90)
)


def captions(page: AppTest) -> list[str]:
    return [caption.value for caption in page.caption]


def needs_reset(page: AppTest) -> int:
    return sum("Needs Reset" in text for text in captions(page))


def test_it_opens_with_the_circle_and_a_clean_address(stage: Any) -> None:
    page = stage.open()
    assert page.selectbox(key="data").value == "circle"
    assert page.text_input(key="hidden").value == "4, 2"
    assert page.number_input(key="lr").value == 0.03
    assert page.number_input(key="lr").label == "Learning rate"
    assert page.query_params == {}
    assert not page.warning
    assert not page.error
    assert stage.last.run == "run-1"
    assert stage.last.secret == "secret of run-1"
    assert stage.last.pace == "60"
    assert not stage.last.pending
    assert stage.supervisor.runs["run-1"].experiment == starting_point("circle")


@pytest.mark.slow
def test_every_dataset_of_the_catalogue_opens(stage: Any) -> None:
    page = stage.open()
    for name in [name for name in CATALOGUE if is_here(name)]:
        page.selectbox(key="data").select(name)
        stage.run()
        assert not page.error, name
        chosen = stage.supervisor.runs[stage.last.run].experiment
        assert chosen.data == starting_point(name).data
        if not CATALOGUE[name].on_plane:  # between those a net stays
            assert chosen == starting_point(name)


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        ("number_input", "lr", 0.1, "0.1"),
        ("number_input", "weight_decay", 0.001, "0.001"),
        ("number_input", "batch_size", 25, "25"),
        ("number_input", "epochs", 7, "7"),
        ("number_input", "seed", 3, "3"),
        ("number_input", "data_seed", 4, "4"),
        ("number_input", "split_seed", 5, "5"),
        ("selectbox", "activation", "relu", "relu"),
        ("selectbox", "init", "he", "he"),
        ("toggle", "bias", False, "false"),
        ("selectbox", "optimizer", "nadam", "nadam"),
        ("selectbox", "loss", "cross_entropy_after_softmax", "cross_entropy_after_softmax"),
        ("selectbox", "schedule", "cosine", "cosine"),
        ("number_input", "warmup", 5, "5"),
        ("number_input", "l1", 0.001, "0.001"),
        ("selectbox", "device", "cpu", "cpu"),
        ("slider", "noise", 20, "20"),
        ("slider", "validation", 0.25, "0.25"),
        ("slider", "dropout", 0.2, "0.2"),
        ("select_slider", "rows", 200, "200"),
        ("text_input", "hidden", "16, 16", "16,16"),
    ],
)
def test_a_choice_reaches_the_address_and_survives_a_reload(
    stage: Any, kind: str, name: str, value: Any, text: str
) -> None:
    page = stage.open()
    getattr(page, kind)(key=name).set_value(value)
    stage.run()
    assert page.query_params == {name: text}
    experiment = stage.supervisor.runs[stage.last.run].experiment
    again = stage.open(**page.query_params)
    assert getattr(again, kind)(key=name).value == value
    assert not again.warning
    assert (
        stage.supervisor.runs[stage.last.run].experiment == experiment != starting_point("circle")
    )


@pytest.mark.parametrize(
    ("switch", "name", "word"),
    [("full_batch", "batch_size", "full"), ("until_stopped", "epochs", "until-stopped")],
)
def test_a_switch_stands_for_no_number_and_gives_it_back(
    stage: Any, switch: str, name: str, word: str
) -> None:
    page = stage.open()
    page.number_input(key=name).set_value(40)
    stage.run()
    page.toggle(key=switch).set_value(True)
    stage.run()
    assert page.query_params == {name: word}
    assert page.number_input(key=name).disabled
    assert stage.supervisor.runs[stage.last.run].experiment.flat()[name] is None
    page.toggle(key=switch).set_value(False)
    stage.run()
    assert page.query_params == {name: "40"}
    assert page.number_input(key=name).value == 40


@pytest.mark.parametrize(("name", "usual"), [("patience", 50), ("plateau", 20), ("clip", 1.0)])
def test_a_switch_turns_on_what_has_a_number(stage: Any, name: str, usual: float) -> None:
    page = stage.open()
    assert page.number_input(key=name).disabled
    page.toggle(key=f"{name}_on").set_value(True)
    stage.run()
    assert page.query_params == {name: f"{usual:g}"}
    page.number_input(key=name).set_value(7)
    stage.run()
    assert stage.supervisor.runs[stage.last.run].experiment.flat()[name] == 7
    page.toggle(key=f"{name}_on").set_value(False)
    stage.run()
    assert page.query_params == {}
    page.toggle(key=f"{name}_on").set_value(True)
    stage.run()
    assert page.query_params == {name: "7"}


def test_view_and_pace_are_in_the_address_too(stage: Any) -> None:
    page = stage.open()
    page.toggle(key="discretize").set_value(True)
    page.toggle(key="show_test").set_value(True)
    stage.press(pace="full")
    assert page.query_params == {"discretize": "true", "show_test": "true", "pace": "full"}
    assert stage.last.view["discretize"]
    assert stage.last.view["show_test"]
    assert not stage.last.view["fade"]
    assert stage.last.pace == "full"
    assert stage.last.run == "run-1"  # neither asks for another net
    again = stage.open(**page.query_params)
    assert again.toggle(key="discretize").value
    assert stage.last.pace == "full"


def test_axes_can_be_chosen_where_there_are_more_than_two_inputs(stage: Any) -> None:
    page = stage.open(data="iris", x="sepal length")
    assert page.selectbox(key="x").value == "sepal length"
    page.selectbox(key="y").select("sepal width")
    stage.run()
    assert page.query_params == {"data": "iris", "x": "sepal length", "y": "sepal width"}
    assert (stage.last.view["x"], stage.last.view["y"]) == ("sepal length", "sepal width")
    page.selectbox(key="data").select("xor")
    stage.run()
    assert not [box for box in page.selectbox if box.key in ("x", "y")]
    assert page.query_params == {"data": "xor"}


def test_an_axis_that_becomes_the_target_is_let_go(stage: Any) -> None:
    page = stage.open(data="diabetes", x="bmi", y="age")
    page.selectbox(key="target").select(("bmi",))
    stage.run()
    assert not page.error
    assert page.query_params == {"data": "diabetes", "target": "bmi", "y": "age"}
    assert (stage.last.view["x"], stage.last.view["y"]) == ("", "age")


def test_a_run_whose_table_is_gone_says_so(stage: Any) -> None:
    gone = starting_point("iris").changed(data="sha256:" + "0" * 64)
    stage.supervisor.add("old", gone, "finished")
    page = stage.open(run="old")
    assert page.error
    assert not stage.shown
    assert page.query_params["run"] == "old"


def test_between_sets_of_the_plane_net_rate_and_optimiser_stay(stage: Any) -> None:
    page = stage.open(discretize="true")
    page.selectbox(key="activation").select("elu")
    page.selectbox(key="data").select("moons")
    stage.run()
    chosen = stage.supervisor.runs[stage.last.run].experiment
    assert chosen.model == starting_point("circle").model.model_copy(update={"activation": "elu"})
    assert chosen.train == starting_point("circle").train
    assert chosen.data == starting_point("moons").data
    assert "Your net was kept." in captions(page)
    page.button(key="use_suggested").click()
    stage.run()
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point("moons")
    assert page.query_params == {"data": "moons"}
    assert "Your net was kept." not in captions(page)


@pytest.mark.parametrize("data", ["iris", "plane", "sine", "two-gaussians"])
def test_other_rows_bring_their_own_settings_with_the_net_before_beside_them(
    stage: Any, data: str
) -> None:
    page = stage.open()
    page.selectbox(key="data").select("moons")
    stage.run()
    page.button(key="use_suggested").click()
    stage.run()
    before = starting_point("moons")
    page.selectbox(key="data").select(data)
    stage.run()
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point(data)
    assert "Settings suggested for these rows." in captions(page)
    page.button(key="keep_net").click()
    stage.run()
    chosen = stage.supervisor.runs[stage.last.run].experiment
    assert chosen.model == before.model
    assert (chosen.train.optimizer, chosen.train.lr) == (before.train.optimizer, before.train.lr)
    assert chosen.data == starting_point(data).data
    assert "Settings suggested for these rows." not in captions(page)


@pytest.mark.parametrize("data", ["spiral", "iris", "plane"])
def test_what_was_set_by_hand_or_stands_in_the_address_stays_with_other_data(
    stage: Any, data: str
) -> None:
    page = stage.open(hidden="9", validation="0.3")
    page.number_input(key="lr").set_value(0.02)
    stage.run()
    page.selectbox(key="data").select(data)
    stage.run()
    chosen = stage.supervisor.runs[stage.last.run].experiment
    assert (chosen.model.hidden, chosen.train.lr, chosen.data.validation) == ((9,), 0.02, 0.3)
    if data == "iris":
        assert chosen.train.batch_size == starting_point("iris").train.batch_size


def test_a_set_that_its_small_net_does_not_solve_says_what_to_reach(stage: Any) -> None:
    page = stage.open()
    page.selectbox(key="data").select("spiral")
    stage.run()
    assert any("95 %" in caption.replace("\\", "") for caption in captions(page))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"lr": "-1"}, "Learning rate"),
        ({"lr": "abc"}, "Learning rate"),
        ({"hidden": "16,x"}, "Hidden layers"),
        ({"hidden": "9000"}, "Hidden layers"),
        ({"activation": "![](http://x.y/z.png)"}, "Activation"),
        ({"device": "tpu"}, "Device"),
        ({"data": "nosuch"}, "nosuch"),
        ({"data": "sha256:" + "0" * 64}, ""),
        ({"target": "nosuch", "data": "iris"}, "nosuch"),
        ({"pace": "fast"}, "pace"),
        ({"discretize": "perhaps"}, "discretize"),
        ({"x": "nosuch"}, "nosuch"),
        ({"validation": "0.9", "test": "0.5"}, ""),
    ],
)
def test_a_bad_value_in_the_address_is_named_once_and_ignored(
    stage: Any, query: dict[str, str], said: str
) -> None:
    page = stage.open(**query)
    assert len(page.warning) == 1
    assert said in page.warning[0].value.replace("\\", "")
    assert "![" not in page.warning[0].value
    assert not page.error
    data = query["data"] if query.get("data") in CATALOGUE else "circle"
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point(data)
    assert page.query_params == ({} if data == "circle" else {"data": data})


def test_good_values_are_kept_beside_bad_ones_and_foreign_ones_go(stage: Any) -> None:
    page = stage.open(lr="0.3", hidden="?", batch_size="0", utm_source="mail")
    assert len(page.warning) == 2
    assert page.query_params == {"lr": "0.3"}
    page.number_input(key="lr").set_value(0.1)
    stage.run()
    assert not page.warning  # said once


def test_back_in_the_browser_brings_the_choices_back(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "SETTLED", 0.0)
    page = stage.open()
    page.number_input(key="lr").set_value(0.3)
    stage.run()
    page.selectbox(key="data").select("xor")
    stage.run()
    page.query_params.clear()
    page.query_params["lr"] = "0.3"
    stage.run()
    assert page.selectbox(key="data").value == "circle"
    assert page.number_input(key="lr").value == 0.3
    assert page.query_params == {"lr": "0.3"}


def test_an_old_address_on_its_way_does_not_undo_a_choice(stage: Any) -> None:
    page = stage.open()
    page.number_input(key="lr").set_value(0.3)
    stage.run()
    page.query_params.clear()  # as a rerun has it that left the browser a moment ago
    stage.run()
    assert page.number_input(key="lr").value == 0.3
    assert page.query_params == {"lr": "0.3"}


def test_hidden_layers_by_text_and_by_buttons_agree(stage: Any) -> None:
    page = stage.open()

    def click(label: str) -> str:
        next(button for button in page.button if button.label == label).click()
        stage.run()
        return str(page.text_input(key="hidden").value)

    assert click("More neurons in layer 1") == "5, 2"
    assert click("Fewer neurons in layer 2") == "5, 1"
    assert next(b for b in page.button if b.label == "Fewer neurons in layer 2").disabled
    assert click("Add layer") == "5, 1, 1"
    assert click("Remove layer") == "5, 1"
    assert stage.supervisor.runs[stage.last.run].experiment.model.hidden == (5, 1)
    page.text_input(key="hidden").set_value("")
    stage.run()
    assert page.query_params == {"hidden": ""}
    folds = " ".join(fold.label for fold in page.expander)
    assert "6 parameters" in folds.replace("\\", "")


def test_a_wrong_list_of_layers_is_told_there_and_the_last_one_stays(stage: Any) -> None:
    page = stage.open()
    page.text_input(key="hidden").set_value("16, many")
    stage.run()
    assert any("Hidden layers" in text.replace("\\", "") for text in captions(page))
    assert page.text_input(key="hidden").value == "16, many"
    assert stage.last.run == "run-1"
    page.text_input(key="hidden").set_value("16, 8")
    stage.run()
    assert not any("Hidden layers" in text for text in captions(page))
    assert stage.supervisor.runs[stage.last.run].experiment.model.hidden == (16, 8)


def test_a_net_that_does_not_fit_is_refused_before_anything_is_asked_for(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "free_memory", lambda: 1_000_000)
    page = stage.open(hidden="8192,8192")
    assert "parameters" in page.error[0].value
    assert stage.supervisor.runs == {}
    page.text_input(key="hidden").set_value("8")
    stage.run()
    assert not page.error
    assert list(stage.supervisor.runs) == ["run-1"]


def test_a_started_run_is_in_the_address_and_says_what_needs_reset(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    assert page.query_params == {"run": run}
    assert needs_reset(page) == 0
    page.selectbox(key="init").select("he")
    stage.run()
    assert needs_reset(page) == 1
    assert stage.last.pending
    assert stage.last.run == run
    page.selectbox(key="init").select("torch")
    stage.run()
    assert needs_reset(page) == 0
    assert not stage.last.pending


def test_live_fields_act_on_the_run_and_need_no_reset(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    page.number_input(key="lr").set_value(0.1)
    page.number_input(key="weight_decay").set_value(0.01)
    page.number_input(key="batch_size").set_value(50)
    page.selectbox(key="optimizer").select("nesterov")
    page.selectbox(key="activation").select("gelu")
    page.selectbox(key="activation_2").select("silu")
    page.toggle(key="discretize").set_value(True)
    page.toggle(key="show_test").set_value(True)
    stage.run()
    assert needs_reset(page) == 0
    assert stage.last.run == run
    assert stage.last.live == {
        "lr": 0.1,
        "weight_decay": 0.01,
        "batch_size": 50,
        "optimizer": "nesterov",
        "activation": "gelu",
        "activations": ("gelu", "silu"),
    }


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("slider", "noise", 20),
        ("slider", "validation", 0.25),
        ("select_slider", "rows", 200),
        ("number_input", "data_seed", 1),
        ("number_input", "split_seed", 1),
        ("number_input", "seed", 1),
        ("text_input", "hidden", "3"),
        ("slider", "dropout", 0.2),
        ("selectbox", "init", "xavier"),
        ("toggle", "bias", False),
        ("selectbox", "loss", "cross_entropy"),
        ("selectbox", "schedule", "cosine"),
        ("number_input", "warmup", 3),
        ("number_input", "epochs", 10),
        ("selectbox", "device", "cpu"),
    ],
)
def test_every_other_choice_says_that_it_needs_reset(
    stage: Any, kind: str, name: str, value: Any
) -> None:
    page = stage.open()
    stage.start()
    getattr(page, kind)(key=name).set_value(value)
    stage.run()
    assert needs_reset(page) >= 1  # seeds say it in their popover and beside it
    assert stage.last.pending


def test_a_dataset_picked_beside_a_live_run_waits_for_reset(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    page.selectbox(key="data").select("iris")
    stage.run()
    assert stage.last.run == run
    assert needs_reset(page) >= 1
    stage.press(reset=True)
    assert stage.last.run != run
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point("iris")


def test_a_dataset_picked_after_a_run_is_over_is_shown_at_once(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    stage.supervisor.runs[run].state = "finished"
    page.selectbox(key="data").select("xor")
    stage.run()
    assert stage.last.run != run
    assert page.query_params == {"data": "xor", "hidden": "4,2"}
    assert needs_reset(page) == 0


def test_reset_gives_a_fresh_draft_of_what_is_chosen_now(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    page.text_input(key="hidden").set_value("3")
    stage.run()
    stage.press(reset=True)
    assert stage.last.run != run
    assert page.query_params == {"hidden": "3"}
    assert needs_reset(page) == 0
    assert stage.supervisor.runs[stage.last.run].experiment.model.hidden == (3,)
    stage.run()  # the old `started` that the board still reports changes nothing
    assert stage.last.run != run


def test_reset_of_an_unchanged_run_keeps_the_seed_and_new_seed_does_not(stage: Any) -> None:
    stage.open()
    stage.start()
    stage.press(reset=True)
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point("circle")
    before = stage.last.run
    page = stage.press(new_seed=True)
    assert stage.last.run != before
    assert page.query_params == {"seed": "1"}


def test_a_reload_finds_the_run_and_fills_the_widgets_from_it(stage: Any) -> None:
    page = stage.open(hidden="7", optimizer="adam")
    run = stage.start()
    info = stage.supervisor.runs[run]
    info.experiment = info.experiment.changed(lr=0.5)  # changed while it ran
    info.pace = "10"
    again = stage.open(**page.query_params)
    assert stage.last.run == run
    assert stage.last.secret is None  # the browser that started it keeps it
    assert again.text_input(key="hidden").value == "7"
    assert again.number_input(key="lr").value == 0.5
    assert stage.last.pace == "10"
    assert again.query_params["run"] == run
    assert needs_reset(again) == 0


def test_a_run_that_is_only_watched_shows_what_its_owner_chose_last(stage: Any) -> None:
    page = stage.open(hidden="7")
    run = stage.start()
    watcher = stage.open(**page.query_params)
    stage.press(watching=run)
    assert any("owner" in caption for caption in captions(watcher))
    watcher.number_input(key="lr").set_value(0.9)  # as a browser does that is not read-only yet
    info = stage.supervisor.runs[run]
    info.experiment = info.experiment.changed(lr=0.5)
    stage.run()
    assert watcher.number_input(key="lr").value == 0.5
    stage.press(reset=True)
    assert stage.last.run != run
    assert not any("owner" in caption for caption in captions(watcher))
    assert stage.supervisor.runs[stage.last.run].experiment == info.experiment


def test_an_unknown_run_is_said_and_a_fresh_draft_shown(stage: Any) -> None:
    page = stage.open(run="gone", hidden="7")
    assert len(page.warning) == 1
    assert page.query_params == {"hidden": "7"}
    assert stage.last.run == "run-1"
    assert stage.last.secret


def test_a_draft_started_in_the_moment_of_a_change_is_still_taken_up(stage: Any) -> None:
    page = stage.open()
    first = stage.last.run
    page.selectbox(key="init").select("he")
    stage.run()
    assert stage.last.run != first
    stage.supervisor.runs[first].state = "running"
    stage.press(started=first)
    assert stage.last.run == first
    assert needs_reset(page) == 1


def test_an_uploaded_table_is_chosen_and_stays_over_a_reload(stage: Any) -> None:
    page = stage.open()
    page.file_uploader[0].upload("pets.csv", CSV)
    stage.run()
    key = page.selectbox(key="data").value
    assert key.startswith("sha256:")
    assert uploads.kept(key) == (CSV, "pets.csv")
    assert page.query_params == {"data": key}
    assert "pets.csv" in page.selectbox(key="data").options
    assert page.selectbox(key="task").value == "auto"
    assert not page.error
    page.selectbox(key="target").select(("weight",))
    stage.run()
    assert page.query_params == {"data": key, "target": "weight"}
    again = stage.open(**page.query_params)
    assert again.selectbox(key="target").value == ("weight",)
    assert not again.warning


def weights_field(page: AppTest) -> Any:
    return next(field for field in page.file_uploader if field.label == "Own weights")


def saved(*sizes: int) -> bytes:
    """Return what torch.save writes of a net with ReLU between its layers."""
    layers: list[torch.nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    file = io.BytesIO()
    torch.save(torch.nn.Sequential(*layers[:-1]).state_dict(), file)
    return file.getvalue()


def test_a_net_begins_with_uploaded_weights_and_takes_their_hidden_layers(stage: Any) -> None:
    page = stage.open()
    weights_field(page).upload("my net.pt", saved(2, 5, 3, 2))
    stage.run()
    assert page.text_input(key="hidden").value == "5, 3"
    assert page.selectbox(key="init").disabled
    assert "my net\\.pt" in captions(page)
    assert page.query_params["weights"].endswith(":my net.pt")
    page.text_input(key="hidden").set_value("5, 4").run()
    assert "has 4 × 5 there" in page.error[0].value
    page.button(key="forget_weights").click().run()
    assert not page.error
    assert not page.selectbox(key="init").disabled


def test_weights_that_are_none_are_refused_where_they_were_given(stage: Any) -> None:
    page = stage.open()
    weights_field(page).upload("net.pt", b"PK\x03\x04 nothing")
    stage.run()
    assert any(
        "neither a safetensors" in text and text.startswith(":red[") for text in captions(page)
    )
    assert not page.error


def test_an_address_with_weights_that_are_not_here_says_so(stage: Any) -> None:
    page = stage.open(weights=f"sha256:{'0' * 64}:net.pt")
    assert "are no longer here" in page.error[0].value


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"only one line"])
def test_a_file_that_is_no_table_is_refused_in_a_sentence(stage: Any, content: bytes) -> None:
    page = stage.open()
    page.file_uploader[0].upload("bad.csv", content)
    stage.run()
    assert page.selectbox(key="data").value == "circle"
    assert any(text.startswith(":red[") for text in captions(page))
    assert stage.last.run == "run-1"


def test_any_file_is_taken_and_what_does_not_open_is_named(stage: Any) -> None:
    page = stage.open()
    page.file_uploader[0].upload("pets.xlsx", b"PK\x03\x04 xl/workbook.xml")
    stage.run()
    assert any("not a CSV but an Excel workbook" in text for text in captions(page))
    assert page.selectbox(key="data").value == "circle"
    assert "open_refused" not in {button.key for button in page.button}


def test_a_table_that_needs_a_choice_is_led_to_where_it_is_made(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_page, "supervisor", lambda: stage.supervisor)
    page = stage.open()
    page.file_uploader[0].upload("städte.csv", CSV.replace(b"cat", b"K\xe4tzchen"))
    stage.run()
    assert any("Choose its encoding" in text for text in captions(page))
    assert page.selectbox(key="data").value == "circle"
    page.button(key="open_refused").click()
    stage.run()
    assert page.button(key="answer_cp1252")
    page.button(key="answer_cp1252").click()
    stage.run()
    assert page.subheader[0].value == "städte\\.csv"
    page.switch_page("mlpdash/ui/pages/train.py")
    stage.run()
    assert page.session_state[state.CHOICES].experiment.data.data.startswith("sha256:")
    assert not page.error


def test_a_table_whose_reading_is_open_links_to_the_data_page(stage: Any) -> None:
    key = uploads.keep(CSV.replace(b"cat", b"K\xe4tzchen"), "pets.csv")
    page = stage.open(data=key)
    page.session_state[picking.TABLES] = [key]
    stage.run()
    page.selectbox(key="data").select(key)
    stage.run()
    assert "Choose its encoding" in page.error[0].value
    assert any("data" in link.proto.page for link in page.get("page_link"))


def test_going_to_the_data_page_keeps_what_was_chosen(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_page, "supervisor", lambda: stage.supervisor)
    monkeypatch.setattr(address, "SETTLED", 0.0)
    page = stage.open()
    page.selectbox(key="data").select("iris")
    stage.run()
    page.switch_page("mlpdash/ui/pages/data.py")
    page.query_params.clear()  # as a link to a page does
    stage.run()
    assert page.subheader[0].value == "Iris"
    assert page.query_params == {"data": "iris"}


def test_column_names_are_never_markdown(stage: Any) -> None:
    page = stage.open()
    bad = "![x](http://evil.example/p.png)"
    csv = f'"{bad}",const,y\n'.encode() + b"".join(f"{n},1,{n % 2}\n".encode() for n in range(60))
    page.file_uploader[0].upload(f"{bad}.csv".replace("/", "_"), csv)
    stage.run()
    texts = [
        e.value for kind in ("caption", "markdown", "warning", "error") for e in page.get(kind)
    ]
    texts += [expander.label for expander in page.expander]
    assert not any("![" in text or "](http" in text for text in texts)


def test_a_rerun_is_little_work(stage: Any) -> None:
    page = stage.open()
    page.number_input(key="lr").set_value(0.02)
    assert 1_000 < lines_run(stage.run) < 15_000


def test_opening_the_page_loads_neither_torch_nor_sklearn() -> None:
    program = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"page = AppTest.from_file({str(Path(__file__).parents[3] / 'app.py')!r}).run(timeout=30)\n"
        "assert not page.exception, page.exception\n"
        "print(sorted({'torch', 'sklearn', 'scipy'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_a_fault_of_ours_shows_a_sentence_and_no_trace(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlpdash.ui import faults

    said: list[str] = []
    monkeypatch.setattr(faults.st, "error", said.append)
    assert faults.on_script_error(ZeroDivisionError("secret detail"))
    assert said
    assert "secret detail" not in said[0]


def test_parquet_opens_from_the_train_page_too(stage: Any) -> None:
    content = io.BytesIO()
    pd.read_csv(io.BytesIO(CSV)).to_parquet(content)
    page = stage.open()
    page.file_uploader[0].upload("pets.parquet", content.getvalue())
    stage.run()
    assert page.session_state[state.CHOICES].experiment.data.data.startswith("sha256:")
    assert not page.error


def test_notes_of_a_table_are_a_number_that_leads_to_the_data_page(stage: Any) -> None:
    page = stage.open()
    page.file_uploader[0].upload("pets.csv", CSV + b"160,60,\n")
    stage.run()
    (link,) = [one for one in page.get("page_link") if "note" in one.proto.label]
    assert "data" in link.proto.page
    assert not any("no target" in text for text in captions(page))
