"""Every kind of message on every route: it is read back as it was sent, and refused otherwise."""

import json
import math
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.runs.messages import (
    browser_to_server,
    server_to_worker,
)
from mlpdash.runs.messages.message import PACES, Message, kind_of
from mlpdash.runs.messages.reader import read
from mlpdash.runs.wire import WireError
from tests.runs.messages.examples import FRAME, SENT

ROUTES: Final = tuple(SENT)
EACH: Final = [(route, message) for route in ROUTES for message in SENT[route]]


def named(value: object) -> str:
    if isinstance(value, Message):
        return kind_of(type(value))
    return getattr(value, "__name__", "").rpartition(".")[2]


def kinds(route) -> dict[str, type[Message]]:
    return {kind_of(one): one for one in route.KINDS}


def test_each_of_the_36_kinds_is_sent_here():
    for route in ROUTES:
        assert {type(message) for message in SENT[route]} == set(route.KINDS)
        assert len(kinds(route)) == len(route.KINDS)  # no two of a kind
    assert len(EACH) == 36


@pytest.mark.parametrize(("route", "message"), EACH, ids=named)
def test_what_is_sent_is_read_back(route, message):
    assert read(route.READER, message.text()) == message
    assert json.loads(message.text())["kind"] == kind_of(type(message))


@pytest.mark.parametrize(("route", "message"), EACH, ids=named)
def test_an_entry_that_its_class_does_not_know_is_refused(route, message):
    said = {**json.loads(message.text()), "odd": 1}
    with pytest.raises(WireError, match="odd"):
        read(route.READER, json.dumps(said))


@pytest.mark.parametrize(("route", "message"), EACH, ids=named)
def test_an_entry_of_another_type_is_refused(route, message):
    said = json.loads(message.text())
    for name in said.keys() - {"kind"}:
        with pytest.raises(WireError, match=name):
            read(route.READER, json.dumps({**said, name: [{"odd": 1}]}))


@pytest.mark.parametrize(("route", "message"), EACH, ids=named)
def test_what_must_be_said_cannot_be_left_out(route, message):
    said = json.loads(message.text())
    for name, field in type(message).model_fields.items():
        if field.is_required():
            with pytest.raises(WireError, match=name):
                read(route.READER, json.dumps({k: v for k, v in said.items() if k != name}))


@pytest.mark.parametrize(("route", "message"), EACH, ids=named)
def test_who_may_not_send_it_is_refused(route, message):
    for other in ROUTES:
        if type(message) in other.KINDS:
            continue
        # of the same name there, a message must have the same shape to be read, and another class
        try:
            found = read(other.READER, message.text())
        except WireError:
            continue
        assert kind_of(type(message)) in kinds(other)
        assert type(found) is not type(message)
        assert type(found) in other.KINDS


def test_no_browser_can_send_what_only_the_server_may():
    for message in SENT[server_to_worker]:
        if kind_of(type(message)) not in kinds(browser_to_server):
            with pytest.raises(WireError):
                read(browser_to_server.READER, message.text())


@pytest.mark.parametrize("route", ROUTES, ids=named)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["kind", "view", "to", "x"]), inner, max_size=4)
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_whatever_comes_is_a_message_or_refused_in_a_sentence(route, text):
    try:
        found = read(route.READER, text)
    except WireError:
        return
    assert type(found) in route.KINDS


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"kind": "train"', '{"kind": "train"}}', "", "\ud800"]
)
def test_text_that_is_no_json_is_refused(text):
    with pytest.raises(WireError):
        read(browser_to_server.READER, text)


def test_numbers_that_are_not_finite_travel_as_null():
    sent = FRAME.model_copy(update={"values": {"loss_train": math.nan}, "overhead": math.inf})
    said = json.loads(sent.text())
    assert said["values"] == {"loss_train": None}
    assert said["overhead"] is None


def test_a_message_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        FRAME.epoch = 3


def test_each_pace_has_its_seconds():
    assert PACES == ("10", "60", "full")
