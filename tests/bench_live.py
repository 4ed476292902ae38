"""How alive and how fast: the figures of "Alive and fast at once", measured.

    python -m tests.bench_live                          three rounds of 20 s, a 2-16-16-2 net
    python -m tests.bench_live spiral --set hidden=8,8 --seconds 5 --rounds 1 --json

A round is headless, watched, headless; the machine should do nothing else. Also timed: the first
frame after the click on Train, and from the start of the process to an enabled Train button with
the untrained boundary drawn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from mlpdash.cli.train import flag
from tests.serving import CHROMIUM_FLAGS, ROOT, Server, find_chromium

SAMPLE = """() => {
  const board = document.querySelector("[data-testid=live-board]").dataset;
  return [performance.now() / 1000, Number(board.step), Number(board.frames)];
}"""
FIRST_FRAME = """() => new Promise((done) => {
  const board = document.querySelector("[data-testid=live-board]");
  const before = Number(board.dataset.frames);
  const button = [...document.querySelectorAll("button")]
    .find((b) => (b.ariaLabel ?? b.textContent).trim() === "Train");
  let clicked;
  new MutationObserver((_, observer) => {
    if (Number(board.dataset.frames) <= before || Number(board.dataset.step) === 0) return;
    observer.disconnect();
    done((performance.now() - clicked) / 1000);
  }).observe(board, { attributes: true });
  clicked = performance.now();
  button.click();
})"""
READY = """() => {
  const board = document.querySelector("[data-testid=live-board]");
  if (!board || Number(board.dataset.frames) === 0) return false;
  const train = [...document.querySelectorAll("button")]
    .find((b) => (b.ariaLabel ?? b.textContent).trim() === "Train");
  return Boolean(train) && !train.disabled;
}"""


def headless(home: Path, data: str, choices: dict[str, str], epochs: int) -> dict[str, Any]:
    """Train without a browser and return what `--json` prints."""
    chosen = choices | {"epochs": str(epochs)}
    flags = [word for name, value in chosen.items() for word in (flag(name), value)]
    done = subprocess.run(
        [sys.executable, "-m", "mlpdash", "train", data, *flags, "--json"],
        cwd=ROOT,
        env=os.environ | {"MLPDASH_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def epochs_for(home: Path, data: str, choices: dict[str, str], seconds: float) -> int:
    """Return how many epochs take about `seconds`, by trying more and more."""
    epochs, tried = 10, 0.0
    while tried < 2:
        tried = headless(home, data, choices, epochs)["seconds"]
        if tried < 2:
            epochs = min(epochs * 100, max(epochs + 1, round(epochs * 3 / tried)))
    return max(1, round(epochs * seconds / tried))


def watched(page: Page, seconds: float) -> dict[str, float]:
    """Press Train, watch for `seconds`, stop; rates are between two readings of the board."""
    first_frame = page.evaluate(FIRST_FRAME)
    page.wait_for_timeout(1000)  # the calibration and the first seconds of a cold page are no rate
    t0, step0, frames0 = page.evaluate(SAMPLE)
    page.wait_for_timeout(seconds * 1000)
    t1, step1, frames1 = page.evaluate(SAMPLE)
    page.get_by_role("button", name="Stop", exact=True).click()
    return {
        "first_frame": first_frame,
        "steps_per_second": (step1 - step0) / (t1 - t0),
        "frames_per_second": (frames1 - frames0) / (t1 - t0),
    }


def opened(browser: Browser, home: Path, query: str) -> tuple[Server, Page, float]:
    """Start a server and open the page; return how long it took until one could press Train."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    began = time.monotonic()
    server = Server(home).start()
    page.goto(f"{server.url}/?{query}")
    page.wait_for_function(READY, polling=20)
    return server, page, time.monotonic() - began


def measure(
    data: str, choices: dict[str, str], seconds: float, rounds: int
) -> dict[str, list[float]]:
    """Return every single measurement, by its name."""
    found: dict[str, list[float]] = {}

    def note(**values: float) -> None:
        for name, value in values.items():
            found.setdefault(name, []).append(value)

    query = urlencode({"data": data, "pace": "full", "epochs": "until-stopped"} | choices)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        home = Path(folder) / "home"
        epochs = epochs_for(home, data, choices, seconds)
        for _ in range(rounds):
            for where in ("before", "watched", "after"):
                if where != "watched":
                    result = headless(home, data, choices, epochs)
                    note(headless=result["steps_per_second"], overhead=result["overhead"])
                    continue
                server, page, start = opened(browser, home, query)
                try:
                    rates = watched(page, seconds)
                finally:
                    page.context.close()
                    server.stop()
                note(
                    watched=rates["steps_per_second"],
                    frames=rates["frames_per_second"],
                    first_frame=rates["first_frame"],
                    start=start,
                )
        browser.close()
    return found


TITLES = {
    "headless": ("headless, steps/s", ",.0f"),
    "watched": ("watched, steps/s", ",.0f"),
    "frames": ("boundary frames drawn per s", ".1f"),
    "first_frame": ("first frame after the click, s", ".3f"),
    "start": ("from start to Train, s", ".2f"),
    "overhead": ("overhead, headless", ".1%"),
}


def report(found: dict[str, list[float]]) -> str:
    """Return the medians and every single measurement as lines."""
    lines = [
        f"{title:<32} {median(found[name]):>10{form}}   "
        + "  ".join(f"{value:{form}}" for value in found[name])
        for name, (title, form) in TITLES.items()
    ]
    share = median(found["watched"]) / median(found["headless"])
    return "\n".join([*lines, f"{'watched / headless':<32} {share:>10.1%}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", nargs="?", default="circle")
    parser.add_argument("--set", action="append", metavar="NAME=VALUE", default=[])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    choices = {"hidden": "16,16"} | dict(pair.split("=", 1) for pair in chosen.set)
    found = measure(chosen.data, choices, chosen.seconds, chosen.rounds)
    if chosen.json:
        print(json.dumps({"data": chosen.data, "choices": choices, "measured": found}, indent=2))
    else:
        print(f"{chosen.data}, {choices}, {chosen.rounds} x {chosen.seconds:g} s\n{report(found)}")


if __name__ == "__main__":
    main()
