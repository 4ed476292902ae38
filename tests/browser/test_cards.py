"""What stands in the boundary's place, lines across the curves, and points drawn by hand."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit, Visiting
from tests.serving import wait_until

PAINTED = (
    "(card) => { const canvas = document.querySelector(`${card} canvas`);"
    "const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
    "return new Set(new Uint32Array(data.buffer)).size; }"
)
CLEAR = (
    "() => { const canvas = document.querySelector('.field-clip canvas');"
    "const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
    "return data.filter((value, i) => i % 4 === 3 && value < 128).length; }"
)


def choice(visit: Visit, name: str) -> str:
    return parse_qs(urlsplit(visit.page.evaluate("location.href")).query).get(name, [""])[0]


def points(visit: Visit) -> list[tuple[float, float, int]]:
    """The points that the URL holds."""
    parts = [part.split(",") for part in choice(visit, "points").split(";") if part]
    return [(float(x), float(y), int(label)) for x, y, label in parts]


def place(visit: Visit, x: float, y: float) -> tuple[float, float]:
    """Where a point of the plane is on the page."""
    box = visit.page.locator("[data-testid=figure-boundary] .field-clip").bounding_box()
    ends = visit.plot("boundary", "gd._fullLayout.xaxis.range")
    assert box
    assert isinstance(ends, list)
    low, high = ends
    across, up = ((v - low) / (high - low) for v in (x, y))
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def test_pictures_of_rows_say_what_the_net_says(visiting: Visiting) -> None:
    visit = visiting().open("?data=digits&epochs=3")
    page = visit.page
    visit.press("Rows")
    card = page.get_by_test_id("figure-rows")
    expect(card).to_be_visible()
    expect(page.get_by_test_id("figure-boundary")).to_be_hidden()
    expect(card.locator("figure")).to_have_count(60)
    expect(card.locator("figcaption").first).to_have_text(re.compile(r"^\d \d+ %$"))
    before = card.locator(".readings").text_content()
    wrong = card.locator("figure.wrong").count()
    assert before == f"{60 - wrong} of these 60 are correct"
    visit.train()
    visit.state("finished")
    expect(card.locator(".readings")).not_to_have_text(before or "")
    assert card.locator("figure.wrong").count() < wrong
    title = card.locator("figure").first.get_attribute("title")
    assert re.fullmatch(r"row \d+: actual 0, predicted \d \(\d+ %\)", title or "")


def test_weights_are_pictures_that_change(visiting: Visiting) -> None:
    visit = visiting().open("?data=digits&epochs=3")
    visit.press("Weights")
    card = visit.page.get_by_test_id("figure-weights")
    low = card.locator(".legend span span").first
    expect(low).to_have_text(re.compile(r"^-0\.\d+$"))
    before = low.text_content()
    wait_until(lambda: visit.page.evaluate(PAINTED, "[data-testid=figure-weights]") > 50, "weights")
    visit.train()
    visit.state("finished")
    expect(low).not_to_have_text(before or "")


def test_a_field_fades_where_no_rows_are(visiting: Visiting) -> None:
    plain = visiting().open("?data=iris&folds=off&plane=pca")
    assert plain.page.evaluate(CLEAR) == 0
    expect(plain.page.get_by_text("component 1: 73% of the variance")).to_be_visible()
    faded = visiting().open("?data=iris&folds=off&fade=true")
    assert faded.page.evaluate(CLEAR) > 100
    expect(faded.page.get_by_text("pale: far from training rows")).to_be_visible()


def test_a_learning_rate_is_found_and_adopted(visiting: Visiting) -> None:
    visit = visiting().open("?data=circle")
    page = visit.page
    visit.press("Learning rate")
    use = page.get_by_role("button", name=re.compile(r"^Use [\d.e-]+$"))
    expect(use).to_be_enabled()
    rate = (use.text_content() or "").removeprefix("Use ")
    wait_until(lambda: page.evaluate(PAINTED, ".finder-plot") > 3, "a curve")
    use.click()
    wait_until(lambda: choice(visit, "lr") == rate, "the rate in the address")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value(rate)
    expect(page.get_by_test_id("figure-finder")).to_be_visible()
    visit.state("idle")


def test_a_rate_adopted_while_it_trains_acts_at_once(visiting: Visiting) -> None:
    visit = visiting().open("?data=circle&epochs=until-stopped&lr=0.00001")
    run = visit.train()
    visit.press("Learning rate")
    use = visit.page.get_by_role("button", name=re.compile(r"^Use [\d.e-]+$"))
    use.click()
    rate = (use.text_content() or "").removeprefix("Use ")
    wait_until(lambda: choice(visit, "lr") == rate, "the rate in the address")
    visit.state("running")
    assert visit.run() == run
    visit.press("Stop")


def test_baselines_are_lines_when_asked_for(visiting: Visiting) -> None:
    visit = visiting().open("?data=iris")
    loss = visit.page.get_by_test_id("figure-loss")
    expect(loss).not_to_have_attribute("aria-description", re.compile("logistic"))
    visit.press("Baselines")
    said = re.compile(r"^the most frequent class 1\.\d+; logistic regression 0\.\d+; 5 nearest")
    expect(loss).to_have_attribute("aria-description", said)
    metric = visit.page.get_by_test_id("figure-metric")
    expect(metric).to_have_attribute("aria-description", re.compile("gradient boosting 0"))
    expect(visit.button("Baselines")).to_have_attribute("aria-busy", "false")
    visit.press("Baselines")
    expect(loss).to_have_attribute("aria-description", "")


def test_points_are_drawn_moved_and_removed(visiting: Visiting) -> None:
    visit = visiting().open("?data=drawn")
    page = visit.page
    visit.press("+ class")
    page.mouse.click(*place(visit, -4, -4))
    page.mouse.click(*place(visit, -5, -4))
    wait_until(lambda: len(points(visit)) == 14, "two points more")
    assert [point[2] for point in points(visit)[-2:]] == [2, 2]
    assert points(visit)[-1][:2] == (near(-5), near(-4))
    expect(page.locator(".legend").first).to_contain_text("2")
    page.mouse.move(*place(visit, -5, -4))
    page.mouse.down()
    page.mouse.move(*place(visit, 0, 5), steps=4)
    page.mouse.up()
    wait_until(lambda: points(visit)[-1][1] > 4.5, "the point has moved")
    page.keyboard.down("Shift")
    page.mouse.click(*place(visit, 2, -2.2))
    page.keyboard.up("Shift")
    wait_until(lambda: len(points(visit)) == 13, "one point less")
    page.mouse.move(*place(visit, 3, -2))
    page.keyboard.press("Delete")
    wait_until(lambda: len(points(visit)) == 12, "and one by key")
    visit.train()
    visit.press("Stop")


def drag(visit: Visit, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = visit.page.mouse
    mouse.move(*place(visit, *start))
    mouse.down()
    mouse.move(*place(visit, *end), steps=20)
    mouse.up()


def test_a_drag_leaves_a_trail_of_points_and_the_eraser_takes_it_away(visiting: Visiting) -> None:
    visit = visiting().open("?data=drawn")
    visit.press("+ class")
    drag(visit, (-5, -5.5), (5, -5.5))
    wait_until(lambda: len(points(visit)) > 16, "a trail")
    trail = points(visit)[12:]
    assert {label for *_, label in trail} == {2}
    assert [x for x, *_ in trail] == sorted(x for x, *_ in trail)
    assert (trail[0][0], trail[-1][0]) == (near(-5), pytest.approx(5, abs=0.8))
    visit.press("Erase")
    drag(visit, (-5.2, -5.5), (5.2, -5.5))
    wait_until(lambda: len(points(visit)) == 12, "no trail")


def test_backspace_in_a_field_removes_no_point(visiting: Visiting) -> None:
    visit = visiting().open("?data=drawn")
    rate = visit.page.get_by_label("Learning rate", exact=True)
    before = rate.input_value()
    visit.page.mouse.move(*place(visit, 3, -2))
    rate.focus()
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("Backspace")
    expect(rate).to_have_value(before[:-1])


def test_a_drawing_of_one_class_waits_for_another(visiting: Visiting) -> None:
    visit = visiting().open("?data=drawn")
    page = visit.page
    run = page.evaluate("document.querySelector('[data-testid=live-board]').dataset.state")
    visit.press("Clear")
    expect(page.get_by_text("Draw two points of each of two classes")).to_be_visible()
    for y in (3, 4):
        page.mouse.click(*place(visit, -3, y))
    page.wait_for_timeout(600)
    assert choice(visit, "points") == ""
    assert run == "idle"
    page.locator(".drawing .chips button").nth(1).click()
    for y in (-3, -4):
        page.mouse.click(*place(visit, 3, y))
    wait_until(lambda: len(points(visit)) == 4, "four points")
    expect(page.get_by_text("Draw two points of each of two classes")).to_be_hidden()


def test_nothing_is_drawn_while_it_trains(visiting: Visiting) -> None:
    visit = visiting().open("?data=drawn&epochs=until-stopped")
    visit.train()
    visit.page.mouse.click(*place(visit, -4, -4))
    expect(visit.page.get_by_text("Press Pause or Stop first")).to_be_visible()
    visit.page.wait_for_timeout(600)
    assert choice(visit, "points") == ""
    visit.state("running")
    visit.press("Stop")


def near(value: float) -> object:
    """A value to a pixel or two."""
    return pytest.approx(value, abs=0.06)
