"""Sets that are not here: the page offers to fetch them, shows how far that is, and can stop it."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlpdash.data.load import starting_point
from mlpdash.data.sets import fetching
from mlpdash.data.sets.downloads import HOUSING_MEMBER
from mlpdash.errors import DataError
from mlpdash.ui.shared import downloads

NAME = "california-housing"


@pytest.fixture(autouse=True)
def no_downloads() -> None:
    downloads._all.clear()  # type: ignore[attr-defined]


def texts(page: Any) -> str:
    return " ".join(item.value for item in page.markdown).replace("\\", "")


def test_a_set_that_is_not_here_is_offered_instead_of_a_board(stage: Any) -> None:
    page = stage.open(data=NAME)
    assert not page.error
    assert not page.warning
    assert stage.supervisor.runs == {}
    assert "must be downloaded first (0.4 MB)" in texts(page)
    assert page.query_params == {"data": NAME}


def test_picking_it_beside_a_run_that_is_over_asks_for_no_draft(stage: Any) -> None:
    page = stage.open()
    run = stage.start()
    stage.supervisor.runs[run].state = "finished"
    page.selectbox(key="data").select(NAME)
    stage.run()
    assert list(stage.supervisor.runs) == [run]
    assert page.button(key="start_download")


def test_a_refused_download_says_why_and_can_be_tried_again(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(data: str, *_hooks: Any) -> bool:
        raise DataError("no way to the mirror.")

    monkeypatch.setattr(fetching, "fetch", refuse)
    page = stage.open(data=NAME)
    page.button(key="start_download").click()
    stage.run()
    downloads._all()[NAME].wait()
    stage.run()
    assert page.error[0].value == "no way to the mirror\\."
    assert page.button(key="start_download")


def test_progress_is_shown_and_cancel_stops_it(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    began, ended = threading.Event(), threading.Event()

    def fetch(
        data: str, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> bool:
        progress(100_000, 400_000)
        began.set()
        while not cancelled():
            ended.wait(0.01)
        ended.set()
        return False

    monkeypatch.setattr(fetching, "fetch", fetch)
    page = stage.open(data=NAME)
    page.button(key="start_download").click()
    stage.run()
    assert began.wait(5)
    stage.run()
    assert (downloads._all()[NAME].done, downloads._all()[NAME].total) == (100_000, 400_000)
    page.button(key="cancel_download").click()
    stage.run()
    assert ended.wait(5)
    downloads._all()[NAME].wait()
    stage.run()
    assert page.button(key="start_download")
    assert not page.error


def test_what_was_fetched_is_shown(stage: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(data: str, *_hooks: Any) -> bool:
        folder = home / "datasets" / data
        folder.mkdir(parents=True)
        rows = "\n".join(
            f"-122,37,{n},{n + 5},{n + 2},{n + 9},{n + 1},3.5,{n}" for n in range(1, 60)
        )
        with tarfile.open(folder / "cal_housing.tgz", "w:gz") as archive:
            member = tarfile.TarInfo(HOUSING_MEMBER)
            member.size = len(rows)
            archive.addfile(member, io.BytesIO(rows.encode()))
        return True

    monkeypatch.setattr(fetching, "fetch", fetch)
    page = stage.open(data=NAME)
    page.button(key="start_download").click()
    stage.run()
    downloads._all()[NAME].wait()
    stage.run()
    assert not page.error
    assert stage.supervisor.runs[stage.last.run].experiment == starting_point(NAME)
