"""The section with everything that can be taken away as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import streamlit as st

from mlpdash.results.exporting.tables import as_csv, as_parquet, history_table, metrics_table
from mlpdash.results.judging.rows import rows_table
from mlpdash.runs.analyst.document import Document, as_json, document_of
from mlpdash.text import N_, _
from mlpdash.ui.results.subject import Subject
from mlpdash.ui.shared.markdown import escape

if TYPE_CHECKING:
    import pandas as pd

Made = Callable[[], bytes]
MOST_CELLS: Final = 5_000_000  # of the inputs that go into the table of predictions


class Offer(NamedTuple):
    """A file that the analyst makes: its name in `runs.exporting`, and what a person reads."""

    name: str
    label: str
    ending: str
    help: str


NETS: Final = (
    Offer("bundle", N_("Bundle"), ".mlpdash",
          N_("Everything to predict again: open it here, with mlpdash.load, or on the command "
             "line.")),
    Offer("onnx", N_("ONNX"), "-onnx.zip",
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
    """Show a button for each file; one that cannot be had says why beside it."""
    with st.spinner(_("Looking what can be taken away"), show_time=False):
        refused = _refusals(about.key("take"), about)
    numbers, nets, scripts = st.columns(3, gap="large")
    with numbers:
        _title(_("Numbers"))
        _tables(about)
    with nets:
        _title(_("The net") if about.nets == 1 else _("The nets"))
        _offers(about, NETS, refused)
        if about.nets > 1:
            st.caption(_("Weights are those of the first net; the others are in the bundle."))
    with scripts:
        _title(_("PyTorch scripts that train this very net"))
        _offers(about, SCRIPTS, refused)


@st.cache_data(show_spinner=False, max_entries=64)
def _refusals(key: str, _about: Subject) -> dict[str, str]:
    """Ask which files cannot be had, and why; `key` tells one net from the next."""
    found, _payload = _about.ask("offers")
    return dict(found["refusals"])


def _offers(about: Subject, offers: tuple[Offer, ...], refused: dict[str, str]) -> None:
    for offer in offers:
        _offer(about, offer, is_refused=offer.name in refused)
    for sentence in dict.fromkeys(refused[o.name] for o in offers if o.name in refused):
        st.caption(escape(sentence[:1].upper() + sentence[1:]))


def _offer(about: Subject, offer: Offer, *, is_refused: bool) -> None:
    def made() -> bytes:
        return bytes(about.ask("export", what=offer.name)[1])

    _button(about, _(offer.label), offer.ending, made, _(offer.help), is_refused=is_refused)


def _tables(about: Subject) -> None:
    """Show each table as CSV and as Parquet, and the metrics as JSON, too."""
    _table(about, _("Predictions"), "-predictions", lambda: predictions(about))
    if _is_too_wide(about):
        st.caption(_("The predictions leave out the inputs, which are too many."))
    _table(about, _("Metrics"), "-metrics", lambda: metrics_table(_document(about)))
    _table(about, _("History"), "-history", lambda: history_table(about.store.read_history()))


def _table(about: Subject, label: str, ending: str, table: Callable[[], pd.DataFrame]) -> None:
    st.caption(label)
    with st.container(horizontal=True, gap="small"):
        _button(about, "CSV", f"{ending}.csv", lambda: as_csv(table()))
        _button(about, "Parquet", f"{ending}.parquet", lambda: as_parquet(table()))
        if ending == "-metrics":
            _button(about, "JSON", f"{ending}.json", lambda: as_json(_document(about)))


def predictions(about: Subject) -> pd.DataFrame:
    """Return what the net says of every row, beside its values where they are not too many."""
    rows = np.arange(len(about.prepared.x))
    return rows_table(about.prepared, about.outputs, rows, inputs=not _is_too_wide(about))


def _is_too_wide(about: Subject) -> bool:
    return about.prepared.raw.size > MOST_CELLS


def _document(about: Subject) -> Document:
    return document_of(about.store, about.prepared, about.report, about.cell, about.cells)


def _button(
    about: Subject,
    label: str,
    ending: str,
    made: Made,
    help_text: str | None = None,
    *,
    is_refused: bool = False,
) -> None:
    """Show a button whose file is made when it is pressed."""
    st.download_button(
        label,
        made,
        file_name=f"{_file(about.name)}{ending}",
        key=about.key(f"take-{ending}"),
        help=help_text,
        on_click="ignore",
        disabled=is_refused,
        width="stretch",
    )


def _file(name: str) -> str:
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in name.rsplit(".", 1)[0])
    return plain.strip("-")[:60] or "mlpdash"


def _title(text: str) -> None:
    st.markdown(f"**{escape(text)}**")
