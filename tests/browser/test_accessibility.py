"""Every page in light and dark: nothing against WCAG 2.1, A or AA, in what is ours."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.test_console import rests
from tests.browser.visit import Visit, Visiting

Theme = Literal["light", "dark"]
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
    assert violations(themed.page) == []


@pytest.mark.parametrize("tab", ["Net", "Learning rate", "Rows", "Weights"])
def test_what_the_large_card_shows(themed: Visit, tab: str) -> None:
    themed.open("?data=digits")
    themed.press(tab)
    expect(themed.button(tab)).to_have_attribute("aria-pressed", "true")
    assert violations(themed.page) == []


def test_examples_and_seeds(themed: Visit) -> None:
    page = themed.open().page
    themed.press("Examples")
    expect(page.get_by_role("dialog").get_by_role("button", name="Open").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_test_id("stPopoverButton").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", ["data", "data?data=wine", "results"])
def test_pages_without_a_run(themed: Visit, path: str) -> None:
    themed.page.goto(f"{themed.url}/{path}")
    rests(themed)
    assert violations(themed.page) == []


@pytest.mark.parametrize("data", ["iris", "diabetes"])
def test_the_results_of_a_run(themed: Visit, data: str) -> None:
    themed.open(f"?data={data}&epochs=20")
    themed.train()
    themed.state("finished")
    assert violations(themed.page) == []
    page = themed.page
    page.get_by_role("link", name="Results", exact=True).click()
    rests(themed)
    sections = page.locator(".st-key-results_section").get_by_role("radio")
    expect(sections.first).to_be_visible()
    for section in sections.all():
        section.click()
        expect(section).to_be_checked()
        rests(themed)
        assert violations(page) == [], section.text_content()
