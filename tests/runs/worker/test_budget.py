"""The share of time that watching may take, on a clock made by hand."""

import pytest

from mlpdash.runs.worker.budget import SHARE, Budget


def watched(seconds, cost_at_100, other_share=0.0):
    """Draw whenever it is affordable, for `seconds`; return frames and share spent."""
    now, frames = 0.0, []
    budget = Budget(now, forward_seconds=cost_at_100)
    while now < seconds:
        budget.fill(now)
        n = budget.resolution
        if budget.affords(n):
            cost = cost_at_100 * (n / 100) ** 2
            budget.pay_frame(n, cost)
            frames.append((now, n))
            now += cost
        budget.pay(0.004 * other_share)
        now += 0.004 * (1 + other_share)
    return frames, budget.spent / now


@pytest.mark.parametrize("cost", [0.0005, 0.002, 0.02, 0.3, 2.0])
@pytest.mark.parametrize("other", [0.0, 0.01])
def test_the_share_is_kept(cost, other):
    _, share = watched(60, cost, other)
    assert share <= 0.05


def test_two_milliseconds_a_field_give_fifteen_full_frames_a_second():
    frames, _ = watched(20, 0.002)
    late = [n for now, n in frames if now > 1]
    assert len(late) / 19 >= 15
    assert set(late) == {100}


def test_larger_nets_get_coarser_fields():
    finest = [watched(20, cost)[0][-1][1] for cost in (0.001, 0.008, 0.03)]
    assert finest == [100, 50, 25]


def test_the_rate_is_told_when_it_is_low():
    quick, slow = Budget(0.0, 0.001), Budget(0.0, 2.0)
    assert quick.slow_rate is None
    assert slow.slow_rate == pytest.approx(SHARE / (2.0 / 16 + 0.0004))


def test_the_first_frames_come_at_once():
    frames, _ = watched(0.2, 0.002)
    assert frames[0][0] == 0.0
    assert len(frames) >= 10


def test_time_unwatched_is_not_saved_up():
    budget = Budget(0.0, 0.001)
    budget.fill(3600.0)
    budget.pay_frame(100, 0.09)
    assert not budget.affords(100)


def test_scores_that_take_more_than_the_share_leave_frames_their_half():
    """As on a busy machine, where scoring takes 7 % of the time."""
    budget, frames = Budget(0.0, forward_seconds=0.0), 0
    for step in range(1, 10_001):  # ten seconds, an epoch and its scores each millisecond
        budget.fill(step / 1_000)
        budget.pay(0.07 / 1_000)
        if budget.affords(100):
            budget.pay_frame(100, 0.002)
            frames += 1
    assert frames == pytest.approx(10 * SHARE / 2 / 0.002, rel=0.2)
