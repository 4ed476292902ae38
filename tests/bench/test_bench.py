"""The benchmark: right shapes, right arithmetic, and nothing fast by being wrong."""

import json
import math

import numpy as np
import pytest

from mlpdash.bench import report
from mlpdash.bench.agreement import losses_from_the_same_weights
from mlpdash.bench.contestants import Engine, Products, engine_learner
from mlpdash.bench.workloads import WORKLOADS
from mlpdash.cli.main import main

TINY = report.Plan(seconds=0.001, rounds=2, steps=2)


@pytest.mark.parametrize("name", ["W2", "W3", "W4"])
def test_the_same_weights_and_batches_give_everyone_the_same_loss(name):
    rows = losses_from_the_same_weights(WORKLOADS[name].shortened(4))
    losses = {row["contestant"]: row["loss"] for row in rows}
    assert losses["mlpdash"] == pytest.approx(losses["plain-torch"], rel=1e-4)
    assert losses["mlpdash"] == pytest.approx(losses["scikit-learn"], rel=1e-3)


def test_the_engine_learns_its_workload():
    engine = Engine(WORKLOADS["W1"])
    engine.epochs(1)
    before = engine.loss
    engine.epochs(60)
    assert engine.loss < 0.6 * before


def test_products_are_those_of_a_step():
    workload = WORKLOADS["W3"]
    products = Products(workload)
    shapes = sorted(tuple(product().shape) for product in products._products)
    assert shapes == sorted([(1, 16, 128), (1, 16, 1), (1, 128, 13), (1, 1, 128), (1, 16, 128)])


def test_ratios_are_medians_over_rounds():
    seconds = {
        "mlpdash": [1.0, 2.0, 1.0],
        "scikit-learn": [2.0, 2.0, 9.0],
        "plain-torch": [1.0] * 3,
        "gemm-limit": [0.5] * 3,
    }
    found = {r["against"]: r["times"] for r in report._ratios("W1", seconds)}
    assert found == {"scikit-learn": 2.0, "plain-torch": 1.0, "gemm-limit": 0.5}


def test_document_has_a_row_for_everyone(monkeypatch, capsys):
    monkeypatch.setattr(report, "QUICK", TINY)
    assert main(["bench", "--quick", "--workloads", "W1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    rows = {row["contestant"]: row["us_per_step"] for row in document["rows"]}
    assert set(rows) == {"mlpdash", "scikit-learn", "plain-torch", "gemm-limit", "population-64"}
    assert all(math.isfinite(us) and us > 0 for us in rows.values())
    assert "population-64" in report.as_table(document)


def test_with_a_gpu_both_are_measured_on_it():
    """The CPU stands in for the GPU, which is only a name here."""
    document = report.measure(["W3"], TINY, gpu="cpu")
    rows = {row["contestant"] for row in document["rows"]}
    assert rows >= {"mlpdash", "plain-torch", "mlpdash-cuda", "plain-torch-cuda"}
    (ratio,) = (r for r in document["ratios"] if r["contestant"] == "mlpdash-cuda")
    assert (ratio["against"], ratio["at_least"], ratio["aim"]) == ("plain-torch-cuda", 5.0, 20.0)
    assert document["machine"]["gpu"] == "cpu"
    assert "mlpdash-cuda" in report.as_table(document)


def test_an_unknown_workload_is_named(capsys):
    assert main(["bench", "--workloads", "W9"]) == 2
    assert 'no workload "W9"; there are: W1' in capsys.readouterr().err


def test_population_starts_each_net_from_its_own_seed():
    flat = engine_learner(WORKLOADS["W1"], nets=3).net.weights[0]
    assert len(np.unique(flat.numpy(), axis=0)) == 3
