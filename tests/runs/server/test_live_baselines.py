"""Baselines for those who watch: said one by one, and given up when nobody listens."""

import asyncio
import os
from pathlib import Path

import pytest

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.results.judging.baselines import baselines, fitted_outputs, live_scores
from mlpdash.runs.server import live_baselines
from mlpdash.runs.server.live_baselines import LiveBaselines

IRIS = starting_point("iris")


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MLPDASH_HOME", str(tmp_path))


async def until(condition, seconds=60):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("not in time")


def alive(pid):
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def scored(prepared, loss):
    """Return what each method reaches on the held-out rows, worked out here."""
    rows = prepared.split.validation
    return [
        live_scores(prepared, rows, outputs, loss)
        for _name, outputs in fitted_outputs(prepared, rows)
    ]


@pytest.mark.slow
def test_each_method_is_told_when_it_is_known_and_kept():
    async def scene():
        asked, told, again = LiveBaselines(), [], []
        asked.subscribe(1, IRIS, told.append)
        await until(lambda: told[-1].over)
        asked.subscribe(2, IRIS.changed(hidden=(3,)), again.append)  # another net on the same rows
        assert asked.processes() == []
        await asked.close()
        return told, again

    told, again = asyncio.run(scene())
    assert [len(one.found) for one in told if not one.over][:1] == [0]
    assert len(again) == 1
    assert again[0] == told[-1]
    prepared = prepare(load(IRIS.data), IRIS.data)
    titles = [one.title for one in baselines(prepared).values()]
    assert [one.title for one in told[-1].found] == titles
    expected = scored(prepared, "auto")
    for one, scores in zip(told[-1].found, expected, strict=True):
        assert (one.loss, one.metric) == pytest.approx((scores["loss"], scores["metric"]))


@pytest.mark.slow
def test_it_counts_with_the_loss_of_the_run():
    diabetes = starting_point("diabetes").changed(loss="absolute_error")

    async def scene():
        asked, told = LiveBaselines(), []
        asked.subscribe(1, diabetes, told.append)
        await until(lambda: told[-1].over)
        await asked.close()
        return told[-1].found

    found = asyncio.run(scene())
    prepared = prepare(load(diabetes.data), diabetes.data)
    expected = scored(prepared, "absolute_error")
    assert [one.loss for one in found] == pytest.approx([scores["loss"] for scores in expected])


def test_what_nobody_waits_for_any_more_is_given_up():
    async def scene():
        asked, told = LiveBaselines(), []
        asked.subscribe(1, starting_point("digits"), told.append)  # takes many seconds
        await until(asked.processes)
        (pid,) = asked.processes()
        asked.unsubscribe(1)
        await until(lambda: not alive(pid), 2)
        count = len(told)
        await asyncio.sleep(0.1)
        assert len(told) == count
        await asked.close()

    asyncio.run(scene())


@pytest.mark.slow
def test_what_cannot_be_done_is_a_sentence():
    async def scene():
        asked, told = LiveBaselines(), []
        asked.subscribe(1, IRIS.changed(target=("nosuch",)), told.append)
        await until(lambda: told[-1].over)
        await asked.close()
        return told[-1]

    said = asyncio.run(scene())
    assert said.found == ()
    assert "nosuch" in said.message


def test_a_process_that_dies_is_told_and_asked_again(monkeypatch):
    async def scene():
        asked, told, later = LiveBaselines(), [], []
        asked.subscribe(1, IRIS, told.append)
        await until(asked.processes)
        os.kill(asked.processes()[0], 9)
        await until(lambda: told[-1].over)
        asked.subscribe(2, IRIS, later.append)
        assert not later[0].over
        await asked.close()
        return told[-1].message

    assert "server's log" in asyncio.run(scene())


def test_old_answers_make_room(monkeypatch):
    monkeypatch.setattr(live_baselines, "MOST_KEPT", 1)

    async def scene():
        asked = LiveBaselines()
        for number in range(3):
            answer = live_baselines.Answer(over=True)
            asked._answers[f"old {number}"] = answer
        asked.subscribe(1, IRIS, lambda _: None)
        kept = list(asked._answers)
        await asked.close()
        return kept

    kept = asyncio.run(scene())
    assert kept[:-1] == ["old 2"]
