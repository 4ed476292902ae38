"""Figures of a table: the numbers that were given, and other people's names kept harmless."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from mlpdash.charts import table as figures
from mlpdash.charts.theme import PALETTES, class_colors

LIGHT = PALETTES["light"]
EVIL = "<b>x</b> $y$"
X = np.random.default_rng(0).normal(size=500)


def drawn(figure: dict[str, Any]) -> dict[str, Any]:
    go.Figure(figure)  # plotly knows every attribute
    assert "<b>" not in str(figure)
    return figure


@pytest.mark.parametrize("rows", [2, 500, 50_000])
def test_a_distribution_counts_every_row(rows: int) -> None:
    values = np.random.default_rng(1).normal(size=rows)
    figure = drawn(figures.distribution(values, EVIL, LIGHT))
    assert sum(figure["data"][0]["y"]) == rows
    assert len(figure["data"][0]["y"]) <= 80


def test_classes_have_their_own_colours() -> None:
    figure = drawn(figures.counts(["a", EVIL, "c"], [5, 3, 2], LIGHT))
    assert figure["data"][0]["x"] == [5, 3, 2]
    assert figure["data"][0]["marker"]["color"] == list(class_colors(3))


def test_the_shares_of_each_class_add_up_to_one() -> None:
    codes = (X > 0).astype(np.int64)
    figure = drawn(figures.against_classes(X, codes, ["low", EVIL], "x", LIGHT))
    assert [pytest.approx(1)] * 2 == [sum(trace["y"]) for trace in figure["data"]]


def test_a_category_on_x_has_names_and_spread_points() -> None:
    levels = np.arange(500) % 3
    figure = figures.against_number(levels.astype(float), X, "c", EVIL, LIGHT, jitter=True)
    figure = drawn(figures.with_levels(figure, ["a", "b", EVIL]))
    assert np.abs(np.array(figure["data"][0]["x"]) - levels).max() <= 0.25
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 1, 2]


def test_correlations_and_gaps_show_what_was_given() -> None:
    matrix = np.corrcoef(np.random.default_rng(2).normal(size=(3, 50)))
    figure = drawn(figures.correlation(["a", "b", EVIL], matrix, LIGHT))
    np.testing.assert_allclose(figure["data"][0]["z"], matrix, atol=5e-4)
    figure = drawn(figures.gaps(["a", EVIL], [0.5, 0.01], LIGHT))
    assert figure["data"][0]["x"] == [0.5, 0.01]
