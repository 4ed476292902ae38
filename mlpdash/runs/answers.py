"""Questions about trained nets, and their answers; in the analyst's process.

A question is {"ask": name, "run": id, "step": of its snapshot, ...} with a payload, an answer {...}
with a payload; a mistake is {"refused": sentence}.
"""

from __future__ import annotations

import os
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO, Final

import numpy as np

from mlpdash.data.preparing import Prepared, encode
from mlpdash.data.reading import read_table
from mlpdash.errors import MlpDashError, RunError
from mlpdash.results.attribution import integrated_gradients
from mlpdash.results.planes import Slice, component_slice, feature_slice
from mlpdash.runs.analyst import Opened, opened
from mlpdash.runs.exporting import exported
from mlpdash.runs.wire import Header, pack, unpack
from mlpdash.text import _

MOST_OPEN: Final = 4  # runs whose nets are kept at hand
IDLE_SECONDS: Final = 600.0
RESOLUTION: Final = 110  # points along each side of a plane
Answer = tuple[Header, bytes]


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more questions."""
    at_hand: OrderedDict[tuple[str, int], Opened] = OrderedDict()
    while len(prefix := _read_in_time(questions)) == 4:
        (length,) = struct.unpack("<I", prefix)
        asked, payload = unpack(questions.read(length))
        answers.write(pack(*_answer(at_hand, asked, bytes(payload))))
        answers.flush()


def _read_in_time(questions: BinaryIO) -> bytes:
    """Return the next four bytes; when none come for long, this process ends."""
    timer = threading.Timer(IDLE_SECONDS, os._exit, [0])
    timer.daemon = True
    timer.start()
    prefix = questions.read(4)
    timer.cancel()
    return prefix


def _answer(at_hand: OrderedDict[tuple[str, int], Opened], asked: Header, payload: bytes) -> Answer:
    try:
        key = (str(asked["run"]), int(asked["step"]))
        if key not in at_hand:
            at_hand[key] = opened(*key)
        at_hand.move_to_end(key)
        if len(at_hand) > MOST_OPEN:
            at_hand.popitem(last=False)
        return ANSWERS[str(asked["ask"])](at_hand[key], asked, payload)
    except MlpDashError as mistake:
        return {"refused": str(mistake)}, b""


def predict(run: Opened, asked: Mapping[str, Any], _payload: bytes) -> Answer:
    """Predict rows given as raw values, "values" (rows, features): "outputs" (rows, K)."""
    raw = np.array(asked["values"], dtype=np.float64)
    outputs = run.predictor.outputs(encode(run.prepared.features, raw))
    return {"outputs": outputs.tolist()}, b""


def explain(run: Opened, asked: Mapping[str, Any], _payload: bytes) -> Answer:
    """Explain the output "output" of the row with the raw "values" (features,)."""
    raw = np.array([asked["values"]], dtype=np.float64)
    x = encode(run.prepared.features, raw)[0]
    return asdict(integrated_gradients(run.predictor, x, int(asked["output"]))), b""


def cut(run: Opened, asked: Mapping[str, Any], _payload: bytes) -> Answer:
    """Ask the net over a plane: "x" and "y" name inputs, "base" a row; without x, components.

    The payload holds float32: outputs (rows, columns, K), support (rows, columns), xs, ys, and
    where all rows of the table lie, x then y.
    """
    found = _slice(run.prepared, asked)
    outputs = run.predictor.outputs(found.points)
    arrays = (outputs, found.support, found.xs, found.ys, found.shown_x, found.shown_y)
    header = {
        "resolution": RESOLUTION,
        "outputs": outputs.shape[1],
        "x": found.x_name,
        "y": found.y_name,
        "explained": found.explained,
    }
    return header, b"".join(np.asarray(a, "<f4").tobytes() for a in arrays)


def _slice(prepared: Prepared, asked: Mapping[str, Any]) -> Slice:
    if len(prepared.features) < 2:
        raise RunError(_("a boundary needs two inputs; this net has one."))
    if not asked.get("x"):
        if prepared.width < 2:
            raise RunError(_("principal components need two columns."))
        return component_slice(prepared, RESOLUTION)
    return feature_slice(prepared, asked["x"], asked["y"], asked.get("base"), RESOLUTION)


def table(run: Opened, asked: Mapping[str, Any], payload: bytes) -> Answer:
    """Predict the rows of the CSV in the payload; the answer's payload is that CSV with more
    columns, "notes" says what was missing or ignored.
    """
    import pandas as pd

    given = read_table(payload, str(asked["name"]))
    found = run.predictor.rows(given.frame)
    said = found.frame()
    known = {feature.name for feature in run.prepared.features}
    extra = [str(c) for c in given.frame.columns if c not in known]
    whole = pd.concat([given.frame.reset_index(drop=True), said], axis=1)
    header = {
        "rows": len(whole),
        "extra": extra,
        "unseen": dict(found.unseen),
        "missing": dict(found.missing),
        "notes": list(given.notes),
    }
    return header, whole.to_csv(index=False).encode()


def export(run: Opened, asked: Mapping[str, Any], _payload: bytes) -> Answer:
    """Return the file "what" of `runs.exporting` as payload."""
    return {}, exported(str(asked["what"]), run)


ANSWERS: Final[Mapping[str, Callable[[Opened, Mapping[str, Any], bytes], Answer]]] = {
    "predict": predict,
    "explain": explain,
    "cut": cut,
    "table": table,
    "export": export,
}
