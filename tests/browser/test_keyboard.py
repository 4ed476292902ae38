"""By keyboard alone: what Tab reaches, that one sees where, and what Space and the arrows do."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.browser.test_console import rests
from tests.browser.visit import Visit, Visiting

MOST_STOPS = 48  # from the page's beginning to Train, as it opens; a link skips most of them
LEAST_SEEN = 40  # pixels that differ clearly
NAME = """() => { const e = document.activeElement
  if (e === document.body) return ''
  return e.getAttribute('aria-label') || e.textContent.trim() || e.tagName }"""
IN_A_TABLE = "document.activeElement.closest('[data-testid=stDataFrame]') !== null"


def stops(page: Page) -> Iterator[str]:
    """Press Tab until it leaves the page; what it reaches, by name."""
    page.keyboard.press("Tab")
    while name := page.evaluate(NAME):
        yield name
        page.keyboard.press("Tab")


def picture(page: Page) -> Image.Image:
    shot = page.screenshot(animations="disabled", caret="hide")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def seen(page: Page) -> int:
    """Return how many pixels tell that the focus is where it is."""
    focused = picture(page)
    page.evaluate("window.focused = document.activeElement; window.focused.blur()")
    changed = ImageChops.difference(focused, picture(page)).convert("L")
    page.evaluate("window.focused.focus()")
    return sum(changed.histogram()[25:])


def test_few_stops_lead_to_train_and_none_is_a_question_mark(visit: Visit) -> None:
    reached = []
    for name in stops(visit.page):
        reached.append(name)
        if name == "Train" and "Learning rate" in reached:
            break
    assert reached[-1] == "Train"
    assert [name for name in reached if name.startswith("Help for")] == []
    assert len(reached) <= MOST_STOPS


def test_a_link_skips_the_sidebar(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(visit.button("Train")).to_be_focused()


@pytest.mark.parametrize("path", ["", "data", "results"])
def test_one_sees_where_the_keyboard_is(visiting: Visiting, path: str) -> None:
    visit = visiting()
    visit.page.goto(f"{visit.url}/{path}")
    rests(visit)
    if not path:
        visit.ready()
    unseen = [
        name
        for name in stops(visit.page)
        if not visit.page.evaluate(IN_A_TABLE) and seen(visit.page) < LEAST_SEEN
    ]
    assert unseen == []


def test_help_comes_with_the_control_and_leaves_when_one_types(visit: Visit) -> None:
    page = visit.page
    help_text = page.get_by_role("tooltip").filter(has_text="Size of each step")
    rate = page.get_by_label("Learning rate", exact=True)
    page.get_by_label("Optimiser", exact=True).focus()
    page.keyboard.press("Tab")
    expect(rate).to_be_focused()
    expect(help_text).to_be_visible()
    expect(rate).to_have_attribute("aria-description", re.compile("Size of each step"))
    page.keyboard.press("Escape")
    expect(help_text).to_be_hidden()


def test_help_comes_with_the_label(visit: Visit) -> None:
    page = visit.page
    help_text = page.get_by_role("tooltip").filter(has_text="Size of each step")
    page.get_by_test_id("stSidebar").get_by_text("Learning rate", exact=True).hover()
    expect(help_text).to_be_visible()
    visit.button("Train").hover()
    expect(help_text).to_be_hidden()


@pytest.mark.parametrize("name", ["Pace", "Net"])
def test_tab_passes_the_lists_of_the_board(visiting: Visiting, name: str) -> None:
    page = visiting().open("?nets=3").page
    listed = page.get_by_role("combobox", name=name, exact=True)
    for key in ("Tab", "Shift+Tab"):
        listed.focus()
        page.keyboard.press(key)
        expect(listed).not_to_be_focused()
        assert page.evaluate(NAME) != ""


def test_space_and_arrows_belong_to_the_list_that_has_the_keyboard(visit: Visit) -> None:
    page = visit.page
    pace = page.get_by_role("combobox", name="Pace", exact=True)
    pace.focus()
    page.keyboard.press("ArrowUp")
    expect(pace).to_have_value("10")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(pace).to_be_focused()
    visit.state("idle")
    assert visit.number("step") == 0
