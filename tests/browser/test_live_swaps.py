"""An activation and an optimiser swapped on a paused net keep its weights, and training goes on."""

import json

from playwright.sync_api import Page, expect

from tests.browser.visit import Visiting
from tests.serving import Server, wait_until


def choose(page: Page, name: str, value: str) -> None:
    """Open a select box by its label and take a value from its list."""
    box = page.get_by_role("combobox", name=name, exact=True)
    box.click()
    page.get_by_role("option", name=value, exact=True).click()


def test_swaps_on_a_paused_net_keep_its_weights(visiting: Visiting, server: Server) -> None:
    visit = visiting().open("?hidden=4,3&epochs=until-stopped")
    run = visit.train()
    visit.after("epoch", 20)
    visit.press("Pause")
    visit.state("paused")
    epoch, before = visit.number("epoch"), visit.field()
    choose(visit.page, "Activation", "ReLU")
    wait_until(lambda: visit.field() != before, "the boundary of the same weights")
    choose(visit.page, "Optimiser", "Adam")
    file = server.run_folder(run) / "events.jsonl"

    def events() -> list[tuple[str, object]]:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [(event["field"], event["value"]) for event in map(json.loads, lines)]

    wait_until(lambda: events() == [("activation", "relu"), ("optimizer", "adam")], "two events")
    assert (visit.number("epoch"), visit.run()) == (epoch, run)
    expect(visit.button("Reset")).to_be_enabled()
    visit.press("Train")
    visit.after("epoch", epoch + 5)
    visit.press("Pause")
    visit.state("paused")
    assert visit.run() == run
