"""The package as a person has it who installed it: built into a wheel, without the checkout."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.serving import ROOT, Server


@dataclass(frozen=True)
class Installed:
    """A wheel, and the folder that it was installed into.

    The packages it depends on are those of this interpreter.
    """

    wheel: Path
    site: Path

    @property
    def command(self) -> str:
        """The program `mlpdash`."""
        return str(next((self.site / "bin").glob("mlpdash*")))

    @property
    def cwd(self) -> Path:
        """A folder with nothing of ours in it."""
        folder = self.site.with_name("elsewhere")
        folder.mkdir(exist_ok=True)
        return folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of this interpreter, or of the wheel, away from the checkout."""
        return subprocess.run(
            words,
            cwd=self.cwd,
            env={**os.environ, "PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
            check=False,
        )

    def server(self, home: Path, **settings: str) -> Server:
        """Return `mlpdash` as a server that is not started yet."""
        command = (self.command, "--no-browser", "--port")
        return Server(home, command, self.cwd, PYTHONPATH=str(self.site), **settings)


def install(folder: Path) -> Installed:
    """Build the wheel and install it under `folder`; asks the network for nothing."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps")
    build = ("wheel", *quiet, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    wheel = next(folder.glob("mlpdash-*.whl"))
    site = folder / "site"
    target = ("install", *quiet, "--no-index", "--target", str(site), str(wheel))
    subprocess.run([sys.executable, "-m", "pip", *target], check=True)
    return Installed(wheel, site)
