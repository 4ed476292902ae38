"""Whatever bytes and cells come: a table or an error of ours, with little work and memory."""

from __future__ import annotations

import resource
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared, prepared_to_json, preprocessor_from_json
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.errors import MlpDashError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation, Reading
from tests.lines_run import lines_run

LITTLE_WORK = 50_000  # lines of ours that a table of some lines may take at most
LITTLE_MEMORY = 64_000_000  # bytes that a table of some lines may take at most
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of getrusage's number

READING = st.builds(
    Reading,
    encoding=st.sampled_from(["auto", "utf_8", "utf_16", "cp1252", "gb18030", "shift_jis"]),
    delimiter=st.sampled_from(["auto", "comma", "semicolon", "tab", "pipe", "blanks"]),
    header=st.sampled_from(["auto", "yes", "no"]),
    skip=st.sampled_from([None, 0, 1, 3]),
    bad_lines=st.sampled_from(["refuse", "skip"]),
    totals=st.sampled_from(["skip", "keep"]),
    words=st.sampled_from(["missing", "keep"]),
)
COLUMN = st.builds(
    ColumnChoice,
    name=st.sampled_from(["a", "b", "c", "y"]),
    kind=st.sampled_from(["auto", "number", "category", "boolean", "date"]),
    role=st.sampled_from(["auto", "input", "time", "ignored"]),
    missing=st.sampled_from(["auto", "median", "mean", "mode", "drop"]),
    scaling=st.sampled_from(["auto", "standard", "minmax", "robust", "none"]),
    levels=st.sampled_from([None, 1, 3]),
    order=st.sampled_from(["auto", "day first", "month first"]),
    decimal=st.sampled_from(["auto", "point", "comma"]),
)
PREPARATION = st.builds(
    Preparation,
    columns=st.lists(COLUMN, max_size=4, unique_by=lambda one: one.name).map(tuple),
    split=st.sampled_from(["auto", "random", "stratified", "time", "group", "given"]),
    group=st.sampled_from(["", "a", "c"]),
    missing=st.sampled_from(["median", "mean"]),
    indicators=st.booleans(),
    scaling=st.sampled_from(["auto", "minmax", "robust"]),
    levels=st.sampled_from([1, 3, 50]),
    target_scaling=st.sampled_from(["auto", "standard", "none"]),
)
CELL = st.sampled_from(
    [
        *("", "1", "-2.5", "1e400", "-inf", "nan", "NA", "x", "Ja", "nein", "2025-01-01", "12:00"),
        *("9e30", "007", "1,5", "1.234,5 €", "(3)", "12 %", "9007199254740993", '"', "'", "=1"),
        *("1/2/2024", "12/31/99", "31.02.2025", "\u202eabc", "\N{GRINNING FACE}", "0", "true"),
    ]
)


@pytest.fixture(scope="module", autouse=True)
def imports() -> None:
    """Load what is loaded when a table is first prepared, before memory is measured."""
    frame = read_table(b"a,b,c,y\n" + b"1,x,2025-01-01,2.5\n,y,2025-01-02,3.5\n" * 9, "x.csv")
    prepare(frame, DataSpec())


def peak() -> int:
    """Return the most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def opened(content: bytes, spec: DataSpec) -> tuple[Table, Prepared] | MlpDashError:
    try:
        table = read_table(content, "x.csv", spec.preparation.reading)
        return table, prepare(table, spec)
    except MlpDashError as error:
        return error


def outcome(content: bytes, spec: DataSpec) -> None:
    found: list[tuple[Table, Prepared] | MlpDashError] = []
    held = peak()
    assert lines_run(lambda: found.append(opened(content, spec))) < LITTLE_WORK
    assert peak() - held < LITTLE_MEMORY
    if isinstance(found[0], MlpDashError):
        assert "\n" not in str(found[0])
        return
    table, prepared = found[0]
    assert np.isfinite(prepared.x).all()
    assert np.isfinite(prepared.y).all()
    assert all("\n" not in note for note in prepared.notes)
    again = preprocessor_from_json(prepared_to_json(prepared))
    assert again == prepared.preprocessor
    assert np.isfinite(again.x(table.frame)).all()


@settings(max_examples=250)
@given(content=st.binary(max_size=300), reading=READING)
def test_any_bytes_with_any_reading(content: bytes, reading: Reading) -> None:
    outcome(content, DataSpec(preparation=Preparation(reading=reading)))


@settings(max_examples=250)
@given(text=st.text(alphabet='ab01,;\t|"\n\r .#é€-', max_size=120), reading=READING)
def test_any_text_with_any_reading(text: str, reading: Reading) -> None:
    outcome(text.encode(), DataSpec(preparation=Preparation(reading=reading)))


@pytest.mark.slow
@settings(max_examples=400)
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=30),
    preparation=PREPARATION,
    task=st.sampled_from(["auto", "classification", "regression"]),
    target=st.sampled_from([(), ("y",), ("a", "b")]),
    standardize=st.booleans(),
)
def test_any_cells_with_any_choices(
    rows: list[list[str]], preparation: Preparation, task: str, target: tuple[str, ...], **more: Any
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "\n".join(["a,b,c,y", *quoted]).encode()
    outcome(content, DataSpec(task=task, target=target, preparation=preparation, **more))
