"""The lifecycle of a run on this server: its phases, what can happen, and what is done then.

A run has one process at most. A *viewer* is a process that only draws: the untrained net of a
draft, or the last snapshot of a run at rest. A process that trains, or is paused, holds one of
the server's *places*; runs beyond those wait in the queue. A place is held until its process has
ended or has said that it no longer trains.

`TABLE` has all of it. Who asks for something that the table does not have is refused, and
anything else that it does not have is logged; both in `Scheduler.handle`.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Phase(Enum):
    """Where a run is with its process, its place and the queue."""

    RESTING = "has no process"
    OPENING = "has a viewer that starts"
    VIEWING = "has a viewer"
    CLOSING = "has a viewer that ends"
    QUEUED = "waits for a place, without a process"
    QUEUED_OPENING = "waits for a place, with a viewer that starts"
    QUEUED_VIEWING = "waits for a place, with a viewer"
    QUEUED_CLOSING = "waits for a place, with a viewer that ends"
    STARTING = "was told to train and has not answered"
    TRAINING = "trains"
    HALTING = "was told to pause or to stop and has not yet"
    PAUSED = "is paused and keeps its place"
    LEAVING = "keeps its place until its process has ended"
    QUEUED_LEAVING = "keeps its place until its process has ended, and waits for another"


class Event(Enum):
    """What can happen to a run."""

    TRAIN = "a person presses Train or Step"
    PAUSE = "a person presses Pause, or nobody watches a run without an end"
    STOP = "a person presses Stop"
    MESSAGE = "there is a request, a change or a question for its process"
    DISMISS = "its process has to save and exit"
    PLACE = "it is the next in the queue and there is a place"
    SAYS_RUNNING = "its process says that it trains"
    SAYS_PAUSED = "its process says that it is paused"
    SAYS_OVER = "its process says that it does not train"
    GOODBYE = "its process has saved and is about to exit"
    DISCONNECTED = "the connection to its process has ended, or was never made"
    EXITED = "its process has ended"


class Action(Enum):
    """What the server does."""

    NOTHING = "nothing"
    JOIN_QUEUE = "put it at the end of the queue"
    LEAVE_QUEUE = "take it out of the queue"
    LEAVE_QUEUE_AND_STOP = "take it out of the queue and end it where it is"
    STOP_AT_REST = "end it where it is, if it is paused"
    OPEN = "start a process for it and send the message"
    OPEN_AND_TRAIN = "start a process for it and tell it to train"
    BEGIN_ATTEMPT = "tell its process to train"
    SEND = "send the message to its process"
    SEND_PAUSE = "tell its process to pause"
    SEND_STOP = "tell its process to stop"
    SEND_EXIT = "tell its process to save and exit"
    NOTE = "take over what its process says"
    NOTE_RUNNING = "take over what its process says while it trains"
    FREE_PLACE = "take over what its process says and give the place to the next"
    COUNT_CRASH = "count a viewer that has ended by itself"
    FAIL = "say that its process has died"
    FORGET_PROCESS = "write down how it ended and start what waited for that"


QUEUED: Final = frozenset(
    {
        Phase.QUEUED,
        Phase.QUEUED_OPENING,
        Phase.QUEUED_VIEWING,
        Phase.QUEUED_CLOSING,
        Phase.QUEUED_LEAVING,
    }
)
RUNNING: Final = frozenset({Phase.STARTING, Phase.TRAINING, Phase.HALTING})
HOLDS_PLACE: Final = RUNNING | {Phase.PAUSED, Phase.LEAVING, Phase.QUEUED_LEAVING}
WITHOUT_PROCESS: Final = frozenset({Phase.RESTING, Phase.QUEUED})
ENDING: Final = frozenset(
    {Phase.CLOSING, Phase.QUEUED_CLOSING, Phase.LEAVING, Phase.QUEUED_LEAVING}
)
LISTENS: Final = frozenset(Phase) - WITHOUT_PROCESS - ENDING
ASKED: Final = frozenset({Event.TRAIN, Event.PAUSE, Event.STOP, Event.MESSAGE})  # by a person

_P, _E, _A = Phase, Event, Action

TABLE: Final[dict[tuple[Phase, Event], tuple[Phase, Action]]] = {
    # A person presses Train or Step.
    (_P.RESTING, _E.TRAIN): (_P.QUEUED, _A.JOIN_QUEUE),
    (_P.OPENING, _E.TRAIN): (_P.QUEUED_OPENING, _A.JOIN_QUEUE),
    (_P.VIEWING, _E.TRAIN): (_P.QUEUED_VIEWING, _A.JOIN_QUEUE),
    (_P.CLOSING, _E.TRAIN): (_P.QUEUED_CLOSING, _A.JOIN_QUEUE),
    (_P.QUEUED, _E.TRAIN): (_P.QUEUED, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.TRAIN): (_P.QUEUED_OPENING, _A.NOTHING),
    (_P.QUEUED_VIEWING, _E.TRAIN): (_P.QUEUED_VIEWING, _A.NOTHING),
    (_P.QUEUED_CLOSING, _E.TRAIN): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.TRAIN): (_P.STARTING, _A.NOTHING),
    (_P.TRAINING, _E.TRAIN): (_P.TRAINING, _A.NOTHING),
    (_P.HALTING, _E.TRAIN): (_P.STARTING, _A.BEGIN_ATTEMPT),
    (_P.PAUSED, _E.TRAIN): (_P.STARTING, _A.BEGIN_ATTEMPT),
    (_P.LEAVING, _E.TRAIN): (_P.QUEUED_LEAVING, _A.JOIN_QUEUE),
    (_P.QUEUED_LEAVING, _E.TRAIN): (_P.QUEUED_LEAVING, _A.NOTHING),
    # A person presses Pause.
    (_P.RESTING, _E.PAUSE): (_P.RESTING, _A.NOTHING),
    (_P.OPENING, _E.PAUSE): (_P.OPENING, _A.NOTHING),
    (_P.VIEWING, _E.PAUSE): (_P.VIEWING, _A.NOTHING),
    (_P.CLOSING, _E.PAUSE): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED, _E.PAUSE): (_P.RESTING, _A.LEAVE_QUEUE),
    (_P.QUEUED_OPENING, _E.PAUSE): (_P.OPENING, _A.LEAVE_QUEUE),
    (_P.QUEUED_VIEWING, _E.PAUSE): (_P.VIEWING, _A.LEAVE_QUEUE),
    (_P.QUEUED_CLOSING, _E.PAUSE): (_P.CLOSING, _A.LEAVE_QUEUE),
    (_P.STARTING, _E.PAUSE): (_P.HALTING, _A.SEND_PAUSE),
    (_P.TRAINING, _E.PAUSE): (_P.HALTING, _A.SEND_PAUSE),
    (_P.HALTING, _E.PAUSE): (_P.HALTING, _A.NOTHING),
    (_P.PAUSED, _E.PAUSE): (_P.PAUSED, _A.NOTHING),
    (_P.LEAVING, _E.PAUSE): (_P.LEAVING, _A.NOTHING),
    (_P.QUEUED_LEAVING, _E.PAUSE): (_P.LEAVING, _A.LEAVE_QUEUE),
    # A person presses Stop.
    (_P.RESTING, _E.STOP): (_P.RESTING, _A.STOP_AT_REST),
    (_P.OPENING, _E.STOP): (_P.OPENING, _A.STOP_AT_REST),
    (_P.VIEWING, _E.STOP): (_P.VIEWING, _A.STOP_AT_REST),
    (_P.CLOSING, _E.STOP): (_P.CLOSING, _A.STOP_AT_REST),
    (_P.QUEUED, _E.STOP): (_P.RESTING, _A.LEAVE_QUEUE_AND_STOP),
    (_P.QUEUED_OPENING, _E.STOP): (_P.OPENING, _A.LEAVE_QUEUE_AND_STOP),
    (_P.QUEUED_VIEWING, _E.STOP): (_P.VIEWING, _A.LEAVE_QUEUE_AND_STOP),
    (_P.QUEUED_CLOSING, _E.STOP): (_P.CLOSING, _A.LEAVE_QUEUE_AND_STOP),
    (_P.STARTING, _E.STOP): (_P.HALTING, _A.SEND_STOP),
    (_P.TRAINING, _E.STOP): (_P.HALTING, _A.SEND_STOP),
    (_P.HALTING, _E.STOP): (_P.HALTING, _A.SEND_STOP),
    (_P.PAUSED, _E.STOP): (_P.PAUSED, _A.SEND_STOP),
    (_P.LEAVING, _E.STOP): (_P.LEAVING, _A.STOP_AT_REST),
    (_P.QUEUED_LEAVING, _E.STOP): (_P.LEAVING, _A.LEAVE_QUEUE_AND_STOP),
    # There is a message for its process. A process that ends takes none: it is refused.
    (_P.RESTING, _E.MESSAGE): (_P.OPENING, _A.OPEN),
    (_P.OPENING, _E.MESSAGE): (_P.OPENING, _A.SEND),
    (_P.VIEWING, _E.MESSAGE): (_P.VIEWING, _A.SEND),
    (_P.QUEUED, _E.MESSAGE): (_P.QUEUED_OPENING, _A.OPEN),
    (_P.QUEUED_OPENING, _E.MESSAGE): (_P.QUEUED_OPENING, _A.SEND),
    (_P.QUEUED_VIEWING, _E.MESSAGE): (_P.QUEUED_VIEWING, _A.SEND),
    (_P.STARTING, _E.MESSAGE): (_P.STARTING, _A.SEND),
    (_P.TRAINING, _E.MESSAGE): (_P.TRAINING, _A.SEND),
    (_P.HALTING, _E.MESSAGE): (_P.HALTING, _A.SEND),
    (_P.PAUSED, _E.MESSAGE): (_P.PAUSED, _A.SEND),
    # Its process has to save and exit.
    (_P.OPENING, _E.DISMISS): (_P.CLOSING, _A.SEND_EXIT),
    (_P.VIEWING, _E.DISMISS): (_P.CLOSING, _A.SEND_EXIT),
    (_P.CLOSING, _E.DISMISS): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.DISMISS): (_P.QUEUED_CLOSING, _A.SEND_EXIT),
    (_P.QUEUED_VIEWING, _E.DISMISS): (_P.QUEUED_CLOSING, _A.SEND_EXIT),
    (_P.QUEUED_CLOSING, _E.DISMISS): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.DISMISS): (_P.LEAVING, _A.SEND_EXIT),
    (_P.TRAINING, _E.DISMISS): (_P.LEAVING, _A.SEND_EXIT),
    (_P.HALTING, _E.DISMISS): (_P.LEAVING, _A.SEND_EXIT),
    (_P.PAUSED, _E.DISMISS): (_P.LEAVING, _A.SEND_EXIT),
    (_P.LEAVING, _E.DISMISS): (_P.LEAVING, _A.NOTHING),
    (_P.QUEUED_LEAVING, _E.DISMISS): (_P.QUEUED_LEAVING, _A.NOTHING),
    # There is a place for it.
    (_P.QUEUED, _E.PLACE): (_P.STARTING, _A.OPEN_AND_TRAIN),
    (_P.QUEUED_OPENING, _E.PLACE): (_P.STARTING, _A.BEGIN_ATTEMPT),
    (_P.QUEUED_VIEWING, _E.PLACE): (_P.STARTING, _A.BEGIN_ATTEMPT),
    # Its process says that it trains. A viewer says so of a run that another program trains.
    (_P.OPENING, _E.SAYS_RUNNING): (_P.VIEWING, _A.NOTE),
    (_P.VIEWING, _E.SAYS_RUNNING): (_P.VIEWING, _A.NOTE),
    (_P.CLOSING, _E.SAYS_RUNNING): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.SAYS_RUNNING): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_VIEWING, _E.SAYS_RUNNING): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_CLOSING, _E.SAYS_RUNNING): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.SAYS_RUNNING): (_P.TRAINING, _A.NOTE_RUNNING),
    (_P.TRAINING, _E.SAYS_RUNNING): (_P.TRAINING, _A.NOTE_RUNNING),
    (_P.HALTING, _E.SAYS_RUNNING): (_P.HALTING, _A.NOTE_RUNNING),
    (_P.LEAVING, _E.SAYS_RUNNING): (_P.LEAVING, _A.NOTE_RUNNING),
    (_P.QUEUED_LEAVING, _E.SAYS_RUNNING): (_P.QUEUED_LEAVING, _A.NOTE_RUNNING),
    # Its process says that it is paused. A viewer says so of a run that was paused.
    (_P.OPENING, _E.SAYS_PAUSED): (_P.VIEWING, _A.NOTE),
    (_P.VIEWING, _E.SAYS_PAUSED): (_P.VIEWING, _A.NOTE),
    (_P.CLOSING, _E.SAYS_PAUSED): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.SAYS_PAUSED): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_VIEWING, _E.SAYS_PAUSED): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_CLOSING, _E.SAYS_PAUSED): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.SAYS_PAUSED): (_P.PAUSED, _A.NOTE),
    (_P.TRAINING, _E.SAYS_PAUSED): (_P.PAUSED, _A.NOTE),
    (_P.HALTING, _E.SAYS_PAUSED): (_P.PAUSED, _A.NOTE),
    (_P.PAUSED, _E.SAYS_PAUSED): (_P.PAUSED, _A.NOTE),
    (_P.LEAVING, _E.SAYS_PAUSED): (_P.LEAVING, _A.NOTE),
    (_P.QUEUED_LEAVING, _E.SAYS_PAUSED): (_P.QUEUED_LEAVING, _A.NOTE),
    # Its process says that it does not train.
    (_P.OPENING, _E.SAYS_OVER): (_P.VIEWING, _A.NOTE),
    (_P.VIEWING, _E.SAYS_OVER): (_P.VIEWING, _A.NOTE),
    (_P.CLOSING, _E.SAYS_OVER): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.SAYS_OVER): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_VIEWING, _E.SAYS_OVER): (_P.QUEUED_VIEWING, _A.NOTE),
    (_P.QUEUED_CLOSING, _E.SAYS_OVER): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.SAYS_OVER): (_P.VIEWING, _A.FREE_PLACE),
    (_P.TRAINING, _E.SAYS_OVER): (_P.VIEWING, _A.FREE_PLACE),
    (_P.HALTING, _E.SAYS_OVER): (_P.VIEWING, _A.FREE_PLACE),
    (_P.PAUSED, _E.SAYS_OVER): (_P.VIEWING, _A.FREE_PLACE),
    (_P.LEAVING, _E.SAYS_OVER): (_P.LEAVING, _A.NOTE),
    (_P.QUEUED_LEAVING, _E.SAYS_OVER): (_P.QUEUED_LEAVING, _A.NOTE),
    # Its process has saved and is about to exit.
    (_P.OPENING, _E.GOODBYE): (_P.CLOSING, _A.COUNT_CRASH),
    (_P.VIEWING, _E.GOODBYE): (_P.CLOSING, _A.COUNT_CRASH),
    (_P.CLOSING, _E.GOODBYE): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.GOODBYE): (_P.QUEUED_CLOSING, _A.COUNT_CRASH),
    (_P.QUEUED_VIEWING, _E.GOODBYE): (_P.QUEUED_CLOSING, _A.COUNT_CRASH),
    (_P.QUEUED_CLOSING, _E.GOODBYE): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.GOODBYE): (_P.LEAVING, _A.FAIL),
    (_P.TRAINING, _E.GOODBYE): (_P.LEAVING, _A.NOTE),
    (_P.HALTING, _E.GOODBYE): (_P.LEAVING, _A.NOTE),
    (_P.PAUSED, _E.GOODBYE): (_P.LEAVING, _A.NOTE),
    (_P.LEAVING, _E.GOODBYE): (_P.LEAVING, _A.NOTE),
    (_P.QUEUED_LEAVING, _E.GOODBYE): (_P.QUEUED_LEAVING, _A.NOTE),
    # The connection to its process has ended, or was never made.
    (_P.OPENING, _E.DISCONNECTED): (_P.CLOSING, _A.COUNT_CRASH),
    (_P.VIEWING, _E.DISCONNECTED): (_P.CLOSING, _A.COUNT_CRASH),
    (_P.CLOSING, _E.DISCONNECTED): (_P.CLOSING, _A.NOTHING),
    (_P.QUEUED_OPENING, _E.DISCONNECTED): (_P.QUEUED_CLOSING, _A.COUNT_CRASH),
    (_P.QUEUED_VIEWING, _E.DISCONNECTED): (_P.QUEUED_CLOSING, _A.COUNT_CRASH),
    (_P.QUEUED_CLOSING, _E.DISCONNECTED): (_P.QUEUED_CLOSING, _A.NOTHING),
    (_P.STARTING, _E.DISCONNECTED): (_P.LEAVING, _A.FAIL),
    (_P.TRAINING, _E.DISCONNECTED): (_P.LEAVING, _A.FAIL),
    (_P.HALTING, _E.DISCONNECTED): (_P.LEAVING, _A.FAIL),
    (_P.PAUSED, _E.DISCONNECTED): (_P.LEAVING, _A.FAIL),
    (_P.LEAVING, _E.DISCONNECTED): (_P.LEAVING, _A.NOTHING),
    (_P.QUEUED_LEAVING, _E.DISCONNECTED): (_P.QUEUED_LEAVING, _A.NOTHING),
    # Its process has ended, and with it the lock on the run's folder.
    (_P.CLOSING, _E.EXITED): (_P.RESTING, _A.FORGET_PROCESS),
    (_P.QUEUED_CLOSING, _E.EXITED): (_P.QUEUED, _A.FORGET_PROCESS),
    (_P.LEAVING, _E.EXITED): (_P.RESTING, _A.FORGET_PROCESS),
    (_P.QUEUED_LEAVING, _E.EXITED): (_P.QUEUED, _A.FORGET_PROCESS),
}
