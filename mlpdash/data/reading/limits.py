"""How large a table may be. Each cap has a default and a variable of the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from mlpdash.errors import DataError
from mlpdash.text import N_, _


@dataclass(frozen=True)
class Limit:
    """One cap: its variable, its default, and the sentence that refuses what is beyond it."""

    variable: str
    default: int
    sentence: str

    @property
    def most(self) -> int:
        """What holds now; the environment is read at each call."""
        try:
            return max(1, int(os.environ.get(self.variable, "")))
        except ValueError:
            return self.default

    def check(self, got: int, name: str, **more: object) -> None:
        """Refuse what is beyond the cap.

        Raises
        ------
        DataError : `got` is more than that
        """
        if got > self.most:
            sentence = _(self.sentence).format(name=name, got=got, most=self.most, **more)
            raise DataError(
                _("{sentence} Set {variable} to allow more.").format(
                    sentence=sentence, variable=self.variable
                )
            )


UPLOAD: Final = Limit(
    "MLPDASH_MAX_UPLOAD_MB", 500, N_('"{name}" has {got:,} MB; the limit is {most:,} MB.')
)
CELLS: Final = Limit(
    "MLPDASH_MAX_CELLS",
    200_000_000,
    N_('"{name}" has {got:,} cells; the limit is {most:,}.'),
)
COLUMNS: Final = Limit(
    "MLPDASH_MAX_COLUMNS",
    20_000,
    N_('"{name}" has {got:,} columns; the limit is {most:,}.'),
)
FIELD: Final = Limit(
    "MLPDASH_MAX_FIELD",
    1_000_000,
    N_('"{name}" line {line:,} has a field of {got:,} characters; the limit is {most:,}.'),
)
WIDTH: Final = Limit(
    "MLPDASH_MAX_WIDTH",
    50_000,
    N_(
        '"{name}" becomes {got:,} numbers per row; the limit is {most:,}. Ignore '
        'columns with many categories, or lower "Most categories".'
    ),
)
