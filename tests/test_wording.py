"""One word per thing: the parts of a split are called training, validation and test everywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "mlpdash").rglob("*.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OTHER_NAMES = re.compile(
    r"\b(held|hold|holds|holding)[- ](out|back)\b|\bholdout\b|\bdev set\b|(?<!not )\bvalid\b", re.I
)


def texts(module: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts that a person reads, those in _() and N_(), with their lines."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_", "n_"):
            for part in node.args:
                for one in ast.walk(part):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.lineno, one.value


def test_texts_call_the_parts_of_a_split_by_their_names() -> None:
    found = [
        f"{module.relative_to(ROOT)}:{line}: {text}"
        for module in MODULES
        for line, text in texts(module)
        if OTHER_NAMES.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_call_the_parts_of_a_split_by_their_names(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if OTHER_NAMES.search(line)] == []
