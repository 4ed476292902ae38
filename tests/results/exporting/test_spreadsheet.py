"""No text of a table is a formula in a spreadsheet; numbers stay numbers."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.results.exporting.spreadsheet import FORMULA, defuse


def test_text_and_headers_are_defused_and_numbers_untouched() -> None:
    frame = pd.DataFrame(
        {"=1+1": ["=A1", "+1", "-x", "@y", "\tz", "\rz", "a=b", None], "n": range(-4, 4)}
    )
    found = defuse(frame)
    assert found.columns.tolist() == ["'=1+1", "n"]
    assert found.iloc[:7, 0].tolist() == ["'=A1", "'+1", "'-x", "'@y", "'\tz", "'\rz", "a=b"]
    assert found.iloc[7, 0] is None or pd.isna(found.iloc[7, 0])
    assert found["n"].tolist() == list(range(-4, 4))
    assert frame.columns[0] == "=1+1"
    assert frame.iloc[0, 0] == "=A1"


@given(st.lists(st.one_of(st.text(max_size=5), st.floats(allow_nan=False), st.none()), min_size=1))
def test_no_cell_starts_like_a_formula(cells: list[object]) -> None:
    found = defuse(pd.DataFrame({"a": pd.Series(cells, dtype=object)}))
    for before, after in zip(cells, found["a"].tolist(), strict=True):
        if isinstance(before, str):
            assert not after.startswith(FORMULA)
        elif before is not None:
            assert after == before
