"""Last lines of a table that sum or average the others, such as `Total`, and a note below them."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from mlpdash.cures import Cure, Note
from mlpdash.data.cells import cells, number_text
from mlpdash.data.reading.first_lines.layout import Layout
from mlpdash.text import _, brief

if TYPE_CHECKING:
    import pandas as pd

TAIL: Final = 100_000  # bytes in which such lines are looked for
MOST_LINES: Final = 8
MOST_TOTALS: Final = 3  # more are rows
LONG: Final = 10_000_000  # bytes
SOME: Final = 100  # cells that the decimal mark is found from
MOST_WORDS: Final = 100_000  # cells of text that are added up as numbers
FIRST: Final = 100  # fields in which such a word is looked for
LABELS: Final = 3  # fields of text, the first of a row, that may say so
_SUM: Final = (
    "(grand |sub[- ]?)?totals?|total (general|général|geral|generale|complessivo|final)|"
    "totale( complessivo| generale)?|(sub|eind|sous[- ])totaal|(sub|sous[- ]|eind)totale?|totaal|"
    "sum|summe|zwischensumme|gesamt(ergebnis|summe|betrag)?|ergebnis|insgesamt|somme|suma|"
    "suma (końcowa|total)|razem|ogółem|soma|totalt|totalsumma|i alt|summa|yhteensä|celkem|"
    "celkový součet|összesen|végösszeg|(genel )?toplam|σύνολο|"
    "итого|всего|общий итог|合計|総計|小計|总计|总合计|合计|總計|합계|총합계"
)
_MEAN: Final = (
    "(grand )?(average|mean|avg\\.?)|durchschnitt|mittelwert|mittel|moyenne|media|promedio|média|"
    "gemiddelde|średnia|среднее|平均|平均值|평균"
)
SUM: Final = re.compile(rf"({_SUM})(\s*\([^()]*\)|\s+\d{{4}})?\s*[:：]?")
MEAN: Final = re.compile(rf"({_MEAN})(\s*\([^()]*\))?\s*[:：]?")
NOTE: Final = re.compile(
    r"(sources?|notes?|quellen?|hinweis|anmerkung|stand|fuente|nota|fonte|bron|источник|出典|"
    r"来源)\b.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class LastLine:
    """A line that may sum the others: where it starts, its fields, and which of them says so."""

    start: int
    fields: list[str]
    label: int


def find_totals(text: bytes, layout: Layout) -> list[LastLine]:
    """Return the last lines that say they are a total or a mean, from the top down.

    Below them may be lines without anything, and one with a note, such as a source.
    """
    found: list[LastLine] = []
    noted = False
    for start, fields in _last_lines(text, layout):
        filled = [n for n, field in enumerate(fields) if field]
        if not filled:
            continue
        label = _label(fields)
        if label is not None and len(fields) > 1:
            found.insert(0, LastLine(start, fields, label))
        elif found or noted or not _is_note(fields, filled):
            break
        else:
            noted = True
    return [] if len(found) > MOST_TOTALS or _is_class(text, found) else found


def _is_class(text: bytes, found: Sequence[LastLine]) -> bool:
    """Tell whether rows of a long text, which takes time to parse twice, have the word as well."""
    if len(text) < LONG or not found:
        return False
    start = found[0].start
    return found[0].fields[found[0].label].encode() in text[start - TAIL : start]


def about_total(last: LastLine, frame: pd.DataFrame, layout: Layout) -> str | Note:
    """Return the sentence about a line that is no row, or "" if it may well be one.

    It is none if one of its numbers sums its column, or if each is the mean of its column; if its
    word stands among numbers; or if no row has that word and all other text of it is empty.

    Parameters
    ----------
    frame : the rows above it
    """
    columns = {n: frame[name] for n, name in enumerate(layout.names) if name in frame.columns}
    marks = {n: _mark(last.fields[n], columns[n], layout) for n in columns if n < len(last.fields)}
    values = [n for n, mark in marks.items() if number_text.parse(last.fields[n], mark) is not None]
    is_mean = MEAN.fullmatch(last.fields[last.label].casefold()) is not None
    fits = [_fits(last.fields[n], columns[n], marks[n], mean=is_mean) for n in values]
    own = columns.get(last.label)
    again = own is not None and _is_among(last.fields[last.label], own)
    if any(fits) and (not (again or is_mean) or (all(fits) and not (again and is_mean))):
        sentence = (
            _('The last line, "{word}", averages the others and was left out.')
            if is_mean
            else _('The last line, "{word}", sums the others and was left out.')
        )
    elif not again and _stands_out(last, columns, set(values)):
        sentence = _(
            'The last line, "{word}", looks like a total and was left out. If it is a row, '
            'set "Total line" to "keep it".'
        ).format(word=brief(last.fields[last.label]))
        return Note(sentence, (Cure(_("It is a row"), reading={"totals": "keep"}),))
    else:
        return ""
    return sentence.format(word=brief(last.fields[last.label]))


def _last_lines(text: bytes, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield the last lines, from the bottom up: where each starts, and its fields."""
    at = max(layout.start, len(text) - TAIL)
    ends = (at + mark.end() for mark in re.finditer(rb"\r\n|\r|\n", text[at:]))
    starts = [end for end in ends if end > layout.start]
    count, stop = 0, len(text)
    for start in starts[::-1]:
        line = text[start:stop].strip(b"\r\n").decode(errors="replace")
        stop = start
        if not line.strip():
            continue
        try:
            split = line.split() if layout.delimiter == " " else _split(line, layout.delimiter)
        except csv.Error:
            return
        yield start, split
        count += 1
        if count == MOST_LINES:
            return


def _split(line: str, delimiter: str) -> list[str]:
    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    return [field.strip() for field in row]


def _label(fields: Sequence[str]) -> int | None:
    words = (n for n, f in enumerate(fields[:FIRST]) if f and _plain(f) is None)
    for n in itertools.islice(words, LABELS):
        word = fields[n].casefold()
        if SUM.fullmatch(word) or MEAN.fullmatch(word):
            return n
    return None


def _is_note(fields: Sequence[str], filled: Sequence[int]) -> bool:
    first = fields[filled[0]]
    return NOTE.match(first) is not None or (len(filled) == 1 and _plain(first) is None)


def _plain(field: str) -> float | None:
    marks: tuple[number_text.Decimal, ...] = (".", ",")
    return next((n for mark in marks if (n := number_text.parse(field, mark)) is not None), None)


def _mark(field: str, column: pd.Series[float], layout: Layout) -> number_text.Decimal:
    """Return the decimal mark of a column and a field below it."""
    if cells.is_number(column):
        return layout.decimal
    some = [str(cell) for cell in column.head(SOME).dropna()]
    return number_text.decimal_of([*some, field], layout.decimal)


def _fits(field: str, column: pd.Series[float], mark: number_text.Decimal, *, mean: bool) -> bool:
    """Tell whether a number sums, or averages, a column to rounding."""
    value = number_text.parse(field, mark)
    if cells.is_number(column):
        found = column.to_numpy(dtype=np.float64, na_value=np.nan)
    elif len(column) <= MOST_WORDS and column.dtype == "str":
        found = cells.numbers(column, f"decimal {mark}")
    else:
        return False
    count = int(np.count_nonzero(~np.isnan(found)))
    total = float(np.nansum(found))
    if value is None or not count or not np.isfinite(total):
        return False
    largest = max(abs(float(np.nanmin(found))), abs(float(np.nanmax(found))))
    if not mean and (count < 2 or abs(total) <= largest):  # any row may hold the one number
        return False
    expected, digits = total / count if mean else total, re.search(rf"\{mark}(\d+)", field)
    decimals = len(digits[1]) if digits else 0
    return abs(value - expected) <= max(0.51 * 10.0**-decimals, 1e-6 * abs(expected))


def _stands_out(last: LastLine, columns: dict[int, pd.Series[float]], numbers: set[int]) -> bool:
    """Tell whether a line has its word among numbers, or nothing where others have text."""
    own = columns.get(last.label)
    if own is None or own.isna().all() or cells.is_number(own):
        return True
    others = [n for n in range(len(last.fields)) if n != last.label and n in columns]
    if not any(last.fields[n] for n in others):
        return True
    texts = [n for n in others if not cells.is_number(columns[n]) and n not in numbers]
    empty = not any(last.fields[n] for n in texts)
    return bool(texts) and empty and not any(columns[n].isna().any() for n in texts)


def _is_among(word: str, column: pd.Series[float]) -> bool:
    if cells.is_number(column):
        return False
    return word.casefold() in {str(level).strip().casefold() for level in column.unique()}
