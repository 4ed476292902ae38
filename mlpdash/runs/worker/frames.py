"""Answers to a browser that asks what a net looks like now.

At most one request waits for each watcher. It is answered between two steps, when there is
something new and the budget pays for it, so that watching costs training next to nothing.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mlpdash.runs.wire import Link
from mlpdash.runs.worker.budget import RESOLUTIONS
from mlpdash.runs.worker.pictures import Arrays, Pictures, View
from mlpdash.runs.worker.session import Session

PREDICTIONS_EVERY: Final = 3  # frames; predictions and marked rows change less than one sees


@dataclass(frozen=True)
class Request:
    """What a watcher asks for, and how much of the curves it holds already."""

    view: View
    generation: int
    count: int
    generation_scores: int
    count_scores: int
    generation_net: int
    count_net: int
    force: bool
    token: int | None = None  # the browser's number of this view, handed back with the frame

    @classmethod
    def read(cls, message: dict[str, Any]) -> Request:
        """Read a request as the browser sent it; whatever is odd in it counts as not said."""
        view, have = message.get("view") or {}, message.get("have") or {}

        def number(name: str) -> int:
            value = have.get(name, -1)
            return value if isinstance(value, int) else -1

        def text(name: str) -> str | None:
            value = view.get(name)
            return value if isinstance(value, str) and value else None

        return cls(
            view=View(
                x=text("x"),
                y=text("y"),
                discretize=bool(view.get("discretize")),
                member=_index(view, "member"),
                plane=text("plane"),
                output=text("output"),
                show=text("show") or "boundary",
                network=_index(view, "network") or 0,
            ),
            generation=number("generation"),
            count=number("count"),
            generation_scores=number("generation_validation"),
            count_scores=number("count_validation"),
            generation_net=number("generation_net"),
            count_net=number("count_net"),
            force=bool(message.get("force")),
            token=view.get("token") if isinstance(view.get("token"), int) else None,
        )


class Frames:
    """The requests that wait, and the frames that answer them."""

    def __init__(self, session: Session, link: Link) -> None:
        self._session = session
        self._link = link
        self._pictures = Pictures(session.prepared, session.chosen.device)
        self._waiting: dict[int, Request] = {}
        self._answered: dict[int, tuple[int, str, View, int]] = {}  # watcher -> what it has seen
        self._made = 0

    def ask(self, watcher: int, request: Request) -> None:
        """Let a watcher's request wait, in the place of one that waits already."""
        self._waiting[watcher] = request

    def forget(self, watcher: int) -> None:
        """Drop what belongs to a watcher that has gone."""
        self._waiting.pop(watcher, None)
        self._answered.pop(watcher, None)

    def again(self) -> None:
        """Answer the requests that wait even where no step was taken: the net has changed."""
        self._answered.clear()

    def move(self, session: Session) -> None:
        """Draw from now on where the session's net is."""
        self._pictures = Pictures(session.prepared, session.chosen.device)

    @property
    def waiting(self) -> bool:
        """Whether anybody waits for a frame."""
        return bool(self._waiting)

    def answer(self, state: str, message: str) -> None:
        """Answer the requests for which there is something new, as far as the budget goes.

        Raises
        ------
        OSError : the server has gone
        """
        budget, training = self._session.budget, state == "running"
        budget.fill(self._session.clock())
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

    def _draw(self, request: Request, state: str, resolution: int) -> Arrays:
        """Draw what the large card shows, and now and then what stands beside it."""
        learner, view, pictures = self._session.learner, request.view, self._pictures
        arrays = pictures.field(learner, view, resolution) if view.show == "boundary" else {}
        self._made += 1
        whole = state != "running" or request.force
        if whole or self._made % PREDICTIONS_EVERY == 1:
            arrays |= pictures.predictions(learner, view)
            arrays |= self._large_card(view, state)
        return arrays

    def _large_card(self, view: View, state: str) -> Arrays:
        """Return what only one card shows, and changes less than one sees."""
        learner, pictures = self._session.learner, self._pictures
        if view.show == "grid" and self._session.sweep:
            cells = math.prod(len(axis.values) for axis in self._session.sweep)
            fields = pictures.cells(learner, view, cells)
            metrics = self._session.cell_metrics(view.member)
            if state == "diverged":  # the numbers are those of the weights before
                metrics = np.full_like(metrics, math.nan)
            return {"cell_fields": fields, "cells": metrics}
        if view.show == "net" and view.network:
            return pictures.neurons(learner, view)
        if view.show == "rows":
            return pictures.images(learner, view)
        if view.show == "weights":
            return pictures.first_weights(learner, view)
        return {}

    def _population(self, view: View, state: str) -> dict[str, Any]:
        """Return what the header says of several nets; nothing where there is one."""
        session = self._session
        if session.many is None:
            return {}
        header = {"population": population(session, state), **grid(session)}
        header["one"] = self._pictures.one_of(session.learner, view)
        if view.member is not None and view.member < len(session.learner.members):
            header["member"] = view.member
        return header

    def _send(
        self,
        watcher: int,
        request: Request,
        arrays: Arrays,
        state: str,
        message: str,
        resolution: int,
    ) -> None:
        session = self._session
        curve, losses = session.losses.since(request.generation, request.count)
        curve2, scored = session.scores.since(request.generation_scores, request.count_scores)
        own, net = one_of_several(session, request)
        layout, payload = _laid_out({**arrays, **losses, **scored, **net})
        header = {
            "kind": "frame",
            "to": watcher,
            "view": request.token,
            "state": state,
            "message": message,
            **clock(session, state),
            "device": session.chosen.label,
            "device_note": session.processor.note,
            "overhead": session.overhead,
            "frame_rate": session.budget.slow_rate if state == "running" else None,
            "resolution": resolution,
            "field": "field" in arrays,
            "values": values(session, request.view.member),
            **self._population(request.view, state),
            "curve": curve,
            "curve_validation": curve2,
            **own,
            "arrays": layout,
        }
        self._link.send(header, payload)


def clock(session: Session, state: str) -> dict[str, Any]:
    """Return where the run is in epochs, steps and seconds."""
    return {
        "epoch": session.learner.epoch,
        "step": session.learner.step,
        "steps_per_second": session.steps_per_second,
        "elapsed": session.seconds,
        "left": session.seconds_left if state == "running" else None,
    }


def values(session: Session, member: int | None = None) -> dict[str, float | None]:
    """Return the numbers of now: the last epoch's loss, the last scores taken.

    Of several nets the medians, and their quantiles as _low and _high; or those of one net.
    """
    last, scored = {"loss_train": session.last.loss_train}, session.scored
    names = ("loss_validation", "metric_train", "metric_validation", "metric2_validation")
    last |= {name: getattr(scored, name) for name in names}
    if session.many is not None:
        last |= session.many.of(member) if member is not None else session.many.spread()
    return {name: x if math.isfinite(x) else None for name, x in last.items()}


def population(session: Session, state: str) -> dict[str, Any]:
    """Return how several nets are doing: how many, which have diverged, and which is the best.

    All have diverged in a run that has.
    """
    assert session.many is not None
    alive = session.learner.alive
    gone = (~alive).nonzero().flatten().tolist() if session.learner.dead else []
    if state == "diverged":
        gone = list(range(len(alive)))
    best = session.many.best
    return {"nets": len(alive), "dead": len(gone), "gone": gone, "best": best}


def grid(session: Session) -> dict[str, Any]:
    """Return the grid of settings, as the browser gets it; nothing where there is none."""
    if not session.sweep:
        return {}
    axes = [{"name": axis.name, "values": list(axis.values)} for axis in session.sweep]
    return {"grid": {"x": axes[0], "y": axes[1] if len(axes) > 1 else None}}


def one_of_several(session: Session, request: Request) -> tuple[dict[str, Any], Arrays]:
    """Return the curves of the net that is looked at, else of the best, with their header."""
    if session.many is None:
        return {}, {}
    member = request.view.member
    net = member if member is not None else session.many.best
    if net is None or net >= len(session.learner.members):
        return {}, {}
    curve, arrays = session.many.curves.since(net, request.generation_net, request.count_net)
    return {"curve_net": curve}, arrays


def _index(view: dict[str, Any], name: str) -> int | None:
    number = view.get(name)
    return number if isinstance(number, int) and number >= 0 else None


def _laid_out(arrays: Arrays) -> tuple[list[list[Any]], bytes]:
    """Return [name, type, shape, offset] for each array, and all their bytes in a row.

    Numbers are float32, but for int8; each array starts where its type may.
    """
    layout, parts, offset = [], [], 0
    for name, array in arrays.items():
        kind = "i1" if array.dtype == np.int8 else "f4"
        content = np.ascontiguousarray(array, np.dtype(f"<{kind}")).tobytes()
        layout.append([name, kind, list(array.shape), offset])
        content += b"\0" * (-len(content) % 4)
        parts.append(content)
        offset += len(content)
    return layout, b"".join(parts)
