"""A last line that sums the others is no row; a class that is called "total" is one."""

import pytest

from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.specs.preparation import Reading

ROWS = 20
SALES = "region,x,y\n" + "".join(f"r{n % 5},{n + 1},{n / 4}\n" for n in range(ROWS))  # 210, 47.5


def table(text: str, **choices: object) -> Table:
    return read_table(text.encode(), "x.csv", Reading(**choices))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "last",
    [
        *(f"{word},210,47.5" for word in ("Total", "Gesamtergebnis", "Total general", "Subtotal:")),
        *(f"{word},210," for word in ("Total général", "Totale complessivo", "Итого", "合計")),
        *(f"{word},10.5,2.4" for word in ("Average", "Mean", "Durchschnitt")),
        "Total,210,47.5\nSource: BLS",
        'Total,210,47.5\n,,\n"Source: BLS, 2024",,',
        "Total,210,47.5\nMean,10.5,2.375",
        "Total,,",
    ],
)
def test_a_line_that_sums_or_averages_the_others_is_left_out(last: str) -> None:
    found = table(f"{SALES}{last}\n")
    assert len(found.frame) == ROWS
    assert found.frame["x"].sum() == 210
    assert "was left out" in found.notes[0]
    assert len(table(f"{SALES}{last}\n", totals="keep").frame) > ROWS


@pytest.mark.parametrize(
    ("head", "row", "last"),
    [
        ("a;b;c", "{n};x{m};7", "190;Total;140"),
        ("what;amount", "p{m};1.000,50 €", "Summe;20.010,00 €"),
        ("Year,Sales", "20{n:02d},{n}", "Total,200"),
        ("city,who,x", "c{m},w{m},{n}", "Total,,999"),
        ("k x y", "a{m} {n} 1", "Total 190 20"),
    ],
)
def test_it_may_say_so_in_other_ways(head: str, row: str, last: str) -> None:
    body = "".join(row.format(n=n, m=n % 3) + "\n" for n in range(ROWS))
    assert len(table(f"{head}\n{body}{last}\n").frame) == ROWS


@pytest.mark.parametrize(
    ("head", "row", "last"),
    [
        ("x,y,kind", "{n}.5,1,{word}", "5.1,4.9,total"),
        ("kind,x,y", "{word},{n}.5,1", "sum,5.1,4.9"),
        ("kind,x,y", "a{m},{n}.5,1", "total,5.1,4.9"),
        ("kind,x,y", "a{m},{one},1", "total,1,0"),
        ("kind,x", "{word},{n}", "mean,9.5"),
        ("city,who,x", "c{m},w{m},{n}", "Total,w1,7"),
        ("city,note,x", "c{m},{gap},{n}", "Total,,7"),
    ],
)
def test_a_row_whose_class_is_called_like_a_total_stays(head: str, row: str, last: str) -> None:
    words = ["total", "sum", "mean", "part"]
    body = "".join(
        row.format(n=n, m=n % 3, word=words[n % 4], one=int(n == 3), gap="w" * (n % 2)) + "\n"
        for n in range(ROWS)
    )
    found = table(f"{head}\n{body}{last}\n")
    assert len(found.frame) == ROWS + 1
    assert found.notes == ()


def test_only_lines_below_the_last_row_go() -> None:
    found = table(f"{SALES}sum,5,7\nTotal,215,54.5\n")
    assert len(found.frame) == ROWS + 1
    assert found.notes == ('The last line, "Total", sums the others and was left out.',)
