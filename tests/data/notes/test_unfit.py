"""Cells that fit no column, signs of numbers, and characters that nobody sees, in sentences."""

import pytest

from mlpdash.data.prepare import prepare
from mlpdash.data.reading.read import read_table
from mlpdash.specs import DataSpec
from mlpdash.text import brief

ROWS = 40


def notes(head: str, *cells: list[str]) -> list[str]:
    rows = [",".join(row) for row in zip(*cells, strict=True)]
    text = "\n".join([f"{head},y", *(f"{row},{n * n % 23}.5" for n, row in enumerate(rows))])
    return [str(note) for note in prepare(read_table(text.encode(), "x.csv"), DataSpec()).notes]


def with_word(word: str, at: int = 5) -> list[str]:
    return [word if n == at else f"{n * 7 % 31}.25" for n in range(ROWS)]


@pytest.mark.parametrize(("columns", "sentences"), [(1, 1), (3, 3), (4, 1), (60, 1)])
def test_many_columns_with_words_among_numbers_are_one_sentence(
    columns: int, sentences: int
) -> None:
    cells = [with_word("about 5", n % ROWS) for n in range(columns)]
    told = notes(",".join(f"c{n}" for n in range(columns)), *cells)
    assert sum("not a number" in note for note in told) == sentences
    if sentences < columns:
        (note,) = [note for note in told if "not a number" in note]
        assert f"In {columns} columns {columns} cells are not a number" in note
        assert '"about 5" in row 1 of "c0"' in note


def test_words_among_plain_numbers_are_told_without_a_currency() -> None:
    told = notes("a", with_word("about 5"))
    assert sum("number" in note for note in told if 'In "a"' in note) == 1
    assert not any("currency" in note for note in told)


@pytest.mark.parametrize(
    ("cell", "left_out"),
    [
        ("${n}.50", "currency"),
        ("{n} %", "currency, percent"),
        ('"{n},200"', "thousands signs or brackets"),
        ("({n})", "thousands signs or brackets"),
    ],
)
def test_signs_that_are_left_out_are_told(cell: str, left_out: str) -> None:
    told = notes("a", [cell.format(n=1 + n % 9) for n in range(ROWS)])
    assert any(f"without its {left_out}" in note for note in told)


def test_a_typographic_minus_is_no_sign_that_is_left_out() -> None:
    told = notes("a", [f"\N{MINUS SIGN}{n % 9}.5" for n in range(ROWS)])
    assert not any("without its" in note for note in told)


def test_numbers_with_decimal_commas_are_told_without_a_currency() -> None:
    told = notes("a", [f'"{n},{n % 9}5"' for n in range(ROWS)])
    (note,) = [note for note in told if '"a"' in note and "predicted" not in note]
    assert "decimal comma" in note
    assert "currency" not in note


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1a", "<U+001A>"),
        ("12\u200b", "12<U+200B>"),
        ("\ufeffa", "<U+FEFF>a"),
        ("a\u00adb", "a<U+00AD>b"),
        ("\ue000", "<U+E000>"),
        ("a\x00", "a<U+0000>"),
        ("a\tb\u00a0c\nd", "a b c d"),
        ("é 日本 ±", "é 日本 ±"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_characters_that_nobody_sees_are_shown(text: str, shown: str) -> None:
    assert brief(text) == shown


def test_a_zero_width_character_in_a_cell_is_shown() -> None:
    assert any('"12<U+200B>3"' in note for note in notes("a", with_word("12\u200b3")))
