"""Numbers that look like codes for missing values, and others that do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mlpdash.data.columns.likely_codes import likely_codes

RANDOM = np.random.default_rng(3)
AGES = RANDOM.integers(18, 90, 200)
INCOMES = RANDOM.integers(200, 80_000, 200)
SIZES = RANDOM.normal(20, 4, 200).round(2)
LIKERT = RANDOM.integers(1, 6, 200)


def column(values: Sequence[float], *codes: float, times: int = 7) -> np.ndarray:
    return np.array([*values, *codes * times], float)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (column(AGES, -999), (-999,)),
        (column(AGES, 999), (999,)),
        (column(AGES, -9), (-9,)),
        (column(AGES, -1), (-1,)),
        (column(INCOMES, -1), (-1,)),
        (column(INCOMES, -99), (-99,)),
        (column(INCOMES, 9_999_999), (9_999_999,)),
        (column(SIZES, 99), (99,)),
        (column(SIZES, 9999), (9999,)),
        (column(SIZES, -999.25), (-999.25,)),
        (column(SIZES, 99.99), (99.99,)),
        (column(SIZES, -200), (-200,)),
        (column(LIKERT, 9), (9,)),
        (column(LIKERT, 99), (99,)),
        (column(LIKERT, 98, 99), (98, 99)),
        (column(LIKERT, 88, 99), (88, 99)),
        (column(LIKERT, 97, 98, 99), (97, 98, 99)),
        (column(LIKERT, -9, -8), (-9, -8)),
        (column(AGES, -999, 999), (-999, 999)),
        (column([0, 1] * 50, 9), (9,)),
        (column([1, 2] * 50, 9), (9,)),
        (column([*range(20)] * 3, -1, times=30), (-1,)),
        (column(range(1950, 2021), 9999), (9999,)),
    ],
)
def test_a_code_is_noticed(cells: np.ndarray, codes: tuple[float, ...]) -> None:
    assert likely_codes(cells) == codes


@pytest.mark.parametrize(
    "cells",
    [
        AGES,
        column(range(100), 99),  # one of the values
        column(AGES, 999, times=1),  # once
        column([-1, 0, 1] * 40),
        column([-1, 1] * 40),
        column([*range(-9, 30)] * 3),  # temperatures
        column([*range(-1, 30)] * 3),
        column(range(1, 100), 99),
        column(RANDOM.normal(0, 300, 200).round(), -999),  # negative numbers beside it
        column(RANDOM.exponential(3, 500).round()),
        column([3, 4, 5, 6, 7, 8] * 20, 9),
        column(RANDOM.integers(0, 1000, 200), 999),
        column([0] * 100, 99),
        column([92, 95] * 30, 99),  # years
        np.array([-999.0, 1, 2]),
        np.array([]),
    ],
)
def test_a_number_is_no_code(cells: np.ndarray) -> None:
    assert likely_codes(np.asarray(cells, float)) == ()
