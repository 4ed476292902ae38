"""The command line: what it prints where, with which status, and what it leaves behind."""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from mlpdash.cli.main import main, parser
from mlpdash.cli.output import DownloadLine, ProgressLine, as_json, duration, number
from mlpdash.cli.train import FLAGS, flag
from mlpdash.errors import MlpDashError
from mlpdash.specs import FIELDS
from tests.serving import wait_until

ROOT = Path(__file__).parents[2]
TEMPERATURE = ROOT / "sample_data" / "temperature.csv"

# For every field one value that it must refuse, and words its sentence must hold.
BAD = {
    "target": ("no such column", "no such column"),
    "task": ("clustering", "auto, classification, regression"),
    "noise": ("51", "at most 50"),
    "rows": ("9", "at least 10"),
    "validation": ("0.95", "at most 0.9"),
    "test": ("-0.1", "at least 0"),
    "standardize": ("perhaps", "true or false"),
    "data_seed": ("-1", "at least 0"),
    "split_seed": ("1.5", "a whole number"),
    "preparation": ('{"split": "sideways"}', "must be JSON"),
    "hidden": ("16,zwei", "16,zwei"),
    "activation": ("swish", "relu, tanh, sigmoid, identity"),
    "dropout": ("1", "less than 1"),
    "optimizer": ("lbfgs", "sgd, momentum, nesterov, adam"),
    "lr": ("0", "greater than 0"),
    "weight_decay": ("nan", "nan"),
    "patience": ("0", "at least 1"),
    "plateau": ("soon", '"off"'),
    "l1": ("-1", "at least 0"),
    "nets": ("257", "at most 256"),
    "folds": ("1", "at least 2"),
    "class_weight": ("yes", "balanced"),
    "best_by": ("f1", "macro_f1"),
    "repeats": ("21", "at most 20"),
    "sweep": ("colour=1", "colour=1"),
    "batch_size": ("0", "at least 1"),
    "epochs": ("many", "until-stopped"),
    "seed": ("4294967296", "at most 4,294,967,295"),
    "inputs": ("x1,x3", "x1, x2, x1^2"),
    "points": ("1" * 40_001, "text"),
    "activations": ("relu,swish", "relu, tanh"),
    "init": ("ones", "torch, xavier, he"),
    "weights": ("nowhere.pt", "cannot be read"),
    "bias": ("perhaps", "true or false"),
    "loss": ("mse", "squared_error_sum"),
    "momentum": ("1", "less than 1"),
    "beta1": ("1", "less than 1"),
    "beta2": ("-1", "at least 0"),
    "smoothing": ("1", "less than 1"),
    "eps": ("0", "greater than 0"),
    "lr_decay": ("-1", "at least 0"),
    "momentum_decay": ("2", "at most 1"),
    "schedule": ("linear", "constant, step, cosine"),
    "step_epochs": ("0", "at least 1"),
    "step_factor": ("0", "greater than 0"),
    "warmup": ("1.5", "a whole number"),
    "clip": ("0", "greater than 0"),
    "device": ("tpu", "auto, cpu, mps, cuda"),
}


def a_mistake(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command and return the one sentence that it must end with."""
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.rstrip().endswith(".")
    return said.err


def run(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlpdash", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_every_field_of_the_specs_is_a_flag() -> None:
    words = [word for name in FLAGS for word in (flag(name), "x")]
    chosen = parser().parse_args(["train", *words])
    assert {name for name in FIELDS if getattr(chosen, name) == "x"} == set(FIELDS) - {"data"}
    assert set(BAD) == set(FLAGS)


@pytest.mark.parametrize("name", FLAGS)
def test_a_bad_value_is_one_sentence_that_says_the_rule(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    value, words = BAD[name]
    data = {"target": ["iris"], "points": ["drawn"]}.get(name, [])
    assert words in a_mistake(capsys, "train", *data, flag(name), value)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("fly",), "fly"),
        (("train", "--frobnicate", "1"), "--frobnicate"),
        (("train", "--lr"), "--lr"),
        (("train", "--batch", "8"), "--batch"),  # no abbreviations: they would change meaning
        (("train", "circles"), "circle, xor"),
        (("train", "no/such/file.csv"), "no/such/file.csv"),
        (("train", "\0"), "neither a file"),
        (("train", str(ROOT)), "directory"),
        (("train", "sha256:" + "0" * 64), "table"),
        (("train", "iris", "--rows", "50"), "Rows (rows)"),
        (("train", str(TEMPERATURE), "--noise", "5"), "Noise (noise)"),
        (("train", "circle", "--points", "1,2,0"), 'no effect on the rows of "circle"'),
        (("train", "drawn", "--rows", "50"), 'no effect on the rows of "drawn"'),
        (("train", "drawn", "--points", "1,2"), 'got "1,2"'),
        (("train", "drawn", "--points", ";"), "there are no points yet"),
        (("train", "iris", "--inputs", "x1"), "are for sets on the plane"),
    ],
)
def test_a_mistake_is_one_sentence(
    words: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected in a_mistake(capsys, *words)


def test_a_split_that_is_not_possible_names_the_flag_that_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["train", "temperature", "--split", "given"]) == 2
    said = capsys.readouterr().err
    assert "which rows are for testing" in said
    assert "--split auto" in said


def test_a_file_that_is_no_table_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "noise.csv"
    file.write_bytes(bytes(range(256)) * 4)
    assert "noise.csv" in a_mistake(capsys, "train", str(file))


def test_a_mistake_does_not_wait_for_torch() -> None:
    done = run("train", "--lr", "-1")
    assert done.returncode == 2
    program = (
        "import sys\nfrom mlpdash.cli.main import main\nmain(['train', '--lr', '-1'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_help_says_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    said = capsys.readouterr().out
    assert all(flag(name) in said for name in FLAGS)


def test_datasets_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"circle", "xor", "gauss", "spiral", "plane", "multi-gauss"} < {r["name"] for r in rows}
    by_name = {row["name"]: row for row in rows}
    assert by_name["iris"]["rows"] == 150
    assert by_name["diabetes"]["rows"] == 442
    assert by_name["temperature"]["rows"] == 365
    assert by_name["plane"]["task"] == "regression"
    assert main(["datasets"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == [row["name"] for row in rows]


@pytest.mark.slow
def test_the_opening_experiment_is_finite_and_learned(home: Path) -> None:
    done = run("train", "--json", "--epochs", "200")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["task"] == "classification"
    assert result["epochs"] == 200
    assert result["steps"] == 200 * math.ceil(250 / 10)  # half of 500 rows, ten at a time
    assert result["steps_per_second"] == pytest.approx(result["steps"] / result["seconds"], rel=0.2)
    assert set(result["train"]) >= {"loss", "accuracy"}
    assert result["validation"]["accuracy"] > 0.9  # the circle can be learned by a 4-2 net
    assert result["test"] is None
    assert result["state"] == "finished"
    assert 0 <= result["overhead"] < 0.5
    folder = Path(result["run"])
    assert folder.is_relative_to(home)
    assert json.loads((folder / "experiment.json").read_text(encoding="utf-8"))


def test_a_csv_with_flags_into_a_folder_of_ones_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "--target actual --hidden 8 --optimizer adam --lr 0.01 --epochs 5 --batch-size full"
    out = tmp_path / "kept"
    assert main(["train", str(TEMPERATURE), *words.split(), "--json", "--out", str(out)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["task"] == "regression"
    assert result["steps"] == result["epochs"] == 5
    assert set(result["train"]) >= {"loss", "rmse", "r2"}
    assert set(result["test"]) >= {"loss", "rmse", "r2"}
    assert Path(result["run"]).resolve().is_relative_to(out.resolve())
    assert (Path(result["run"]) / "experiment.json").is_file()


def test_a_refused_run_leaves_nothing_so_that_the_next_try_works(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    text = "größe,y\n" + "".join(f"{n},{n}.5\n" for n in range(40))
    path.write_bytes(text.encode("cp1252"))
    words = ("train", str(path), "--epochs", "1", "--out", str(tmp_path / "run"))
    assert "Choose its encoding" in a_mistake(capsys, *words)
    assert not (tmp_path / "run").exists()
    a_mistake(capsys, *words[:-2])
    assert not (home / "runs").exists()
    assert main([*words, "--encoding", "cp1252"]) == 0
    capsys.readouterr()
    assert "is not empty" in a_mistake(capsys, *words, "--encoding", "cp1252")


def test_ctrl_c_before_training_says_that_nothing_was_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlpdash.runs.worker import headless

    def stopped(_experiment: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(headless, "Session", stopped)
    assert main(["train", str(TEMPERATURE), "--out", str(tmp_path / "run")]) == 130
    assert "nothing was kept" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["ignore", "category", "number"])
def test_a_column_that_is_not_there_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = a_mistake(capsys, "train", str(TEMPERATURE), f"--{name}", "week", f"--{name}", "nope")
    assert 'there is no column "nope" in "temperature.csv"; there are "date", "year"' in said


@pytest.mark.slow
def test_the_same_command_gives_the_same_losses_to_the_last_bit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("train", "xor", "--epochs", "20", "--json")
    first = json.loads(run(*words).stdout)

    def here(*more: str) -> dict[str, Any]:
        """Run it in this process, where other nets may have trained before."""
        assert main([*words, *more]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    second = here()
    assert first["train"] == second["train"]
    assert first["validation"] == second["validation"]
    assert here("--seed", "1")["train"] != first["train"]


def test_without_json_it_speaks_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "circle", "--epochs", "20"]) == 0
    said = capsys.readouterr()
    assert "circle: finished after 20 epochs, 500 steps" in said.out
    assert "steps/s" in said.out
    assert "%" in said.out
    assert "Traceback" not in said.err


def test_a_loss_that_is_not_finite_is_said_and_is_no_success(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("plane", "--lr", "10", "--activation", "relu", "--hidden", "64,64", "--json")
    assert main(["train", *words]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["state"] == "diverged"
    assert "epoch" in said.err
    assert "Traceback" not in said.err


def recorded(home: Path) -> bool:
    return any(file.stat().st_size for file in home.glob("runs/*/history.bin"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C, there, is another thing")
def test_ctrl_c_stops_cleanly_and_keeps_the_run(home: Path) -> None:
    command = [sys.executable, "-m", "mlpdash", "train", "--epochs", "10000000"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # else, in the background of
    with subprocess.Popen(  # a shell, the command would inherit that Ctrl-C is not for it
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        signal.signal(signal.SIGINT, before)
        try:
            wait_until(lambda: process.poll() or recorded(home), "the first record")
            assert process.poll() is None, process.communicate()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
        finally:
            if process.poll() is None:
                process.kill()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert str(home) in said.splitlines()[-1]  # where it is kept
    (folder,) = (home / "runs").iterdir()
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["state"] == "stopped"
    assert list(folder.glob("snapshots/*.safetensors"))


def test_a_linear_net_with_squares_draws_a_circle(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("train", "circle", "--inputs", "x1^2,x2^2", "--hidden", "", "--epochs", "60", "--json")
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["validation"]["accuracy"] > 0.95
    assert result["parameters"] == 2 * 2 + 2
    assert (result["table"]["inputs"], result["table"]["width"]) == (["x1", "x2"], 2)


@dataclass(frozen=True)
class At:
    epoch: int
    step: int


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_again_on_a_terminal_and_leaves_nothing() -> None:
    now = [0.0]
    stream = Terminal()
    with ProgressLine(stream, 100, lambda: now[0]) as line:
        line.show(At(1, 25))
        assert stream.getvalue() == ""  # a run this short needs no bar
        now[0] = 2.0
        line.show(At(50, 1250))
        drawn = stream.getvalue()
        assert drawn.startswith("\r[############............] epoch 50 of 100, 625 steps/s, 2.0 s")
        now[0] = 2.01
        line.show(At(51, 1275))
        assert stream.getvalue() == drawn  # not more often than one can see
    assert stream.getvalue().endswith("\r")
    assert "\n" not in stream.getvalue()


def test_a_download_is_drawn_with_its_size() -> None:
    now = [0.0]
    stream = Terminal()
    with DownloadLine(stream, lambda: now[0]) as line:
        now[0] = 1.0
        line.show(5_000_000, 20_000_000)
        assert stream.getvalue() == "\r[######..................] 5.0 of 20.0 MB downloaded"
    assert stream.getvalue().endswith("\r")


def test_where_nothing_can_be_drawn_again_a_line_comes_now_and_then() -> None:
    now = [0.0]
    stream = StringIO()
    with ProgressLine(stream, None, lambda: now[0]) as line:
        for second in range(25):
            now[0] = float(second)
            line.show(At(second, second * 100))
    assert [text.split(",")[0] for text in stream.getvalue().splitlines()] == [
        "epoch 10",
        "epoch 20",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0841, "0.084 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.7, "1:00 min"),
        (75, "1:15 min"),
        (3599.9, "1:00 h"),
        (7_500, "2:05 h"),
        (518_400, "6.0 days"),
        (math.inf, "?"),
    ],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("accuracy", 0.984, "98.4 %"),
        ("accuracy", 1.0, "100.0 %"),
        ("loss", 0.021345, "0.0213"),
        ("rmse", 1234.4, "1,234"),
        ("r2", None, "-"),
        ("loss", math.nan, "-"),
    ],
)
def test_numbers_are_for_people(key: str, value: float | None, text: str) -> None:
    assert number(key, value) == text


def test_json_has_no_nan() -> None:
    text = as_json({"loss": math.nan, "all": [1.5, -math.inf], "none": None})
    assert json.loads(text) == {"loss": None, "all": [1.5, None], "none": None}


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with contextlib.closing(os.fdopen(write, "w")) as closed:
        done = subprocess.run(
            [sys.executable, "-m", "mlpdash", "datasets"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""


def test_the_parser_says_mistakes_as_the_project_does() -> None:
    with pytest.raises(MlpDashError, match="--help"):
        parser().parse_args(["train", "--lr"])
