"""Rows cut into folds: each held out once in every repeat, in fair shares, and never apart."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlpdash.cures import Cure
from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.prepared_file import read_prepared, write_prepared
from mlpdash.data.preparing.sample import sample_rows
from mlpdash.data.reading.read import read_table
from mlpdash.errors import DataError
from mlpdash.specs import DataSpec, Experiment
from mlpdash.specs.preparation import Preparation


def cut(data: str, **choices: Any) -> Prepared:
    spec = Experiment().changed(data=data, **{"folds": 5, "test": 0.2, **choices}).data
    return prepare(load(spec), spec)


def cut_table(frame: pd.DataFrame, preparation: Preparation, **choices: Any) -> Prepared:
    spec = DataSpec(**{"data": "t", "folds": 5, "test": 0.2, **choices}, preparation=preparation)
    return prepare(read_table(frame.to_csv(index=False).encode(), "t.csv"), spec)


def folds_of(prepared: Prepared) -> np.ndarray[Any, Any]:
    assert prepared.split.folds is not None
    return prepared.split.folds


def test_each_row_is_validated_once_in_each_repeat_and_no_test_row_is() -> None:
    prepared = cut("diabetes", repeats=3)
    held, split = prepared.split.held(), prepared.split
    assert held is not None
    assert held.shape == (15, len(split.train))
    assert (held.reshape(3, 5, -1).sum(1) == 1).all()
    assert split.validation is split.train
    assert len(np.intersect1d(split.train, split.test)) == 0
    assert len(split.train) + len(split.test) == 442


def test_repeats_cut_the_rows_anew_and_a_seed_cuts_them_again() -> None:
    folds = folds_of(cut("diabetes", repeats=2))
    assert (folds[0] != folds[1]).mean() > 0.5
    assert np.array_equal(folds, folds_of(cut("diabetes", repeats=2)))
    assert not np.array_equal(folds[0], folds_of(cut("diabetes", split_seed=1))[0])


def test_folds_have_their_share_of_every_class() -> None:
    prepared = cut("wine")
    codes = prepared.y[prepared.split.train]
    counts = [np.bincount(codes[folds_of(prepared)[0] == fold], minlength=3) for fold in range(5)]
    assert np.ptp(counts, axis=0).max() <= 2  # one at each end of a class


def test_folds_have_their_share_of_large_and_small_values() -> None:
    prepared = cut("diabetes")
    values = prepared.y[prepared.split.train, 0]
    means = [values[folds_of(prepared)[0] == fold].mean() for fold in range(5)]
    by_chance = values.std() / np.sqrt(len(values) / 5)
    assert np.std(means) < by_chance / 3


def test_a_random_split_deals_by_chance_alone() -> None:
    preparation = Preparation(split="random")
    values = np.arange(400) % 7 + 0.5
    prepared = cut_table(pd.DataFrame({"x": np.arange(400) % 13, "y": values}), preparation)
    sizes = np.bincount(folds_of(prepared)[0])
    assert np.ptp(sizes) <= 1


def test_groups_stay_in_one_fold() -> None:
    who = np.repeat(np.arange(40), 5)
    frame = pd.DataFrame({"who": [f"p{n}" for n in who], "x": np.arange(200) % 17, "y": who / 3})
    prepared = cut_table(frame, Preparation(split="group", group="who"))
    codes, folds = who[prepared.split.train], folds_of(prepared)[0]
    assert all(len(set(folds[codes == one])) == 1 for one in set(codes))
    assert np.bincount(folds, minlength=5).min() > 20


def test_folds_of_time_are_stretches_and_the_test_comes_last() -> None:
    days = pd.date_range("2020-01-01", periods=200).strftime("%Y-%m-%d")
    frame = pd.DataFrame({"day": days, "x": np.arange(200) % 17, "y": np.arange(200) / 3})
    prepared = cut_table(frame, Preparation(split="time"), target=("y",))
    assert (np.diff(folds_of(prepared)[0]) >= 0).all()
    assert prepared.split.test.min() > prepared.split.train.max()
    assert any("stretches of time" in note for note in prepared.notes)
    assert "The last rows by time are the test set." in prepared.notes
    assert not any("for validation" in note for note in prepared.notes)


def test_rows_on_both_sides_are_counted_in_all_folds() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"patient": np.repeat(np.arange(30) * 7 + 101, 10), "x": random.normal(size=300)}
    )
    frame["y"] = frame["x"] + random.normal(size=300)
    twice = pd.concat([frame, frame])
    notes = [str(note) for note in cut_table(frame, Preparation(), target=("y",)).notes]
    assert any(note.startswith("300 validation or test rows share their") for note in notes)
    notes = [str(note) for note in cut_table(twice, Preparation(), target=("y",)).notes]
    (said,) = (note for note in notes if "are also training rows" in note)
    assert 400 < int(said.split()[0]) <= 600


def test_more_folds_than_groups_are_refused_with_a_cure() -> None:
    frame = pd.DataFrame({"who": list("abcd") * 20, "x": np.arange(80) % 7, "y": np.arange(80) / 3})
    with pytest.raises(DataError, match="3 groups, which 5 folds cannot share") as refused:
        cut_table(frame, Preparation(split="group", group="who"))
    fewer, none = refused.value.cures
    assert fewer == Cure("Use 3 folds", data={"folds": 3})
    assert none == Cure("Train without folds", data={"folds": None})


def test_more_folds_than_rows_are_refused() -> None:
    frame = pd.DataFrame({"x": [1, 2, 3, 4, 5], "y": [0.1, 0.5, 0.2, 0.7, 0.3]})
    with pytest.raises(DataError, match="too few for 8 folds"):
        cut_table(frame, Preparation(), folds=8, test=0.0)


def test_rows_that_came_as_test_rows_stay_that(monkeypatch: pytest.MonkeyPatch) -> None:
    import mlpdash.data.prepare as module

    given: list[DataSpec] = []
    usual = module.split_rows

    def noted(rows: int, spec: DataSpec, *args: Any, **more: Any) -> Any:
        given.append(spec)
        return usual(rows, spec.model_copy(update={"preparation": Preparation()}), *args, **more)

    monkeypatch.setattr(module, "split_rows", noted)
    cut("iris", preparation=Preparation(split="given"), test=0.0, validation=0.25)
    assert (given[0].test, given[0].validation) == (0.25, 0.0)


def test_it_is_said_how_rows_were_cut_and_what_the_nets_share() -> None:
    (note,) = (note for note in cut("iris").notes if "folds" in note)
    assert note == (
        "120 rows are cut into 5 folds: each net learns from about 96 and is validated on the "
        "others. Means, medians and categories of the inputs come from all 120."
    )


def test_folds_are_kept_with_what_is_prepared(tmp_path: Any) -> None:
    prepared = cut("iris", repeats=2)
    write_prepared(tmp_path / "one", prepared)
    found = read_prepared(tmp_path / "one")
    assert found is not None
    assert np.array_equal(folds_of(found), folds_of(prepared))


def test_the_sample_that_is_drawn_has_each_row_once() -> None:
    prepared = cut("iris")
    sample = sample_rows(prepared)
    assert len(sample.train) == 0
    assert np.array_equal(sample.held_out, prepared.split.train)
