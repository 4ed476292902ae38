"""The one place in which a message that is not of its route is refused."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from mlpdash.runs.wire import WireError

M = TypeVar("M")


def read(reader: TypeAdapter[M], text: str | bytes) -> M:
    """Return the message that a route's `READER` finds in JSON text.

    Raises
    ------
    WireError : it is not JSON, of no kind of this route, or not as its class says
    """
    try:
        return reader.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WireError(f"{place}: {first['msg']}" if place else first["msg"]) from None
