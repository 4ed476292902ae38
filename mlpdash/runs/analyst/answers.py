"""Questions about trained nets, and their answers; in the analyst's process.

A question is {"ask": name, ...} about {"run": id, "step": of its snapshot, "cell": of a grid}, or
about {"bundle": the key of an opened bundle}, with a payload; an answer is {...} with a payload; a
mistake is {"refused": sentence}.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO, Final

import numpy as np

from mlpdash.data.new_rows import Rows, read_rows
from mlpdash.data.preparing.features import encode
from mlpdash.data.preparing.prepared import Prepared, Preprocessor, preprocessor_to_json
from mlpdash.data.reading.questions import ChoiceNeededError
from mlpdash.errors import DataError, MlpDashError, RunError
from mlpdash.results.explaining.attribution import integrated_gradients
from mlpdash.results.explaining.dependence import dependence
from mlpdash.results.explaining.planes import Slice, component_slice, feature_slice
from mlpdash.results.exporting.predictions import predictions as file_of_predictions
from mlpdash.results.exporting.tables import csv_beside, parquet_beside
from mlpdash.results.predicting import Predictor
from mlpdash.runs.analyst.curves_in_making import CurveInMaking
from mlpdash.runs.analyst.exporting import EXPORTS, exported, lacking, refusals
from mlpdash.runs.analyst.idle import IDLE_SECONDS, leaves_after
from mlpdash.runs.analyst.opening import (
    Nets,
    Opened,
    best_cell,
    cell_scores,
    explained_rows,
    nets_of,
    opened,
)
from mlpdash.runs.bundles.opened import bundle_path
from mlpdash.runs.disk.rows import rows_of
from mlpdash.runs.disk.store import Store
from mlpdash.runs.wire import Header, as_header, as_text, pack, unpack
from mlpdash.text import _

MOST_OPEN: Final = 4  # runs whose nets are kept at hand
RESOLUTION: Final = 110  # points along each side of a plane
Question = Mapping[str, Any]
Answer = tuple[Header, bytes]


class AtHand:
    """The nets that were asked about last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Opened | Predictor] = OrderedDict()
        self._curves: dict[tuple[str, int, int | None, str], CurveInMaking] = {}

    def run(self, asked: Question) -> Opened:
        """Return the run that a question is about."""
        run, step, cell = str(asked["run"]), int(asked["step"]), asked.get("cell")
        store = Store.open(run)
        key = (run, step, cell, store.mark(step))
        found = self._get(key, lambda: opened(store, step, cell))
        assert isinstance(found, Opened)
        return found

    def nets(self, asked: Question) -> Nets:
        """Return the run that a question is about, or its nets alone if its rows are gone."""
        try:
            return self.run(asked)
        except DataError:
            return nets_of(Store.open(str(asked["run"])), int(asked["step"]), asked.get("cell"))

    def curve(self, asked: Question) -> CurveInMaking:
        """Return the learning curve of the run that a question is about, begun if nobody has."""
        run = self.run(asked)
        key = (run.store.id, run.step, run.cell, run.store.mark(run.step))
        if key not in self._curves:
            self._curves[key] = CurveInMaking(run)
        return self._curves[key]

    def predictor(self, asked: Question) -> Predictor:
        """Return the nets that a question is about, of a run or of a bundle."""
        if "bundle" not in asked:
            return self.run(asked).predictor
        from mlpdash.runs.bundles.bundle import read_bundle

        key = str(asked["bundle"])
        found = self._get((key,), lambda: read_bundle(bundle_path(key)).predictor)
        assert isinstance(found, Predictor)
        return found

    def _get(
        self, key: tuple[Any, ...], make: Callable[[], Opened | Predictor]
    ) -> Opened | Predictor:
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_OPEN:
            self._kept.popitem(last=False)
        return self._kept[key]


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more questions."""
    at_hand = AtHand()
    while len(prefix := _read_in_time(questions)) == 4:
        (length,) = struct.unpack("<I", prefix)
        text, payload = unpack(questions.read(length))
        found, content = answer(at_hand, as_header(text), bytes(payload))
        answers.write(pack(as_text(found), content))
        answers.flush()


def _read_in_time(questions: BinaryIO) -> bytes:
    """Return the next four bytes; when none come for long, this process ends."""
    idle = leaves_after(IDLE_SECONDS)
    prefix = questions.read(4)
    idle.cancel()
    return prefix


def answer(at_hand: AtHand, asked: Question, payload: bytes) -> Answer:
    """Return the answer to a question, or the sentence with which it is refused."""
    try:
        return ANSWERS[str(asked["ask"])](at_hand, asked, payload)
    except MlpDashError as mistake:
        return {"refused": str(mistake)}, b""


def cells(_at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Score the cells of a grid: "cells" as `opening.cell_scores`, and which is the "best"."""
    store, step = Store.open(str(asked["run"])), int(asked["step"])
    spec = store.as_of(step).data
    prepared = rows_of(store, spec)
    found = cell_scores(store, step, prepared)
    return {"cells": found, "best": best_cell(found, prepared.task)}, b""


def bundle(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Say what a bundle holds: "kind", "net" in a few numbers, and its "preprocessor"."""
    predictor = at_hand.predictor(asked)
    net, known = predictor.net, predictor.preprocessor
    margins = asdict(predictor.margins) if predictor.margins else None
    shape = {"sizes": net.sizes, "activations": net.activations, "members": net.members}
    fitted = preprocessor_to_json(known)
    return {**shape, "link": predictor.link, "preprocessor": fitted, "margins": margins}, b""


def predict(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Predict rows given as raw values, "values" (rows, features): "outputs" (rows, K)."""
    predictor = at_hand.predictor(asked)
    raw = np.array(asked["values"], dtype=np.float64)
    return {
        "outputs": predictor.outputs(encode(predictor.preprocessor.features, raw)).tolist()
    }, b""


def explain(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Explain the output "output" of the row with the raw "values" (features,)."""
    run = at_hand.run(asked)
    raw = np.array([asked["values"]], dtype=np.float64)
    x = encode(run.prepared.features, raw)[0]
    return asdict(integrated_gradients(run.predictor, x, int(asked["output"]))), b""


def depend(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Try the values of the input "feature", watching the output "output": "grid" and "mean"
    (points,), "lines" (rows, points) of the "rows".
    """
    run, k = at_hand.run(asked), int(asked["output"])
    found = dependence(
        run.prepared, run.predictor.outputs, explained_rows(run), str(asked["feature"])
    )
    return {
        "grid": found.grid.tolist(),
        "mean": found.mean[:, k].tolist(),
        "lines": found.lines[:, :, k].tolist(),
        "rows": found.rows.tolist(),
    }, b""


def cut(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Ask the net over a plane: "x" and "y" name inputs, "base" a row; without x, components.

    The payload holds float32: outputs (rows, columns, K), support (rows, columns), xs, ys, and
    where all rows of the table lie, x then y.
    """
    run = at_hand.run(asked)
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


def _slice(prepared: Prepared, asked: Question) -> Slice:
    if len(prepared.features) < 2:
        raise RunError(_("a boundary needs two inputs; this net has one."))
    if not asked.get("x"):
        if prepared.width < 2:
            raise RunError(_("principal components need two columns."))
        return component_slice(prepared, RESOLUTION)
    return feature_slice(prepared, asked["x"], asked["y"], asked.get("base"), RESOLUTION)


def table(at_hand: AtHand, asked: Question, payload: bytes) -> Answer:
    """Predict the rows of the table in the payload, called "name"; the answer's payload is that
    table with more columns as "format" csv or parquet, "notes" says what was odd or could not be
    read. An "encoding" can be given, as in `table_specs.Reading`.
    """
    predictor = at_hand.predictor(asked)
    known = predictor.preprocessor
    given = _given(payload, asked, known)
    found = predictor.rows(given.cells)
    inputs = {feature.column for feature in known.features}
    header = {
        "rows": given.given.rows.num_rows,
        "extra": [str(c) for c in given.given.rows.column_names if c not in inputs],
        "unseen": dict(found.unseen),
        "missing": dict(found.missing),
        "notes": [*given.notes, *found.unread_notes],
    }
    write = parquet_beside if asked.get("format") == "parquet" else csv_beside
    return header, write(given.given, found.frame())


def _given(payload: bytes, asked: Question, known: Preprocessor) -> Rows:
    name, encoding = str(asked["name"]), str(asked.get("encoding", "auto"))
    try:
        return read_rows(payload, name, known.features, known.text_format, encoding)
    except ChoiceNeededError:  # which is asked nowhere here
        raise DataError(
            _(
                '"{name}" is not UTF-8. Save it as UTF-8, or predict it with the bundle: '
                "mlpdash predict, with --encoding."
            ).format(name=name)
        ) from None


def predictions(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Return what the net says of all rows of its table as payload, as "format" csv or parquet."""
    run = at_hand.run(asked)
    parquet = asked.get("format") == "parquet"
    content = file_of_predictions(run.prepared, run.outputs, run.experiment.data, parquet=parquet)
    return {}, content


def more_rows(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Begin the learning curve of a run, or tell how far it is: "share" of the steps, and at the
    end "found" as `more_rows.document_of`.
    """
    return at_hand.curve(asked).state(), b""


def export(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Return the file "what" of `runs.exporting` as payload."""
    return {}, exported(str(asked["what"]), at_hand.nets(asked))


def offers(at_hand: AtHand, asked: Question, _payload: bytes) -> Answer:
    """Say which files of `runs.exporting` are refused ("refusals"), and which lack something
    ("lacking"), each with the sentence that says why.
    """
    nets = at_hand.nets(asked)
    less = {name: sentence for name in EXPORTS if (sentence := lacking(name, nets))}
    return {"refusals": refusals(nets), "lacking": less}, b""


ANSWERS: Final[Mapping[str, Callable[[AtHand, Question, bytes], Answer]]] = {
    "cells": cells,
    "bundle": bundle,
    "predict": predict,
    "explain": explain,
    "depend": depend,
    "cut": cut,
    "table": table,
    "predictions": predictions,
    "more_rows": more_rows,
    "export": export,
    "offers": offers,
}
