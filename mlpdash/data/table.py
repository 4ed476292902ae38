"""A table in memory, and how its text was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, with_config

from mlpdash.cures import Note

if TYPE_CHECKING:
    import pandas as pd

    from mlpdash.data.dataset import Dataset


@with_config(ConfigDict(extra="forbid"))  # of JSON
@dataclass(frozen=True)
class TextFormat:
    """How the text of a table was written, so that rows to predict are read in the same way.

    Attributes
    ----------
    encoding : as `Reading.encoding`
    delimiter : one character; a blank stands for runs of blanks
    header : whether a line names the columns
    words : whether NA, null and the like are values, as `Reading.words`
    decimal : the mark that its numbers have
    """

    encoding: str = "auto"
    delimiter: Literal[",", ";", "\t", "|", " "] = ","
    header: bool = True
    words: Literal["missing", "keep"] = "missing"
    decimal: Literal[".", ","] = "."

    @property
    def plain_decimal(self) -> Literal[".", ","]:
        """The mark of numbers without quotes, which between commas is never a comma."""
        return "." if self.delimiter == "," else self.decimal


def with_columns(frame: pd.DataFrame, columns: Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    """Return the frame with these columns in the place of its own, or behind them.

    As `DataFrame.assign`, which takes no column named like one of its parameters, such as "self".
    """
    changed = frame.copy(deep=False)
    for name, cells in columns.items():
        changed[name] = cells
    return changed


@dataclass(frozen=True)
class Table:
    """Rows and columns, and what was found while reading them."""

    frame: pd.DataFrame
    name: str
    told: tuple[str | Note, ...] = ()  # sentences, and the decisions that they propose
    dataset: Dataset | None = None  # the catalogue's entry; None for a person's own table
    decimal: Literal[".", ","] = "."  # the mark that its numbers have
    doubtful: tuple[str, ...] = ()  # fields of Reading that were guessed and should be checked
    text_format: TextFormat = TextFormat()
    units: Mapping[str, str] = field(default_factory=dict)  # by column, from a line of units
    nameless_first: bool = False  # whether the header has no name for the first column

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of `told`."""
        return tuple(map(str, self.told))
