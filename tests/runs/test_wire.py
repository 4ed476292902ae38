import asyncio
import json
import math
import socket
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.runs import wire
from mlpdash.runs.wire import Link, WireError, as_header, as_text, pack, unpack


def test_bytes_of_a_message_are_those_of_the_contract():
    header = b'{"kind":"a"}'
    assert pack(header, b"xyz") == b"\x13\0\0\0" + b"\x0c\0\0\0" + header + b"xyz"


@given(st.text(max_size=30), st.binary(max_size=30))
def test_payload_comes_back_and_is_aligned(text, payload):
    content = pack(as_text({"text": text}), payload)
    assert struct.unpack("<I", content[:4])[0] == len(content) - 4
    header_length = struct.unpack("<I", content[4:8])[0]
    assert (4 + header_length) % 8 == 0
    header, rest = unpack(content[4:])
    assert as_header(header) == {"text": text}
    assert bytes(rest) == payload


def test_payload_is_not_copied():
    content = wire.body(b"{}", np.arange(3, dtype="<f4").tobytes())
    _, payload = unpack(content)
    assert np.shares_memory(np.frombuffer(payload, "<f4"), np.frombuffer(content, "u1"))


def test_numbers_that_are_not_finite_become_null():
    text = as_text({"values": {"loss": math.nan, "rest": [math.inf, 1.5]}})
    assert as_header(text) == {"values": {"loss": None, "rest": [None, 1.5]}}


@pytest.mark.parametrize(
    "content",
    [b"", b"\1\0", struct.pack("<I", 9) + b"{}"],
)
def test_damaged_body_is_refused(content):
    with pytest.raises(WireError):
        unpack(content)


@pytest.mark.parametrize("text", [b"[]", b"{]", b"", b"\xff"])
def test_a_header_that_is_no_object_is_refused(text):
    with pytest.raises(WireError):
        as_header(text)


def pair():
    ours, theirs = socket.socketpair()
    return Link(ours), theirs


def test_link_puts_together_what_arrives_in_pieces():
    link, other = pair()
    with link, other:
        message = pack(b"frame", b"12345678") + pack(b"pause")
        for cut in range(0, len(message), 5):
            other.sendall(message[cut : cut + 5])
        text, payload = link.receive(timeout=1.0)
        assert (text.strip(), bytes(payload)) == (b"frame", b"12345678")
        assert link.receive(timeout=1.0)[0].strip() == b"pause"
        assert link.receive() is None


def test_link_tells_that_the_other_side_has_gone():
    link, other = pair()
    with link:
        other.sendall(pack(b"last")[:-1])
        other.close()
        with pytest.raises(EOFError):
            link.receive(timeout=1.0)


def test_link_refuses_a_message_of_absurd_length():
    link, other = pair()
    with link, other:
        other.sendall(struct.pack("<I", wire.MAX_BODY + 1))
        with pytest.raises(WireError):
            link.receive(timeout=1.0)


def read(*chunks):
    async def reading():
        reader = asyncio.StreamReader()
        for chunk in chunks:
            reader.feed_data(chunk)
        reader.feed_eof()
        return [await wire.read_body(reader, 100), await wire.read_body(reader, 100)]

    return asyncio.run(reading())


def test_server_reads_bodies_until_the_end():
    body = wire.body(b"status", b"abc")
    assert read(pack(b"status", b"abc")) == [body, None]
    assert read(pack(b"status", b"abc"), b"\x08\0\0\0half") == [body, None]


def test_server_refuses_a_message_that_is_too_long():
    with pytest.raises(WireError):
        read(struct.pack("<I", 101))


def test_header_is_plain_json_in_utf8():
    content = wire.body(as_text({"name": "größe"}))
    size = struct.unpack("<I", content[:4])[0]
    assert json.loads(content[4 : 4 + size].decode()) == {"name": "größe"}
