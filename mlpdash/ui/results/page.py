"""The Results page: a run, the verdict on it, and one section at a time below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpdash.errors import DataError, MlpDashError
from mlpdash.runs.disk.reports import last_step
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.analysts import Making
from mlpdash.text import N_, _
from mlpdash.ui.results import (
    bundle,
    classes,
    export,
    more_rows,
    numbers,
    plane,
    predict,
    threshold,
    verdict,
    why,
    without_rows,
)
from mlpdash.ui.results.runs import choose_cell, choose_run
from mlpdash.ui.results.subject import Subject, analysts, look, look_again, subject
from mlpdash.ui.shared import pages
from mlpdash.ui.shared.markdown import escape

POLL: Final = 0.4  # seconds between two looks at a report in the making

Sections = Mapping[str, tuple[str, Callable[[Subject], None]]]

_COMMON: Final[Sections] = {
    "why": (N_("Why"), why.show),
    "plane": (N_("Boundary"), plane.show),
    "rows": (N_("More rows"), more_rows.show),
    "predict": (N_("Predict"), predict.of_run),
    "take": (N_("Export"), export.show),
}
CLASSES: Final[Sections] = {
    "mistakes": (N_("Mistakes"), classes.mistakes),
    "curves": (N_("Curves"), classes.curves),
    "calibration": (N_("Calibration"), classes.calibration),
    **_COMMON,
}
TWO_CLASSES: Final[Sections] = {
    "mistakes": CLASSES["mistakes"],
    "curves": CLASSES["curves"],
    "calibration": CLASSES["calibration"],
    "threshold": (N_("Threshold"), threshold.show),
    **_COMMON,
}
NUMBERS: Final[Sections] = {
    "predictions": (N_("Predictions"), numbers.predictions),
    "residuals": (N_("Residuals"), numbers.residuals),
    **_COMMON,
}


def show() -> None:
    """Show the page once."""
    with st.container(key="results"):
        left, opener, side = st.columns([6, 2, 4], gap="medium")
        with opener:
            bundle.open_one()
        try:
            if key := st.query_params.get(bundle.QUERY):
                bundle.show(key)
                return
            with left:
                run = choose_run()
            if run is None:
                st.info(_("No net has been trained yet. Train one, then come back."))
                st.page_link(pages.TRAIN, label=_("Go to Train"))
                return
            _show_run(run, left, side)
        except MlpDashError as error:
            st.error(escape(str(error)))


def _show_run(run: str, left: DeltaGenerator, side: DeltaGenerator) -> None:
    """Show a run, or of one without its table what can be had all the same."""
    try:
        with left:
            about = subject(run, choose_cell)
    except DataError as error:
        without_rows.show(run, str(error), left)
        return
    if about is None:
        _wait_for(run)
    else:
        _show(about, side)


def _wait_for(run: str) -> None:
    """Look now and then whether the net has been saved for the first time."""
    st.info(_("Training has just started; results appear after the first snapshot."))

    @st.fragment(run_every=1.0)
    def watch() -> None:
        if last_step(Store.open(run)):
            st.rerun()

    watch()


def _show(about: Subject, side: DeltaGenerator) -> None:
    """Show the verdict and a section; how far the report is stands at the side."""
    making = None
    if not about.report.is_whole:
        making = analysts().report(about.run, about.step, about.cell, about.mark)
    if making is not None and making.is_over:  # it may have ended between the two looks
        about = replace(about, report=look(about))
        making = None if about.report.is_whole else making
    if making is None:  # nothing else is computed now that would be slowed down
        analysts().get_ready()
    with side:
        if making is not None:
            _progress(about, making)
        elif about.state == "running":
            _tell_age(about)
    if about.report.net is not None:
        verdict.show(about)
        _sections(about)


def _tell_age(about: Subject) -> None:
    text, button = st.columns([4, 1], vertical_alignment="center")
    with text:
        st.caption(
            _("This net is still training. The numbers are of epoch {epoch:,}.").format(
                epoch=about.epoch
            )
        )
    with button:
        if about.is_behind:
            st.button(
                _("Refresh"),
                key=about.key("newer"),
                help=_("Show the latest snapshot of the net."),
                on_click=look_again,
                args=(about,),
            )


def _sections(about: Subject) -> None:
    kind, sections = "numbers", NUMBERS
    if about.is_classes:
        is_two = len(about.prepared.classes) == 2
        kind, sections = ("two", TWO_CLASSES) if is_two else ("classes", CLASSES)
    names = list(sections)
    with st.container(key="results_section"):
        chosen = st.segmented_control(
            _("Section"),
            names,
            default=names[0],
            required=True,
            format_func=lambda name: _(sections[name][0]),
            key=f"results-section-{kind}",
            label_visibility="collapsed",
        )
        sections[chosen or names[0]][1](about)


def _progress(about: Subject, making: Making) -> None:
    """Say how far the report is, and look again until it is there."""
    if making.is_over:
        _ended(about, making)
    else:
        _watch(about, making)


def _ended(about: Subject, making: Making) -> None:
    """Say why there is no more than this, and offer to go on."""
    sentence = making.refused or _("Computing was cancelled; what was ready is shown.")
    text, button = st.columns([4, 1], vertical_alignment="center")
    with text:
        st.caption(escape(sentence))
    with button:
        again = analysts().again
        st.button(
            _("Continue"),
            key=about.key("again"),
            on_click=again,
            args=(about.run, about.step, about.cell, about.mark),
        )


def _watch(about: Subject, making: Making) -> None:
    shown = making.done

    @st.fragment(run_every=POLL)
    def watch() -> None:
        if making.is_over or making.done != shown:
            st.rerun()
        bar, button = st.columns([4, 1], vertical_alignment="center")
        with bar:
            text = _("Computing, {done} of {of}: {doing}").format(
                done=making.done, of=making.of, doing=making.doing
            )
            st.progress(making.done / making.of, text=escape(text))
        with button:
            st.button(_("Cancel"), key=about.key("cancel"), on_click=making.cancel)

    watch()
