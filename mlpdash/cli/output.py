"""What the command line prints: a line of progress, JSON, and the same for people."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Protocol, Self, TextIO

from mlpdash.cures import Cure
from mlpdash.specs import Experiment
from mlpdash.specs.cured import flags_of
from mlpdash.text import _

DIVERGED: Final = 1  # exit statuses
MISTAKE: Final = 2
INTERRUPTED: Final = 130
REDRAWN: Final = 0.1  # seconds between two drawings on a terminal
NOTED: Final = 10.0  # seconds between two lines where nothing can be drawn again
BAR: Final = 24  # characters


class Position(Protocol):
    """What is shown of the training loop's Progress."""

    @property
    def epoch(self) -> int:
        """Epochs done."""

    @property
    def step(self) -> int:
        """Steps done."""


class Line:
    """One line of text that changes: drawn again on a terminal, else a line now and then.

    Parameters
    ----------
    stream : where to, stderr
    clock : seconds, for the tests
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._drawn = stream.isatty()
        self._pause = REDRAWN if self._drawn else NOTED
        self._started = self._shown = clock()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

    def write(self, say: Callable[[float], str]) -> None:
        """Write what `say` says of the seconds since the start, if the last writing is old."""
        now = self._clock()
        if now - self._shown < self._pause:
            return
        self._shown = now
        text = say(now - self._started)
        if self._drawn:
            text = text[: shutil.get_terminal_size().columns - 1]
            self._stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()


class ProgressLine(Line):
    """How far a run is.

    Parameters
    ----------
    epochs : how many there will be; None when it trains until stopped
    """

    def __init__(
        self, stream: TextIO, epochs: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(stream, clock)
        self._epochs = epochs

    def show(self, progress: Position) -> None:
        """Take note of where the run is; writes only when the last writing is some time ago."""
        self.write(lambda elapsed: self._text(progress, elapsed))

    def _text(self, progress: Position, elapsed: float) -> str:
        rate = _("{rate:,.0f} steps/s").format(rate=progress.step / max(elapsed, 1e-9))
        if self._epochs is None:
            return _("epoch {epoch:,}, {rate}; Ctrl-C stops and keeps it").format(
                epoch=progress.epoch, rate=rate
            )
        share = progress.epoch / self._epochs
        left = elapsed / share - elapsed if share else math.inf
        return _("[{bar}] epoch {epoch:,} of {epochs:,}, {rate}, {left} left").format(
            bar=bar(share),
            epoch=progress.epoch,
            epochs=self._epochs,
            rate=rate,
            left=duration(left),
        )


class DownloadLine(Line):
    """How far a download is."""

    def show(self, done: int, total: int) -> None:
        """Take note of how many bytes are done, of about how many."""
        self.write(
            lambda elapsed: _("[{bar}] {done:.1f} of {total:.1f} MB downloaded").format(
                bar=bar(done / max(1, total)), done=done / 1e6, total=total / 1e6
            )
        )


def bar(share: float) -> str:
    """Draw a share from 0 to 1 in text."""
    return ("#" * round(share * BAR)).ljust(BAR, ".")


def as_json(document: Any) -> str:
    """Return one JSON document; numbers that are not finite become null, as JSON has none."""
    return json.dumps(_finite(document), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(v) for key, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, list | tuple) else value


def run_for_people(result: Mapping[str, Any], experiment: Experiment) -> str:
    """Say in a few lines what came of a run, `result` being what `--json` prints."""
    lines = [
        _("{data}: {state} after {epochs:,} epochs, {steps:,} steps, {seconds}").format(
            data=_name(experiment.data.data),
            state=_state(result["state"]),
            epochs=result["epochs"],
            steps=result["steps"],
            seconds=duration(result["seconds"]),
        ),
        _("{rate:,.0f} steps/s on {device}").format(
            rate=result["steps_per_second"] or 0, device=result["device"]
        ),
        "",
    ]
    for part, title in parts():
        if result[part] is not None:
            values = "  ".join(f"{k} {number(k, v):>8}" for k, v in result[part].items())
            lines.append(f"{title:<12}  {values}")
    if result["population"] is not None:
        lines += ["", *population_lines(result["population"])]
    lines += [
        *_about_table(result["table"]),
        "",
        _("kept in {folder}").format(folder=result["run"]),
    ]
    return "\n".join(lines)


def _about_table(table: Mapping[str, Any]) -> list[str]:
    """Say what was found and done with the table, and the flags that decide otherwise."""
    lines = [""] if table["notes"] else []
    for note in table["notes"]:
        lines.append(f"- {note}")
        lines += [_proposal(c["label"], c["flags"]) for c in table["cures"] if c["note"] == note]
    return lines


def proposals(cures: Sequence[Cure]) -> list[str]:
    """Say by which flags each of the proposed decisions is taken."""
    return [_proposal(cure.label, flags_of(cure)) for cure in cures]


def _proposal(label: str, flags: str) -> str:
    return f"    {label}: {flags}"


def _fold_line(found: Mapping[str, Any]) -> str:
    """Say what the folds reach, each validated by the net that did not learn from it."""
    metric = found["metric"]
    return _(
        "{n} nets of {folds} folds, {diverged} diverged; validation: each row predicted "
        "by the nets that did not learn from it; {metric} differs by ± {deviation} over "
        "the folds"
    ).format(
        n=found["count"],
        folds=found["folds"],
        diverged=found["diverged"],
        metric=metric,
        deviation=number(metric, found["deviation"]),
    )


def population_lines(found: Mapping[str, Any]) -> list[str]:
    """Say how far several nets are apart, and what each cell of a grid reached."""
    metric, part = found["metric"], dict(parts())[found["part"]]
    if "folds" in found:
        return [_fold_line(found)]
    lines = [
        _("{n} nets, {diverged} diverged; {part} {metric} of 10 to 90 %: {low} to {high}").format(
            n=found["count"],
            diverged=found["diverged"],
            part=part,
            metric=metric,
            low=number(metric, found["low"]),
            high=number(metric, found["high"]),
        ),
        _("the numbers above are medians of the nets that have not diverged"),
    ]
    for cell in found.get("cells", ()):
        settings = "  ".join(f"{name} {value:g}" for name, value in cell["settings"].items())
        lost = _("{n} diverged").format(n=cell["diverged"]) if cell["diverged"] else ""
        lines.append(f"  {settings:<32}  {number(metric, cell['value']):>8}  {lost}".rstrip())
    return lines


def parts() -> list[tuple[str, str]]:
    """Return the three parts of the rows and their visible names."""
    return [("train", _("training")), ("validation", _("validation")), ("test", _("test"))]


def _name(data: str) -> str:
    from mlpdash.data.uploads import is_key, name_of

    return name_of(data) if is_key(data) else data


def _state(state: str) -> str:
    names = {"finished": _("finished"), "stopped": _("stopped"), "diverged": _("diverged")}
    return names.get(state, state)


def datasets_for_people(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the catalogue as a table of text."""
    return "\n".join(
        f"{row['name']:<18}  {row['task']:<14}  {row['rows']:>6,}  {row['description']}"
        for row in rows
    )


def presets_for_people(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the worked examples, each with what it reaches."""
    return "\n".join(f"{row['name']:<25}  {row['reaches']}" for row in rows)


def number(key: str, value: float | None) -> str:
    """Write a metric with three significant digits, a share in percent.

    >>> number("accuracy", 0.984), number("loss", 0.02134)
    ('98.4 %', '0.0213')
    """
    if value is None or not math.isfinite(value):
        return "-"
    if key == "accuracy":
        return _("{x:.1f} %").format(x=value * 100)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def duration(seconds: float) -> str:
    """Write a time for people.

    >>> duration(0.84), duration(75), duration(7_500), duration(518_400)
    ('0.84 s', '1:15 min', '2:05 h', '6.0 days')
    """
    if not math.isfinite(seconds):
        return "?"
    if seconds < 9.95:
        return _("{x:#.2g} s").format(x=seconds)
    whole = round(seconds)
    if whole < 60:
        return _("{s} s").format(s=whole)
    if whole < 3600:
        return _("{m}:{s:02} min").format(m=whole // 60, s=whole % 60)
    if whole < 86_400:
        return _("{h}:{m:02} h").format(h=whole // 3600, m=whole // 60 % 60)
    return _("{x:.1f} days").format(x=seconds / 86_400)
