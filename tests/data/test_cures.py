"""Each decision that a sentence proposes: once it is taken, the sentence is gone."""

from __future__ import annotations

import argparse
import shlex

import pytest

from mlpdash.cli.table_flags import add_flags, preparation_of
from mlpdash.cures import Cure, Note, cures_of
from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.errors import MlpDashError
from mlpdash.specs import DataSpec, parse_text
from mlpdash.specs.cured import cured, flags_of

MEASURED = "\n".join(f"{n / 7:.2f},{n % 5}" for n in range(60))
TABLES = {
    "text read as numbers": ("price,y\n" + "".join(f"${n}.50,{n % 7}.5\n" for n in range(40)), {}),
    "days and months": (
        "when,y\n" + "".join(f"0{n % 9 + 1}/05/2020,{n}.5\n" for n in range(40)),
        {},
    ),
    "compact dates": (
        "when,y\n" + "".join(f"202001{n % 28 + 1:02},{n}.5\n" for n in range(56)),
        {},
    ),
    "numbers and remarks": (
        "x,y\n"
        + "".join(f"{n}.25,{n}.5\n" for n in range(36))
        + "".join(f"remark {n},{n}.5\n" for n in range(24)),
        {},
    ),
    "a target that nobody named": (
        "a,b,c\n" + "".join(f"{n}.5,{n % 3},{n % 2}\n" for n in range(40)),
        {},
    ),
    "codes": ("a,b\n" + "".join(f"{n}.5,{n % 3}\n" for n in range(40)), {}),
    "counts": ("a,b\n" + "".join(f"{n}.5,{n % 13}\n" for n in range(40)), {}),
    "one word in two spellings": (
        "a,b,c\n"
        + "".join(f"{n}.5,{'uU'[n % 5 > 3]},{('ok', 'no', 'Ok')[n % 3]}\n" for n in range(60)),
        {"target": ("c",), "task": "classification"},
    ),
    "an index without a name": (",a,y\n" + "".join(f"{n},{n % 7},{n}.5\n" for n in range(40)), {}),
    "words for missing cells": (
        "land,y\n" + "".join(f"{('NA', 'DE', 'FR')[n % 3]},{n}.5\n" for n in range(40)),
        {},
    ),
    "a last line like a total": (
        "shop,x,y\n" + "".join(f"s{n % 7},{n},{n}.5\n" for n in range(40)) + "Total,,\n",
        {},
    ),
    "a file without names": ("".join(f"{n * 7 % 11},{n}.5\n" for n in range(40)), {}),
    "a line of counts above a file without names": (
        "40,2,no,yes\n" + "".join(f"{n * 7 % 11},{n}.5,{n % 2}\n" for n in range(40)),
        {},
    ),
    "names that are numbers": (
        "land,2010,2011,2012\n" + "".join(f"l{n % 5},{n},{n}.5,{n % 7}\n" for n in range(40)),
        {},
    ),
    "numbers beside an empty field": (
        ",10,20,50\n" + "".join(f"{n},{n % 7},{n}.5,{n % 3}.5\n" for n in range(40)),
        {},
    ),
    "a row that is too long": (
        "a,b\n1,2\n" + "".join(f"{n % 7},{n}.5\n" for n in range(40)) + "3,4,5\n",
        {},
    ),
    "rows that are all too long": (
        "a,b\n" + "".join(f"{n % 7},{n}.5,{n % 3}\n" for n in range(40)),
        {},
    ),
    "rows that are all far too long": (
        "180,b\n" + "".join(f"{n % 7},{n}.5,{n % 3},{n},7\n" for n in range(40)),
        {},
    ),
    "rows that are all too long by more and more": (
        "a,b\n" + "".join(f"{n % 7},{n}.5,{n % 3}{',1' * (n % 3)}\n" for n in range(40)),
        {},
    ),
    "rows too long after skipping was chosen": (
        "a,b\n" + "".join(f"{n % 7},{n}.5,{n % 3}\n" for n in range(40)),
        {"preparation": {"reading": {"bad_lines": "skip"}}},
    ),
    "marks for missing values": (
        "work,home,y\n"
        + "".join(
            f"{['gov', '?', 'own'][n % 3]},{['-', 'a', 'b'][n % 3]},{n}.5\n" for n in range(60)
        ),
        {},
    ),
    "words for missing values": (
        "land,home,y\n"
        + "".join(f"{['DE', 'NA'][n % 2]},{['null', 'a', 'b'][n % 3]},{n}.5\n" for n in range(60)),
        {},
    ),
    "codes for missing values": (
        "age,pay,y\n"
        + "".join(f"{n if n % 6 else 999},{-9 if n % 9 else n},{n % 7}.5\n" for n in range(60)),
        {},
    ),
    "codes in two columns": (
        "age,pay,y\n"
        + "".join(f"{n if n % 6 else 999},{999 if n % 9 else n},{n % 7}.5\n" for n in range(60)),
        {},
    ),
    "numbers as too many classes": (
        "a,b\n" + "".join(f"{n}.5,{n * 7 % 41}.25\n" for n in range(40)),
        {"target": ("b",), "task": "classification"},
    ),
    "columns that give the target away": (
        "a,b,c,y\n"
        + "".join(
            f"{n * 7 % 41}.5,{n * 13 % 37},{n * 39 % 111},{n * 26 % 74}.5\n" for n in range(60)
        ),
        {"target": ("y",)},
    ),
    "a class that one column gives away": (
        "a,b,y\n"
        + "".join(f"{n * 7 % 41}.5,{'pq'[n * 13 % 37 % 2]},{n * 13 % 37 % 2}\n" for n in range(60)),
        {"target": ("y",), "task": "classification"},
    ),
    "a split by dates that are missing": (
        "a,b\n" + "".join(f"{n}.5,{n % 7}.5\n" for n in range(40)),
        {"target": ("b",), "preparation": {"split": "time"}},
    ),
    "a split by dates that are all the same": (
        "day,a,b\n" + "".join(f"2024-01-05,{n}.5,{n % 7}.5\n" for n in range(40)),
        {"target": ("b",), "preparation": {"split": "time"}},
    ),
    "a split by text as the time axis": (
        "when,a,b\n" + "".join(f"{'pqr'[n % 3]},{n}.5,{n % 7}.5\n" for n in range(40)),
        {
            "target": ("b",),
            "preparation": {"split": "time", "columns": [{"name": "when", "role": "time"}]},
        },
    ),
    "a split by a group that nobody named": (
        "a,b\n" + "".join(f"{n}.5,{n % 7}.5\n" for n in range(40)),
        {"target": ("b",), "preparation": {"split": "group"}},
    ),
    "a split by a column that is not there": (
        "a,b\n" + "".join(f"{n}.5,{n % 7}.5\n" for n in range(40)),
        {"target": ("b",), "preparation": {"split": "group", "group": "c"}},
    ),
    "a split by test rows that nobody marked": (
        "a,b\n" + "".join(f"{n}.5,{n % 7}.5\n" for n in range(40)),
        {"target": ("b",), "preparation": {"split": "given"}},
    ),
    "several visits of a person": (
        "id,a,b\n" + "".join(f"{n // 4},{n * 7 % 41}.25,{n * 5 % 37}.5\n" for n in range(80)),
        {},
    ),
    "several targets as classes": (
        "a,b,c\n" + "".join(f"{n}.5,{n}.25,{n}\n" for n in range(40)),
        {"target": ("a", "b"), "task": "classification"},
    ),
    "text as numbers": (
        "a,b\n" + "".join(f"{n}.5,{'xyz'[n % 3]}\n" for n in range(40)),
        {"target": ("b",), "task": "regression"},
    ),
}


def said(content: bytes, spec: DataSpec) -> list[str | Note]:
    """Return the sentences about a table; the refusal where it is refused."""
    try:
        return list(
            prepare(
                read_table(
                    content, "own.csv", spec.preparation.reading, spec.preparation.kept_words
                ),
                spec,
            ).told
        )
    except MlpDashError as error:
        return [Note(str(error), error.cures)]


def by_flags(spec: DataSpec, cure: Cure) -> DataSpec:
    """Take a cure as the command line does."""
    parser = argparse.ArgumentParser()
    add_flags(parser)
    for name in ("target", "task"):
        parser.add_argument(f"--{name}")
    chosen = parser.parse_args(shlex.split(flags_of(cure)))
    named = {n: parse_text(n, getattr(chosen, n)) for n in ("target", "task") if getattr(chosen, n)}
    return spec.model_copy(
        update={**named, "preparation": preparation_of(chosen, spec.preparation)}
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_sentence_is_gone_once_its_cure_is_taken(table: str) -> None:
    text, choices = TABLES[table]
    content, spec = text.encode(), DataSpec(data="own", **choices)
    proposing = [note for note in said(content, spec) if cures_of(note)]
    assert proposing
    for note in proposing:
        for cure in cures_of(note):
            after = cured(spec, cure)
            assert str(note) not in map(str, said(content, after))
            assert by_flags(spec, cure) == after
