"""What can go wrong, as a tree.

MlpDashError          a person's mistake or a state of the world; its text is one sentence
+-- SpecError         a choice is not possible; `field` names it
+-- DataError         a table cannot be read or used
|   +-- TableGoneError   an uploaded table is not kept any more
+-- DeviceError       a device is not there, or a net does not fit on it
+-- RunError          a run is unknown, damaged, or not in a state for what was asked
+-- BundleError       a .mlpdash bundle is damaged, of another version, or none

Each message names the thing, the rule, what came instead and the way out. Anything else that is
raised is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlpdash.cures import Cure


class MlpDashError(Exception):
    """One clear sentence for the person; `cures` are the decisions that it proposes."""

    def __init__(self, message: str = "", cures: Sequence[Cure] = ()) -> None:
        super().__init__(message)
        self.cures = tuple(cures)


class SpecError(MlpDashError):
    """A choice is not possible. `field` is its flat name, as in the URL, or empty."""

    def __init__(self, message: str, field: str = "", cures: Sequence[Cure] = ()) -> None:
        super().__init__(message, cures)
        self.field = field


class DataError(MlpDashError):
    """A table cannot be read or used."""


class TableGoneError(DataError):
    """An uploaded table is not kept any more."""


class DeviceError(MlpDashError):
    """A device is not there, or a net does not fit on it."""


class RunError(MlpDashError):
    """A run is unknown, damaged, or not in a state for what was asked."""


class BundleError(MlpDashError):
    """A .mlpdash bundle is damaged, of another version, or none."""
