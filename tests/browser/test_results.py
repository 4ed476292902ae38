"""From training to the Results page, to the rows behind a cell, and back to the live board."""

import re
from pathlib import Path

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


def click_point(page: Page, figure: int, trace: int, point: int) -> None:
    """Click a point of a figure of the section, as a hand does."""
    place = page.evaluate(
        """([figure, trace, point]) => {
          const gd = document.querySelectorAll(
            ".st-key-results_section .js-plotly-plot")[figure];
          gd.scrollIntoView({block: "center"});
          const {xaxis, yaxis} = gd._fullLayout;
          const box = gd.getBoundingClientRect();
          return [box.left + xaxis._offset + xaxis.d2p(gd.data[trace].x[point]),
                  box.top + yaxis._offset + yaxis.d2p(gd.data[trace].y[point])];
        }""",
        [figure, trace, point],
    )
    page.mouse.move(place[0] - 4, place[1] - 4)
    page.mouse.move(*place, steps=4)
    expect(page.locator(".hoverlayer .hovertext").first).to_be_visible()
    page.wait_for_timeout(500)
    page.mouse.click(*place, delay=60)


def section(page: Page, name: str) -> None:
    page.locator(".st-key-results_section").get_by_role("radio", name=name, exact=True).click()


def test_points_and_bars_have_their_rows_and_the_net_can_be_taken_along(
    visiting: Visiting, tmp_path: Path
) -> None:
    visit = visiting().open("?data=iris&epochs=60&folds=off&patience=off")
    visit.train()
    visit.state("finished")
    page = visit.page
    go_to(page, "Results")
    expect(page.locator(".st-key-verdict")).to_contain_text("Gradient boosting")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    rows = page.locator(".st-key-rows")

    section(page, "Curves")
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(7)
    click_point(page, 0, 1, 2)  # of one class; others lie under it
    expect(rows).to_contain_text(re.compile(r"rows predicted \w+ \(probability at least"))

    section(page, "Why")
    expect(page.get_by_text("petal width were different")).to_be_visible()
    click_point(page, 0, 0, 3)  # the bar of what matters least
    expect(page.get_by_text("sepal width were different")).to_be_visible()

    section(page, "Export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Bundle", exact=True).click()
    bundle = tmp_path / "iris.mlpdash"
    waiting.value.save_as(bundle)
    page.get_by_role("button", name="Open a bundle").click()
    page.locator("input[type=file]").last.set_input_files(bundle)
    expect(page.get_by_text("A net 4 > 16 > 3 with ReLU, trained on Iris")).to_be_visible()
    expect(page).to_have_url(re.compile(r"bundle=[0-9a-f]{64}"))
    expect(
        page.get_by_text(re.compile("^Predicted (setosa|versicolor|virginica)$"))
    ).to_be_visible()
    page.get_by_role("button", name="Back to the runs").click()
    expect(page.locator(".st-key-verdict")).to_contain_text("Gradient boosting")


def test_a_broken_bundle_gets_one_sentence(visiting: Visiting, tmp_path: Path) -> None:
    visit = visiting().open()
    go_to(visit.page, "Results")
    broken = tmp_path / "evil.mlpdash"
    broken.write_bytes(b"PK\x03\x04 nothing of a bundle")
    visit.page.get_by_role("button", name="Open a bundle").click()
    visit.page.locator("input[type=file]").last.set_input_files(broken)
    expect(visit.page.get_by_text("this is not a bundle, or not a whole one.")).to_be_visible()


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
