"""The installed dashboard in a browser: its looks, its pictures, and a run."""

import tomllib
from collections.abc import Iterator

import pytest

from tests.browser.visit import Visiting
from tests.installed import install
from tests.serving import ROOT, Server

SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.fixture
def installed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("installed")
    one = install(folder).server(folder / "home").start()
    yield one
    one.stop()


@pytest.mark.slow
def test_the_installed_dashboard_looks_and_trains_as_in_the_checkout(
    installed_server: Server, visiting: Visiting
) -> None:
    visit = visiting(at=installed_server)
    visit.page.set_default_timeout(90_000)  # the server starts its workers only now
    visit.open()
    look = visit.page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert look == f"{SETTINGS['theme']['baseFontSize']}px"  # the browser's own is 16px
    logo = visit.page.get_by_test_id("stSidebarLogo")
    assert logo.evaluate("logo => logo.src.startsWith('data:image/svg') && logo.naturalWidth > 0")
    visit.train()
    visit.after("epoch", 1)
    assert installed_server.worker_of(visit.run())
    assert "Traceback" not in installed_server.said()
