"""The Results page: a run, the verdict on it, and one section at a time below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from mlpdash.errors import MlpDashError
from mlpdash.runs.asking import Making
from mlpdash.text import N_, _
from mlpdash.ui import (
    results_classes,
    results_numbers,
    results_plane,
    results_predict,
    results_take,
    results_verdict,
    results_why,
)
from mlpdash.ui.markdown import escape
from mlpdash.ui.results_runs import choose_run
from mlpdash.ui.results_subject import Subject, analysts, subject

POLL: Final = 0.4  # seconds between two looks at a report in the making

Sections = Mapping[str, tuple[str, Callable[[Subject], None]]]

_COMMON: Final[Sections] = {
    "why": (N_("Why"), results_why.show),
    "plane": (N_("Boundary"), results_plane.show),
    "predict": (N_("Predict"), results_predict.show),
    "take": (N_("Take away"), results_take.show),
}
CLASSES: Final[Sections] = {
    "mistakes": (N_("Mistakes"), results_classes.mistakes),
    "curves": (N_("Curves"), results_classes.curves),
    "calibration": (N_("Calibration"), results_classes.calibration),
    **_COMMON,
}
NUMBERS: Final[Sections] = {
    "predictions": (N_("Predictions"), results_numbers.predictions),
    "residuals": (N_("Residuals"), results_numbers.residuals),
    **_COMMON,
}


def show() -> None:
    """Show the page once."""
    with st.container(key="results"):
        run = choose_run()
        if run is None:
            st.info(_("No net has been trained yet. Train one, then come back."))
            st.page_link("mlpdash/ui/pages/train.py", label=_("Go to Train"))
            return
        try:
            _show(subject(run))
        except MlpDashError as error:
            st.error(escape(str(error)))


def _show(about: Subject) -> None:
    if about.state == "running":
        st.caption(
            _(
                "This net is still training. The numbers are of epoch {epoch:,}, when it was last "
                "saved; come back, or reload, for newer ones."
            ).format(epoch=about.epoch)
        )
    making = None if about.report.is_whole else analysts().report(about.run, about.step)
    if about.report.net is None:
        _progress(about, making)
        return
    results_verdict.show(about)
    if making is not None:
        _progress(about, making)
    _sections(about)


def _sections(about: Subject) -> None:
    sections = CLASSES if about.is_classes else NUMBERS
    names = list(sections)
    with st.container(key="results_section"):
        chosen = st.segmented_control(
            _("Section"),
            names,
            default=names[0],
            required=True,
            format_func=lambda name: _(sections[name][0]),
            key=f"results-section-{about.prepared.task}",
            label_visibility="collapsed",
        )
        sections[chosen or names[0]][1](about)


def _progress(about: Subject, making: Making | None) -> None:
    """Say how far the report is, and look again until it is there."""
    assert making is not None
    if making.is_over and (making.refused or making.is_cancelled):
        _ended(about, making)
        return
    _watch(about, making)


def _ended(about: Subject, making: Making) -> None:
    sentence = making.refused or _("Computing was cancelled; what was ready is shown.")
    st.warning(escape(sentence))
    if st.button(_("Compute the rest"), key=about.key("again")):
        analysts().again(about.run, about.step)
        st.rerun()


def _watch(about: Subject, making: Making) -> None:
    shown = making.done

    @st.fragment(run_every=POLL)
    def watch() -> None:
        if making.is_over or making.done != shown:
            st.rerun()
        bar, button = st.columns([6, 1], vertical_alignment="center")
        with bar:
            text = _("Computing, {done} of {of}: {doing}").format(
                done=making.done, of=making.of, doing=making.doing
            )
            st.progress(making.done / making.of, text=escape(text))
        with button:
            st.button(_("Cancel"), key=about.key("cancel"), on_click=making.cancel)

    watch()
