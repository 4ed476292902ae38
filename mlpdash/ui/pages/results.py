"""The Results page: what a trained net is worth, where it is wrong, and how to use it."""

from __future__ import annotations

from mlpdash.ui.results.page import show

show()
