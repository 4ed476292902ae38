"""What a run is computed with: chosen once by measuring, and shared with the runs beside it."""

from __future__ import annotations

from typing import Any

import torch

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.machine.calibrate import Measured, calibrate, in_words
from mlpdash.training.machine.devices import Chosen, candidates, cores, why_one
from mlpdash.training.net.size import Size


class Processor:
    """Choose the device and the threads of a run.

    Attributes
    ----------
    chosen : what the run trains with; before it is measured, the first that will do
    measured : what there was to choose from, with speeds; empty before `calibrate`
    reason : how it was chosen, in words; empty before
    """

    def __init__(self, wanted: str, size: Size, batch: int, others: int) -> None:
        """See what there is to choose from, and use the first.

        Parameters
        ----------
        wanted : `auto`, or a device's name
        others : how many other runs train beside this one, whose cores are left to them

        Raises
        ------
        DeviceError : the net does not fit, or the device is not there
        """
        self._wanted, self._size, self._batch = wanted, size, batch
        self.measured: tuple[Measured, ...] = ()
        self.reason = ""
        self._options: list[Chosen] = []
        self._why_one = ""
        self.find_options(others)
        self.chosen = self._options[0]

    def find_options(self, others: int) -> None:
        """See what there is to choose from beside so many other runs."""
        asked = (self._wanted, self._size, self._batch, cores() - others)
        self._options = candidates(*asked)
        self._why_one = why_one(*asked) if len(self._options) == 1 else ""

    def use(self) -> None:
        """Let torch use the threads that were chosen."""
        torch.set_num_threads(self.chosen.threads)

    def calibrate(self, prepared: Prepared, experiment: Experiment) -> None:
        """Choose by measuring, and use that."""
        self.measured = calibrate(prepared, experiment, self._options)
        self.reason = in_words(self.measured) or self._why_one
        self.chosen = self.measured[0].chosen
        self.use()

    def threads_beside(self, others: int) -> int | None:
        """Return how many threads to use beside other runs, or None: as many as now."""
        wanted = min(self.chosen.threads, max(1, cores() - others))
        if self.chosen.device != "cpu" or wanted == torch.get_num_threads():
            return None
        return wanted

    @property
    def note(self) -> str:
        """How it was chosen, and which of its threads are left to other runs now."""
        now = torch.get_num_threads()
        if not self.reason or self.chosen.device != "cpu" or now >= self.chosen.threads:
            return self.reason
        label = Chosen("cpu", now).label
        return "; ".join(
            [self.reason, _("now {device}, shared with other runs").format(device=label)]
        )

    @property
    def record(self) -> dict[str, Any]:
        """What the run's record says of it."""
        device, threads = self.chosen.device, self.chosen.threads
        return {"device": device, "threads": threads, "calibration": self.reason}
