"""The section that says whether more rows would help: a learning curve, trained when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from mlpdash.charts.results.learning_curve import learning_curve_figure
from mlpdash.errors import RunError
from mlpdash.results.judging.learning_curve import MEASURES
from mlpdash.text import _, with_unit
from mlpdash.ui.results.figures import draw
from mlpdash.ui.results.subject import Subject
from mlpdash.ui.shared.markdown import escape

POLL: Final = 0.5  # seconds between two looks at a curve in the making


def show(about: Subject) -> None:
    """Offer to train the nets of a learning curve, or show it."""
    begun = about.key("more-rows-begun")
    if not st.session_state.get(begun):
        _offer(about, begun)
        return
    try:
        with st.spinner(_("Computing predictions"), show_time=False):
            state, _payload = about.ask("more_rows")
    except RunError as error:
        st.error(escape(str(error)))
        return
    if "found" in state:
        _curve(about, state["found"])
    else:
        _watch(about)


def _offer(about: Subject, begun: str) -> None:
    st.markdown(
        _(
            "Train 25 nets of this design on 10, 20, 40, 70 and 100 % of the rows, five of "
            "each, and compare them on validation rows. This takes up to a minute."
        )
    )
    st.button(
        _("Would more rows help?"),
        key=about.key("more-rows"),
        on_click=st.session_state.__setitem__,
        args=(begun, True),
    )


def _watch(about: Subject) -> None:
    @st.fragment(run_every=POLL)
    def watch() -> None:
        try:
            state, _payload = about.ask("more_rows")
        except RunError:
            st.rerun()
        if "found" in state:
            st.rerun()
        st.progress(min(1.0, float(state["share"])), text=_("Training 25 nets"))

    watch()


def _curve(about: Subject, found: Mapping[str, Any]) -> None:
    st.markdown(escape(found["sentence"]))
    measure = with_unit(_(MEASURES[found["measure"]]), found["unit"])
    figure = learning_curve_figure(about.name, found["sizes"], measure, about.palette)
    draw(figure, about.key("learning-curve"))
    among = {
        "folds": _("Each of the five is judged on a fold of its own, the same for all sizes."),
        "seeds": _("All are judged on the same validation rows; the five differ in their seeds "
                   "and in which rows they learned from."),
    }  # fmt: skip
    st.caption(
        _(
            "Points are nets; whiskers are one standard deviation. All nets take as many steps, "
            "and go back to their best weights on the rows they are judged on, which flatters all "
            "of them a little."
        )
        + " "
        + among[found["by"]]
    )
