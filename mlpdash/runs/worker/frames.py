"""Answers to a browser that asks what a net looks like now.

At most one request waits for each watcher. It is answered between two steps, when there is
something new and the budget pays for it, so that watching costs training next to nothing.
"""

from __future__ import annotations

import math
import time
from typing import Final, Literal, NotRequired, TypedDict

import numpy as np

from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.worker_to_server import ArrayPlace, Frame, Piece
from mlpdash.runs.wire import Link
from mlpdash.runs.worker.budget import RESOLUTIONS
from mlpdash.runs.worker.frame_header import header_of
from mlpdash.runs.worker.pictures import Arrays, Pictures
from mlpdash.runs.worker.session import Session
from mlpdash.runs.worker.view import Request, View

PREDICTIONS_EVERY: Final = 3  # frames; predictions and marked rows change less than one sees


class Frames:
    """Keep the requests that wait, and answer them with frames."""

    def __init__(self, session: Session, link: Link) -> None:
        self._session = session
        self._link = link
        self._pictures = Pictures(session.prepared, session.chosen.device)
        self._waiting: dict[int, Request] = {}
        self._answered: dict[int, tuple[int, State, View, int]] = {}  # watcher -> what it has seen
        self._made = 0

    def ask(self, watcher: int, request: Request) -> None:
        """Let a watcher's request wait, in the place of one that waits already."""
        self._waiting[watcher] = request

    def forget(self, watcher: int) -> None:
        """Drop what belongs to a watcher that has gone."""
        self._waiting.pop(watcher, None)
        self._answered.pop(watcher, None)

    def redraw(self) -> None:
        """Answer the requests that wait even where no step was taken: the net has changed."""
        self._answered.clear()

    def use_device(self) -> None:
        """Draw from now on where the session's net is."""
        self._pictures = Pictures(self._session.prepared, self._session.chosen.device)

    @property
    def waiting(self) -> bool:
        """Whether anybody waits for a frame."""
        return bool(self._waiting)

    def answer(self, state: State, message: str) -> None:
        """Answer the requests for which there is something new, as far as the budget goes.

        Raises
        ------
        OSError : the server has gone
        """
        budget, training = self._session.budget, state == "running"
        budget.fill(self._session.clock.own_time())
        resolution = budget.resolution if training else RESOLUTIONS[0]
        if training and not budget.affords(resolution):
            return
        drawn: dict[View, Arrays] = {}
        for watcher, request in list(self._waiting.items()):
            seen = (self._session.learner.step, state, request.view, resolution)
            if self._answered.get(watcher) == seen and not request.force:
                continue
            del self._waiting[watcher]
            self._answered[watcher] = seen
            began = time.thread_time()
            if request.view not in drawn:
                drawn[request.view] = self._draw(request, state, resolution)
            self._send(watcher, request, drawn[request.view], state, message, resolution)
            if training:
                budget.pay_frame(resolution, time.thread_time() - began)

    def _draw(self, request: Request, state: State, resolution: int) -> Arrays:
        """Draw what the large card shows, and now and then what is beside it."""
        learner, view, pictures = self._session.learner, request.view, self._pictures
        arrays = pictures.field(learner, view, resolution) if view.show == "boundary" else {}
        self._made += 1
        whole = state != "running" or request.force
        if whole or self._made % PREDICTIONS_EVERY == 1:
            arrays |= pictures.predictions(learner, view)
            arrays |= self._large_card(view, state)
        return arrays

    def _large_card(self, view: View, state: State) -> Arrays:
        """Return what only one card shows, and changes less than one sees."""
        learner, pictures = self._session.learner, self._pictures
        if view.show == "grid" and self._session.grid:
            return self._grid_cells(view, state)
        if view.show == "net" and view.network:
            return pictures.neurons(learner, view)
        if view.show == "rows":
            return pictures.images(learner, view)
        if view.show == "weights":
            return pictures.first_weights(learner, view)
        return {}

    def _grid_cells(self, view: View, state: State) -> Arrays:
        """Return a small field and the metric of each cell of the grid."""
        grid, population = self._session.grid, self._session.curves.population
        assert population is not None
        count = math.prod(len(axis.values) for axis in grid)
        fields = self._pictures.cells(self._session.learner, view, count)
        metrics = population.cell_metrics(grid, view.member)
        if state == "diverged":  # the numbers are those of the weights before
            metrics = np.full_like(metrics, math.nan)
        return {"cell_fields": fields, "cells": metrics}

    def _send(
        self,
        watcher: int,
        request: Request,
        arrays: Arrays,
        state: State,
        message: str,
        resolution: int,
    ) -> None:
        """Send a frame: what was drawn, and what the watcher lacks of the curves."""
        pieces, columns = new_points(self._session, request)
        places, payload = pack_arrays({**arrays, **columns})
        frame = Frame(
            to=watcher,
            view=request.token,
            **header_of(self._session, self._pictures, request.view, state, message),
            resolution=resolution,
            field="field" in arrays,
            **pieces,
            arrays=places,
        )
        self._link.send(frame.text(), payload)


class Pieces(TypedDict):
    """Which pieces of the curves a frame brings: a part of `Frame`."""

    curve: Piece
    curve_validation: Piece
    curve_net: NotRequired[Piece]


def new_points(session: Session, request: Request) -> tuple[Pieces, Arrays]:
    """Return what a watcher lacks of the curves: which pieces, and their columns.

    Of several nets those of the one that is looked at are among them, else those of the best, if
    there is one.
    """
    curves, held = session.curves, request.held
    losses, arrays = curves.losses.since(held.generation, held.count)
    scores, columns = curves.scores.since(held.generation_validation, held.count_validation)
    pieces: Pieces = {"curve": losses, "curve_validation": scores}
    arrays |= columns
    population, member = curves.population, request.view.member
    if population is not None:
        net = population.best if member is None else member
        known = net if net is not None and net < len(session.learner.members) else None
        found = population.net_curves.since(known, held.generation_net, held.count_net)
        pieces["curve_net"], columns = found
        arrays |= columns
    return pieces, arrays


def pack_arrays(arrays: Arrays) -> tuple[tuple[ArrayPlace, ...], bytes]:
    """Return the place of each array, and all their bytes in a row.

    Numbers are float32, but for int8; each array starts where its type may.
    """
    places: list[ArrayPlace] = []
    parts, offset = [], 0
    for name, array in arrays.items():
        kind: Literal["f4", "i1"] = "i1" if array.dtype == np.int8 else "f4"
        content = np.ascontiguousarray(array, np.dtype(f"<{kind}")).tobytes()
        places.append((name, kind, array.shape, offset))
        content += b"\0" * (-len(content) % 4)
        parts.append(content)
        offset += len(content)
    return tuple(places), b"".join(parts)
