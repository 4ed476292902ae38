"""Which devices are there, and which of them a net is trained on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Final

import torch

from mlpdash.errors import DeviceError
from mlpdash.text import _
from mlpdash.training.net.size import Size, check_fits, free_memory, gigabytes

SMALL_OPERATIONS: Final = 2_000_000  # a step with fewer is never faster on a second thread


@dataclass(frozen=True)
class Device:
    """A device by torch's name (`cpu`, `cuda:0`, `mps`), its label and its memory in bytes."""

    name: str
    label: str
    memory: int


@dataclass(frozen=True)
class Chosen:
    """What a run is computed with. Part of its record: the same choice gives the same bits."""

    device: str
    threads: int

    @property
    def label(self) -> str:
        """Say it in words: `CPU, 1 thread`."""
        if self.device != "cpu":
            return self.device.upper()
        if self.threads == 1:
            return _("CPU, 1 thread")
        return _("CPU, {n} threads").format(n=self.threads)


def available() -> tuple[Device, ...]:
    """List the CPU, each CUDA GPU, and MPS where it is there."""
    memory = _all_memory()
    found = [
        Device(
            "cpu",
            _("CPU, {cores} cores, {memory}").format(cores=cores(), memory=gigabytes(memory)),
            memory,
        )
    ]
    for index in range(torch.cuda.device_count()):
        about = torch.cuda.get_device_properties(index)
        label = f"{about.name}, {gigabytes(about.total_memory)}"
        found.append(Device(f"cuda:{index}", label, about.total_memory))
    if torch.backends.mps.is_available():
        found.append(Device("mps", f"Apple {platform.machine()}, {gigabytes(memory)}", memory))
    return tuple(found)


def candidates(wanted: str, size: Size, batch: int, spare: int) -> list[Chosen]:
    """List what a net may be trained with, for `calibrate` to choose from.

    CPU threads by powers of two as far as the step is large enough for them, and with `auto` each
    accelerator that has the memory.

    Parameters
    ----------
    wanted : `auto`, or a device's name
    batch : rows per step
    spare : cores that other runs leave free

    Raises
    ------
    DeviceError : the device is not there, or the net does not fit on it
    """
    devices = {device.name: device for device in available()}
    name = "cuda:0" if wanted == "cuda" else wanted
    if name not in ("auto", *devices):
        raise DeviceError(
            _('there is no device "{name}" on this machine; there are: {names}.').format(
                name=wanted, names=", ".join(["auto", *devices])
            )
        )
    main = devices["cpu" if name == "auto" else name]
    check_fits(size, free_memory() if main.name == "cpu" else main.memory, main.label)
    if name not in ("auto", "cpu"):
        return [Chosen(name, 1)]
    most = 1 if _is_small(size, batch) else max(1, min(spare, cores()))
    threads = sorted({n for n in (1, 2, 4, 8, 16, 32) if n < most} | {most})
    others = [d.name for d in devices.values() if d.name != "cpu" and size.bytes < d.memory]
    return [Chosen("cpu", n) for n in threads] + [Chosen(n, 1) for n in others if name == "auto"]


def why_one(wanted: str, size: Size, batch: int, spare: int) -> str:
    """Say why `candidates` has one entry for these choices: there is nothing to measure then."""
    if wanted not in ("auto", "cpu"):
        return _("{device}, as chosen").format(device=wanted.upper())
    if _is_small(size, batch):
        return _("CPU, 1 thread: a step is too small for a second one to help")
    if cores() > 1 and spare <= 1:
        return _("CPU, 1 thread: other runs use the other cores")
    return _("CPU, 1 thread: it is the only one there is")


def _is_small(size: Size, batch: int) -> bool:
    return 6 * size.parameters * batch <= SMALL_OPERATIONS  # two per weight forward, four backward


def cores() -> int:
    """Return the number of cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _all_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return free_memory()
