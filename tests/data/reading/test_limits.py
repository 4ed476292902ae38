"""Each cap refuses in one sentence that names the variable that raises it."""

import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.reading import limits
from mlpdash.data.reading.read import read_table
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec

ROWS = [f"{n % 7},w{n % 9},{'xy'[n % 2]}" for n in range(40)]
CSV = "\n".join(["a,b,kind", *ROWS]).encode()


@pytest.mark.parametrize(
    ("variable", "most", "words"),
    [
        ("MLPDASH_MAX_CELLS", 119, "has 120 cells; the limit is 119"),
        ("MLPDASH_MAX_COLUMNS", 2, "has 3 columns; the limit is 2"),
        ("MLPDASH_MAX_FIELD", 1, "line 2 has a field of 2 characters; the limit is 1"),
        ("MLPDASH_MAX_WIDTH", 9, "becomes 10 numbers per row; the limit is 9"),
    ],
)
def test_a_cap_refuses_and_its_variable_raises_it(
    variable: str, most: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(read_table(CSV, "x.csv"), DataSpec())
    monkeypatch.setenv(variable, str(most))
    with pytest.raises(DataError, match=words) as caught:
        prepare(read_table(CSV, "x.csv"), DataSpec())
    assert f"Set {variable} to allow more." in str(caught.value)


def test_an_upload_beyond_its_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPDASH_MAX_UPLOAD_MB", "1")
    with pytest.raises(DataError, match="has 2 MB; the limit is 1 MB"):
        read_table(b"a,b\n" + b"1,2\n" * 300_000, "x.csv")
    assert limits.UPLOAD.default == 500


def test_a_variable_that_is_no_number_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPDASH_MAX_COLUMNS", "many")
    assert limits.COLUMNS.most == limits.COLUMNS.default
