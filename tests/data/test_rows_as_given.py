"""Rows to predict go out as they came, whatever their cells hold and however they are written."""

import csv
import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlpdash.data.new_rows import read_rows
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Preprocessor
from mlpdash.data.reading.as_given import Given
from mlpdash.data.reading.read import read_table
from mlpdash.results.exporting.tables import csv_beside, parquet_beside
from mlpdash.specs import DataSpec

TRAINED = "id,country,city,area,y\n" + "".join(
    f"{1000 + n},{('DE', 'FR', 'NA')[n % 3]},{('Paris', 'Rome')[n % 2]},{40 + n},{n / 2}\n"
    for n in range(40)
)
ODD = ("NA", "None", "null", "nan", "N/A", "1.10", "1e5", "007", "-", "?", "TRUE", "=1+1", "1,5")


@pytest.fixture(scope="module")
def known() -> Preprocessor:
    return prepare(read_table(TRAINED.encode(), "own.csv"), DataSpec(data="own")).preprocessor


def read(known: Preprocessor, content: bytes) -> Given:
    return read_rows(content, "rows", known.features, known.text_format).given


def as_lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_words_and_gaps_among_ids_are_left_as_they_stand(known: Preprocessor) -> None:
    text = "id,country,city,area\n1001,NA,Paris,50\n,DE,Rome,60\n 7 ,null,,1.10\n"
    found = read(known, text.encode())
    predicted = pd.DataFrame({"predicted y": [1.5, 2.5, 3.5]})
    assert csv_beside(found, predicted).decode() == (
        "id,country,city,area,predicted y\n"
        "1001,NA,Paris,50,1.5\n,DE,Rome,60,2.5\n 7 ,null,,1.10,3.5\n"
    )


cells = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff"), max_size=8),
    st.integers().map(str),
    st.floats().map(repr),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
)
def test_the_text_of_each_cell_comes_back(
    known: Preprocessor, rows: list[tuple[str, str, str]], delimiter: str
) -> None:
    lines = [["id", "note", "country", "city", "area"], *([*row, "Rome", "50"] for row in rows)]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)
    found = read(known, written.getvalue().encode())
    made = csv_beside(found, pd.DataFrame({"p": range(len(rows))}))
    assert [line[:-1] for line in as_lines(made)] == lines


values = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=3, max_size=3).map(
        lambda v: pa.array(v, pa.int64())
    ),
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), min_size=3, max_size=3).map(
        lambda v: pa.array(v, pa.float64())
    ),
    st.lists(
        st.one_of(st.none(), st.sampled_from(ODD), st.text(max_size=5)), min_size=3, max_size=3
    ).map(lambda v: pa.array(v, pa.string())),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=3, max_size=3).map(pa.array),
    st.lists(st.one_of(st.none(), st.dates()), min_size=3, max_size=3).map(
        lambda v: pa.array(v, pa.date32())
    ),
    st.lists(st.one_of(st.none(), st.binary(max_size=4)), min_size=3, max_size=3).map(
        lambda v: pa.array(v, pa.binary())
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(more=st.lists(values, min_size=1, max_size=3))
def test_the_value_and_the_null_of_each_cell_of_parquet_come_back(
    known: Preprocessor, more: list[pa.Array]
) -> None:
    came = pa.table(
        {
            "country": ["DE", None, "FR"],
            "area": pa.array([50, None, 70], pa.int16()),
            **{f"more {n}": column for n, column in enumerate(more)},
        }
    )
    content = io.BytesIO()
    pq.write_table(came, content)
    found = read(known, content.getvalue())
    made = parquet_beside(found, pd.DataFrame({"p": range(3)}))
    assert pq.read_table(io.BytesIO(made)).drop_columns("p").equals(came)
