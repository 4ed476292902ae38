"""An activation and an optimiser swapped on a paused net keep its weights, and training goes on."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.test_results import go_to
from tests.browser.visit import Visit, Visiting
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


def accuracies(visit: Visit) -> tuple[str, str]:
    """Return the validation accuracy as its card has it, and as the matrix of counts makes it."""
    reading = visit.page.get_by_test_id("figure-metric").locator(".reading.validation b")
    counts = visit.plot(
        "predictions",
        "gd.data.filter((t) => t.type === 'heatmap').flatMap((t) => t.text ?? t.z)"
        ".map((row) => Array.from(row, Number))",
    )
    assert isinstance(counts, list)
    right = sum(row[n] for n, row in enumerate(counts))
    return reading.inner_text(), f"{100 * right / sum(map(sum, counts)):.1f} %"


def test_a_net_changed_at_rest_has_one_accuracy_everywhere(visiting: Visiting) -> None:
    visit = visiting().open("?epochs=120&pace=full")
    visit.train()
    visit.state("finished")
    wait_until(lambda: len(set(accuracies(visit))) == 1, "card and matrix agree")
    trained = accuracies(visit)
    choose(visit.page, "Activation", "ReLU")
    wait_until(lambda: accuracies(visit)[1] != trained[1], "the matrix of the changed net")
    card, matrix = accuracies(visit)
    assert card == matrix
    expect(visit.board.get_by_role("status").first).to_contain_text("changed by hand")
    go_to(visit.page, "Results")
    shown = visit.page.get_by_test_id("stMain")
    expect(shown.get_by_text(card).first).to_be_visible()
    expect(shown.get_by_text(trained[0])).to_have_count(0)
    expect(shown.get_by_text(re.compile("validation 1?[0-9]{2}"))).to_have_count(0)
