"""The picture of the net: it moves with training, and a weight can be set in it."""

import json

from playwright.sync_api import expect

from tests.browser.visit import Visiting
from tests.serving import Server, wait_until

PIXELS = (
    "(canvas) => Array.from(canvas.getContext('2d')"
    ".getImageData(0, 0, canvas.width, canvas.height).data).join()"
)


def test_a_weight_of_a_paused_net_is_set_in_its_picture(visiting: Visiting, server: Server) -> None:
    visit = visiting().open("?hidden=3,2")
    page = visit.page
    visit.press("Net")
    card = page.get_by_test_id("figure-network")
    expect(card).to_be_visible()
    expect(page.get_by_test_id("figure-boundary")).to_be_hidden()
    expect(card.locator("button.neuron")).to_have_count(2 + 3 + 2 + 2)
    neuron = page.get_by_role("button", name="neuron 2 of layer 1")
    untrained = neuron.locator("canvas").evaluate(PIXELS)
    neuron.click()
    field = card.get_by_role("spinbutton", name="x2")
    expect(field).to_be_disabled()  # before the first step
    run = visit.train()
    wait_until(lambda: neuron.locator("canvas").evaluate(PIXELS) != untrained, "a moving neuron")
    visit.press("Pause")
    visit.state("paused")
    trained = neuron.locator("canvas").evaluate(PIXELS)
    field.fill("-5")
    field.press("Enter")
    wait_until(lambda: neuron.locator("canvas").evaluate(PIXELS) != trained, "another neuron")
    written = (server.run_folder(run) / "events.jsonl").read_text(encoding="utf-8")
    event = json.loads(written.splitlines()[-1])
    assert (event["field"], event["value"]) == ("weight", [0, 1, 1, -5.0])
    field.blur()
    expect(field).to_have_value("-5")
    visit.press("Boundary")
    expect(page.get_by_test_id("figure-boundary")).to_be_visible()
    expect(card).to_be_hidden()
