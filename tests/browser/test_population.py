"""Several nets on the page: their band, one of them alone, a grid, and a cell adopted."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit, Visiting
from tests.serving import wait_until

RIBBON = "gd.data.find((t) => t.meta?.ribbon)"
GRID = "?nets=2&epochs=40&sweep=lr%3D0.01,0.1;width%3D2,6"


def wait_until_shown(visit: Visit, several: bool) -> None:
    """Wait until the canvas shows some colours faintly, or every one fully."""
    pixels = (
        "() => { const canvas = document.querySelector('.field-clip canvas');"
        "const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "return data.some((value, i) => i % 4 === 3 && value < 250); }"
    )
    wait_until(lambda: visit.page.evaluate(pixels) is several, "opacity as it should be")


def test_eight_nets_show_a_band_and_one_can_be_looked_at_alone(visiting: Visiting) -> None:
    visit = visiting().open("?nets=8&epochs=30")
    page = visit.page
    wait_until_shown(visit, several=True)
    visit.train()
    visit.state("finished")
    wait_until(lambda: visit.plot("loss", f"{RIBBON}.y.length") == 31, "a band of 31 epochs")
    band = visit.plot("loss", f"Array.from({RIBBON}.y, (v, i) => v - {RIBBON}.customdata[i])")
    assert isinstance(band, list)
    assert min(band) >= 0
    assert max(band) > 0
    expect(page.locator(".tile.nets dd")).to_have_text("8")
    expect(page.get_by_test_id("figure-metric")).to_contain_text(re.compile(r"validation \d+\.\d"))
    expect(page.get_by_test_id("figure-predictions")).to_contain_text("mean of 8 nets")
    expect(page.get_by_text("pale: unsure")).to_be_visible()
    mean = visit.field()
    page.get_by_label("Net", exact=True).select_option("3")
    wait_until_shown(visit, several=False)
    wait_until(lambda: visit.field() != mean, "another boundary")
    expect(page.get_by_text("pale: unsure")).to_be_hidden()
    page.get_by_label("Net", exact=True).select_option("all")
    wait_until(lambda: visit.field() == mean, "the boundary of all again")
    wait_until_shown(visit, several=True)


OWN = "Array.from(gd.data.filter((t) => t.meta?.net).at(-1).y)"


def test_the_best_net_is_named_and_a_picked_one_is_drawn_also_after_a_reload(
    visiting: Visiting,
) -> None:
    visit = visiting().open("?nets=4&epochs=30")
    page = visit.page
    visit.train()
    visit.state("finished")
    loss = page.get_by_test_id("figure-loss")
    expect(loss.locator(".legend")).to_contain_text(re.compile(r"best: net [1-4]$"))
    wait_until(lambda: visit.plot("loss", "gd.data[0].x.at(-1)") == 30, "the last epoch")
    visit.page.wait_for_timeout(500)  # by then all numbers are those of the last frame
    best = re.findall(r"best: net (\d)", loss.locator(".legend").inner_text())[0]
    picker = page.get_by_label("Net", exact=True)
    expect(picker.locator("option", has_text="best")).to_have_text(f"{best}, best")
    curve = visit.plot("loss", OWN)
    assert isinstance(curve, list)
    other = 1 if best == "4" else int(best) + 1
    picker.select_option(str(other - 1))
    for name in ("loss", "metric"):
        expect(page.get_by_test_id(f"figure-{name}").locator(".legend")).to_contain_text(
            f"net {other}"
        )
    wait_until(lambda: visit.plot("loss", OWN) != curve, "the curve of another net")
    expect(page.get_by_test_id("figure-predictions")).to_contain_text(f"net {other}")
    page.reload()
    visit.ready()
    expect(picker).to_have_value(str(other - 1))
    expect(loss.locator(".legend")).to_contain_text(f"net {other}")
    wait_until(lambda: len(visit.plot("loss", OWN)) == len(curve), "its curve again")  # type: ignore[arg-type]


def test_of_folds_no_net_is_called_the_best_and_a_pick_can_be_taken_back(
    visiting: Visiting,
) -> None:
    visit = visiting().open("?data=iris&epochs=15&patience=off")
    visit.train()
    visit.state("finished")
    legend = visit.page.get_by_test_id("figure-loss").locator(".legend")
    expect(legend).to_contain_text("a net that you pick")
    picker = visit.page.get_by_label("Net", exact=True)
    expect(picker.locator("option", has_text="best")).to_have_count(0)
    picker.select_option(index=2)
    expect(legend).to_contain_text("net 2")
    wait_until(lambda: visit.plot("loss", OWN) != [], "its curve")
    picker.select_option("all")
    wait_until(lambda: visit.plot("loss", OWN) == [], "no curve of a net")


def test_all_nets_that_diverged_are_counted_and_go_on_at_a_lower_rate(visiting: Visiting) -> None:
    visit = visiting().open("?data=plane&nets=3&epochs=20&lr=9&hidden=64,64&activation=relu")
    page = visit.page
    visit.press("Train")
    visit.state("diverged")
    expect(page.locator(".tile.nets dd")).to_have_text("3, 3 diverged")
    expect(page.get_by_text("All 3 nets diverged, the last in epoch")).to_be_visible()
    expect(page.get_by_test_id("figure-loss")).to_contain_text("all 3 nets diverged")
    page.get_by_label("Learning rate", exact=True).fill("0.01")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("lr=0.01"))
    visit.press("Train")
    visit.state("finished")
    expect(page.locator(".tile.nets dd")).to_have_text("3")


def test_cells_of_a_large_grid_can_be_read_on_a_phone(visiting: Visiting) -> None:
    visit = visiting()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open("?epochs=3&sweep=lr%3D0.001,0.003,0.01,0.03,0.1,0.3,1;width%3D2,4,8,12")
    cells = visit.page.locator(".cells button")
    expect(cells).to_have_count(28)
    box = cells.first.bounding_box()
    assert box
    assert box["width"] >= 48
    wide = visit.page.evaluate(
        "[...document.querySelectorAll('.cells b')].filter((b) => b.scrollWidth > "
        "b.parentElement.clientWidth).length"
    )
    assert wide == 0
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    last = visit.page.get_by_role("button", name=re.compile("rate 1, width 2"))
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)


def test_why_the_device_was_chosen_is_said_before_training(untouched: Visit) -> None:
    expect(untouched.page.locator(".measured")).to_contain_text("CPU, 1 thread")


def test_one_net_has_no_picker_no_tile_and_no_band(untouched: Visit) -> None:
    expect(untouched.page.get_by_label("Net", exact=True)).to_be_hidden()
    expect(untouched.page.locator(".tile.nets")).to_be_hidden()
    assert untouched.plot("loss", "gd.data.length") == 2
    wait_until_shown(untouched, several=False)


def test_a_cell_of_a_grid_is_adopted_by_key(visiting: Visiting) -> None:
    visit = visiting().open(GRID)
    page = visit.page
    expect(page.get_by_test_id("figure-boundary")).to_be_hidden()
    visit.train()
    visit.state("finished")
    cells = page.get_by_role("grid").get_by_role("button")
    expect(cells).to_have_count(4)
    expect(page.get_by_role("button", name=re.compile("width 2, Accuracy .* %"))).to_have_count(2)
    best = page.get_by_role("button", name=re.compile(", best$"))
    expect(best).not_to_have_count(0)
    assert re.search(r"Accuracy \d+\.\d %, best$", best.first.get_attribute("title") or "")
    page.locator(".cells button[tabindex='0']").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    name = re.compile("learning rate 0.1, width 6")
    expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"hidden=6%2C6"))
    assert "sweep" not in page.url
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.1")
    expect(page.get_by_test_id("figure-grid")).to_be_hidden()
    expect(page.get_by_test_id("figure-boundary")).to_be_visible()
    visit.state("idle")
    expect(visit.board).to_have_attribute("data-epoch", "0")


def test_the_boundary_can_be_seen_instead_of_the_grid(visiting: Visiting) -> None:
    visit = visiting().open(GRID)
    page = visit.page
    visit.press("Boundary")
    expect(page.get_by_test_id("figure-boundary")).to_be_visible()
    box = page.locator("[data-testid=figure-boundary] .main-svg").first.bounding_box()
    assert box
    assert box["width"] > 500
    page.get_by_test_id("figure-boundary").get_by_role("button", name="Grid").click()
    expect(page.get_by_test_id("figure-grid")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?data=temperature&nets=8", GRID])
@pytest.mark.parametrize("height", [720, 900])
def test_nothing_scrolls_but_the_sidebar(visiting: Visiting, query: str, height: int) -> None:
    visit = visiting()
    visit.page.set_viewport_size({"width": 1280 if height == 720 else 1400, "height": height})
    visit.open(query)
    main = "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)"
    for name in ("stMain", "stMainBlockContainer"):
        over = visit.page.evaluate(f"{main}(document.querySelector('[data-testid={name}]'))")
        assert over <= 1, name
