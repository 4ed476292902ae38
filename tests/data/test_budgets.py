"""How much memory and disk may hold what could be made again."""

import shutil
from pathlib import Path

import pytest

from mlpdash.data import budgets
from mlpdash.data.budgets import disk_budget, memory_budget

MB = 1_000_000


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MLPDASH_MEMORY_MB", "300")
    monkeypatch.setenv("MLPDASH_DISK_MB", "0")
    assert memory_budget() == 300 * MB
    assert disk_budget(tmp_path, 5) == 0


def test_memory_is_a_quarter_of_all_and_at_most_2_gb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_all_memory", lambda: 1_000 * MB)
    assert memory_budget() == 250 * MB
    monkeypatch.setattr(budgets, "_all_memory", lambda: 64_000 * MB)
    assert memory_budget() == 2_000 * MB


def test_a_container_has_less_than_its_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(budgets, "CONTAINER", limit)
    monkeypatch.setattr(budgets, "MOST_MEMORY", 10**15)
    without = memory_budget()
    limit.write_text("max\n")
    assert memory_budget() == without
    limit.write_text("400000000\n")
    assert memory_budget() == 100 * MB


def test_disk_is_a_tenth_of_what_is_free_and_at_most_4_gb(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def of(free: int) -> int:
        usage = shutil.disk_usage(tmp_path)._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
        return disk_budget(tmp_path, 1_000 * MB)  # which a tenth is not taken from

    assert of(9_000 * MB) == 1_000 * MB
    assert of(900_000 * MB) == 4_000 * MB


@pytest.mark.parametrize("named", ["many", "-1", "1.5"])
def test_a_malformed_value_is_told_once_and_does_not_count(
    named: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usual = memory_budget()
    monkeypatch.setenv("MLPDASH_MEMORY_MB", named)
    assert memory_budget() == memory_budget() == usual
    assert caplog.text.count("MLPDASH_MEMORY_MB must be a whole number of megabytes") == 1
