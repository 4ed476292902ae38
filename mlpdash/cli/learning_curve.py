"""`mlpdash results --learning-curve`: whether more rows would help."""

from __future__ import annotations

import argparse
import math
import sys
from typing import Any

from mlpdash.cli.output import as_json
from mlpdash.results.judging import verdict
from mlpdash.results.judging.learning_curve import MEASURES
from mlpdash.text import _, with_unit


def more_rows(chosen: argparse.Namespace) -> int:
    """Print the learning curve of a run."""
    from mlpdash.runs.analyst.curves_in_making import curve_of
    from mlpdash.runs.analyst.opening import opened, store_of

    def say(share: float) -> None:
        if sys.stderr.isatty():
            text = _("training 25 nets: {share:.0f} %").format(share=100 * share)
            sys.stderr.write(f"\r\x1b[K{text}")

    found = curve_of(opened(store_of(chosen.run), chosen.step, chosen.cell), say)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    sys.stdout.write((as_json(found) if chosen.json else _curve(found)) + "\n")
    return 0


def _curve(found: dict[str, Any]) -> str:
    """Return a learning curve as text."""
    measure = with_unit(_(MEASURES[found["measure"]]), found["unit"])
    lines = [found["sentence"], "", f"{_('rows'):>7}  {'':>5}  {measure}"]
    for one in found["sizes"]:
        mean, off = (
            verdict.short(math.nan if one[key] is None else one[key])
            for key in ("mean", "deviation")
        )
        each = "  ".join(verdict.short(error) for error in one["errors"])
        share = f"{100 * one['share']:.0f} %"
        lines.append(f"{one['rows']:>7,}  {share:>5}  {mean} ± {off}  ({each})")
    return "\n".join(lines)
