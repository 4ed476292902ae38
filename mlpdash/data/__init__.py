"""From bytes to arrays: bytes -> table -> columns -> split -> features -> arrays."""

from mlpdash.data.describing import describe

__all__ = ["describe"]
