"""The table of a run's lifecycle, walked from end to end."""

from itertools import product

import pytest

from mlpdash.runs.server.lifecycle import (
    ENDING,
    HOLDS_PLACE,
    LISTENS,
    QUEUED,
    RUNNING,
    TABLE,
    WITHOUT_PROCESS,
    Action,
    Event,
    Phase,
)
from mlpdash.runs.server.scheduler import Scheduler
from mlpdash.runs.server.times import Times

FROM_PROCESS = {
    Event.SAYS_RUNNING,
    Event.SAYS_PAUSED,
    Event.SAYS_OVER,
    Event.GOODBYE,
    Event.DISCONNECTED,
    Event.EXITED,
}
OPENS = {Action.OPEN, Action.OPEN_AND_TRAIN}
LEAVES_QUEUE = {Action.LEAVE_QUEUE, Action.LEAVE_QUEUE_AND_STOP}
SENDS = {Action.SEND, Action.SEND_PAUSE, Action.SEND_STOP, Action.SEND_EXIT, Action.BEGIN_ATTEMPT}
IMPOSSIBLE = {
    "there is no process": product(WITHOUT_PROCESS, FROM_PROCESS | {Event.DISMISS}),
    "it does not wait for a place": product(set(Phase) - QUEUED, {Event.PLACE}),
    "its process must end first": product(QUEUED & ENDING, {Event.PLACE}),
    "a process that ends takes no message: it is refused": product(ENDING, {Event.MESSAGE}),
    "a paused process trains only as the next attempt": [(Phase.PAUSED, Event.SAYS_RUNNING)],
    "the connection of a process ends before it does": product(LISTENS, {Event.EXITED}),
}
STEPS = [(before, event, after, action) for (before, event), (after, action) in TABLE.items()]


def reached(start, events=frozenset(Event)):
    """Return the phases that a run can get to, itself included."""
    found, new = set(), {start}
    while new:
        found |= new
        new = {after for before, event, after, _ in STEPS if before in new and event in events}
        new -= found
    return found


def test_each_pair_is_in_the_table_or_impossible_for_one_reason():
    impossible = [pair for pairs in IMPOSSIBLE.values() for pair in pairs]
    assert len(impossible) == len(set(impossible))
    assert set(impossible).isdisjoint(TABLE)
    assert set(impossible) | set(TABLE) == set(product(Phase, Event))


def test_each_phase_can_be_reached_and_left_for_rest():
    assert reached(Phase.RESTING) == set(Phase)
    assert all(Phase.RESTING in reached(phase) for phase in Phase)


def test_each_action_is_used_and_done():
    scheduler = Scheduler(limit=1, viewers=1, times=Times(), worker="nobody:main")
    assert set(scheduler._actions) == {action for *_, action in STEPS} == set(Action)


@pytest.mark.parametrize("phase", sorted(HOLDS_PLACE, key=str))
def test_place_is_free_once_its_process_has_died(phase):
    lost, _ = TABLE[phase, Event.DISCONNECTED]
    ended, _ = TABLE[lost, Event.EXITED]
    assert lost not in RUNNING
    assert ended not in HOLDS_PLACE


@pytest.mark.parametrize("phase", sorted(HOLDS_PLACE, key=str))
def test_person_can_always_free_the_place_of_a_process_that_answers(phase):
    stopped, _ = TABLE[phase, Event.STOP]
    answers = FROM_PROCESS - {Event.SAYS_RUNNING}
    assert reached(stopped, answers) - HOLDS_PLACE


def test_process_comes_by_opening_and_goes_by_its_end():
    for before, event, after, action in STEPS:
        assert (action in OPENS) == (before in WITHOUT_PROCESS and after not in WITHOUT_PROCESS)
        gone = before not in WITHOUT_PROCESS and after in WITHOUT_PROCESS
        assert gone == (event is Event.EXITED) == (action is Action.FORGET_PROCESS)


def test_queue_is_entered_by_a_command_and_left_by_another_or_for_a_place():
    for before, event, after, action in STEPS:
        assert (action is Action.JOIN_QUEUE) == (before not in QUEUED and after in QUEUED)
        left = before in QUEUED and after not in QUEUED
        assert left == (action in LEAVES_QUEUE or event is Event.PLACE)


def test_run_is_shown_as_running_from_the_command_until_its_process_says_otherwise():
    for before, event, after, action in STEPS:
        begins = after is Phase.STARTING and before is not Phase.STARTING
        assert begins == (action in {Action.BEGIN_ATTEMPT, Action.OPEN_AND_TRAIN})
        if before not in RUNNING and after in RUNNING:
            assert event in {Event.PLACE, Event.TRAIN}
        if before in RUNNING and after not in RUNNING:
            assert event in FROM_PROCESS | {Event.DISMISS}


def test_place_is_taken_in_its_turn_and_given_to_the_next():
    for before, event, after, action in STEPS:
        if before not in HOLDS_PLACE and after in HOLDS_PLACE:
            assert event is Event.PLACE
        freed = before in HOLDS_PLACE and after not in HOLDS_PLACE
        assert not freed or action in {Action.FREE_PLACE, Action.FORGET_PROCESS}


def test_only_a_process_that_listens_is_sent_something():
    for before, _, after, action in STEPS:
        if action in SENDS:
            assert before in LISTENS
        if action is Action.SEND_EXIT:
            assert after in ENDING
