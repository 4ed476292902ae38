"""Flags for how the columns of a table are read."""

from __future__ import annotations

import argparse

import pytest

from mlpdash.cli.table_flags import add_flags, preparation_of
from mlpdash.errors import SpecError
from mlpdash.specs.preparation import Preparation


def taken(*flags: str) -> Preparation:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return preparation_of(parser.parse_args(flags), Preparation())


def test_codes_for_missing_values_are_named_by_column() -> None:
    found = taken("--missing", "income=-999, 99", "--missing=a=b=-1")
    assert found.column("income").missing_codes == ("-999", "99")
    assert found.column("a=b").missing_codes == ("-1",)
    assert taken("--column", "income:missing_codes=-9").column("income").missing_codes == ("-9",)


@pytest.mark.parametrize(
    "text", ["income", "income=" + ",".join(map(str, range(200))), "income=" + "9" * 2_000]
)
def test_codes_that_are_not_possible_are_refused(text: str) -> None:
    with pytest.raises(SpecError, match="--missing"):
        taken("--missing", text)


def test_marks_of_a_column_can_be_values() -> None:
    assert taken("--column", "city:words=keep").column("city").words == "keep"
