"""What each column is taken for, which is the target, and what the task is."""

import numpy as np
import pandas as pd
import pytest

from mlpdash.data.cells.cells import dates as read_dates
from mlpdash.data.cells.cells import numbers, texts
from mlpdash.data.columns.columns import find_columns
from mlpdash.data.columns.kinds import profile_columns
from mlpdash.data.notes.remarks import about_columns
from mlpdash.data.reading.read import read_table
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation

N = 60
COLUMNS = {
    "number": ("number", [n / 7 for n in range(N)]),
    "count": ("number", [n % 9 for n in range(N)]),
    "gaps": ("number", [None, np.inf, *range(N - 2)]),
    "flag": ("boolean", [n % 2 == 0 for n in range(N)]),
    "flag with gaps": ("boolean", [None, *(n % 2 == 0 for n in range(N - 1))]),
    "city": ("category", ["Ulm", "Bonn", "Jena"] * (N // 3)),
    "day": ("date", [f"2025-01-{1 + n % 31:02}" for n in range(N)]),
    "time": ("date", [f"2025-01-01T{n % 24:02}:30:00Z" for n in range(N)]),
    "nearly a day": ("category", ["2025-01-01", "soon", "later"] * (N // 3)),
    "person": ("identifier", [f"p{n}" for n in range(N)]),
    "id": ("identifier", [3 * n for n in range(N)]),
    "column 1": ("identifier", list(range(N))),
    "same": ("constant", [5] * N),
    "same text": ("constant", ["x"] * N),
    "same flag": ("constant", [True] * N),
    "nothing": ("empty", [None] * N),
    "infinite": ("empty", [np.inf] * N),
    "huge": ("empty", [1e300] * N),
    "account": ("identifier", [2**60 + n % 9 for n in range(N)]),
    "long code": ("identifier", [10**25 + n for n in range(N)]),
}


def as_table(**columns: list[object]) -> Table:
    return Table(pd.DataFrame(columns), "x.csv")


def kinds(frame: pd.DataFrame) -> dict[str, str]:
    return {name: one.kind for name, one in profile_columns(frame, {}, ".").items()}


@pytest.mark.parametrize("name", COLUMNS)
def test_kinds(name: str) -> None:
    kind, cells = COLUMNS[name]
    assert kinds(pd.DataFrame({name: pd.Series(cells)})) == {name: kind}


def test_kinds_are_the_same_when_read_from_a_file() -> None:
    frame = pd.DataFrame({name: pd.Series(cells) for name, (_kind, cells) in COLUMNS.items()})
    read = read_table(frame.to_csv(index=False).encode(), "x.csv").frame
    assert kinds(read) == {name: kind for name, (kind, _cells) in COLUMNS.items()}


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        (["a", "b", "c"], "c"),
        (["a", "Target", "c"], "Target"),
        (["species", "b", "label"], "label"),
        (["actual", "b", "c"], "actual"),
        (["y", "b", "class"], "class"),
    ],
)
def test_the_target_has_a_telling_name_or_is_last(columns: list[str], target: str) -> None:
    table = as_table(**{name: [0.5, n, 7.5] for n, name in enumerate(columns)})
    assert find_columns(table, DataSpec()).targets == (target,)


def test_the_last_column_is_no_target_when_it_does_not_vary() -> None:
    table = as_table(a=[1.5, 2, 3], b=[3.5, 4, 1], same=[1, 1, 1], day=["2025-01-01"] * 2 + [None])
    assert find_columns(table, DataSpec()).targets == ("b",)


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["a", "b"] * 10, "classification"),
        ([True, False] * 10, "classification"),
        ([True, None] + [False] * 18, "classification"),
        ([0, 1] * 10, "classification"),
        ([0.0, 1.0, None, 1.0] * 5, "classification"),
        (list(range(10)) * 2, "classification"),
        (list(range(11)) * 2, "regression"),
        (list(range(10)), "regression"),  # each value once
        ([0.5, 1.5] * 10, "classification"),
        ([0, 1, 1, 0], "classification"),
    ],
)
def test_the_task_follows_the_target(cells: list[object], task: str) -> None:
    table = as_table(x=list(np.linspace(0, 1, len(cells))), y=cells)
    assert find_columns(table, DataSpec()).task == task


def test_a_person_may_choose_otherwise() -> None:
    table = as_table(x=[0.1, 0.2, 0.3, 0.4], y=[0, 1, 1, 0], z=[1.5, 2.5, 3.5, 1])
    assert find_columns(table, DataSpec(task="regression")).task == "regression"
    assert find_columns(table, DataSpec(task="classification", target=("z",))).targets == ("z",)
    both = find_columns(table, DataSpec(target=("y", "z")))
    assert (both.targets, both.task) == (("y", "z"), "regression")
    assert [c.name for c in both.inputs] == ["x"]


def test_a_boolean_can_be_a_number() -> None:
    table = as_table(x=[0.1, 0.2, 0.3, 0.4], y=[True, None, False, True])
    assert find_columns(table, DataSpec(task="regression")).task == "regression"


@pytest.mark.parametrize(
    ("choices", "field", "words"),
    [
        ({"target": ("zz",)}, "target", 'no column "zz" in "x.csv"; there are "x", "t", "day"'),
        ({"target": ("y", "y")}, "target", "named twice"),
        ({"target": ("day",)}, "target", '"day" holds dates'),
        ({"target": ("x", "t")}, "target", 'must all be numbers, and "t" is not'),
        ({"target": ("x", "y"), "task": "classification"}, "task", "choose regression"),
        ({"target": ("t",), "task": "regression"}, "task", "choose classification"),
    ],
)
def test_what_is_not_possible_is_one_sentence_that_names_the_choice(
    choices: dict[str, object], field: str, words: str
) -> None:
    table = as_table(
        x=[0.5, 1, 2, 3],
        t=["a", "b", "a", "b"],
        day=["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"],
        y=[1.5, 2, 3, 4],
    )
    with pytest.raises(SpecError) as caught:
        find_columns(table, DataSpec.model_validate(choices))
    assert words in str(caught.value)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "others",
    [
        {"same": [1, 1, 1]},
        {"nothing": [None, None, None]},
        {"id": [1, 2, 3]},
    ],
)
def test_nothing_to_learn_from_is_one_sentence(others: dict[str, list[object]]) -> None:
    with pytest.raises(DataError, match=r'"x\.csv" has nothing to learn from'):
        find_columns(as_table(**others, y=[1.5, 2.5, 0.5]), DataSpec())


def test_what_was_decided_is_told() -> None:
    table = as_table(
        day=["2025-01-01", "2025-01-02", "2025-01-03"],
        born=["2001-01-01", "2002-01-02", "2003-01-03"],
        id=[7, 5, 9],
        same=[1, 1, 1],
        nothing=[None, None, None],
        x=[0.5, 0.1, 0.2],
        y=[1.5, 2.5, 0.5],
    )
    choices = (ColumnChoice(name="day", role="time"), ColumnChoice(name="born", role="ignored"))
    spec = DataSpec(preparation=Preparation(columns=choices))
    found = find_columns(table, spec)
    assert found.time == "day"
    assert [c.name for c in found.inputs] == ["x"]
    assert list(map(str, about_columns(table, found, spec))) == [
        'To be predicted: "y", as a number since it has decimals; chosen for its name.',
        'Left out because they are empty: "nothing".',
        'Left out because they are the same in every row: "same".',
        'Left out as row identifiers: "id".',
        'Left out as you chose: "born".',
        '"day" is the time axis, not an input.',
    ]


def test_a_constant_column_of_a_built_in_set_stays() -> None:
    frame = pd.DataFrame({"year": [2025] * 3, "x": [0.5, 0.1, 0.2], "actual": [1.5, 2.5, 0.5]})
    own, built_in = Table(frame, "x.csv"), Table(frame, "x", (), CATALOGUE["temperature"])
    assert [c.name for c in find_columns(own, DataSpec()).inputs] == ["x"]
    assert [c.name for c in find_columns(built_in, DataSpec()).inputs] == ["year", "x"]


def test_cells_as_numbers() -> None:
    cells = pd.Series([1, None, np.inf, -np.inf, 2e37, -1e37])
    assert numbers(cells).tolist() == pytest.approx([1, *[np.nan] * 4, -1e37], nan_ok=True)
    assert numbers(pd.Series([True, None, False])).tolist() == pytest.approx(
        [1, np.nan, 0], nan_ok=True
    )


def test_cells_as_text() -> None:
    assert texts(pd.Series([1.0, None, 2.5, 1e20])).tolist() == ["1", None, "2.5", "1" + "0" * 20]
    assert texts(pd.Series([3, -4])).tolist() == ["3", "-4"]
    assert texts(pd.Series([True, None])).tolist() == ["True", None]
    assert texts(pd.Series(["a", None, ""])).tolist() == ["a", None, ""]


def test_cells_as_dates() -> None:
    cells = ["2025-03-01", None, "2025-02-30", "9999-12-31", "2025-01-01T12:00:00+02:00"]
    found = read_dates(pd.Series(cells))
    assert found.dtype == np.dtype("datetime64[ns]")
    assert np.isnat(found).tolist() == [False, True, True, True, False]
    assert found[0] == np.datetime64("2025-03-01")
    assert found[4] == np.datetime64("2025-01-01T10:00:00")


def test_counts_of_answers_are_learned_from() -> None:
    rows = "".join(f"{n * 7 % 101 + 200},{n * 13 % 103 + 100},{n},{n / 7:.2f}\n" for n in range(60))
    table = read_table(f"smoker_yes,smoker_no,visit_no,y\n{rows}".encode(), "x.csv")
    found = find_columns(table, DataSpec())
    assert [(c.name, c.kind, c.role) for c in found.columns] == [
        ("smoker_yes", "number", "input"),
        ("smoker_no", "number", "input"),
        ("visit_no", "identifier", "ignored"),
        ("y", "number", "target"),
    ]
