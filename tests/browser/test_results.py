"""From training to the Results page, to the rows behind a cell, and back to the live board."""

import re

from playwright.sync_api import Page, expect

from tests.browser.visit import Visiting


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()


def click_cell(page: Page, number: int) -> None:
    """Click a cell of the confusion matrix, counted row by row, as a hand does: plotly looks at
    what it hovers over.
    """
    box = page.locator(".st-key-results_section .barlayer .point path").nth(number).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    page.mouse.move(x - 5, y - 5)
    page.mouse.move(x, y, steps=4)
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    page.wait_for_timeout(500)  # plotly hovers anew every few frames, and a hand rests so long
    page.mouse.click(x, y, delay=60)


def test_a_click_on_a_cell_lists_its_rows(visiting: Visiting) -> None:
    visit = visiting().open("?data=iris&epochs=60")
    run = visit.train()
    visit.state("finished")
    page = visit.page
    go_to(page, "Results")
    page.wait_for_url(re.compile(rf"/results\?run={run}"))
    verdict = page.locator(".st-key-verdict")
    expect(verdict).to_contain_text("On 30 test rows that it never saw")
    expect(verdict).to_contain_text("Gradient boosting")
    expect(page.get_by_role("progressbar")).to_have_count(0)  # importance is there, too
    rows = page.locator(".st-key-rows")
    click_cell(page, 0)
    expect(rows).to_contain_text(re.compile("Actual setosa, predicted setosa:.* 10 rows"))
    for column in (2, 3):  # actual and predicted, as screen readers have them
        cells = rows.locator(f"td[data-testid^=glide-cell-{column}-]")
        expect(cells).to_have_text(["setosa"] * 10)
    click_cell(page, 1)
    expect(rows).to_contain_text("No such row")


def test_the_board_goes_on_while_one_looks_at_results(visiting: Visiting) -> None:
    visit = visiting().open("?pace=10")
    run = visit.train()
    visit.after("epoch", 5)
    go_to(visit.page, "Results")
    expect(visit.page.get_by_text("This net is still training")).to_be_visible()
    go_to(visit.page, "Train")
    visit.ready()
    visit.state("running", "finished")
    assert visit.run() == run
    epoch = visit.number("epoch")
    visit.after("epoch", epoch + 3)
