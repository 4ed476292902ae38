"""Trained nets as an ONNX graph that takes raw values and gives probabilities or values.

The graph does what `features.encode` does: gaps are filled, numbers standardised, categories become
one column per level. What a table's texts stand for is written beside it. The graph is a handful of
nodes, so it is put together here and needs neither tracing nor a running torch exporter.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import HUGE
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import DATE_PARTS, CyclicPart, Year
from mlpdash.data.preparing.features import SCALED, Feature, plane_points
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.plane import PlanePoint, Term
from mlpdash.errors import MlpDashError
from mlpdash.results.predicting import Predictor
from mlpdash.specs import ACTIVATIONS
from mlpdash.text import _
from mlpdash.training.net.model import Population

OPSET: Final = 18
IR_VERSION: Final = 9  # of 2023, so that runtimes older than the onnx package read it too
MOST_BYTES: Final = 2_000_000_000  # one message of the format holds no more


def onnx_zip(predictor: Predictor) -> bytes:
    """Return a zip file of `net.onnx` and `columns.json`; see `onnx_model`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (
            ("net.onnx", onnx_model(predictor)),
            ("columns.json", onnx_description(predictor)),
        ):
            undated = zipfile.ZipInfo(name)  # so that the same nets are the same bytes
            archive.writestr(undated, part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def onnx_description(predictor: Predictor) -> str:
    """Return as JSON what the graph's inputs and outputs are.

    Inputs are in the order of the columns of `rows`. A category is given as the place of its text
    in `levels`, from 0 on, or -1 where it is none of them; what is missing, and what is one of the
    `missing codes`, as NaN.
    """
    known = predictor.preprocessor
    inputs = []
    for f in known.features:
        one: dict[str, Any] = {"name": f.name, "column": f.column, "kind": f.kind, "unit": f.unit}
        if isinstance(f, Category):
            one |= {"levels": f.levels, "the last level stands for all others": f.pooled}
            if f.merged:
                one["case, spaces and accents make no difference"] = True
        if isinstance(f, DATE_PARTS):
            one["part of the date"] = f.part
        if isinstance(f, PlanePoint):
            one["terms"] = f.names_out
        elif f.codes:
            one["missing codes"] = f.codes
        inputs.append(one)
    outputs = {"targets": known.targets, "classes": known.classes}
    return json.dumps({"inputs": inputs, **outputs}, ensure_ascii=False, indent=1)


def onnx_model(predictor: Predictor) -> bytes:
    """Return the nets as an ONNX model; several nets are averaged.

    The input `rows` (n, inputs) float64 holds raw values, described by `onnx_description`. The
    outputs are `probabilities` (n, K) and `predicted` (n,) the place among the classes; of labels
    `predicted` is (n, K) 0 and 1; of numbers there is `values` (n, K), in the targets' units.

    Raises
    ------
    MlpDashError : the package onnx is not there, or the nets are too large for the format
    """
    try:
        import onnx
    except ImportError:
        raise MlpDashError(
            _('exporting ONNX needs the package "onnx"; install it with: pip install onnx')
        ) from None
    if predictor.net.flat.numel() * predictor.net.flat.element_size() > MOST_BYTES:
        raise MlpDashError(_("these nets are too large for one ONNX file."))
    graph = _Graph(onnx)
    x = _encoded(graph, predictor.preprocessor.features)
    outputs = _results(graph, predictor, _forward(graph, predictor, x))
    rows = onnx.helper.make_tensor_value_info("rows", onnx.TensorProto.DOUBLE, ["n", graph.width])
    model = onnx.helper.make_model(
        onnx.helper.make_graph(graph.nodes, "mlpdash", [rows], outputs, graph.constants),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="mlpdash",
    )
    onnx.helper.set_model_props(model, {"columns": onnx_description(predictor)})
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


class _Graph:
    """Nodes and constants as they are added; each gets a name of its own."""

    def __init__(self, onnx: Any) -> None:
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.width = 0
        self.dtype: type[np.generic] = np.float32  # of the nets

    def constant(self, values: Any, dtype: type[np.generic] = np.float64) -> str:
        """Add a constant and return its name."""
        name = f"c{len(self.constants)}"
        array = np.ascontiguousarray(np.asarray(values, dtype))
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def number(self, value: float) -> str:
        """Add a number in the type of the nets and return its name."""
        return self.constant(value, self.dtype)

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        name = output or f"n{len(self.nodes)}"
        node = self.onnx.helper.make_node(operator, list(inputs), [name], **attributes)
        self.nodes.append(node)
        return name

    def cast(self, value: str, kind: str, output: str = "") -> str:
        """Add a change of type: FLOAT, DOUBLE or INT64."""
        return self.add("Cast", value, output=output, to=getattr(self.onnx.TensorProto, kind))

    def in_float32(self, operator: str, value: str) -> str:
        """Add an operator that is there for float32 alone."""
        found = self.add(operator, self.cast(value, "FLOAT"))
        return self.cast(found, "DOUBLE" if self.dtype is np.float64 else "FLOAT")

    def output(self, name: str, kind: str, shape: Sequence[Any]) -> Any:
        """Return the description of an output."""
        return self.onnx.helper.make_tensor_value_info(
            name, getattr(self.onnx.TensorProto, kind), list(shape)
        )


def _encoded(graph: _Graph, features: Sequence[Feature]) -> str:
    """Add what turns raw values into x, (n, width) float32, as `features.encode` does."""
    graph.width = len(features)
    missing = graph.add("IsNaN", "rows")
    typical = graph.constant([f.typical for f in features])
    filled = graph.add("Where", missing, typical, "rows")
    if points := plane_points(features):
        return _engineered(graph, filled, points)
    gaps = graph.cast(missing, "FLOAT")
    parts: list[str] = []
    places: list[int] = []  # of the parts' columns in x

    def columns(source: str, chosen: Sequence[int]) -> str:
        return graph.add("Gather", source, graph.constant(chosen, np.int64), axis=1)

    scaled = {n: f for n, f in enumerate(features) if isinstance(f, SCALED)}
    if scaled:
        known = list(scaled.values())
        parts.append(_standardised(graph, columns(filled, list(scaled)), known))
        places += [f.start for f in known]
    for n, f in enumerate(features):
        if isinstance(f, Category):
            levels = graph.constant(np.arange(len(f.levels)))
            parts.append(graph.cast(graph.add("Equal", columns(filled, [n]), levels), "FLOAT"))
            places += range(f.start, f.start + len(f.levels))
        elif isinstance(f, CyclicPart):
            turn = graph.constant(2 * np.pi / f.period)
            angle = graph.cast(graph.add("Mul", columns(filled, [n]), turn), "FLOAT")
            parts += [graph.add("Sin", angle), graph.add("Cos", angle)]
            places += [f.start, f.start + 1]
        elif isinstance(f, Number) and f.edges:
            parts.append(_binned(graph, columns(filled, [n]), f))
            places += range(f.start + 1, f.start + 1 + f.bins)
    marked = [n for n, f in enumerate(features) if f.indicator]
    if marked:
        parts.append(columns(gaps, marked))
        places += [features[n].stop - 1 for n in marked]
    return columns(graph.add("Concat", *parts, axis=1), np.argsort(places).tolist())


def _engineered(graph: _Graph, rows: str, points: Sequence[PlanePoint]) -> str:
    """Add what makes terms such as x1*x2 of points on the plane, (n, 2)."""
    x1, x2 = (graph.add("Gather", rows, graph.constant([n], np.int64), axis=1) for n in (0, 1))
    operations = {
        "x1": ("Identity", x1),
        "x2": ("Identity", x2),
        "x1^2": ("Mul", x1, x1),
        "x2^2": ("Mul", x2, x2),
        "x1*x2": ("Mul", x1, x2),
        "sin(x1)": ("Sin", x1),
        "sin(x2)": ("Sin", x2),
    }
    terms = [term for point in points for term in point.terms]
    values = [graph.add(*operations[term.name]) for term in terms]
    return _standardised(graph, graph.add("Concat", *values, axis=1), terms)


def _standardised(graph: _Graph, values: str, known: Sequence[Number | Year | Term]) -> str:
    mean = graph.constant([one.mean for one in known])
    scale = graph.constant([one.scale for one in known])
    scaled = graph.add("Div", graph.add("Sub", values, mean), scale)
    clipped = graph.add("Clip", scaled, graph.constant(-HUGE), graph.constant(HUGE))
    return graph.cast(clipped, "FLOAT")


def _binned(graph: _Graph, values: str, number: Number) -> str:
    """Add the bins of a number, from (n, 1) to (n, bins)."""
    edges = np.array(number.edges)
    above = graph.add("Sub", values, graph.constant(edges[:-1]))
    share = graph.add("Div", above, graph.constant(edges[1:] - edges[:-1]))
    clipped = graph.add("Clip", share, graph.constant(0.0), graph.constant(1.0))
    return graph.cast(clipped, "FLOAT")


def _forward(graph: _Graph, predictor: Predictor, x: str) -> str:
    """Add the layers of all nets side by side, and return what the last gives, (P, n, K)."""
    net = predictor.net
    if net.flat.element_size() == 8:
        graph.dtype, x = np.float64, graph.cast(x, "DOUBLE")
    h = x
    for layer, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        weight: NDArray[Any] = w.mT.cpu().numpy()  # (P, in, out)
        product = graph.add("MatMul", h, graph.constant(weight, graph.dtype))
        h = graph.add("Add", product, graph.constant(b.cpu().numpy(), graph.dtype))
        if layer < len(net.weights) - 1:
            h = _activated(graph, net, layer, h)
    return graph.cast(h, "DOUBLE")


def _activated(graph: _Graph, net: Population, layer: int, z: str) -> str:
    """Add the activation of a hidden layer."""
    add, slope = ACTIVATIONS[net.activations[layer]].onnx, net.slopes[layer]
    if slope is None:
        return add(graph, z)
    return add(graph, z, graph.constant(slope.cpu().numpy(), graph.dtype))


def _results(graph: _Graph, predictor: Predictor, v: str) -> list[Any]:
    """Add what makes probabilities or values of the nets' sums, and their mean over the nets."""
    known, outputs = predictor.preprocessor, predictor.net.sizes[-1]
    axis = graph.constant([0], np.int64)
    if predictor.link == "identity":
        scaled = graph.add("Mul", v, graph.constant(known.target_scale))
        values = graph.add("Add", scaled, graph.constant(known.target_mean))
        graph.add("ReduceMean", values, axis, output="values", keepdims=0)
        return [graph.output("values", "DOUBLE", ["n", outputs])]
    if predictor.link == "softmax":
        each = graph.add("Softmax", v, axis=-1)
        mean = graph.add("ReduceMean", each, axis, output="probabilities", keepdims=0)
        graph.add("ArgMax", mean, output="predicted", axis=1, keepdims=0)
        shape: list[Any] = ["n"]
    else:
        each = graph.add("Sigmoid", v)
        mean = graph.add("ReduceMean", each, axis, output="probabilities", keepdims=0)
        above = graph.add("Greater", mean, graph.constant(0.5))
        graph.cast(above, "INT64", output="predicted")
        shape = ["n", outputs]
    return [
        graph.output("probabilities", "DOUBLE", ["n", outputs]),
        graph.output("predicted", "INT64", shape),
    ]
