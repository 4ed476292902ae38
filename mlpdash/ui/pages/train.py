"""The Train page: choices in the sidebar, the live board beside them."""

from __future__ import annotations

from mlpdash.ui.train.page import show

show()
