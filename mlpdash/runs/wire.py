"""Messages between the server, its workers and the browser.

One message is

    u32 length of the rest, u32 length of the header, header, payload

all little-endian. The header is JSON in UTF-8 (`messages` says what may stand in it), padded with
blanks so that the payload starts at a multiple of 8 behind the first length and a browser can lay
typed arrays over it. What follows the first length is the body; the server passes it on to the
browser unchanged.
"""

from __future__ import annotations

import asyncio
import json
import math
import select
import socket
import struct
from typing import Any, Final

MAX_BODY: Final = 64 * 2**20  # bytes; a frame has about 100,000
_LENGTH: Final = struct.Struct("<I")
_CHUNK: Final = 2**18

Header = dict[str, Any]
Bytes = bytes | bytearray | memoryview


class WireError(ValueError):
    """The other side does not speak this protocol."""


def body(text: bytes, payload: Bytes = b"") -> bytes:
    """Return the text of a header and the payload as one body, as the browser gets it."""
    text += b" " * (-(4 + len(text)) % 8)
    return b"".join((_LENGTH.pack(len(text)), text, payload))


def pack(text: bytes, payload: Bytes = b"") -> bytes:
    """Return the text of a header and the payload as one message, as it travels over a socket."""
    content = body(text, payload)
    return _LENGTH.pack(len(content)) + content


def unpack(content: Bytes) -> tuple[bytes, memoryview]:
    """Take a body apart into its header's text and its payload, which is not copied.

    Raises
    ------
    WireError : the body is too short
    """
    view = memoryview(content)
    if len(view) < 4:
        raise WireError(f"a body has at least 4 bytes; got {len(view)}")
    (size,) = _LENGTH.unpack(view[:4])
    if 4 + size > len(view):
        raise WireError(f"the header has {size} bytes, the body only {len(view)}")
    return bytes(view[4 : 4 + size]), view[4 + size :]


def as_text(header: Header) -> bytes:
    """Return a header as JSON; what is not finite becomes null, since a browser knows no NaN."""
    try:
        return json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        return json.dumps(finite(header), separators=(",", ":")).encode()


def as_header(text: bytes) -> Header:
    """Return what JSON text holds.

    Raises
    ------
    WireError : it is not a JSON object
    """
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"the header is not JSON: {error}") from None
    if not isinstance(header, dict):
        raise WireError("the header is not a JSON object")
    return header


async def read_body(reader: asyncio.StreamReader, most: int = MAX_BODY) -> bytes | None:
    """Read one body; None when the other side has gone, even amid a message.

    Raises
    ------
    WireError : the body is longer than `most` bytes
    """
    try:
        return await reader.readexactly(_checked_length(await reader.readexactly(4), most))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Link:
    """The worker's end: a blocking socket that sends, and reads when asked.

    >>> ours, theirs = socket.socketpair()
    >>> with Link(ours) as link, Link(theirs) as other:
    ...     link.send(b'{"kind":"pause"}')
    ...     other.receive(timeout=1.0)[0].strip()
    b'{"kind":"pause"}'
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._socket.setblocking(True)
        self._buffer = bytearray()

    @classmethod
    def connect(cls, address: tuple[str, int], hello: bytes, *, timeout: float = 10.0) -> Link:
        """Connect to the server and send `hello`.

        Raises
        ------
        OSError : the server is not there
        """
        sock = socket.create_connection((address[0], int(address[1])), timeout=timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = cls(sock)
        link.send(hello)
        return link

    def send(self, text: bytes, payload: Bytes = b"") -> None:
        """Send one message whole.

        Raises
        ------
        OSError : the other side has gone
        """
        self._socket.sendall(pack(text, payload))

    def receive(self, timeout: float | None = 0.0) -> tuple[bytes, memoryview] | None:
        """Return the next message, or None when `timeout` seconds pass without a whole one.

        With 0 it only looks, which costs about a microsecond; with None it waits for ever.

        Raises
        ------
        EOFError : the other side has gone
        WireError : the other side does not speak this protocol
        """
        while (content := self._whole()) is None:
            readable, _, _ = select.select([self._socket], [], [], timeout)
            if not readable:
                return None
            try:
                chunk = self._socket.recv(_CHUNK)
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise EOFError("the connection is closed")
            self._buffer += chunk
        return unpack(content)

    def _whole(self) -> bytes | None:
        """Take one whole body out of the buffer, if there is one."""
        if len(self._buffer) < 4:
            return None
        end = 4 + _checked_length(self._buffer[:4])
        if len(self._buffer) < end:
            return None
        content = bytes(self._buffer[4:end])
        del self._buffer[:end]
        return content

    def fileno(self) -> int:
        """Return the socket's descriptor, for `select`."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the connection; the other side reads its end."""
        self._socket.close()

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _checked_length(prefix: Bytes, most: int = MAX_BODY) -> int:
    length: int = _LENGTH.unpack(prefix)[0]
    if length > most:
        raise WireError(f"a body has at most {most} bytes here; got {length}")
    return length


def finite(value: Any) -> Any:
    """Return what JSON can hold: numbers that are not finite become None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
