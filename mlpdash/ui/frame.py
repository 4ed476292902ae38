"""What all pages stand in: title, icon, logo and navigation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from mlpdash.text import _
from mlpdash.ui.choices import address
from mlpdash.ui.results.runs import CHOSEN
from mlpdash.ui.shared import pages
from mlpdash.version import VERSION

ASSETS = Path(__file__).parent / "assets"
STYLE = Path(__file__).parent / "page.css"
SIDEBAR_WIDTH = 320  # pixels
LABEL_HELP = Path(__file__).parent / "label_help.js"
CLOSER = """export default () => {
  if (!matchMedia("(max-width: 640px)").matches) return
  if (document.querySelector("[data-testid=stExpandSidebarButton]")) return
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
}
"""
LAST_PAGE = "mlpdash.last-page"


def show() -> None:
    """Show the page that the address names."""
    st.set_page_config(
        page_title="mlpdash",
        page_icon=str(ASSETS / "icon.svg"),
        layout="wide",
        initial_sidebar_state=SIDEBAR_WIDTH,
        menu_items={
            "About": _(
                "mlpdash {version}: train multilayer perceptrons and watch them learn."
            ).format(version=VERSION)
        },
    )
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="medium")
    st.html(STYLE)
    train = st.Page(pages.TRAIN, title=_("Train"), icon=":material/timeline:", default=True)
    data = st.Page(pages.DATA, title=_("Data"), icon=":material/table:")
    results = st.Page(pages.RESULTS, title=_("Results"), icon=":material/fact_check:")
    page = st.navigation([train, data, results], position="top")
    if page.title != _("Results") and st.session_state.get(LAST_PAGE, page.title) != page.title:
        _come_back()
    st.session_state[LAST_PAGE] = page.title
    with st.container(horizontal=True, key="narrow_pages"):
        for one in (train, data, results):
            st.page_link(one)
    page.run()
    with st.container(key="unseen"):
        _closer()(key=f"narrow_{page.title}", height=0)
        _label_help()(key="label_help", height=0)


@cache
def _closer() -> Any:
    """Let a phone's sidebar go once a page was chosen in it, since it lies over the page."""
    return st.components.v2.component("mlpdash_narrow", js=CLOSER, isolate_styles=False)


@cache
def _label_help() -> Any:
    """Show a control's help at its label and while the keyboard is on it."""
    return st.components.v2.component(
        "mlpdash_label_help", js=LABEL_HELP.read_text("utf-8"), isolate_styles=False
    )


def _come_back() -> None:
    """Give a page of the choices the address they had: links to pages leave the query behind.

    Who comes from a run's Results without having been on such a page finds that run there.
    """
    if st.query_params:
        return
    written = st.session_state.get(address.WRITTEN, [])
    if written:
        st.query_params.from_dict(written[-1].query)
    elif run := st.session_state.get(CHOSEN):
        st.query_params.from_dict({"run": run})
