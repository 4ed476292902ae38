"""The Train page: what is chosen, what the board shows, and what is done with its buttons."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Final

import streamlit as st

from mlpdash.charts.board.figures import BoardFigure, board_figures
from mlpdash.charts.board.population_grid import SettingsGrid, settings_grid
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.sets.fetching import is_here
from mlpdash.errors import MlpDashError
from mlpdash.runs.server.supervisor import Supervisor
from mlpdash.specs import DataSpec, Experiment
from mlpdash.text import _
from mlpdash.training.members import live_fields
from mlpdash.ui.board.board import BoardData, BoardEvents, board
from mlpdash.ui.board.drawing import drawing_of
from mlpdash.ui.board.network import picture_of
from mlpdash.ui.board.pictures import pictures_of
from mlpdash.ui.board.subject import board_subject
from mlpdash.ui.choices import address, cures, several_nets, state, summaries
from mlpdash.ui.choices.choices import Choices, View, waiting_for_reset
from mlpdash.ui.choices.controls import Sheet
from mlpdash.ui.choices.several_nets import Settings
from mlpdash.ui.choices.usable import important_to, usable_view
from mlpdash.ui.server import supervisor
from mlpdash.ui.shared import cached, downloads, pages
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.train import examples, network, own_weights
from mlpdash.ui.train.sidebar import sidebar

SECONDS_BETWEEN_LOOKS: Final = 2.0  # at what the owner of a watched run has changed


def show() -> None:
    """Show the page once: the sidebar, then the board, then take up what was done on it."""
    watched = supervisor()
    with st.spinner(_("Reading the rows"), show_time=True):
        address.open_session(watched)
        state.follow_owner(watched)
        missing = not is_here(state.choices().experiment.data.data)
        prepared, problem = (None, None) if missing else _rows(state.choices())
    if prepared is not None:
        state.fit(prepared)
    chosen = state.choices()
    shown, problem = _shown(watched, chosen, prepared, problem)
    waiting = _waiting(chosen, shown)
    sidebar(Sheet(chosen, waiting), prepared, watched.devices)
    with st.container(key="page"):
        if chosen.example:
            examples.about(chosen.example)
        for sentence in state.page_problems():
            st.warning(escape(sentence))
        if problem is not None:
            st.error(escape(str(problem)))
            cures.offer(problem.cures, "problem")
            if prepared is None and not cached.is_toy(chosen.experiment.data.data):
                label = _("Change it on the Data page")
                st.page_link(pages.DATA, label=label, icon=":material/table:")
        if missing:
            downloads.offer(chosen.experiment.data.data)
        if shown is not None:
            _live(chosen, shown, summaries.of_waiting(waiting, shown.experiment, chosen.experiment))
    if shown is not None and shown.run_id == state.watched():
        _follow(watched, shown)
    address.write_url()


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _follow(watched: Supervisor, shown: state.OnBoard) -> None:
    """Run the page again when the owner of a run that is only watched has changed it."""
    info = watched.describe(shown.run_id)
    if info is not None and info.experiment != shown.experiment:
        st.rerun()


def _shown(
    watched: Supervisor,
    chosen: Choices,
    prepared: Prepared | None,
    problem: MlpDashError | None,
) -> tuple[state.OnBoard | None, MlpDashError | None]:
    """Return what the board shows, if it can show anything, and what is wrong with the choices."""
    if state.started_run() is None and prepared is not None:
        problem = network.too_large(chosen, prepared) or own_weights.misfit(chosen, prepared)
    if state.started_run() is None and (problem is not None or prepared is None):
        return None, problem
    try:
        return state.on_board(watched), problem
    except MlpDashError as error:
        return None, error


def _waiting(chosen: Choices, shown: state.OnBoard | None) -> frozenset[str]:
    if shown is None or shown.info is None:
        return frozenset()
    return waiting_for_reset(chosen.experiment, shown.experiment)


def _rows(chosen: Choices) -> tuple[Prepared | None, MlpDashError | None]:
    """Return the chosen rows, or why there are none."""
    try:
        return cached.prepared(chosen.experiment.data), None
    except MlpDashError as error:
        return None, error


def _live(chosen: Choices, shown: state.OnBoard, pending: str) -> None:
    """Draw the board for the run or draft that it shows, and take up what was done on it."""
    flat = chosen.experiment.flat()
    try:
        prepared = cached.prepared(shown.experiment.data)  # of the run, which may not be the chosen
        view = usable_view(prepared, chosen.view, important_to(state.started_run()))
        figures, grid = _figures(shown.experiment, view)
        members = several_nets.member_names(shown.experiment)
        network = picture_of(prepared, shown.experiment)
        pictures = pictures_of(prepared, shown.experiment)
        drawing = drawing_of(shown.experiment)
    except MlpDashError as error:
        st.error(escape(str(error)))
        return
    events = board(
        BoardData(
            run=shown.run_id,
            secret=shown.secret,
            figures=figures,
            view=asdict(view),
            live={name: flat[name] for name in live_fields(shown.experiment)},
            pace=chosen.pace,
            pending=pending,
            members=members,
            grid=grid,
            network=network,
            pictures=pictures,
            drawing=drawing,
        )
    )
    _take(events)


def _figures(
    experiment: Experiment, view: View
) -> tuple[tuple[BoardFigure, ...], SettingsGrid | None]:
    nets, settings = several_nets.count_of(experiment), several_nets.settings_of(experiment)
    drawn = replace(view, discretize=False, show_test=False)  # these two need no other figures
    spec = experiment.data.model_dump_json()
    train = experiment.train
    return _figures_of(spec, drawn, nets, settings, train.loss, train.class_weight)


@st.cache_resource(show_spinner=False, max_entries=32)
def _figures_of(
    spec_json: str, view: View, nets: int, settings: Settings, loss: str, class_weight: str
) -> tuple[tuple[BoardFigure, ...], SettingsGrid | None]:
    spec = DataSpec.model_validate_json(spec_json)
    subject = board_subject(cached.prepared(spec), view, nets, loss, class_weight)
    return board_figures(subject), settings_grid(subject, settings)


def _take(events: BoardEvents) -> None:
    """Take up what the person did on the board."""
    watches_another = state.note_watched(events.watching)
    paced = state.note_pace(events.pace)
    started_another = state.note_started(events.started)
    if events.new_seed:
        state.new_seed()
    if events.lr is not None:
        state.change("lr", events.lr)
    if events.points is not None:
        state.change("points", events.points)
    adopted = events.adopt is not None and state.adopt(events.adopt)
    anew = events.reset or events.new_seed or adopted or events.points is not None
    if anew:
        state.forget_run()
    if anew or started_another or watches_another or paced or events.lr is not None:
        st.rerun()
