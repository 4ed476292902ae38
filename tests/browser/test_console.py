"""A page that a browser begins with, deep links included: no console error, no failed request."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Response, expect

from tests.browser.visit import Visit, Visiting
from tests.serving import Server


def failures(visit: Visit) -> list[str]:
    """Collect what the page asks for in vain from now on."""
    found: list[str] = []

    def answered(response: Response) -> None:
        if response.status >= 400:
            found.append(f"{response.status} {response.url}")

    visit.page.on("response", answered)
    visit.page.on("requestfailed", lambda request: found.append(f"failed {request.url}"))
    return found


def rests(visit: Visit) -> None:
    """Wait until the page has been drawn and its script has ended."""
    expect(visit.page.get_by_role("link", name="Results", exact=True)).to_be_visible()
    app = visit.page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


@pytest.mark.parametrize("path", ["", "data", "data?data=wine", "results", "data/"])
def test_a_page_opens_without_a_failed_request(visiting: Visiting, path: str) -> None:
    visit = visiting()
    found = failures(visit)
    visit.page.goto(f"{visit.url}/{path}")
    rests(visit)
    assert found == []


def test_a_run_opens_without_a_failed_request(visiting: Visiting) -> None:
    first = visiting().open("?epochs=2")
    run = first.train()
    first.state("finished")
    for path in ("", "results", "data"):
        visit = visiting()
        found = failures(visit)
        visit.page.goto(f"{visit.url}/{path}?run={run}")
        rests(visit)
        assert found == [], path


def test_a_page_opens_so_under_a_base_path(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server = Server(tmp_path / "home", STREAMLIT_SERVER_BASE_URL_PATH="deep/down")
    server.url += "/deep/down"
    request.addfinalizer(server.start().stop)
    visit = request.getfixturevalue("visiting")(at=server)
    found = failures(visit)
    visit.page.goto(f"{visit.url}/data?data=wine")
    expect(visit.page.get_by_role("heading", name="Wine", exact=True)).to_be_visible()
    assert found == []
