"""The board's `static/messages.js`, made from the classes of what browser and server say.

python -m tests.ui.board.messages_js   writes it anew
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from mlpdash.runs.messages import browser_to_server, server_to_browser
from mlpdash.runs.messages.message import PACES, Message, kind_of
from mlpdash.ui import board

PATH: Final = Path(board.__file__).parent / "static" / "messages.js"
HEAD: Final = """\
// What travels between the board and the server. Made from the classes in runs/messages by
// `python -m tests.ui.board.messages_js`: change it there.

// -- kinds ---------------------------------------------------------------------------------------
"""
ROUTES: Final = {"Sent": browser_to_server, "Heard": server_to_browser}
NAMES: Final = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}


def content() -> str:
    """Return the whole file."""
    return "\n".join([HEAD, *_kinds(), "", *_paces(), "", *_required(), *_types()])


def _kinds() -> Iterator[str]:
    for route in ROUTES.values():
        yield f"// {route.__name__.rpartition('.')[2].replace('_', ' ')}"
        known = set() if route is browser_to_server else _kinds_of(browser_to_server)
        for kind in sorted(_kinds_of(route) - known):
            yield f'export const {kind.upper()} = "{kind}"'


def _kinds_of(route: ModuleType) -> set[str]:
    return {kind_of(one) for one in route.KINDS}


def _paces() -> Iterator[str]:
    choices = ", ".join(f'"{pace}"' for pace in PACES)
    yield f"export const PACES = /** @type {{const}} */ ([{choices}])"


def _required() -> Iterator[str]:
    yield "// what each message from the server must have"
    yield "/** @type {Partial<Record<string, string[]>>} */"
    yield "export const REQUIRED = {"
    for one in sorted(server_to_browser.KINDS, key=kind_of):
        names = [f'"{name}"' for name, field in one.model_fields.items() if field.is_required()]
        yield f"  {kind_of(one)}: ["
        yield textwrap.indent(textwrap.fill(", ".join(names), 110), "    ")
        yield "  ],"
    yield "}"


def _types() -> Iterator[str]:
    for name, route in ROUTES.items():
        yield ""
        title = f"// -- {route.__name__.rpartition('.')[2].replace('_', ' ')} "
        yield title + "-" * (100 - len(title))
        yield ""
        for part in _parts(route.KINDS):
            yield from _typedef(part)
        for message in route.KINDS:
            yield from _typedef(message)
        yield f"/** @typedef {{{' | '.join(one.__name__ for one in route.KINDS)}}} {name} */"
    yield ""


def _typedef(model: type[BaseModel]) -> Iterator[str]:
    """Yield one class as JSDoc."""
    said = (inspect.getdoc(model) or "").splitlines()[0]
    yield "/**"
    yield f" * @typedef {{object}} {model.__name__}  {said}"
    for name, field in model.model_fields.items():
        shown = name if field.is_required() or name == "kind" else f"[{name}]"
        yield f" * @property {{{_in_js(field.annotation)}}} {shown}"
    yield " */"


def _parts(models: Any) -> list[type[BaseModel]]:
    """Return the classes that messages have inside, each once."""
    found: dict[type[BaseModel], None] = {}
    for model in models:
        for field in model.model_fields.values():
            inner = [one for one in _inside(field.annotation) if not issubclass(one, Message)]
            found |= dict.fromkeys([*_parts(inner), *inner])
    return list(found)


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _inside(one)


def _in_js(annotation: Any) -> str:
    """Return a Python type as TypeScript writes it."""
    if annotation in NAMES:
        return NAMES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    inner, origin = get_args(annotation), get_origin(annotation)
    if origin is Annotated:
        return _in_js(inner[0])
    if origin is Literal:
        return " | ".join(f'"{one}"' for one in inner)
    if origin in (Union, UnionType):
        return " | ".join(_in_js(one) for one in inner)
    if origin is tuple and inner[1:] == (...,):
        item = _in_js(inner[0])
        return f"({item})[]" if " | " in item and not item.startswith("[") else f"{item}[]"
    if origin is tuple:
        return f"[{', '.join(_in_js(one) for one in inner)}]"
    if origin is dict:
        return f"Record<string, {_in_js(inner[1])}>"
    return "unknown"


if __name__ == "__main__":
    PATH.write_text(content(), encoding="utf-8")
