"""What a person decided about a table: how it is read, what its columns are, how it is split.

`DataSpec.preparation` holds one `Preparation`. In the URL and on the command line it is written as
JSON that holds only what differs from the defaults.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mlpdash.text import N_

MOST_COLUMNS: Final = 20_000  # columns about which something can be decided
LONGEST_NAME: Final = 20_000  # characters
MOST_CODES: Final = 100  # that count as missing in one column
LONGEST_CODE: Final = 1_000  # characters
MOST_JSON: Final = 5_000_000  # characters

Missing = Literal["auto", "median", "mean", "mode", "drop"]
Scaling = Literal["auto", "standard", "minmax", "robust", "none"]
DatePart = Literal["year", "month", "weekday", "day of year", "hour"]


class TableSpec(BaseModel):
    """Frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reading(TableSpec):
    """How bytes become rows and columns; what says "auto" is looked for in the file."""

    encoding: str = Field(
        "auto",
        max_length=40,
        pattern=r"^[a-z0-9_-]+$",
        title=N_("Encoding"),
        description=N_("Character encoding of the file. Choose one if the file is not UTF-8."),
    )
    delimiter: Literal["auto", "comma", "semicolon", "tab", "pipe", "blanks"] = Field(
        "auto",
        title=N_("Delimiter"),
        description=N_("What separates two fields; spaces means one or more of them."),
    )
    header: Literal["auto", "yes", "no"] = Field(
        "auto",
        title=N_("Names in the first line"),
        description=N_("Whether the first line names the columns or is a row."),
    )
    skip: int | None = Field(
        None,
        ge=0,
        le=10_000,
        title=N_("Lines above"),
        description=N_("How many lines above the header do not belong to the table."),
    )
    bad_lines: Literal["refuse", "skip"] = Field(
        "refuse",
        title=N_("Bad lines"),
        description=N_("What to do with lines that have more fields than the header."),
    )
    totals: Literal["skip", "keep"] = Field(
        "skip",
        title=N_("Total line"),
        description=N_("Whether a last line that sums the others is left out."),
    )
    words: Literal["missing", "keep"] = Field(
        "missing",
        title=N_("NA, null, None"),
        description=N_(
            "Whether NA, ?, -, none and the like count as missing, or are values (NA is "
            "Namibia's country code)."
        ),
    )


class ColumnChoice(TableSpec):
    """What a person decided about one column; what says "auto" is looked for in its cells."""

    name: str = Field(max_length=LONGEST_NAME)
    kind: Literal["auto", "number", "bins", "category", "boolean", "date"] = "auto"
    role: Literal["auto", "input", "time", "weight", "ignored"] = "auto"
    missing: Missing = "auto"
    scaling: Scaling = "auto"
    levels: int | None = Field(None, ge=1, le=10_000)
    order: Literal["auto", "day first", "month first"] = "auto"
    decimal: Literal["auto", "point", "comma"] = "auto"
    merge: bool = False  # words that differ only in case, spaces and accents are one
    words: Literal["auto", "missing", "keep"] = "auto"  # NA, ?, none and the like
    missing_codes: tuple[Annotated[str, Field(max_length=LONGEST_CODE)], ...] = Field(
        (), max_length=MOST_CODES
    )  # what else counts as missing, such as -999

    @field_validator("missing_codes", mode="before")
    @classmethod
    def _codes_of(cls, value: Any) -> Any:
        """Take codes as a person types them, such as -999, 99; empty and repeated ones go."""
        codes = value.split(",") if isinstance(value, str) else value
        if not isinstance(codes, list | tuple) or not all(isinstance(one, str) for one in codes):
            return codes
        return tuple(dict.fromkeys(code.strip() for code in codes if code.strip()))


class Preparation(TableSpec):
    """All choices about one table."""

    reading: Reading = Reading()
    columns: tuple[ColumnChoice, ...] = Field((), max_length=MOST_COLUMNS)
    split: Literal["auto", "random", "stratified", "time", "group", "given"] = Field(
        "auto",
        title=N_("Split"),
        description=N_(
            "Auto keeps the shares of the classes. By time, the last rows are the test set; "
            "by group, rows with the same value in a column stay together; as given, the "
            "dataset's own test rows are the validation set."
        ),
    )
    group: str = Field(
        "",
        max_length=LONGEST_NAME,
        title=N_("Group"),
        description=N_("The column whose rows stay together."),
    )
    missing: Literal["median", "mean"] = Field(
        "median",
        title=N_("Missing numbers"),
        description=N_("What fills a gap: the median or the mean of the training rows."),
    )
    indicators: bool = Field(
        True,
        title=N_("Mark gaps"),
        description=N_(
            "Give a column with missing values a second input that is 1 where a value is missing."
        ),
    )
    scaling: Scaling = Field(
        "auto",
        title=N_("Scaling"),
        description=N_(
            "Standard: mean 0, deviation 1. Min-max: 0 to 1. Robust: median 0, middle half 1. "
            "Auto follows Standardise."
        ),
    )
    target_scaling: Literal["auto", "standard", "none"] = Field(
        "auto",
        title=N_("Target's scale"),
        description=N_(
            "Whether numbers to be predicted are learned with mean 0 and deviation 1, or as they "
            "are. Auto follows Standardise."
        ),
    )
    levels: int = Field(
        50,
        ge=1,
        le=10_000,
        title=N_("Most categories"),
        description=N_('How many categories get their own input; the rest are grouped as "other".'),
    )
    bins: int = Field(
        0,
        ge=0,
        le=64,
        title=N_("Bins of numbers"),
        description=N_(
            "In how many bins, with as many training rows each, every number also becomes an input "
            "that rises from 0 to 1 across the bin. 0 is off; try 8 with 2,000 rows or more."
        ),
    )
    dates: tuple[DatePart, ...] = Field(
        ("year", "month", "weekday", "day of year", "hour"),
        title=N_("Parts of dates"),
        description=N_(
            "Parts of a date used as inputs. All but the year are encoded as sine and cosine."
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        """Take the JSON that `str` gives, as the URL and the command line hold it."""
        if not isinstance(value, str):
            return value
        from pydantic_core import from_json

        return from_json(value[: MOST_JSON + 1]) if value.strip() else {}

    def __str__(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @property
    def kept_words(self) -> tuple[str, ...]:
        """The columns in which NA, null and the like are values."""
        return tuple(one.name for one in self.columns if one.words == "keep")

    def column(self, name: str) -> ColumnChoice:
        """Return what was decided about a column."""
        return next((one for one in self.columns if one.name == name), ColumnChoice(name=name))

    def by_column(self) -> dict[str, ColumnChoice]:
        """Return what was decided about each column that something was decided about."""
        return {one.name: one for one in self.columns}

    def with_column(self, name: str, **choices: Any) -> Preparation:
        """Return a copy with other choices about one column.

        Raises
        ------
        ValueError : a choice is not possible
        """
        before = self.by_column()
        after = ColumnChoice(**{**self.column(name).model_dump(), **choices})
        if after == ColumnChoice(name=name):
            before.pop(name, None)
        else:
            before[name] = after
        return self.model_copy(update={"columns": tuple(before.values())})
