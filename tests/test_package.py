"""The package as a wheel: what is in it, and that it works without the checkout."""

import json
import signal
import sys
import tomllib
import urllib.request
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from mlpdash.ui.board.assets import asset_route
from mlpdash.version import VERSION
from tests.installed import Installed, install
from tests.serving import ROOT

pytestmark = pytest.mark.slow
ENDINGS = {".py", ".js", ".css", ".svg", ".toml", ".csv", ".typed"}
SHIPPED = ("app.py", ".streamlit/config.toml", "sample_data/temperature.csv")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("wheel"))


def pins(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if "==" in line}


def test_all_files_of_the_package_are_in_the_wheel_and_nothing_else(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    ours = {name for name in names if not name.startswith(f"mlpdash-{VERSION}.dist-info/")}
    kept = {f"mlpdash/shipped_files/{name}" for name in SHIPPED}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "mlpdash").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours == there | kept
    assert {Path(name).suffix for name in ours} == ENDINGS
    assert "mlpdash/py.typed" in ours


def test_its_metadata_says_each_thing_as_it_is_said_elsewhere(installed: Installed) -> None:
    about = PathDistribution(next(installed.site.glob("*.dist-info")))
    needed = about.requires or []
    plain = [one for one in needed if "extra ==" not in one]
    assert about.version == VERSION
    assert {pin.split("==")[0] for pin in pins("requirements.txt")} == {
        one.split(";")[0].rstrip("0123456789.,<>=~! ") for one in plain
    }
    assert {one.split(";")[0].strip() for one in needed if "extra == 'dev'" in one} == pins(
        "tests/requirements.txt"
    )
    assert [one.split("==")[0] for one in needed if "extra == 'onnx'" in one] == ["onnx"]
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    assert set(backend["requires"]) <= pins("tests/requirements.txt")


def test_the_ranges_hold_what_the_tests_run_with(installed: Installed) -> None:
    from packaging.requirements import Requirement

    about = PathDistribution(next(installed.site.glob("*.dist-info")))
    pinned = dict(pin.split("==") for pin in pins("requirements.txt"))
    for line in about.requires or []:
        one = Requirement(line)
        if one.marker is None:
            assert pinned[one.name] in one.specifier


def test_the_command_says_its_version_and_its_name(installed: Installed) -> None:
    assert installed.run(installed.command, "--version").stdout == f"mlpdash {VERSION}\n"
    assert installed.run(installed.command, "--help").stdout.startswith("usage: mlpdash [")
    module = installed.run(sys.executable, "-m", "mlpdash", "--help").stdout
    assert module.startswith("usage: python -m mlpdash [")
    lost = installed.run(installed.command, "train", "nowhere")
    assert lost.returncode == 2
    assert lost.stderr.count("\n") == 1


def test_it_trains_on_the_sample_table(installed: Installed) -> None:
    done = installed.run(installed.command, "train", "temperature", "--epochs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["epochs"] == 2
    where = installed.run(sys.executable, "-c", "import mlpdash; print(mlpdash.__file__)")
    assert where.stdout.startswith(str(installed.site))


def test_it_serves_the_dashboard_and_ctrl_c_ends_it(installed: Installed, tmp_path: Path) -> None:
    server = installed.server(tmp_path / "served").start()
    try:
        for path, kind in (
            ("/", "text/html"),
            (asset_route("board.js"), "text/javascript"),
            (asset_route("board.css"), "text/css"),
            ("/mlpdash/plotly.js", "text/javascript"),
        ):
            with urllib.request.urlopen(server.url + path, timeout=10) as answer:
                assert answer.headers.get_content_type() == kind
                assert answer.read()
    finally:
        server.stop(signal.SIGINT)
    assert server.process.returncode == 0
    assert "Traceback" not in server.said()
    assert f"http://localhost:{server.port}" in server.said()
