"""What the board knows of messages is what the classes say, and it takes no others."""

from __future__ import annotations

import json

import pytest

from mlpdash.runs import wire
from mlpdash.runs.messages import browser_to_server, server_to_browser
from mlpdash.runs.messages.message import PACES, kind_of
from mlpdash.runs.messages.reader import read
from tests.runs.messages.examples import FRAME, SENT
from tests.ui.board.messages_js import PATH, content

HEAR = """
const heard = [], complaints = []
console.error = (...said) => complaints.push(said[0])
const note = ({ kind }) => heard.push(kind)
const stream = new m.Stream({ say: note, frame: note, link() {}, hello() {}, have: () => ({}) })
stream.receive(new Uint8Array(a).buffer)
return [heard, complaints.length]
"""
SAY = """
const sent = []
const stream = new m.Stream({ link() {}, hello() {}, have: () => a })
stream.socket = { readyState: WebSocket.OPEN, send: (text) => sent.push(text) }
stream.secret = "s"
stream.write({ kind: "hello", secret: stream.secret })
stream.greet()
return sent
"""
TO_BROWSER = [
    (kind_of(type(one)), one.model_copy(update={"arrays": ()}) if one is FRAME else one)
    for one in SENT[server_to_browser]
]


def heard(js, said):
    """Return the kinds that the board takes, and how often it complains."""
    return js("stream.js", HEAR, list(wire.body(json.dumps(said).encode())))


def test_the_file_is_what_the_classes_say():
    assert PATH.read_text(encoding="utf-8") == content(), (
        "run `python -m tests.ui.board.messages_js`"
    )


def test_the_board_knows_each_kind_and_the_paces(js):
    known = js("messages.js", "return m")
    kinds = {
        kind_of(one) for route in (browser_to_server, server_to_browser) for one in route.KINDS
    }
    assert {name: known.get(name.upper()) for name in kinds} == {name: name for name in kinds}
    assert known["PACES"] == list(PACES)


@pytest.mark.parametrize(("kind", "message"), TO_BROWSER, ids=[kind for kind, _ in TO_BROWSER])
def test_the_board_takes_each_message_and_refuses_it_without_what_it_must_have(js, kind, message):
    said = json.loads(message.text())
    assert heard(js, said) == [[kind], 0]
    required = [name for name, field in type(message).model_fields.items() if field.is_required()]
    for name in required:
        assert heard(js, {key: value for key, value in said.items() if key != name}) == [[], 1]


@pytest.mark.parametrize("said", [{}, {"kind": None}, {"kind": "train"}, {"kind": "toString"}])
def test_the_board_refuses_what_no_server_says(js, said):
    assert heard(js, said) == [[], 1]


def test_what_the_stream_itself_says_is_of_the_classes(js):
    have = browser_to_server.Have().model_dump()
    hello, following = (read(browser_to_server.READER, text) for text in js("stream.js", SAY, have))
    assert hello == browser_to_server.Hello(secret="s")
    assert following == browser_to_server.Next(have=browser_to_server.Have(**have), force=True)
