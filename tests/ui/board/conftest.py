"""A browser page that has the board's JavaScript and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from mlpdash.ui.board.assets import ASSETS, KINDS, asset_route
from tests.serving import CHROMIUM_FLAGS, find_chromium

SITE = "http://board.test"


@pytest.fixture(scope="module")
def modules() -> Iterator[Page]:
    """A page on a site that has the board's files under the paths that the server gives them."""
    files = {SITE + asset_route(name): path for name, path in ASSETS.items()}
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=CHROMIUM_FLAGS
            )
        except Error:
            if "CHROMIUM" in os.environ:  # as tests/run says, which installs one but for `quick`
                raise
            pytest.skip("no browser starts here")
        context = browser.new_context()

        def answer(route: Any) -> None:
            path: Path | None = files.get(route.request.url)
            if path is not None:
                route.fulfill(path=path, content_type=KINDS[path.suffix])
            else:
                route.fulfill(body="<!doctype html>", content_type="text/html")

        context.route("**/*", answer)
        page = context.new_page()
        page.goto(SITE)
        yield page
        browser.close()


@pytest.fixture
def js(modules: Page) -> Callable[..., Any]:
    """Run an expression with a module's exports as `m` and an argument as `a`."""

    def run(module: str, expression: str, argument: Any = None) -> Any:
        source = asset_route(module)
        code = f"async (a) => {{ const m = await import('{source}'); {expression} }}"
        return modules.evaluate(code, argument)

    return run
