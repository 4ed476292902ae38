"""The section with everything that can be taken away as a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from mlpdash.results.export_tables import as_csv, history_table
from mlpdash.text import N_, _
from mlpdash.ui.markdown import escape
from mlpdash.ui.results_rows import rows_frame
from mlpdash.ui.results_subject import Subject

Made = Callable[[], bytes]
ONNX: Final = "-onnx.zip"


class Offer(NamedTuple):
    """A file that the analyst makes: its name in `runs.exporting`, and what a person reads."""

    name: str
    label: str
    ending: str
    help: str


NETS: Final = (
    Offer("bundle", N_("Bundle"), ".mlpdash",
          N_("Everything to predict again: open it with mlpdash.load, or on the command line.")),
    Offer("onnx", N_("ONNX"), ONNX,
          N_("For other runtimes; it standardises inside, and describes its columns.")),
    Offer("safetensors", N_("Weights, safetensors"), ".safetensors",
          N_("The state_dict of the nn.Sequential in the script.")),
    Offer("pt", N_("Weights, .pt"), ".pt", N_("The same as torch saves it.")),
)  # fmt: skip
SCRIPTS: Final = (
    Offer("script-tensors", N_("Raw tensors"), "-tensors.zip",
          N_("Every update written out by hand.")),
    Offer("script-module", N_("nn.Module"), "-module.zip",
          N_("A class with __init__ and forward.")),
    Offer("script-sequential", N_("nn.Sequential"), "-sequential.zip", N_("The shortest.")),
)  # fmt: skip


@st.fragment
def show(about: Subject) -> None:
    """Show a button for each file."""
    numbers, nets, scripts = st.columns(3, gap="large")
    with numbers:
        _title(_("Numbers"))
        _tables(about)
    with nets:
        _title(_("The net"))
        for offer in NETS:
            _offer(about, offer)
        if find_spec("onnx") is None:
            st.caption(_("ONNX needs a package more: pip install onnx."))
    with scripts:
        _title(_("PyTorch scripts that train this very net"))
        for offer in SCRIPTS:
            _offer(about, offer)


def _tables(about: Subject) -> None:
    _button(about, _("Predictions, CSV"), ".csv", lambda: _predictions(about).to_csv(
        index=False).encode())  # fmt: skip
    _button(about, _("Predictions, Parquet"), ".parquet", lambda: _parquet(_predictions(about)))
    _button(about, _("Metrics, JSON"), "-metrics.json", lambda: _metrics(about))
    _button(about, _("History, CSV"), "-history.csv", lambda: _history(about))


def _offer(about: Subject, offer: Offer) -> None:
    def made() -> bytes:
        return bytes(about.ask("export", what=offer.name)[1])

    _button(about, _(offer.label), offer.ending, made, _(offer.help))


def _button(
    about: Subject, label: str, ending: str, made: Made, help_text: str | None = None
) -> None:
    """Show a button whose file is made when it is pressed."""
    st.download_button(
        label,
        made,
        file_name=f"{_file(about.name)}{ending}",
        key=about.key(f"take-{ending}"),
        help=help_text,
        on_click="ignore",
        disabled=ending == ONNX and find_spec("onnx") is None,
        width="stretch",
    )


def _file(name: str) -> str:
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in name.rsplit(".", 1)[0])
    return plain.strip("-")[:60] or "mlpdash"


def _predictions(about: Subject) -> pd.DataFrame:
    return rows_frame(about, np.arange(len(about.prepared.x)))


def _parquet(frame: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _metrics(about: Subject) -> bytes:
    report = about.report
    assert report.net is not None
    scores = {
        part: {key: found[key] for key in ("rows", "scores", "targets") if key in found}
        for part, found in report.net["parts"].items()
    }
    document = {
        "run": about.run,
        "epoch": about.epoch,
        "judged_on": about.part,
        "net": scores,
        "baselines": report.baselines["found"] if report.baselines else [],
        "importance": report.why["importance"] if report.why else [],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _history(about: Subject) -> bytes:
    return as_csv(history_table(about.store.read_history()))


def _title(text: str) -> None:
    st.markdown(f"**{escape(text)}**")
