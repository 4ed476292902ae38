"""What every test stands on: a home folder of its own, and no deadline on a busy machine."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from mlpdash.training.machine.openmp import wait_briefly

wait_briefly()  # before a test imports torch: as the command line and the launcher do
settings.register_profile("mlpdash", deadline=None)
settings.load_profile("mlpdash")
LONG = (
    *("test_presets.py", "test_script.py", "test_reports.py", "test_steps.py", "test_page.py"),
    *("test_journey.py", "test_nothing_is_lost.py", "test_population.py", "test_cards.py"),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep runs and tables of a test out of the person's own folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MLPDASH_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def denormal_numbers() -> Iterator[None]:
    """Take back that training rounds the tiniest numbers to 0, which holds for the whole thread."""
    yield
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_flush_denormal(False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files that take longest first, so that no worker waits for another at the end."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
