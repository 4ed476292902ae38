"""Train without a dashboard: the same session, driven to its end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlpdash.data import describe
from mlpdash.data.preparing.prepared import prepared_to_json
from mlpdash.errors import RunError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.endings import divergence_message, early_stop_message
from mlpdash.runs.worker.population_summary import middle_scores, summarize_population
from mlpdash.runs.worker.session import Session
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.loop.evaluate import Scores
from mlpdash.training.loop.folds import all_learned, held_out, validation_rows
from mlpdash.training.loop.loop import Progress
from mlpdash.training.loop.setup import rows_of

Document = dict[str, Any]


def run_headless(
    experiment: Experiment,
    *,
    out: Path | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Document:
    """Train an experiment to its end and keep it as a run.

    Parameters
    ----------
    experiment : what to train; it must say how many epochs
    out : the run's folder, new or empty; by default one under the data folder
    on_progress : called a few hundred times a second at most, with where training is

    Returns
    -------
    what `--json` prints: task, epochs, steps, seconds, steps_per_second, train, validation, test
    (scores on all rows of each part, or None for an empty part; of several nets the medians; with
    folds the means on training rows, and else the score of what nets say that did not learn from a
    row; each row counts once, whatever its weight in training),
    population (see `summarize_population`; None for one net), run, state, message, device, threads,
    overhead, calibration, parameters, table, seeds

    Raises
    ------
    MlpDashError : the experiment cannot be done, or `out` is not empty
    KeyboardInterrupt : after the run was saved as stopped; with a sentence where there is none yet
    """
    if experiment.train.epochs is None:
        raise RunError(
            _("without a dashboard nobody can stop the run; give a number of epochs instead.")
        )
    _check_new(out)
    session = _new_session(experiment)  # before there is a folder: what cannot be done leaves none
    store = _new_store(experiment, out)
    try:
        with store.lock():
            return _train(session, store, on_progress)
    except BaseException:
        if store.record()["state"] == "idle":
            store.update(state="failed")
        raise


def _new_session(experiment: Experiment) -> Session:
    try:
        return Session(experiment)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_("Stopped before training began; nothing was kept.")) from None


def _check_new(out: Path | None) -> None:
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RunError(
            _('the folder "{out}" for the run is not empty; name a new one.').format(out=out)
        )


def _new_store(experiment: Experiment, out: Path | None) -> Store:
    if out is None:
        return Store.create(secrets.token_urlsafe(16), experiment, control_sha256="")
    return Store.create_at(out, experiment, control_sha256="")


def _train(session: Session, store: Store, on_progress: Callable[[Progress], None]) -> Document:
    """Train to the end, and return the document; what was trained is kept whatever happens."""
    session.calibrate()
    store.update(state="running", **session.processor.record)
    store.write_preprocessor(prepared_to_json(session.prepared))
    session.write_to(store)
    state, message = "finished", ""
    try:
        while (progress := session.advance()) is not None:
            on_progress(progress)
            if progress.diverged:
                state, message = "diverged", divergence_message(session)
                break
    except KeyboardInterrupt:
        state = "stopped"
        raise
    finally:
        session.save()
        message = message or early_stop_message(session)
        store.update(state=state, message=message)
    return _document(session, store, state, message)


def _document(session: Session, store: Store, state: str, message: str) -> Document:
    """Return what `run_headless` returns."""
    learner, spec, seconds = session.learner, session.experiment, session.clock.seconds
    return {
        "task": session.prepared.task,
        "epochs": learner.epoch,
        "steps": learner.step,
        "seconds": seconds,
        "steps_per_second": learner.step / seconds if seconds else 0.0,
        **_all_scores(session, lost=state == "diverged"),
        "run": str(store.folder),
        "state": state,
        "message": message,
        "device": session.chosen.device,
        "threads": session.chosen.threads,
        "overhead": session.overhead,
        "calibration": session.processor.note,
        "parameters": session.size.parameters,
        "table": describe(session.prepared),
        "seeds": {
            "data": spec.data.data_seed,
            "split": spec.data.split_seed,
            "training": spec.train.seed,
        },
    }


def _all_scores(session: Session, *, lost: bool) -> Document:
    """Return the scores on each part of the rows, and how several nets compare."""
    task = session.prepared.task
    scores = {part: _scores(session, part) for part in ("train", "validation", "test")}
    folds = session.prepared.split.folds is not None
    middles = {part: middle_scores(found, folds=folds) for part, found in scores.items()}
    compared = "validation" if len(session.prepared.split.validation) else "train"
    each = _scores_by_fold(session) or scores[compared]
    population = summarize_population(session, compared, each, lost=lost)
    named = {part: found.named(task) for part, found in middles.items()}
    return {**named, "population": population}


def _scores_by_fold(session: Session) -> Scores | None:
    """Return what each net reaches on its own fold, each row counted once; None without folds."""
    held = held_out(session.prepared.split, session.chosen.device)
    if held is None:
        return None
    rows = rows_of(session.prepared, "train", session.chosen.device)
    return session.learner.scores(validation_rows(rows, held))


def _scores(session: Session, part: str) -> Scores:
    """Return the scores of all nets on all rows of a part, without those that have diverged.

    With folds each net has training rows of its own; a validation row is predicted by the nets that
    did not learn from it, and a test row by all of them, together as by one net.
    """
    learner, device = session.learner, session.chosen.device
    rows = rows_of(session.prepared, part, device)
    held = held_out(session.prepared.split, device)
    if held is not None and part != "train":
        return learner.scores_together(rows, held if part == "validation" else None)
    if held is not None:
        rows = all_learned(rows, held)
    found = learner.scores(rows)
    alive = learner.alive.cpu().numpy()
    return found.only(alive) if alive.any() else found
