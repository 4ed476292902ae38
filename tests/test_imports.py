"""No circle of imports; and the first page needs neither torch nor scikit-learn.

Which room may import which stands in pyproject.toml, for `lint-imports`. Here imports are read from
the syntax tree, so that one inside a function or for types alone counts too.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mlpdash"
FILES = sorted(PACKAGE.rglob("*.py"))

NO_TORCH = {
    "text",
    "errors",
    "version",
    "shipped",
    "home",
    "files",
    "specs",
    "data",
    "charts",
    "ui",
    "",
}

# What is imported -> what requirements.txt calls it, or the pinned package that brings it.
DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "starlette": "streamlit",
    "anyio": "streamlit",
    "click": "streamlit",
    "pyarrow": "streamlit",
    "pydantic_core": "pydantic",
}
OPTIONAL = {"onnx"}  # imported in a function that says so when it is missing
BROUGHT = {"threadpoolctl"}  # by scikit-learn, which cannot do without


def imports(source: str, package: str) -> Iterator[str]:
    """Yield the dotted name of everything that `source`, a module in `package`, imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(
                [*(above if node.level else []), *([node.module] if node.module else [])]
            )
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part_of(file: Path) -> str:
    first = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports_of(file: Path) -> list[str]:
    package = ".".join(file.relative_to(PACKAGE.parent).parent.parts)
    return list(imports(file.read_text(encoding="utf-8"), package))


def roots(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(file)}


def named(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch.nn as nn, json", ["torch.nn", "json"]),
        ("def f():\n    from torch import nn", ["torch.nn"]),
        ("from . import wire", ["mlpdash.runs.wire"]),
        ("from ..data import home", ["mlpdash.data.home"]),
        ("from mlpdash import ui", ["mlpdash.ui"]),
    ],
)
def test_every_form_of_import_is_seen(source: str, expected: list[str]) -> None:
    assert list(imports(source, "mlpdash.runs")) == expected


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
        ".__init__"
    )


def used_by(file: Path, modules: set[str]) -> set[str]:
    """Return the modules of ours that a file imports, itself left out."""
    found = {name if name in modules else name.rpartition(".")[0] for name in imports_of(file)}
    return found & modules - {module_of(file)}


def test_no_two_files_import_each_other() -> None:
    modules = {module_of(file) for file in FILES}
    graph = {module_of(file): used_by(file, modules) for file in FILES}
    assert "mlpdash.training.net.layout" in graph["mlpdash.training.net.model"]  # the reader reads
    TopologicalSorter(graph).prepare()  # raises CycleError with the files of a circle


@pytest.mark.parametrize("file", FILES, ids=named)
def test_only_ui_imports_streamlit(file: Path) -> None:
    if part_of(file) != "ui":
        assert not roots(file) & {"streamlit", "starlette", "uvicorn", "tornado"}


@pytest.mark.parametrize("file", [f for f in FILES if part_of(f) in NO_TORCH], ids=named)
def test_specs_data_charts_and_ui_never_import_torch(file: Path) -> None:
    assert "torch" not in roots(file)


@pytest.mark.parametrize("file", FILES, ids=named)
def test_every_package_that_is_imported_is_pinned(file: Path) -> None:
    pins = (PACKAGE.parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {pin.split("==")[0] for pin in pins if "==" in pin}
    foreign = roots(file) - set(sys.stdlib_module_names) - {"mlpdash"} - OPTIONAL - BROUGHT
    assert {DISTRIBUTIONS.get(name, name) for name in foreign} <= pinned


def loaded_after(program: str) -> set[str]:
    """Run `program` in a fresh interpreter and return the top-level modules it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules)"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_what_the_first_page_needs_loads_neither_torch_nor_sklearn() -> None:
    loaded = loaded_after(
        "import mlpdash.ui.server\n"
        "import mlpdash.charts\n"
        "from mlpdash.data.load import load, starting_point\n"
        "from mlpdash.data.sets.catalogue import OPENING\n"
        "from mlpdash.data.prepare import prepare\n"
        "spec = starting_point(OPENING).data\n"
        "prepare(load(spec), spec)\n"
    )
    assert "streamlit" in loaded  # the probe sees what it should see
    assert not loaded & {"torch", "sklearn", "scipy"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_after("import mlpdash")
    assert "mlpdash" in loaded
    assert not loaded & {"torch", "sklearn", "pandas", "numpy", "streamlit", "pydantic"}


def test_listing_the_datasets_loads_neither_torch_nor_sklearn() -> None:
    loaded = loaded_after("from mlpdash.cli.main import main\nmain(['datasets'])")
    assert not loaded & {"torch", "sklearn", "streamlit"}
