"""Which run the Results page is about: all there are, by names that a person knows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from mlpdash.errors import MlpDashError
from mlpdash.results.judging.metrics import PRIMARY
from mlpdash.results.judging.verdict import METRICS, number, percent, short
from mlpdash.runs.disk.reports import last_step
from mlpdash.runs.disk.store import Store, run_ids
from mlpdash.specs import Experiment, title_of
from mlpdash.text import N_, _
from mlpdash.training.loop.events import ANSWERING
from mlpdash.ui.choices import several_nets, state
from mlpdash.ui.choices.summaries import word
from mlpdash.ui.results.subject import PART_TITLES
from mlpdash.ui.shared import cached

MOST = 200  # runs that can be chosen from
QUERY = "run"
CHOSEN = "mlpdash.results-run"  # id of the run that was looked at last
STATES = {
    "running": N_("training"),
    "queued": N_("queued"),
    "paused": N_("paused"),
    "stopped": N_("stopped"),
    "finished": N_("finished"),
    "failed": N_("failed"),
    "diverged": N_("diverged"),
    "idle": N_("not begun"),
}


@dataclass(frozen=True)
class Known:
    """A run that has a trained net."""

    run: str
    label: str


def choose_run() -> str | None:
    """Show what there is and return the chosen run; None where there is none.

    The address names the run that is shown at first, else it is the one on the board, else the
    newest.
    """
    known = {one.run: one.label for one in _known_runs()}
    wanted = st.query_params.get(QUERY) or state.started_run() or st.session_state.get(CHOSEN)
    if wanted and wanted not in known:
        label = _label(wanted, begun=False)
        if label is not None:
            known = {wanted: label, **known}
        elif wanted == st.query_params.get(QUERY):
            st.warning(_("The run in this address has no trained net here; choose another one."))
    if not known:
        return None
    runs = list(known)
    index = runs.index(wanted) if wanted in runs else 0
    chosen: str = st.selectbox(
        _("Run"),
        runs,
        index=index,
        format_func=lambda run: known[run],
        key=f"results-run-{runs[index]}",
        label_visibility="collapsed",
    )
    st.session_state[CHOSEN] = chosen
    if st.query_params.to_dict() != {QUERY: chosen}:
        st.query_params.from_dict({QUERY: chosen})
    return chosen


def choose_cell(cells: list[dict[str, Any]], best: int) -> int:
    """Show the cells of a grid and return the chosen one, at first the best."""
    metric = next(iter(PRIMARY.values())) if "accuracy" in cells[0]["scores"] else "rmse"

    def label(cell: int) -> str:
        settings = _settings(cells[cell]["settings"])
        score = _(METRICS[metric]) + " " + number(metric, cells[cell]["scores"][metric])
        text = _("{settings} · {score}, the best") if cell == best else _("{settings} · {score}")
        lost = cells[cell]["diverged"]
        more = _(", {n} of {nets} nets diverged").format(n=lost, nets=cells[cell]["nets"])
        return text.format(settings=settings, score=score) + (more if lost else "")

    chosen: int = st.selectbox(
        _("Cell of the grid"),
        range(len(cells)),
        index=best,
        format_func=label,
        key=f"results-cell-{st.session_state.get(CHOSEN)}",
        help=_('"Best" is chosen on the {part}; test rows are not used.').format(
            part=_(PART_TITLES[cells[0]["part"]])
        ),
    )
    return chosen


def choose_cell_by_settings(cells: Sequence[Mapping[str, float]]) -> int:
    """Show the cells of a grid whose scores are not known, and return the chosen one."""
    chosen: int = st.selectbox(
        _("Cell of the grid"),
        range(len(cells)),
        format_func=lambda cell: _settings(cells[cell]),
        key=f"results-cell-alone-{st.session_state.get(CHOSEN)}",
        help=_("Which one is best is unknown without the table."),
    )
    return chosen


def _settings(settings: Mapping[str, float]) -> str:
    return ", ".join(f"{_plain_title(name)} {value:g}" for name, value in settings.items())


def _plain_title(setting: str) -> str:
    return _("width") if setting == "width" else title_of(setting).lower()


def _known_runs() -> list[Known]:
    found = []
    for run in run_ids()[:MOST]:
        label = _label(run)
        if label is not None:
            found.append(Known(run, label))
    return found


def _label(run: str, *, begun: bool = True) -> str | None:
    """Return a run's name; None where there is no trained net in it, nor one in training."""
    try:
        store = Store.open(run)
        said = store.state()
        step = last_step(store)
    except (MlpDashError, OSError):
        return None
    if not step and (begun or said != "running"):
        return None
    by_hand = [event for event in store.events() if event.field in ANSWERING]
    edited = any(event.step >= (step or 0) for event in by_hand)
    return _described(run, said, step or 0, edited)


@st.cache_data(show_spinner=False, max_entries=1_000)
def _described(run: str, said: str, step: int, edited: bool) -> str | None:
    """Say dataset, net, date, score and state; made again when what it is given changes."""
    store = Store.open(run)
    try:
        experiment = store.current()
    except MlpDashError:
        return None
    made = datetime.fromtimestamp(float(store.record().get("created", 0)))
    net = " > ".join(str(width) for width in experiment.model.hidden) or _("linear")
    how = ", ".join(map(word, dict.fromkeys(experiment.model.layer_activations)))
    parts = [
        cached.title(experiment.data.data),
        f"{net} {how}".strip(),
        _("grid") if experiment.train.sweep else "",
        f"{made:%d %b %H:%M}",
        "" if edited else _score(store, experiment, step),
        _(STATES[said]),
    ]
    return " · ".join(part for part in parts if part)


def _score(store: Store, experiment: Experiment, step: int) -> str:
    """Say the validation score of a net at `step`, or that of training if nothing was held out.

    "" where its history cannot tell: it was not scored there, is one of several nets, or may have
    its best weights back. Two numbers on one page then could differ.
    """
    if experiment.train.patience is not None or several_nets.count_of(experiment) > 1:
        return ""
    history = store.read_history()
    for name, text in (
        ("metric_validation", _("validation {score}")),
        ("metric_train", _("training {score}")),
    ):
        scored = [value for value in history[name][history["step"] == step] if math.isfinite(value)]
        if scored:
            is_share = _task(store) == "classification"
            score = percent(scored[0]) if is_share else _("RMSE {x}").format(x=short(scored[0]))
            return text.format(score=score)
    return ""


def _task(store: Store) -> str:
    """Return the task of a run, as its statistics say it; cheaper than its table."""
    try:
        return str(json.loads(store.read_preprocessor()).get("task", ""))
    except (MlpDashError, ValueError, AttributeError):
        return ""
