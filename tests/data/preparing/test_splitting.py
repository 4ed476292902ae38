from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.splitting import Split, sizes_of, split_rows
from mlpdash.data.reading.read import read_table
from mlpdash.data.table import Table
from mlpdash.errors import DataError, SpecError
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation


def parts(split: Split) -> list[np.ndarray]:
    return [split.train, split.validation, split.test]


@given(
    rows=st.integers(4, 300),
    validation=st.sampled_from([0.0, 0.01, 0.2, 0.5, 0.9]),
    test=st.sampled_from([0.0, 0.05, 0.2, 0.5]),
    classes=st.integers(1, 12),
    seed=st.integers(0, 2**32 - 1),
)
def test_parts_are_disjoint_complete_ascending_and_of_the_size_asked_for(
    rows: int, validation: float, test: float, classes: int, seed: int
) -> None:
    assume(validation + test <= 0.95)
    sizes = [max(1, round(rows * share)) if share else 0 for share in (validation, test)]
    assume(rows - sum(sizes) >= 2)
    codes = np.random.default_rng(seed).integers(0, classes, rows)
    spec = DataSpec(validation=validation, test=test, split_seed=seed)
    for given_codes in (None, codes):
        split = split_rows(rows, spec, given_codes)
        assert [len(part) for part in parts(split)] == [rows - sum(sizes), *sizes]
        assert sorted(np.concatenate(parts(split)).tolist()) == list(range(rows))
        assert all((np.diff(part) > 0).all() and part.dtype == np.int64 for part in parts(split))


AS_GIVEN = Preparation(split="given")


def test_the_rows_that_came_as_test_rows_are_held_out() -> None:
    split = split_rows(10, DataSpec(validation=0.1, preparation=AS_GIVEN), None, given=3)
    assert [part.tolist() for part in parts(split)] == [list(range(7)), [7, 8, 9], []]


def test_with_a_test_share_they_are_the_test_and_others_are_held_out() -> None:
    codes = np.arange(100) % 2
    spec = DataSpec(validation=0.25, test=0.1, preparation=AS_GIVEN)
    split = split_rows(100, spec, codes, given=20)
    assert split.test.tolist() == list(range(80, 100))
    assert np.bincount(codes[split.validation]).tolist() == [10, 10]
    assert sorted([*split.train, *split.validation]) == list(range(80))


def test_without_shares_all_rows_are_learned_from() -> None:
    spec = DataSpec(validation=0.0, preparation=AS_GIVEN)
    assert len(split_rows(10, spec, None, given=3).train) == 10


def test_a_table_without_test_rows_of_its_own_is_not_split_as_given() -> None:
    with pytest.raises(SpecError, match="does not say which rows are for testing"):
        split_rows(10, DataSpec(preparation=AS_GIVEN), None)


def test_the_split_seed_alone_decides() -> None:
    spec = DataSpec(validation=0.3, test=0.1, split_seed=4)
    once, again = split_rows(100, spec, None), split_rows(100, spec, None)
    other = split_rows(100, spec.model_copy(update={"split_seed": 5}), None)
    later = split_rows(100, spec.model_copy(update={"data_seed": 9}), None)
    assert np.array_equal(once.train, again.train)
    assert np.array_equal(once.test, later.test)
    assert not np.array_equal(once.train, other.train)


@given(seed=st.integers(0, 2**32 - 1))
def test_each_part_has_its_share_of_every_class(seed: int) -> None:
    codes = np.repeat([0, 1, 2], [200, 80, 20])
    shuffled = np.random.default_rng(seed).permutation(codes)
    split = split_rows(300, DataSpec(validation=0.2, test=0.1, split_seed=seed), shuffled)
    for part, share in zip(parts(split), (0.7, 0.2, 0.1), strict=True):
        found = np.bincount(shuffled[part], minlength=3)
        assert np.abs(found - share * np.array([200, 80, 20])).max() <= 2


def test_within_a_class_any_row_can_be_held_out() -> None:
    codes = np.arange(100) % 2
    held = [
        split_rows(100, DataSpec(validation=0.2, split_seed=seed), codes).validation
        for seed in range(300)
    ]
    times = np.bincount(np.concatenate(held), minlength=100)
    assert times.min() > 30  # 60 on average, deviation 7
    assert times.max() < 90


def test_a_small_class_is_held_out_as_often_as_its_share_says() -> None:
    codes = np.array([0] * 94 + [1] * 6)
    held = [
        int(
            codes[
                split_rows(100, DataSpec(validation=0.2, split_seed=seed), codes).validation
            ].sum()
        )
        for seed in range(200)
    ]
    assert set(held) == {1, 2}
    assert np.mean(held) == pytest.approx(1.2, abs=0.15)


@pytest.mark.parametrize("seed", range(40))
def test_rare_classes_do_not_stop_the_balancing_of_others(seed: int) -> None:
    codes = np.array([0] * 386 + [1] * 13 + [2])
    codes = np.random.default_rng(seed).permutation(codes)
    split = split_rows(400, DataSpec(validation=0.2, test=0.2, split_seed=seed), codes)
    assert [len(part) for part in parts(split)] == [240, 80, 80]
    assert (codes[split.train] == 2).sum() == 1
    for part in (split.validation, split.test):
        found = np.bincount(codes[part], minlength=3)
        assert found[1] in (2, 3)
        assert found[2] == 0


@given(
    seed=st.integers(0, 2**32 - 1),
    counts=st.lists(st.integers(1, 40), min_size=2, max_size=9),
    shares=st.sampled_from([(0.2, 0.2), (0.5, 0.3), (0.2, 0.0), (0.3, 0.5)]),
)
def test_each_class_is_learned_from_where_there_is_room(
    seed: int, counts: list[int], shares: tuple[float, float]
) -> None:
    codes = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    rows = len(codes)
    spec = DataSpec(validation=shares[0], test=shares[1], split_seed=seed)
    if rows - sum(sizes_of(rows, spec)) < max(2, len(counts)):
        return
    split = split_rows(rows, spec, codes)
    assert np.sort(np.concatenate(parts(split))).tolist() == list(range(rows))
    assert (np.bincount(codes[split.train], minlength=len(counts)) > 0).all()


def test_without_rare_classes_nothing_else_moves() -> None:
    codes = np.repeat([0, 1, 2], [50, 30, 20])
    split = split_rows(100, DataSpec(validation=0.2, test=0.1), codes)
    assert split.test.tolist() == [5, 13, 16, 20, 36, 52, 72, 75, 82, 93]


def test_rare_classes_are_named() -> None:
    kind = ["a"] * 60 + ["b"] * 37 + ["odd", "few", "few"]
    found = own(PLAIN.assign(kind=kind), "auto", target="kind")
    assert 'The class "odd" has a single row, which is used for training.' in found
    assert 'The class "few" has too few rows to be in each part' in found
    assert "too few rows" not in own(PLAIN.assign(kind=kind), "random", target="kind")
    assert "rows" not in own(PLAIN.assign(kind=["a", "b"] * 50), "auto", target="kind")


@pytest.mark.parametrize(("validation", "test", "least"), [(0.2, 0.2, 4), (0.5, 0, 4), (0, 0, 2)])
def test_too_few_rows_are_refused_with_the_number_needed(
    validation: float, test: float, least: int
) -> None:
    spec = DataSpec(validation=validation, test=test)
    assert len(split_rows(least, spec, None).train) >= 2
    with pytest.raises(DataError, match=rf"there (is|are) {least - 1} rows? .* at least {least}"):
        split_rows(least - 1, spec, None)


def test_shares_that_leave_nothing_are_refused() -> None:
    with pytest.raises(SpecError, match=r"at most 0.95 together; got 0.9 and 0.2") as caught:
        split_rows(100, DataSpec(validation=0.9, test=0.2), None)
    assert caught.value.field == "validation"
    assert len(split_rows(1_000, DataSpec(validation=0.9, test=0.05), None).train) == 50


def test_a_time_axis_of_words_is_refused_in_a_sentence() -> None:
    lines = "\n".join(f"word{i % 7}x,{i},{i % 3}" for i in range(40))
    table = read_table(f"when,a,y\n{lines}".encode(), "words.csv")
    choice = ColumnChoice(name="when", role="time")
    spec = DataSpec(preparation=Preparation(columns=(choice,), split="time"), test=0.2)
    with pytest.raises(DataError, match='time axis "when" holds neither dates nor numbers'):
        prepare(table, spec)


def own(frame: pd.DataFrame, split: str, **chosen: Any) -> str:
    """Return the notes of a table of 100 rows that is split as told."""
    target = chosen.pop("target", "y")
    spec = DataSpec(
        target=(target,),
        validation=0.2,
        test=0.2,
        preparation=Preparation(split=split, **chosen),  # type: ignore[arg-type]
    )
    return " ".join(prepare(Table(frame, "own.csv"), spec).notes)


random = np.random.default_rng(3)
PLAIN = pd.DataFrame({"x": random.normal(size=100), "y": random.normal(size=100)})
DAYS = pd.Series(pd.date_range("2024-01-01", periods=100))


def test_a_giant_group_is_pointed_out() -> None:
    giant = PLAIN.assign(g=["big"] * 95 + list("abcde"))
    found = own(giant, "group", group="g")
    assert "groups are too uneven for these shares, the largest has 95 of 100 rows" in found
    even = PLAIN.assign(g=[f"g{n % 20}" for n in range(100)])
    assert "uneven" not in own(even, "group", group="g")
    assert 'have no "g"' not in own(even, "group", group="g")
    gaps = even.assign(g=even["g"].where(even["g"] != "g3"))
    assert '5 rows have no "g"; they stay together' in own(gaps, "group", group="g")
    gaps.loc[3:99, "g"] = gaps.loc[3:99, "g"].fillna("g4")
    gaps.loc[7, "g"] = None
    assert '1 row has no "g"; it is a group of its own' in own(gaps, "group", group="g")


def test_a_class_that_is_not_learned_from_is_pointed_out() -> None:
    kind = ["old"] * 50 + ["mid"] * 35 + ["new"] * 15
    found = own(PLAIN.assign(day=DAYS, kind=kind), "time", target="kind")
    assert 'No training row has the class "new", so it cannot be predicted.' in found
    mixed = own(PLAIN.assign(day=DAYS, kind=kind[::2] + kind[1::2]), "time", target="kind")
    assert "No row" not in mixed


def test_equal_dates_on_both_sides_of_the_cut_are_pointed_out() -> None:
    weeks = DAYS.dt.to_period("W").dt.start_time
    assert 'same "day" are on both sides' in own(PLAIN.assign(day=weeks), "time")
    assert "both sides" not in own(PLAIN.assign(day=DAYS), "time")
    tens = DAYS.iloc[np.arange(100) // 10 * 10].reset_index(drop=True)  # cuts after 60 and 80
    assert "both sides" not in own(PLAIN.assign(day=tens), "time")


def test_rows_without_a_date_are_pointed_out_and_come_first() -> None:
    gaps = DAYS.mask(np.arange(100) >= 93)
    assert '7 rows have no "day" and count as the earliest' in own(PLAIN.assign(day=gaps), "time")
    one = DAYS.mask(np.arange(100) == 99)
    frame = PLAIN.assign(day=one)
    assert '1 row has no "day" and counts as the earliest' in own(frame, "time")
    axis = ColumnChoice(name="t", role="time")
    spec = DataSpec(
        target=("y",),
        validation=0.2,
        test=0.2,
        preparation=Preparation(split="time", columns=(axis,)),
    )
    ticks = pd.Series(np.arange(100.0)).mask(np.arange(100) == 99)
    prepared = prepare(Table(PLAIN.assign(t=ticks), "own.csv"), spec)
    assert prepared.split.train.tolist() == [*range(59), 99]
    assert prepared.split.test.tolist() == list(range(79, 99))


@pytest.mark.parametrize("day", ["2024-01-01", pd.Timestamp("2024-01-01")])
def test_a_single_date_is_refused_by_name(day: Any) -> None:
    with pytest.raises(DataError, match='all rows have the same date in "day"'):
        own(PLAIN.assign(day=day), "time")
    with pytest.raises(SpecError, match="needs a column of dates"):
        own(PLAIN.assign(day="monday"), "time")


def test_a_group_that_is_not_chosen_yet_is_asked_for() -> None:
    with pytest.raises(SpecError, match="needs a column; choose the one whose rows stay together"):
        own(PLAIN.assign(g="a"), "group")
