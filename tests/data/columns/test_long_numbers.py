"""Numbers with many digits: codes where many cells are digits, measurements otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.kinds import profile_columns
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec

ROWS = 150
NUMBER = 1_234_567_890_123_456_789


def prepared_of(cells: list[str]) -> Prepared:
    lines = [f"{cell},{n % 7},{n % 5}.5" for n, cell in enumerate(cells)]
    return prepare(read_table("\n".join(["c,x,y", *lines]).encode(), "own.csv"), DataSpec())


def kind_of(cells: list[str]) -> str:
    lines = [f"{cell},{n % 7},{n % 5}.5" for n, cell in enumerate(cells)]
    table = read_table("\n".join(["c,x,y", *lines]).encode(), "own.csv")
    return next(c.kind for c in find_columns(table, DataSpec()).columns if c.name == "c")


@pytest.mark.parametrize(
    "cells",
    [
        [f"1.{n:02}e18" for n in range(ROWS)],
        [f"{n + 1}e16" for n in range(ROWS)],
        ["" if n % 9 == 0 else f"{n + 1}.5E+20" for n in range(ROWS)],
        [str(NUMBER) if n == 30 else f"{n}.25" for n in range(ROWS)],
        [str(NUMBER) if n == 30 else str(n * n) for n in range(ROWS)],
        [str(NUMBER) if n == 130 else str(n * n) for n in range(ROWS)],
        [f"{n + 1}.989e30" for n in range(ROWS)],
        [f"-{n + 1}e34" for n in range(ROWS)],
    ],
)
def test_large_numbers_are_numbers(cells: list[str]) -> None:
    prepared = prepared_of(cells)
    assert [feature.name for feature in prepared.features] == ["c", "x"]
    filled = [n for n, cell in enumerate(cells) if cell]
    wanted = [float(cells[n]) for n in filled]
    np.testing.assert_allclose(prepared.raw[filled, 0], wanted)
    assert np.isfinite(prepared.x).all()
    assert prepared.x[prepared.split.train, 0].std() == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize(
    "cells",
    [
        [str(NUMBER + n) for n in range(ROWS)],
        ["" if n % 9 == 0 else str(NUMBER + 977 * n) for n in range(ROWS)],
        [*[""] * 120, *(str(NUMBER + 977 * n) for n in range(ROWS))],
        [str(NUMBER + n) if n % 2 else str(n) for n in range(ROWS)],
    ],
)
def test_long_digits_are_codes(cells: list[str]) -> None:
    assert kind_of(cells) in ("identifier", "category")


def test_what_is_beyond_all_use_is_told() -> None:
    told = prepared_of([f"{n + 1}e44" for n in range(ROWS)]).notes
    assert 'Left out because their numbers are infinite or beyond 1e37: "c".' in told


def test_integers_of_a_frame_are_codes_by_their_number() -> None:
    frame = pd.DataFrame({"c": [n if n else NUMBER for n in range(ROWS)]})
    assert profile_columns(frame, {}, ".")["c"].kind == "number"
    assert profile_columns(frame + NUMBER, {}, ".")["c"].kind == "identifier"
