"""What README.md says holds: its addresses learn, its commands run, its numbers are counted."""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import pytest
from sklearn.datasets import load_iris

import mlpdash
from mlpdash.bench.workloads import WORKLOADS
from mlpdash.cli.main import main, parser
from mlpdash.data.load import load, starting_point
from mlpdash.data.reading import limits
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.runs.worker.headless import run_headless
from mlpdash.specs import choices_of
from mlpdash.specs.base import MAX_LAYERS, MAX_NETS, MAX_WIDTH
from mlpdash.specs.presets import PRESETS
from mlpdash.ui.choices.choices import read_query

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESSES: Final = re.findall(r"`/\?([^`\s]+)`", README)
BLOCKS: Final = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
LINES: Final = [line for kind, text in BLOCKS if kind == "bash" for line in text.splitlines()]
COMMANDS: Final = [
    *(line.partition("#")[0] for line in LINES if line.startswith("mlpdash ")),
    *(words for words in re.findall(r"`(mlpdash [^`]+)`", README) if "--help" not in words),
]
WORDS: Final = {"six": 6, "nine": 9, "eleven": 11}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_address_is_understood_and_learns(address: str, seed: int) -> None:
    choices, problems = read_query(dict(parse_qsl(address)), starting_point)
    assert problems == []
    experiment = choices.experiment.changed(seed=seed)
    reached = run_headless(experiment)["validation"]["accuracy"]
    assert reached >= 0.9, f"{address} reaches {reached:.1%}"


def test_there_is_an_address_and_there_are_commands() -> None:
    assert ADDRESSES
    assert {words.split()[1] for words in COMMANDS} == {
        "train", "results", "export", "predict", "bench", "datasets", "presets",
    }  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_has_the_flags_that_it_is_written_with(words: str) -> None:
    parser().parse_args(shlex.split(words)[1:])


@pytest.mark.parametrize("module", re.findall(r"python -m (tests\.\w+)", README))
def test_a_module_to_be_run_is_there(module: str) -> None:
    assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", README))
def test_a_file_that_is_linked_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_the_commands_and_the_code_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Train, look, export, predict, and both pieces of Python."""
    monkeypatch.chdir(ROOT)
    run, bundle, rows = (str(tmp_path / name) for name in ("run", "net.mlpdash", "rows.csv"))
    places = {
        "RUN": run,
        "net.mlpdash": bundle,
        "rows.csv": str(ROOT / "sample_data/temperature.csv"),
    }
    places["predictions.csv"] = rows
    for words in COMMANDS:
        kind, *rest = [places.get(word, word) for word in shlex.split(words)[1:]]
        if kind == "bench" or "--learning-curve" in rest:  # minutes
            continue
        more = {"train": ["--out", run], "export": ["--out", bundle]}.get(kind, [])
        assert main([kind, *rest, *more]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "temperature.csv: finished after" in said
    assert Path(rows).is_file()

    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"frame": load(starting_point("temperature").data).frame}
    names["X"], names["y"] = load_iris(return_X_y=True)
    for kind, code in BLOCKS:
        if kind == "python":
            exec(code, names)  # noqa: S102 - it is ours
    assert isinstance(mlpdash.load(bundle), object)


def test_the_example_of_what_a_command_prints_is_what_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    words, shown = next(
        (command.strip(), printed)
        for (_kind, command), (_none, printed) in itertools.pairwise(BLOCKS)
        if command.startswith("mlpdash train ")
    )
    assert main([*shlex.split(words)[1:], "--out", str(tmp_path / "run"), "--device", "cpu"]) == 0
    printed = capsys.readouterr().out
    assert without_times(printed) == without_times(shown)


def without_times(printed: str) -> list[str]:
    """Return what two runs of a command print alike; losses may differ in their last digit."""
    lines = re.sub(r", [\d.]+ (s|min)$", "", printed, flags=re.MULTILINE).strip().splitlines()
    kept = [line for line in lines if not re.match(r"[\d,]+ steps/s|kept in ", line)]
    return [re.sub(r"(\d\.\d+?)\d\b", r"\1", line) for line in kept]


def counted(pattern: str) -> int:
    """Return the number that stands in the README before, or between, some words."""
    found = re.search(pattern, README)
    assert found, pattern
    text = found[1].replace(",", "")
    return WORDS.get(text.lower()) or int(text)


def test_numbers_of_what_there_is_are_counted() -> None:
    assert counted(r"\*\*Data\.\*\* (\d+) sets") == len(CATALOGUE)
    assert counted(r"\*\*Examples\.\*\* (\w+) worked") == len(PRESETS)
    assert counted(r"\*\*Training\.\*\* (\w+) optimisers") == len(choices_of("optimizer"))
    assert counted(r"own parameters; (\w+) losses") == len(choices_of("loss")) - 1  # auto
    assert counted(r"Up to (\d+) hidden layers") == MAX_LAYERS
    assert counted(r"0 to (\d+) of 1 to 8,192") == MAX_LAYERS
    assert counted(r"0 to 16 of 1 to ([\d,]+)") == MAX_WIDTH
    assert counted(r"Up to (\d+), from different seeds") == MAX_NETS
    assert counted(r"and (\d+) more sets, points drawn") == len(CATALOGUE) - 7  # and the drawn one
    named = re.search(r"an activation each: (.*?);", README, re.DOTALL)
    assert named
    assert len(re.split(r",| or ", named[1])) == len(choices_of("activation"))


def test_the_caps_of_a_table_are_those_of_the_program() -> None:
    row = re.search(r"^\| `MLPDASH_MAX_UPLOAD_MB`.*$", README, re.MULTILINE)
    assert row
    names, _what, values = row[0].strip("| ").split(" | ")
    of = {
        one.variable: one.default for one in vars(limits).values() if isinstance(one, limits.Limit)
    }
    written = [int(number.replace(",", "")) for number in values.split("; ")]
    assert dict(zip(re.findall(r"`(\w+)`", names), written, strict=True)) == of


def test_measured_tables_have_the_workloads_and_sets_of_the_benchmark() -> None:
    rows = re.findall(
        r"^\| (\d+-\S+ .*?, batch .*?|\d+-\S+ .*?, full batch.*?) \|", README, re.MULTILINE
    )
    assert len(rows) == len(WORKLOADS)
