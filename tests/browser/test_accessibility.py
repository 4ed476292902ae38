"""Every page in light and dark: nothing against WCAG 2.1, A or AA, in what is ours."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible
from tests.browser.test_console import rests
from tests.browser.visit import Visit, Visiting

Theme = Literal["light", "dark"]
JUDGED_WITHIN = 180_000  # ms; the first verdict of a server waits for a process that imports torch
COUNT_RUNS = """() => {
  window.runs = 0
  const app = document.querySelector('[data-testid=stApp]')
  new MutationObserver(() => { window.runs += app.dataset.testScriptState === 'notRunning' })
    .observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] }) }"""
THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.fixture(params=THEMES)
def themed(visiting: Visiting, request: pytest.FixtureRequest) -> Visit:
    """A page that is not open yet, light or dark."""
    visit = visiting()
    visit.page.emulate_media(color_scheme=request.param)
    return visit


@pytest.mark.parametrize(
    "query", ["", "?data=iris&nets=3", "?data=drawn", "?data=digits", "?sweep=lr=0.01,0.1"]
)
def test_the_train_page(themed: Visit, query: str) -> None:
    themed.open(query)
    assert_accessible(themed.page)


def test_what_the_large_card_shows(themed: Visit) -> None:
    themed.open("?data=digits")
    for tab in ("Net", "Learning rate", "Rows", "Weights"):
        themed.press(tab)
        expect(themed.button(tab)).to_have_attribute("aria-pressed", "true")
        assert_accessible(themed.page, tab)


def test_examples_and_seeds(themed: Visit) -> None:
    page = themed.open().page
    themed.press("Examples")
    expect(page.get_by_role("dialog").get_by_role("button", name="Open").first).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_test_id("stPopoverButton").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("path", ["data", "data?data=wine", "results"])
def test_pages_without_a_run(themed: Visit, path: str) -> None:
    themed.page.goto(f"{themed.url}/{path}")
    rests(themed)
    assert_accessible(themed.page)


@pytest.mark.parametrize("data", ["circle", "sine"])
def test_the_results_of_a_run(themed: Visit, data: str) -> None:
    themed.open(f"?data={data}&epochs=20")
    themed.train()
    themed.state("finished")
    assert_accessible(themed.page)
    page = themed.page
    page.get_by_role("link", name="Results", exact=True).click()
    rests(themed)
    sections = page.locator(".st-key-results_section").get_by_role("radiogroup").first
    expect(sections).to_be_visible(timeout=JUDGED_WITHIN)
    page.evaluate(COUNT_RUNS)
    for section in sections.get_by_role("radio").all():
        before, was_open = page.evaluate("window.runs"), section.is_checked()
        section.click()
        if not was_open:
            page.wait_for_function("before => window.runs > before", arg=before)
        expect(section).to_be_checked()
        rests(themed)
        assert_accessible(page, section.text_content() or "")
