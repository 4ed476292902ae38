"""What is chosen in the sidebar stays true whatever was chosen before it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journey import upload
from tests.browser.visit import Visit, Visiting


def choose(page: Page, name: str, value: str) -> None:
    """Open a list by its label and take a value from it."""
    page.get_by_role("combobox", name=name, exact=True).first.click()
    page.get_by_role("option", name=value, exact=True).click()


def test_lists_know_their_choice_after_other_data(visit: Visit) -> None:
    sidebar = visit.page.get_by_test_id("stSidebar")
    rows = "\n".join(f"{n},{n * 7 % 11},{n * 1.5 + n % 3}" for n in range(60))
    for name, data in (("Sine", "sine"), ("Diabetes", "diabetes"), ("Circle", ""), ("Sine", "")):
        choose(visit.page, "Dataset", name)
        visit.page.wait_for_function("(data) => location.search.includes(data)", arg=data)
        choose(visit.page, "Activation", "ELU")  # the browser hands all lists back
        expect(visit.page.get_by_role("combobox", name="Activation", exact=True)).to_have_value(
            "ELU"
        )
        visit.ready()
    upload(visit, f"a,b,y\n{rows}\n".encode(), "numbers.csv")
    visit.train()
    expect(sidebar.get_by_text("Squared error", exact=True).first).to_be_visible()
    expect(sidebar.get_by_text("must be one of")).to_have_count(0)
    assert "loss=" not in visit.page.url


def test_choices_that_wait_are_trained_by_the_one_primary_button(visit: Visit) -> None:
    first = visit.train()
    visit.after("epoch", 2)
    visit.press("Pause")
    visit.state("paused")
    bar = visit.page.get_by_test_id("waiting")
    expect(bar).to_be_hidden()
    visit.page.get_by_label("Hidden layers", exact=True).fill("5")
    visit.page.get_by_label("Hidden layers", exact=True).press("Enter")
    expect(bar).to_contain_text("Shown: Hidden layers 4, 2. Chosen: Hidden layers 5.")
    expect(visit.button("Train")).to_be_disabled()
    epoch = visit.number("epoch")
    visit.press("Continue with the old net")
    visit.after("epoch", epoch)
    assert visit.run() == first
    visit.press("Reset and train")
    visit.page.wait_for_function("(run) => !location.search.includes(run)", arg=first)
    visit.page.wait_for_url(re.compile(r"[?&]run="))
    visit.state("running", "finished")
    expect(bar).to_be_hidden()
    assert visit.run() != first


def test_other_data_beside_a_run_that_trains_wait_in_the_same_way(visiting: Visiting) -> None:
    visit = visiting().open("?epochs=until-stopped")
    first = visit.train()
    choose(visit.page, "Dataset", "XOR")
    bar = visit.page.get_by_test_id("waiting")
    expect(bar).to_contain_text("Shown: Dataset Circle")
    expect(bar).to_contain_text("Chosen: Dataset XOR")
    expect(visit.button("Continue with the old net")).to_be_hidden()  # it trains
    visit.state("running")
    assert visit.run() == first
    visit.press("Reset and train")
    visit.page.wait_for_url(re.compile("data=xor.*run=(?!" + first + ")"))
    visit.state("running")
    visit.after("epoch", 1)
    visit.press("Stop")


def test_the_net_goes_along_to_another_set_of_the_plane(visit: Visit) -> None:
    hidden = visit.page.get_by_label("Hidden layers", exact=True)
    hidden.fill("5")
    hidden.press("Enter")
    visit.page.wait_for_url(re.compile("hidden=5"))
    choose(visit.page, "Dataset", "Spiral")
    visit.page.wait_for_url(re.compile("data=spiral"))
    expect(hidden).to_have_value("5")
    expect(visit.page.get_by_text("95 % of the validation rows")).to_be_visible()
    visit.press("Use suggested settings")
    expect(hidden).to_have_value("4, 2")
    expect(visit.button("Use suggested settings")).to_have_count(0)
    choose(visit.page, "Dataset", "Iris")
    visit.page.wait_for_url(re.compile("data=iris"))
    expect(hidden).not_to_have_value("4, 2")
    visit.press("Keep my net")
    expect(hidden).to_have_value("4, 2")
    visit.ready()


def test_a_browser_that_only_watches_shows_the_owners_values_and_follows_them(
    visiting: Visiting,
) -> None:
    visit = visiting().open("?epochs=until-stopped")
    visit.train()
    other = visiting(stranger=True)
    other.page.goto(visit.page.url)
    other.ready()
    rate = other.page.get_by_label("Learning rate", exact=True)
    expect(other.page.get_by_text("These are the owner's settings.")).to_be_visible()
    expect(other.page.locator(".st-key-group_train [inert]").first).to_be_visible()
    expect(rate).to_have_value("0.03")
    own = visit.page.get_by_label("Learning rate", exact=True)
    expect(visit.page.locator(".st-key-choices [inert]")).to_have_count(0)
    own.fill("0.05")
    own.press("Enter")
    expect(rate).to_have_value("0.05")
    other.press("Reset")
    other.state("idle")
    expect(other.page.locator(".st-key-choices [inert]")).to_have_count(0)
    expect(rate).to_have_value("0.05")
    visit.press("Stop")
