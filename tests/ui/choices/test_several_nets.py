"""Several nets and grids on the page: counts, names, adopting a cell, and what the sidebar does."""

from __future__ import annotations

from typing import Any

import pytest

from mlpdash.data.uploads import keep
from mlpdash.errors import SpecError
from mlpdash.specs import Experiment
from mlpdash.training.members import members_of
from mlpdash.ui.choices import summaries
from mlpdash.ui.choices.several_nets import (
    adopted,
    check,
    count_of,
    member_names,
    settings_of,
    widest_of,
    widths_of,
)
from mlpdash.ui.train import grid

GRID = "lr=0.01,0.1; dropout=0,0.2,0.4"


def experiment(**choices: Any) -> Experiment:
    return Experiment().changed(**choices)


@pytest.mark.parametrize(
    "choices",
    [{}, {"nets": 5}, {"sweep": GRID, "nets": 4}, {"sweep": "width=2,8", "hidden": (3, 3)}],
)
def test_counts_and_widths_are_those_of_the_members_that_train(choices: dict[str, Any]) -> None:
    chosen = experiment(**choices)
    members = members_of(chosen)
    assert count_of(chosen) == len(members)
    widest = tuple(max(widths) for widths in zip(*(m.hidden for m in members), strict=True))
    assert widest_of(chosen) == widest


def test_only_a_grid_of_widths_has_nets_of_different_widths() -> None:
    chosen = experiment(sweep="lr=0.01,0.1; width=2,8", hidden=(3, 3), nets=2)
    assert widths_of(chosen) == tuple(member.hidden for member in members_of(chosen))
    assert widths_of(experiment(sweep=GRID)) == ()


def test_a_grid_of_widths_needs_a_hidden_layer() -> None:
    with pytest.raises(SpecError, match=r"no hidden layers\. Add a layer, or take width out"):
        check(experiment(sweep="width=2,8", hidden=()))
    check(experiment(sweep="lr=0.1,0.2", hidden=()))


def test_names_say_the_cell_of_each_net_in_the_order_of_training() -> None:
    chosen = experiment(sweep=GRID, nets=2)
    names = member_names(chosen)
    for name, number, member in zip(names, range(1, 13), members_of(chosen), strict=True):
        assert name == f"{number} ({member.lr:g}, {member.dropout:g})"
    assert member_names(experiment(nets=3)) == ("1", "2", "3")
    assert member_names(experiment()) == ()


def test_adopting_a_cell_sets_its_settings_and_clears_the_grid() -> None:
    chosen = experiment(sweep="lr=0.01,0.1; width=2,8", hidden=(4, 2), nets=3)
    taken = adopted(chosen, {"lr": 0.1, "width": 8.0})
    assert taken == chosen.changed(lr=0.1, hidden=(8, 8), sweep="")
    assert taken.train.nets == 3


@pytest.mark.parametrize("settings", [{}, {"epochs": 3}, {"lr": -1.0}, {"data": "iris"}])
def test_what_no_grid_has_is_not_adopted(settings: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        adopted(experiment(sweep=GRID), settings)


def test_too_many_nets_are_refused_in_a_sentence() -> None:
    check(experiment(sweep=GRID, nets=42))  # 252
    with pytest.raises(SpecError, match=r"6 cells of 43 nets, 258 in all.*256"):
        check(experiment(sweep=GRID, nets=43))


def test_a_grid_is_split_for_the_widgets_and_joined_again() -> None:
    parts = grid.parts_of(GRID)
    assert parts == (("lr", "0.01, 0.1"), ("dropout", "0, 0.2, 0.4"))
    again = experiment(sweep=grid.text_of(parts))
    assert settings_of(again) == settings_of(experiment(sweep=GRID))
    assert grid.text_of(grid.parts_of("")) == ""


@pytest.mark.parametrize("name", ["lr", "weight_decay", "l1", "dropout", "width"])
def test_usual_values_of_every_setting_make_a_grid(name: str) -> None:
    base = Experiment()
    sweep = grid.text_of(((name, grid.usual_values(name, base)), ("", "")))
    check(base.changed(sweep=sweep))
    ((found, values),) = settings_of(base.changed(sweep=sweep))
    assert found == name
    assert len(values) >= 3


def test_the_summary_counts_the_nets() -> None:
    assert summaries.of_training(experiment().train) == "SGD 0.03, batch 10"
    assert summaries.of_training(experiment(nets=16).train).endswith(", 16 nets")
    assert summaries.of_training(experiment(nets=4, sweep=GRID).train).endswith(", 2 x 3 x 4 nets")


def captions(page: Any) -> str:
    return " ".join(caption.value for caption in page.caption).replace("\\", "")


def test_nets_and_l1_reach_the_address_the_draft_and_the_board(stage: Any) -> None:
    page = stage.open()
    assert stage.last.members == ()
    page.selectbox(key="nets_kind").select("seeds")
    stage.run()
    assert page.query_params == {"nets": "8"}
    page.number_input(key="nets").set_value(4)
    page.number_input(key="l1").set_value(0.001)
    stage.run()
    assert page.query_params == {"l1": "0.001", "nets": "4"}
    assert stage.supervisor.runs[stage.last.run].experiment.train.nets == 4
    assert len(stage.last.members) == 4
    assert stage.last.figures[1].legend
    folds = " ".join(fold.label for fold in page.expander).replace("\\", "")
    assert "4 nets, 112 parameters" in folds


def test_two_settings_make_a_grid_and_a_click_adopts_a_cell(stage: Any) -> None:
    page = stage.open()
    page.selectbox(key="nets_kind").select("grid")
    stage.run()
    page.number_input(key="nets").set_value(2)
    stage.run()
    assert page.selectbox(key="grid_setting_1").value == "lr"
    assert page.text_input(key="grid_values_1").value == "0.009, 0.03, 0.09"
    page.text_input(key="grid_values_1").set_value("0.01, 0.1")
    page.selectbox(key="grid_setting_2").select("width")
    stage.run()
    assert page.query_params == {"nets": "2", "sweep": "lr=0.01,0.1; width=2,4,8,16"}
    assert [len(stage.last.grid.x.values), len(stage.last.grid.y.values)] == [2, 4]
    assert len(stage.last.members) == 16
    run = stage.start()
    stage.press(adopt={"lr": 0.1, "width": 8})
    assert stage.last.run != run
    assert page.query_params == {"hidden": "8,8", "lr": "0.1", "nets": "2"}
    assert page.selectbox(key="nets_kind").value == "seeds"
    assert stage.last.grid is None
    assert len(stage.last.members) == 2


@pytest.mark.parametrize("adopt", [{"lr": "x"}, {"lr": None}, {"frob": 1}, {"width": []}, "lr", 3])
def test_an_odd_cell_from_a_browser_changes_nothing(stage: Any, adopt: Any) -> None:
    page = stage.open(sweep="lr=0.01,0.1")
    before = stage.last.run
    stage.press(adopt=adopt)
    assert stage.last.run == before
    assert page.query_params == {"sweep": "lr=0.01,0.1"}


def test_bad_values_of_a_grid_stay_as_typed_and_are_told_there(stage: Any) -> None:
    page = stage.open(sweep="lr=0.1,0.2")
    page.selectbox(key="grid_setting_1").select("dropout")
    stage.run()
    before = stage.last.run
    page.text_input(key="grid_values_1").set_value("0, much")
    stage.run()
    assert page.text_input(key="grid_values_1").value == "0, much"
    assert "Grid" in captions(page)
    assert stage.last.run == before
    page.text_input(key="grid_values_1").set_value("0, 0.5")
    stage.run()
    assert page.query_params == {"sweep": "dropout=0,0.5"}
    assert "Grid (sweep)" not in captions(page)


def test_more_nets_than_fit_in_a_grid_are_refused_at_the_field(stage: Any) -> None:
    page = stage.open(sweep="lr=0.01,0.1")
    page.number_input(key="nets").set_value(200)
    stage.run()
    assert "400 in all" in captions(page)
    assert page.query_params == {"sweep": "lr=0.01,0.1"}


@pytest.mark.parametrize(
    "query", [{"sweep": "lr"}, {"nets": "300"}, {"nets": "0"}, {"nets": "200", "sweep": "l1=0,1"}]
)
def test_a_bad_grid_in_the_address_is_named_and_ignored(stage: Any, query: dict[str, str]) -> None:
    page = stage.open(**query)
    assert len(page.warning) == 1
    assert not page.error
    experiment = stage.supervisor.runs[stage.last.run].experiment
    assert count_of(experiment) <= 256
    assert experiment.train.sweep == ""


@pytest.mark.parametrize(("name", "value"), [("nets", 3), ("l1", 0.01)])
def test_nets_and_l1_need_a_reset(stage: Any, name: str, value: Any) -> None:
    page = stage.open(nets="2")
    run = stage.start()
    page.number_input(key=name).set_value(value)
    stage.run()
    assert "Needs Reset" in captions(page)
    assert stage.last.run == run
    assert len(stage.last.members) == 2  # the run on the board has its nets still


def test_folds_are_chosen_and_given_up(stage: Any) -> None:
    page = stage.open(data="moons")
    page.selectbox(key="nets_kind").select("folds")
    stage.run()
    assert page.query_params == {"data": "moons", "folds": "5"}
    assert page.slider(key="validation").disabled
    assert len(stage.last.members) == 5
    page.number_input(key="repeats").set_value(2)
    stage.run()
    assert len(stage.last.members) == 10
    said = " ".join(key.label for key in stage.last.figures[1].legend)
    assert "mean over the folds" in said
    page.selectbox(key="nets_kind").select("one")
    stage.run()
    assert page.query_params == {"data": "moons"}
    assert stage.last.members == ()


def test_suggested_folds_give_way_to_what_an_address_asks_for(stage: Any) -> None:
    key = keep(b"x,y\n" + b"".join(b"%d,%d.5\n" % (n, n % 7) for n in range(60)), "t.csv")
    assert stage.open(data=key).selectbox(key="nets_kind").value == "folds"
    for name, text, kind in (
        ("nets", "3", "seeds"),
        ("sweep", "lr=0.1,0.2", "grid"),
        ("validation", "0.3", "one"),
    ):
        page = stage.open(data=key, **{name: text})
        assert not page.warning
        assert page.selectbox(key="nets_kind").value == kind


def test_folds_and_seeds_in_one_address_are_told(stage: Any) -> None:
    page = stage.open(folds="5", nets="3")
    assert "do not go together" in page.warning[0].value
