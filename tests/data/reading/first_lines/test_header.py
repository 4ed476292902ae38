"""Names and rows are told apart by what stands below them."""

import pytest

from mlpdash.data.reading.read import read_table

BELOW = [f"{n},{n / 7:.2f},{'ab'[n % 2]}" for n in range(20)]
PRICES = [f"{n} %,${n / 3:.2f},{'ab'[n % 2]}" for n in range(20)]
DAYS = [f"{1 + n:02d}.03.2024,{['open', 'shut'][n % 2]},shop{n}" for n in range(20)]


def has_header(first: str, below: list[str]) -> bool:
    table = read_table("\n".join([first, *below, ""]).encode(), "x.csv")
    return len(table.frame) == len(below)


@pytest.mark.parametrize(
    ("first", "below"),
    [
        ("NA,-0.29,a", BELOW),
        ("?,1.75,a", BELOW),
        ("NA,NA,b", BELOW),
        ("0 %,$0.00,a", PRICES),
        ("31.03.2024,open,shop99", DAYS),
        ("7,0.5,a", BELOW),
    ],
)
def test_a_row_is_not_taken_for_names(first: str, below: list[str]) -> None:
    assert not has_header(first, below)


@pytest.mark.parametrize(
    ("first", "below"),
    [
        ("x,y,kind", BELOW),
        ("NA,y,kind", BELOW),
        ("x,?,kind", BELOW),
        ("price,USD,kind", PRICES),
        ("day,state,shop", DAYS),
        ("2001,2002,2003", [line.rsplit(",", 1)[0] + ",0.5" for line in BELOW]),
        ("25%,50%,75%", [line.rsplit(",", 1)[0] + ",0.5" for line in BELOW]),
        ("(1),(2),(3)", [line.rsplit(",", 1)[0] + ",0.5" for line in BELOW]),
        ("2024-01-01,2024-02-01,kind", BELOW),
    ],
)
def test_names_are_not_taken_for_a_row(first: str, below: list[str]) -> None:
    assert has_header(first, below)
