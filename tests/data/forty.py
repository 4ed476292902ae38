"""The forty kinds of files that people bring, made here; `test_forty.py` opens them all."""

# ruff: noqa: E501
from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation, Reading

ROWS = 60
random = np.random.default_rng(4)
SIZE = random.normal(50, 9, ROWS).round(2)
AGE = random.integers(18, 80, ROWS)
KIND = np.where(SIZE + AGE + random.normal(0, 8, ROWS) > 98, "cat", "dog")
CITIES = ["Ulm", "Bonn", "Jena"]


@dataclass(frozen=True)
class Case:
    """One file: what it is, its bytes, what is chosen, and what has to come of it.

    Parameters
    ----------
    refused : words of the sentence that refuses it; empty where it opens
    notes : words that have to stand in the notes
    inputs : columns that have to be learned from, where that matters
    holds : what else has to be true of the table once prepared
    """

    number: int
    name: str
    content: bytes
    preparation: Preparation = field(default_factory=Preparation)
    refused: str = ""
    notes: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    holds: Callable[[Prepared], Any] = lambda prepared: True
    choices: dict[str, Any] = field(default_factory=dict)

    @property
    def spec(self) -> DataSpec:
        return DataSpec(validation=0.2, test=0.2, preparation=self.preparation, **self.choices)


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"size": SIZE, "age": AGE, **columns, "kind": KIND})


def csv(**columns: Any) -> str:
    return frame(**columns).to_csv(index=False)


def reading(**choices: Any) -> Preparation:
    return Preparation(reading=Reading(**choices))


def column(name: str, **choices: Any) -> Preparation:
    return Preparation(columns=(ColumnChoice(name=name, **choices),))


def cycle(*cells: Any) -> list[Any]:
    return [cells[n % len(cells)] for n in range(ROWS)]


def lines(text: str) -> list[str]:
    return text.splitlines()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, csv())
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    made = frame(day=pd.date_range("2024-01-01", periods=ROWS), parts=[[1, 2]] * ROWS)
    made["city"] = pd.Categorical(cycle(*CITIES))
    made.to_parquet(out)
    return out.getvalue()


def decimal_comma() -> bytes:
    return frame(price=SIZE * 3.25).to_csv(index=False, sep=";", decimal=",").encode()


def with_ends(end: str) -> bytes:
    return end.join([*lines(csv()), ""]).encode()


def mixed_ends() -> bytes:
    ends = [*cycle("\r\n", "\n", "\r"), "\n"]
    return "".join(a + b for a, b in zip(lines(csv()), ends, strict=True)).encode()


def by_class(prepared: Prepared) -> bool:
    return prepared.classes == ("cat", "dog")


WORDS = cycle("Zürich", "Orléans", "Málaga")
RUSSIAN = cycle("Москва", "Казань", "Пермь")
CHINESE = cycle("北京市", "上海市", "广州市")
JAPANESE = cycle("東京都", "大阪府", "北海道")
MONEY = [f"${v:,.2f}" for v in SIZE * 100]
NEGATIVE = [f"({v:.1f})" if n % 2 else f"{v:.1f}" for n, v in enumerate(SIZE)]
MINUS = [f"−{v:.1f}" if n % 3 else f"{v:.1f}" for n, v in enumerate(SIZE)]
DAYS = pd.date_range("2023-11-20", periods=ROWS)
WILD = ["inf", "-Infinity", "1e400", *(f"{v:.1f}" for v in SIZE[3:])]
MIXED = ["about 5", *(f"{v:.1f}" for v in SIZE[1:])]
EVIL = '"<b>x</b> ![](http://example.invalid/a.png) $x$",😀,"\u202eabc",' + "k" * 10_000
NUMERIC_TEXT = "".join(f"{a} {b}  {c}\n" for a, b, c in zip(SIZE, AGE, AGE % 3, strict=True))

CASES = (
    Case(1, "UTF-8 BOM", b"\xef\xbb\xbf" + csv().encode(), inputs=("size", "age")),
    Case(2, "UTF-16 with BOM", csv(city=WORDS).encode("utf-16"), notes=("read as UTF-16",)),
    Case(3, "UTF-16 without BOM", csv(city=RUSSIAN).encode("utf-16-le"), notes=("UTF-16-LE",)),
    Case(4, "cp1252 asks", csv(city=WORDS).encode("cp1252"), refused="Choose its encoding"),
    Case(
        4,
        "cp1252 chosen",
        csv(city=WORDS).encode("cp1252"),
        reading(encoding="cp1252"),
        holds=lambda p: p.features[2].levels == ("Málaga", "Orléans", "Zürich"),
    ),
    Case(5, "GB18030", csv(city=CHINESE).encode("gb18030"), reading(encoding="gb18030")),
    Case(5, "Shift-JIS", csv(city=JAPANESE).encode("shift_jis"), reading(encoding="shift_jis")),
    Case(5, "cp1251", csv(city=RUSSIAN).encode("cp1251"), reading(encoding="cp1251")),
    Case(
        6,
        "decimal comma",
        decimal_comma(),
        inputs=("size", "age", "price"),
        holds=lambda p: abs(p.raw[0, 2] - SIZE[0] * 3.25) < 1e-9,
    ),
    Case(7, "tab", csv().replace(",", "\t").encode(), inputs=("size", "age")),
    Case(7, "pipe", csv().replace(",", "|").encode(), inputs=("size", "age")),
    Case(7, "sep line", ("sep=;\n" + csv().replace(",", ";")).encode(), inputs=("size", "age")),
    Case(8, "runs of blanks", ("size age  label\n" + NUMERIC_TEXT).encode(), notes=("split at spaces",)),
    *(Case(9, f"line ends {end!r}", with_ends(end), holds=by_class) for end in ("\n", "\r\n", "\r")),
    Case(9, "mixed line ends", mixed_ends(), holds=lambda p: len(p.x) == ROWS),
    Case(
        10,
        "quoted newlines",
        csv(note=cycle('say "hi"', "a, b", "two\nlines")).encode(),
        holds=lambda p: p.features[2].levels == ("a, b", 'say "hi"', "two\nlines"),
    ),
    Case(11, "open quote", (csv() + '1,"2,cat\n3,4,dog\n').encode(), refused="line 62 has a quote"),
    Case(
        12,
        "headers",
        csv().replace("size,age", "x,x").replace("x,x", " ,x", 1).encode(),
        notes=("renamed",),
    ),
    Case(
        13,
        "no header",
        csv().split("\n", 1)[1].encode(),
        notes=("looks like data",),
        holds=lambda p: len(p.x) == ROWS,
    ),
    Case(13, "no header, told", csv().encode(), reading(header="no"), notes=('in row 1: "size"',)),
    Case(14, "empty", b"", refused="is empty"),
    Case(14, "blank lines", b"\n \r\n\n", refused="is empty"),
    Case(15, "only a header", b"size,age,kind\n", refused="no rows"),
    Case(16, "too few rows", b"a,b\n1,x\n2,y\n3,x\n", refused="needs at least 4"),
    Case(17, "one column", b"size\n1\n2\n3\n", refused="an input and a target are needed"),
    Case(18, "too long", (csv() + "1,2,cat,4\n").encode(), refused="line 62 has 4 fields"),
    Case(
        18,
        "too long, skipped",
        (csv() + "1,2,cat,4\n").encode(),
        reading(bad_lines="skip"),
        notes=("1 line with more fields",),
        holds=lambda p: len(p.x) == ROWS,
    ),
    Case(18, "too short", (csv() + "1,2\n").encode(), notes=("1 row has fewer", "no target")),
    Case(
        19,
        "trailing commas",
        csv().replace("\n", ",\n").encode(),
        inputs=("size", "age"),
        holds=by_class,
    ),
    Case(20, "NUL", csv().encode()[:200] + b"\0" + csv().encode()[200:], refused="NUL byte in line"),
    Case(
        21,
        "comments and total",
        ("# made by hand\n# in May\n" + csv() + "Total,99,\n").encode(),
        notes=("2 lines above the header", "looks like a total"),
        holds=lambda p: len(p.x) == ROWS,
    ),
    Case(21, "text in numbers", csv(h=MIXED).encode(), notes=('in row 1: "about 5"',)),
    Case(22, "index", csv(id=range(ROWS)).encode(), notes=('as row identifiers: "id"',)),
    Case(
        23,
        "constant",
        csv(same=5, none=np.nan).encode(),
        notes=('same in every row: "same"', 'they are empty: "none"'),
    ),
    Case(24, "infinite", csv(v=WILD).encode(), notes=("3 cells",), inputs=("size", "age", "v")),
    Case(25, "mixed, as number", csv(v=cycle("x", "1", "2")).encode(), column("v", kind="number")),
    Case(25, "mixed", csv(v=cycle("x", "1", "2.5")).encode(), notes=("has numbers and text",)),
    Case(26, "NA", csv(land=cycle("NA", "DE", "ZA")).encode(), notes=('20 cells in',)),
    Case(
        26,
        "NA kept",
        csv(land=cycle("NA", "DE", "null")).encode(),
        reading(words="keep"),
        holds=lambda p: p.features[2].levels == ("DE", "NA", "null"),
    ),
    Case(
        27,
        "written numbers",
        csv(a=MONEY, b=NEGATIVE, c=MINUS, d=[f"{v} %" for v in AGE]).encode(),
        notes=("read as numbers",),
        inputs=("size", "age", "a", "b", "c", "d"),
        holds=lambda p: (
            p.raw[1, 3] == -float(f"{SIZE[1]:.1f}")
            and p.raw[1, 4] < 0
            and p.features[5].unit == "%"
            and abs(p.raw[0, 2] - SIZE[0] * 100) < 0.01
        ),
    ),
    Case(
        28,
        "leading zeros",
        csv(zip=cycle("01234", "99999", "00501")).encode(),
        holds=lambda p: p.features[2].levels == ("00501", "01234", "99999"),
    ),
    Case(
        29,
        "long numbers",
        csv(code=[2**60 + n for n in range(ROWS)]).encode(),
        notes=('as row identifiers: "code"',),
    ),
    *(
        Case(30, f"dates {form}", csv(day=DAYS.strftime(form)).encode(), inputs=("size", "age", "day"))
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d %b %Y", "%Y-%m-%d %H:%M")
    ),
    Case(
        30,
        "impossible date",
        csv(day=["31.02.2024", *DAYS[1:].strftime("%d.%m.%Y")]).encode(),
        notes=("1 cell is not a date", '"31.02.2024"'),
    ),
    *(
        Case(
            31,
            f"boolean {yes}",
            csv(ok=cycle(yes, no, no)).encode(),
            holds=lambda p: set(p.x[:, 2].tolist()) == {0, 1} and p.width == 3,
        )
        for yes, no in (("True", "False"), ("yes", "no"), ("ja", "nein"), ("oui", "non"), (1, 0))
    ),
    Case(
        32,
        "many categories",
        csv(v=[f"v{n % 50}" for n in range(ROWS)]).encode(),
        column("v", levels=5),
        holds=lambda p: p.width == 2 + 6,
    ),
    Case(33, "no target", (csv() + "1,2,\n" * 70).encode(), notes=("70 rows had no target", "half")),
    Case(34, "one class", b"a,y\n" + b"1,x\n2,x\n" * 9, refused="has one class"),
    Case(34, "rare class", (csv() + "1,2,emu\n").encode(), notes=('"emu" has a single row',)),
    Case(
        35,
        "codes",
        csv().replace("cat", "1").replace("dog", "2").encode(),
        holds=lambda p: p.task == "classification",
    ),
    Case(
        35,
        "codes as numbers",
        csv().replace("cat", "1").replace("dog", "2").encode(),
        choices={"task": "regression"},
        holds=lambda p: p.task == "regression",
    ),
    Case(36, "categories", csv(city=cycle(*CITIES)).encode(), inputs=("size", "age", "city")),
    Case(37, "long", b"a,b,y\n" + b"1.5,2,x\n2.5,7,y\n" * 2_000),
    Case(38, "wide", (",".join(f"c{n}" for n in range(3_000)) + "\n").encode()
         + b"".join((",".join(str((n * m) % 7) for n in range(1, 3_001)) + "\n").encode()
                    for m in range(1, 41))),
    Case(39, "HTML", b"<!doctype html><html></html>", refused="not a CSV but an HTML page"),
    Case(39, "xlsx", zipped("xl/workbook.xml"), refused="not a CSV but an Excel workbook"),
    Case(39, "zip", zipped("table.csv"), refused="not a CSV but a zip archive"),
    Case(39, "gzip", gzip.compress(csv().encode()), refused="not a CSV but a gzip archive"),
    Case(40, "strange headers", (EVIL + "\n" + "1,2,3,x\n4,2,7,y\n2,8,1,x\n3,1,5,y\n" * 9).encode()),
    Case(0, "Parquet", parquet(), inputs=("size", "age", "day", "city"), notes=("single values",)),
    Case(0, "damaged Parquet", parquet()[:-9], refused="damaged Parquet"),
)  # fmt: skip
