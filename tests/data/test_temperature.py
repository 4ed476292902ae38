"""The sample file is what its generator says it is."""

import csv
import datetime
import runpy

import numpy as np
import pytest

from mlpdash.data.load import SAMPLE_DATA, load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.specs import DataSpec


@pytest.fixture(scope="module")
def maker() -> dict[str, object]:
    return runpy.run_path(str(SAMPLE_DATA / "make_temperature.py"))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (SAMPLE_DATA / "temperature.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_generator_makes_the_file_again(maker, rows) -> None:  # type: ignore[no-untyped-def]
    assert [list(row.values()) for row in rows] == maker["rows"]()
    assert tuple(rows[0]) == maker["HEADER"]


def test_every_day_of_one_year_with_its_weekday_and_the_two_days_before(
    rows: list[dict[str, str]],
) -> None:
    assert len(rows) == 365
    for n, row in enumerate(rows):
        date = datetime.date.fromisoformat(row["date"])
        assert date.timetuple().tm_yday == n + 1
        assert [int(row[k]) for k in ("year", "month", "day")] == [date.year, date.month, date.day]
        assert row["week"] == date.strftime("%a")
        if n >= 1:
            assert row["temp_1"] == rows[n - 1]["actual"]
        if n >= 2:
            assert row["temp_2"] == rows[n - 2]["actual"]


def test_what_the_formula_leaves_over_is_noise_of_the_stated_variance(maker, rows) -> None:  # type: ignore[no-untyped-def]
    columns = {k: np.array([float(r[k]) for r in rows]) for k in ("temp_1", "temp_2", "actual")}
    seasonal = maker["seasonal"](np.arange(-2, 365))
    expected = (
        seasonal[2:]
        + maker["CARRY"][0] * (columns["temp_1"] - seasonal[1:-1])
        + maker["CARRY"][1] * (columns["temp_2"] - seasonal[:-2])
    )
    noise = columns["actual"] - expected
    assert maker["NOISE_VARIANCE"] == 9
    assert noise.var() == pytest.approx(9, rel=0.25)  # 3 deviations of a variance of 365 draws
    assert abs(noise.mean()) < 0.5
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 0.15


def test_it_has_thirteen_inputs_and_a_time_axis() -> None:
    spec = DataSpec(data="temperature")
    prepared = prepare(load(spec), spec)
    numbers = [f.name for f in prepared.features if f.kind == "number"]
    assert numbers == ["year", "month", "day", "temp_1", "temp_2", "average"]
    (week,) = [f for f in prepared.features if f.kind == "category"]
    assert sorted(week.levels) == ["Fri", "Mon", "Sat", "Sun", "Thu", "Tue", "Wed"]
    assert prepared.width == 13
    assert (prepared.features[0].scale, prepared.x[:, 0].any()) == (1, False)
    assert (prepared.task, prepared.targets, prepared.target_units) == (
        "regression",
        ("actual",),
        ("°F",),
    )
    assert prepared.time_name == "date"
    assert prepared.time is not None
    assert (np.diff(prepared.time) == np.timedelta64(1, "D")).all()


def test_a_straight_line_already_explains_much_of_it() -> None:
    spec = starting_point("temperature").data
    prepared = prepare(load(spec), spec)
    train, held = prepared.split.train, prepared.split.validation
    x = np.column_stack([prepared.x, np.ones(len(prepared.x))]).astype(np.float64)
    y = prepared.y[:, 0].astype(np.float64)
    weights = np.linalg.lstsq(x[train], y[train], rcond=None)[0]
    residual = (y[held] - x[held] @ weights) * prepared.target_scale[0]
    assert 5 < (residual**2).mean() < 16  # around the noise variance of 9
