from pathlib import Path

import platformdirs
import pytest

from mlpdash.errors import DataError
from mlpdash.home import home


def test_the_environment_names_the_folder_at_each_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        monkeypatch.setenv("MLPDASH_HOME", str(tmp_path / "deep" / name))
        assert home() == tmp_path / "deep" / name
        assert home().is_dir()


def test_without_it_the_platform_has_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLPDASH_HOME")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name: tmp_path / name)
    assert home() == tmp_path / "mlpdash"


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path / "file" / "under"))
    with pytest.raises(DataError, match=r"cannot be made .* Set MLPDASH_HOME"):
        home()
