"""Categories that are ranges stand in the order of their numbers; others stay as they are."""

import random

import pytest

from mlpdash.data.cells.ranges import in_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["<5", "5-9", "10-14", "65+"],
        ["5", "6", "10", "45", "65+"],
        ["under 18", "18 to 24", "25 to 64", "65 and over"],
        ["< 1 Year", "1-2 Year", "> 2 Years"],
        ["[0, 9.5)", "[9.5, 100)", "[100, 1000)"],
        ["$0–$9,999", "$10,000–$19,999", "$100,000+"],
        ["9k-10k", "10k-20k", "1M or more"],
        ["≤ 2,5 %", "2,5-10 %", "≥ 10 %"],
        ["-10--5", "-5-0", "0-5"],
    ],
)
def test_ranges_are_in_the_order_of_their_numbers(ordered: list[str]) -> None:
    mixed = random.Random(0).sample(ordered, len(ordered))
    assert in_order(mixed) == ordered
    assert in_order(sorted(mixed)) == ordered


@pytest.mark.parametrize(
    "levels",
    [
        ["Bonn", "Jena", "Ulm"],
        ["1", "10", "9", "X"],
        ["10", "9"],
        ["10-14", "65+", "unknown"],
        ["-", "10-14"],
        ["1-2-3", "4-5-6"],
        [""],
        [],
    ],
)
def test_what_is_no_range_stays_as_it_is(levels: list[str]) -> None:
    assert in_order(levels) == levels
