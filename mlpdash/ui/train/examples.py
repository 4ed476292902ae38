"""Worked examples: the list to pick from, and what the chosen one is about."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlpdash.data.sets.fetching import is_here
from mlpdash.specs.presets import PRESETS, Preset
from mlpdash.text import _
from mlpdash.ui.choices import picking
from mlpdash.ui.shared import cached
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.train.thumbnails import thumbnail

WIDTH: Final = 340  # pixels that a card needs


def button() -> None:
    """Draw the button that opens the list."""
    if st.button(
        _("Examples"),
        key="examples",
        icon=":material/school:",
        help=_("Experiments that reach a known result, to run as they are or to change."),
        type="tertiary",
    ):
        st.dialog(_("Worked examples"), width="large", icon=":material/school:")(_listed)()


def _listed() -> None:
    """Show each example as a card; a click on its button begins with it."""
    with st.grid("auto", min_column_width=WIDTH, gap="small", key="example_cards"):
        for preset in PRESETS.values():
            _card(preset)


def _card(preset: Preset) -> None:
    with st.container(border=True, height="stretch", key=f"card_{preset.name}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.image(thumbnail(preset.data), width=36, alt=cached.title(preset.data))
            st.markdown(f"**{escape(_(preset.title))}**", width="stretch")
            opened = st.button(
                _("Open"),
                key=f"example_{preset.name}",
                on_click=picking.open_example,
                args=(preset.name,),
            )
        st.markdown(f":small[{escape(_(preset.story))}]")
        st.markdown(f":small[**{_('Reaches')}** {escape(_(preset.reaches))}]")
        if not is_here(preset.data):
            st.caption(_("Its rows are downloaded first."))
    if opened:
        st.rerun()  # closes the list


def about(name: str) -> None:
    """Say above the board what an example shows and comes to, with those to run beside it."""
    preset = PRESETS[name]
    with st.container(key="example_about", horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":small[**{escape(_(preset.title))}.** {escape(_(preset.story))} "
            f":gray[{escape(_('Reaches'))}: {escape(_(preset.reaches))}]]",
            width="stretch",
        )
        if preset.compare:
            _variants(preset)


def _variants(preset: Preset) -> None:
    with st.container(key="variants", width="content", gap=None):
        for other in preset.compare:
            st.button(
                _("Compare: {title}").format(title=escape(_(PRESETS[other].title))),
                key=f"compare_{other}",
                help=_("Open this variant of the example."),
                type="tertiary",
                on_click=picking.open_example,
                args=(other,),
            )
