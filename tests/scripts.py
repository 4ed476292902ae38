"""Exported scripts, run in the process of the tests, or in one of their own as a reader would.

Importing torch takes longer than what most scripts do, so all but a few share one import.
"""

import contextlib
import io
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import torch


def unpack(content: bytes, folder: Path) -> Path:
    """Unpack a script and its rows, and return their folder."""
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def run_here(folder: Path) -> tuple[list[float], str]:
    """Run `train.py` in a namespace of its own; return its losses and what it printed.

    A warning is an error, as in every test.
    """
    with _torch_as_new(), contextlib.redirect_stdout(io.StringIO()) as said:
        names = runpy.run_path(str(folder / "train.py"), run_name="train")
        losses = names["main"]()
    return losses, said.getvalue()


def run_alone(folder: Path) -> str:
    """Run `python train.py` in a new process; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "train.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def _torch_as_new() -> Iterator[None]:
    """Set torch as it is in a new process, and afterwards as it was."""
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    torch.set_flush_denormal(False)  # training sets it, and torch does not tell what it is
    try:
        with torch.random.fork_rng(devices=()), torch.enable_grad():
            yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
