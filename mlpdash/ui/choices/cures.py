"""Buttons for the decisions that a sentence proposes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpdash.cures import Cure
from mlpdash.ui.choices import state
from mlpdash.ui.shared.markdown import escape


def offer(cures: Sequence[Cure], key: str) -> None:
    """Draw a button for each; a click decides.

    Parameters
    ----------
    key : distinct among the sentences of a page
    """
    if not cures:
        return
    with st.container(horizontal=True, key=f"cures_{key}"):
        for n, cure in enumerate(cures):
            st.button(
                escape(cure.label),
                key=f"cure_{key}_{n}",
                on_click=state.take,
                args=(cure,),
            )
