"""The Data page: what was found in a table, what becomes of it, and how to change that."""

from __future__ import annotations

from mlpdash.ui.data.page import show

show()
