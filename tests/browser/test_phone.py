"""A window of 390 x 844: the board first, nothing over anything, everything within reach."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mlpdash.specs.presets import PRESETS
from tests.browser.visit import Visit, Visiting

ACROSS = "document.documentElement.scrollWidth <= innerWidth"
COVERED = """() => {
  const knobs = '[data-testid=stSidebar] :is(button, input:not([type=range]))'
  return [...document.querySelectorAll(knobs)].filter((e) => {
    const box = e.getBoundingClientRect()
    if (!box.width || !e.checkVisibility({ visibilityProperty: true })) return false
    e.scrollIntoView({ block: 'center' })
    const { x, y, width, height } = e.getBoundingClientRect()
    const top = document.elementFromPoint(x + width / 2, y + height / 2)
    return top && !e.contains(top) && !top.contains(e) && !e.parentElement.contains(top)
  }).map((e) => e.getAttribute('aria-label') || e.textContent)
}"""


@pytest.fixture
def phone(visiting: Visiting) -> Visit:
    visit = visiting()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    return visit.open()


def open_sidebar(page: Page) -> None:
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarCollapseButton")).to_be_visible()
    page.wait_for_timeout(400)  # it slides in


def test_the_board_comes_first_and_fits(phone: Visit) -> None:
    assert phone.page.evaluate(ACROSS)
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    box = phone.button("Train").bounding_box()
    assert box is not None
    assert box["y"] < 200
    figure = phone.page.get_by_test_id("figure-boundary").bounding_box()
    assert figure is not None
    assert figure["x"] + figure["width"] <= 390


def test_the_story_of_an_example_stands_below_the_board(phone: Visit) -> None:
    phone.open("?example=two-gaussians-published")
    story = phone.page.get_by_text(re.compile("^Two Gaussians, softmax twice")).bounding_box()
    board = phone.board.bounding_box()
    assert story is not None
    assert board is not None
    assert story["y"] >= board["y"] + board["height"] - 1
    assert phone.page.evaluate(ACROSS)


def test_the_sidebar_stays_while_one_chooses_and_goes_with_the_page(phone: Visit) -> None:
    page = phone.page
    open_sidebar(page)
    assert page.evaluate(COVERED) == []
    rate = page.get_by_label("Learning rate", exact=True)
    rate.fill("0.1")
    rate.press("Enter")
    page.wait_for_url(re.compile("lr=0.1"))
    page.get_by_role("radio", name="XOR").click()
    page.wait_for_url(re.compile("data=xor"))
    expect(page.get_by_test_id("stSidebarCollapseButton")).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").click()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    expect(page.get_by_role("heading", name="XOR")).to_be_visible()
    assert page.evaluate(ACROSS)


def test_the_pages_are_in_sight(phone: Visit) -> None:
    page = phone.page
    links = page.locator(".st-key-narrow_pages").get_by_role("link")
    for link in links.all():
        expect(link).to_be_in_viewport()
    links.filter(has_text="Data").click()
    expect(page.get_by_role("heading", name="Circle")).to_be_visible()
    links.filter(has_text="Train").click()
    phone.ready()
    assert page.evaluate(ACROSS)


def test_worked_examples_open_from_a_list(phone: Visit) -> None:
    page = phone.page
    open_sidebar(page)
    phone.press("Examples")
    dialog = page.get_by_role("dialog")
    for preset in PRESETS.values():
        expect(dialog.get_by_text(preset.title, exact=True)).to_be_attached()
    dialog.get_by_role("button", name="Open").nth(1).click()
    expect(dialog).to_be_hidden()
    page.wait_for_url(re.compile("example=two-gaussians-published"))
