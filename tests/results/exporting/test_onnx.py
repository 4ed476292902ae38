"""The ONNX graph is run by onnxruntime, on raw values, and agrees with the engine."""

import builtins
import io
import json
import zipfile
from typing import Any

import numpy as np
import onnxruntime
import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.date_parts import CyclicPart
from mlpdash.data.preparing.features import encode
from mlpdash.data.preparing.number import Number
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.errors import MlpDashError
from mlpdash.results.exporting.onnx import onnx_description, onnx_model, onnx_zip
from mlpdash.results.predicting import Link, Predictor, predictor_of
from mlpdash.specs import ModelSpec, choices_of, items_of
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.net.size import parameters_of

FEATURES = (
    CyclicPart("hour", "when", "hour", start=0, typical=12, form=""),
    Number("age", 2, mean=40, scale=10, typical=38, low=0, high=99, indicator=True),
    Category("city", 4, typical=1, levels=("A", "B", "C")),
    Number("height", 7, mean=1.7, scale=0.1, typical=1.7, low=0, high=2, unit="m"),
)
RAW = np.array(
    [[3.0, 25, 0, 1.8], [np.nan, np.nan, np.nan, np.nan], [23.5, 1e9, -1, 1.55], [0, 40, 2, -9]]
)


def predictor(link: Link, members: int, activation: str, dtype: Any = np.float32) -> Predictor:
    classes = ("no", "perhaps", "yes") if link == "softmax" else ()
    known = Preprocessor(
        "regression" if link == "identity" else "classification",
        *("people", FEATURES, ("t",) if classes else ("t", "u", "v"), ("", "", ""), classes),
        *((5.0, 6.0, 7.0), (2.0, 20.0, 200.0), ""),
    )
    sizes = (8, 6, 4, 3)
    model = ModelSpec(hidden=sizes[1:-1], activation=activation)  # type: ignore[arg-type]
    count = parameters_of(sizes, model.layer_activations)
    flat = np.random.default_rng(7).normal(0, 0.5, members * count).astype(dtype)
    return predictor_of(known, model, flat, link=link)


@pytest.mark.parametrize("activation", choices_of("activation"))
@pytest.mark.parametrize(
    ("link", "members", "dtype"),
    [
        ("softmax", 1, np.float32),
        ("softmax", 3, np.float32),
        ("identity", 2, np.float32),
        ("identity", 1, np.float64),
        ("sigmoid", 2, np.float64),
    ],
)
def test_the_graph_gives_what_the_nets_give(
    link: Link, members: int, dtype: Any, activation: str
) -> None:
    nets = predictor(link, members, activation, dtype)
    session = onnxruntime.InferenceSession(onnx_model(nets))
    found = session.run(None, {"rows": RAW})
    expected = nets.outputs(encode(FEATURES, RAW))
    np.testing.assert_allclose(found[0], expected, rtol=2e-5, atol=2e-6)
    if link == "softmax":
        np.testing.assert_array_equal(found[1], expected.argmax(1))
    elif link == "sigmoid":
        np.testing.assert_array_equal(found[1], expected > 0.5)


@pytest.mark.parametrize("inputs", [items_of("inputs"), ("x1^2", "sin(x2)", "x1*x2"), ("x2",)])
def test_engineered_inputs_are_made_inside_the_graph(inputs: tuple[str, ...]) -> None:
    experiment = starting_point("circle").changed(inputs=inputs, hidden=(6,), activation="gelu")
    prepared = prepare(load(experiment.data), experiment.data)
    net = learner_for(prepared, experiment).net
    nets = Predictor(prepared.preprocessor, net, "softmax")
    session = onnxruntime.InferenceSession(onnx_model(nets))
    rows = np.array([[1.0, -2.0], [np.nan, 0.5], [3.25, np.nan], [1e200, 4.0]])
    found = session.run(None, {"rows": rows})
    expected = nets.outputs(encode(prepared.features, rows))
    np.testing.assert_allclose(found[0], expected, rtol=2e-5, atol=2e-6)
    described = json.loads(onnx_description(nets))["inputs"]
    assert sorted(name for one in described for name in one["terms"]) == sorted(inputs)


def test_what_the_columns_are_lies_beside_it_and_inside_it() -> None:
    nets = predictor("softmax", 1, "relu")
    archive = zipfile.ZipFile(io.BytesIO(onnx_zip(nets)))
    assert archive.namelist() == ["net.onnx", "columns.json"]
    described = json.loads(archive.read("columns.json"))
    assert [one["name"] for one in described["inputs"]] == ["hour", "age", "city", "height"]
    assert [one["kind"] for one in described["inputs"]] == [
        "number",
        "number",
        "category",
        "number",
    ]
    assert described["inputs"][0]["part of the date"] == "hour"
    assert described["inputs"][2]["levels"] == ["A", "B", "C"]
    assert described["classes"] == ["no", "perhaps", "yes"]
    session = onnxruntime.InferenceSession(archive.read("net.onnx"))
    assert session.get_modelmeta().custom_metadata_map["columns"] == onnx_description(nets)


def test_without_the_package_one_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "onnx":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MlpDashError, match='needs the package "onnx"'):
        onnx_model(predictor("softmax", 1, "relu"))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bins_are_made_inside_the_graph(dtype: Any) -> None:
    features = (
        Number("age", 0, 40, 10, 38, 0, 99, indicator=True, edges=(0.0, 18.0, 25.0, 99.0)),
        Category("city", 5, typical=1, levels=("A", "B", "C")),
        Number("height", 8, 1.7, 0.1, 1.7, 0, 2),
    )
    known = Preprocessor("regression", "people", features, ("t",), ("",), (), (5.0,), (2.0,), "")
    model = ModelSpec(hidden=(4,))
    count = parameters_of((9, 4, 1), model.layer_activations)
    flat = np.random.default_rng(7).normal(0, 0.5, count).astype(dtype)
    nets = predictor_of(known, model, flat, link="identity")
    rows = np.array([[3.0, 0, 1.8], [np.nan, np.nan, np.nan], [1e9, -1, 1.5], [18, 2, -9]])
    found = onnxruntime.InferenceSession(onnx_model(nets)).run(None, {"rows": rows})
    expected = nets.outputs(encode(features, rows))
    np.testing.assert_allclose(found[0], expected, rtol=2e-5, atol=2e-6)
