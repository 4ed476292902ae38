"""What a person does on the Train page, from opening it to predicted against actual."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit, Visiting
from tests.serving import ROOT, Server, wait_until

TEMPERATURE = ROOT / "sample_data" / "temperature.csv"
FIGURES = ["loss", "metric", "boundary", "predictions"]


def events(server: Server, run: str) -> list[dict[str, Any]]:
    file = server.run_folder(run) / "events.jsonl"
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_it_opens_with_the_untrained_net_drawn(untouched: Visit) -> None:
    visit = untouched
    visit.state("idle")
    assert visit.number("epoch") == 0
    expect(visit.button("Train")).to_be_enabled()
    for figure in FIGURES:
        expect(visit.page.get_by_test_id(f"figure-{figure}")).to_be_visible()
    field = visit.field()
    assert len(field) == 100 * 100
    assert max(field) <= 1
    assert min(field) >= 0
    assert max(field) > min(field)
    height = visit.page.evaluate("document.scrollingElement.scrollHeight")
    assert height <= 900  # nothing to scroll at 1400 x 900


def test_train_moves_everything_and_ends(visit: Visit) -> None:
    untrained = visit.field()
    visit.train()
    epoch = visit.after("epoch", 0)
    visit.after("frames", visit.number("frames") + 3)
    visit.after("epoch", epoch + 10)
    assert visit.field() != untrained
    visit.page.get_by_label("Pace", exact=True).select_option("full")
    visit.state("finished")
    assert visit.number("epoch") == 500
    expect(visit.button("Train")).to_be_visible()


@pytest.mark.parametrize("figure", ["boundary", "loss"])
def test_a_zoom_is_kept_while_frames_come(visit: Visit, figure: str) -> None:
    visit.train()
    box = visit.page.get_by_test_id(f"figure-{figure}").locator(".nsewdrag").first.bounding_box()
    assert box
    mouse = visit.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=5)
    mouse.up()
    ranges = "[gd._fullLayout.xaxis, gd._fullLayout.yaxis].map((a) => Array.from(a.range))"
    visit.page.wait_for_function(
        "(name) => document.querySelector(`[data-testid=figure-${name}] .js-plotly-plot`)"
        "._fullLayout.xaxis.autorange !== true",
        arg=figure,
    )
    zoomed = visit.plot(figure, ranges)
    visit.after("frames", visit.number("frames") + 20)
    assert visit.plot(figure, ranges) == zoomed


def test_a_new_learning_rate_acts_at_once_and_is_an_event(visit: Visit, server: Server) -> None:
    run = visit.train()
    visit.after("epoch", 5)
    lr = visit.page.get_by_label("Learning rate", exact=True)
    lr.fill("0.05")
    lr.press("Enter")
    wait_until(lambda: events(server, run), "the change is an event")
    (event,) = events(server, run)
    assert event["field"] == "lr"
    assert event["value"] == 0.05
    assert event["step"] > 0
    assert visit.run() == run  # the run went on; no new one was made
    visit.after("epoch", visit.number("epoch") + 5)


def test_pause_then_step_is_one_epoch_and_reset_gives_the_same_net(visit: Visit) -> None:
    untrained = visit.field()
    visit.train()
    visit.after("epoch", 3)
    visit.press("Pause")
    visit.state("paused")
    epoch = visit.number("epoch")
    visit.press("Step")
    visit.after("epoch", epoch)
    visit.state("paused")
    assert visit.number("epoch") == epoch + 1
    assert visit.number("step") == (epoch + 1) * 25
    visit.press("Reset")
    visit.state("idle")
    expect(visit.board).to_have_attribute("data-epoch", "0")
    wait_until(lambda: visit.field() == untrained, "the same boundary as at the beginning")


def test_step_is_the_first_thing_one_may_press(visit: Visit) -> None:
    visit.press("Step")
    visit.after("epoch", 0)
    visit.state("paused")
    assert visit.number("epoch") == 1


def test_stop_keeps_the_run(visit: Visit, server: Server) -> None:
    run = visit.train()
    visit.after("epoch", 3)
    visit.press("Stop")
    visit.state("stopped")
    assert list(server.run_folder(run).glob("snapshots/*.safetensors"))


def test_new_seed_is_another_net(visit: Visit) -> None:
    untrained = visit.field()
    visit.press("New seed")
    visit.page.wait_for_url(re.compile(r"[?&]seed="))
    wait_until(lambda: visit.field() != untrained, "another boundary")
    visit.state("idle")
    assert visit.number("epoch") == 0


def test_fifty_clicks_start_one_run(visit: Visit, server: Server) -> None:
    before = server.runs()
    visit.button("Train").evaluate("(button) => { for (let i = 0; i < 50; i++) button.click(); }")
    visit.state("running", "finished")
    visit.after("epoch", 3)
    assert len(server.runs() - before) == 1


def test_keys_train_pause_step_and_reset(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    visit.without_focus()
    keyboard.press("Space")
    visit.state("running")
    visit.after("epoch", 2)
    keyboard.press("Space")
    visit.state("paused")
    epoch = visit.number("epoch")
    keyboard.press("ArrowRight")
    visit.after("epoch", epoch)
    assert visit.number("epoch") == epoch + 1
    keyboard.press("r")
    visit.state("idle")
    expect(visit.board).to_have_attribute("data-epoch", "0")


def test_keys_belong_to_a_control_that_has_the_focus(visit: Visit) -> None:
    lr = visit.page.get_by_label("Learning rate", exact=True)
    lr.focus()
    for key in ("r", "ArrowRight", "Space"):
        visit.page.keyboard.press(key)
    visit.state("idle")
    assert visit.number("epoch") == 0


def test_every_control_of_the_transport_has_its_visible_name(untouched: Visit) -> None:
    for name in ("Train", "Pause", "Step", "Stop", "Reset", "New seed"):
        expect(untouched.button(name)).to_have_count(1)
        expect(untouched.button(name)).to_have_accessible_name(name)
    expect(untouched.page.get_by_label("Pace", exact=True)).to_have_count(1)


def test_choices_live_in_the_url_and_survive_a_reload(visiting: Visiting) -> None:
    visit = visiting().open("?data=xor&hidden=8,8&activation=relu&lr=0.1")
    visit.state("idle")
    expect(visit.page.get_by_label("Learning rate", exact=True)).to_have_value("0.1")
    field = visit.field()
    visit.page.reload()
    visit.ready()
    expect(visit.page.get_by_label("Learning rate", exact=True)).to_have_value("0.1")
    assert "hidden=8" in visit.page.url
    assert visit.field() == field


def test_bad_values_in_the_url_are_named_and_ignored(visiting: Visiting) -> None:
    visit = visiting().open("?lr=-5&hidden=big&activation=frob&pace=9&epochs=0")
    visit.state("idle")
    said = visit.page.locator("[data-testid=stAlert]")
    for name in ("lr", "hidden", "activation", "pace", "epochs"):
        expect(said.filter(has_text=name).first).to_be_visible()
    expect(visit.button("Train")).to_be_enabled()


def test_a_table_over_time_shows_predicted_against_actual(visiting: Visiting) -> None:
    visit = visiting().open("?data=temperature&epochs=200")
    untrained = predicted_over_time(visit)
    visit.train()
    wait_until(lambda: predicted_over_time(visit) != untrained, "other predictions")
    visit.state("finished")
    assert visit.number("epoch") == 200


def test_an_upload_is_trained(visit: Visit, server: Server) -> None:
    upload(visit, TEMPERATURE.read_bytes(), "my temperatures.csv")
    untrained = predicted_over_time(visit)
    run = visit.train()
    wait_until(lambda: predicted_over_time(visit) != untrained, "other predictions")
    spec = json.loads((server.run_folder(run) / "experiment.json").read_text(encoding="utf-8"))
    assert "sha256:" in json.dumps(spec)


def upload(visit: Visit, content: bytes, name: str) -> None:
    """Give the page a file, and wait until its choices are those of the file."""
    visit.page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    visit.page.wait_for_url(re.compile("data=sha256"))
    visit.ready()
    visit.state("idle")


def predicted_over_time(visit: Visit) -> object:
    """Return all that is drawn over the dates, once there are dates."""
    axis = "gd._fullLayout.xaxis.type"
    wait_until(lambda: visit.plot("predictions", axis) == "date", "the figure is over time")
    return visit.plot("predictions", "gd.data.map((t) => Array.from(t.y ?? []))")


def test_a_file_that_is_no_table_is_one_sentence(visit: Visit) -> None:
    visit.page.locator("input[type=file]").first.set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": b"\0\1\2" * 99}
    )
    expect(visit.page.get_by_text('"x.csv"').first).to_be_visible()
    expect(visit.page.locator("[data-testid=stException]")).to_have_count(0)
    expect(visit.button("Train")).to_be_enabled()


def test_foreign_text_is_shown_as_it_is(visit: Visit) -> None:
    rows = "\n".join(f"{n},{n % 7},{('<b>a</b>', 'x')[n % 2]}" for n in range(60))
    header = "![p](http://192.0.2.1/p.png),<img src=http://192.0.2.1/q.png>,**kind**"
    upload(visit, f"{header}\n{rows}\n".encode(), "<i>![n](http://192.0.2.1/n.png).csv")
    visit.train()
    visit.after("epoch", 2)  # that nothing was fetched is checked for every visit


def test_a_diverged_run_says_at_which_epoch_and_what_to_turn(visiting: Visiting) -> None:
    visit = visiting().open("?data=plane&hidden=64,64&activation=relu&lr=10")
    visit.press("Train")
    visit.state("diverged")
    expect(visit.page.get_by_text(re.compile("epoch .*learning rate", re.I)).first).to_be_visible()


def test_nothing_is_wider_than_the_window(untouched: Visit) -> None:
    assert untouched.page.evaluate("document.scrollingElement.scrollWidth") <= 1400
