"""The section with everything that can be taken away as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpdash.results.exporting.predictions import is_too_wide
from mlpdash.results.exporting.tables import as_csv, as_parquet, history_table, metrics_table
from mlpdash.runs.analyst.document import Document, as_json, document_of
from mlpdash.runs.disk.store import Store
from mlpdash.text import N_, _
from mlpdash.ui.results.predict import Ask, Key
from mlpdash.ui.results.subject import Subject
from mlpdash.ui.shared.markdown import escape

if TYPE_CHECKING:
    import pandas as pd

Made = Callable[[], bytes]
Said = dict[str, dict[str, str]]  # "refusals" and "lacking": by file the sentence that says why


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


@dataclass(frozen=True)
class Source:
    """Whose files are offered: a run with its rows, or without.

    Attributes
    ----------
    name : the files are called after it
    nets : how many were trained side by side
    """

    store: Store
    name: str
    nets: int
    ask: Ask
    key: Key


@st.fragment
def show(about: Subject) -> None:
    """Show a button for each file; one that cannot be had says why beside it."""
    source = Source(about.store, about.name, about.nets, about.ask, about.key)
    said = _asked(source)
    numbers, nets, scripts = st.columns(3, gap="large")
    with numbers:
        _title(_("Numbers"))
        _tables(source, about)
    with nets:
        _nets(source, said)
    with scripts:
        _title(_("PyTorch scripts that train this same net"))
        _offers(source, SCRIPTS, said)


@st.fragment
def show_without_rows(source: Source) -> None:
    """Show a button for each file that needs no rows."""
    said = _asked(source)
    numbers, nets, _scripts = st.columns(3, gap="large")
    with numbers:
        _title(_("Numbers"))
        _history(source)
    with nets:
        _nets(source, said)


def _asked(source: Source) -> Said:
    with st.spinner(_("Preparing downloads"), show_time=False):
        said = _said(source.key("take"), source)
        if said["lacking"]:  # until the table is there again
            _said.clear(source.key("take"), source)
        return said


@st.cache_data(show_spinner=False, max_entries=64)
def _said(key: str, _source: Source) -> Said:
    """Ask which files cannot be had or lack something; `key` tells one net from the next."""
    found, _payload = _source.ask("offers")
    return {name: dict(found[name]) for name in ("refusals", "lacking")}


def _nets(source: Source, said: Said) -> None:
    _title(_("The net") if source.nets == 1 else _("The nets"))
    _offers(source, NETS, said)
    if source.nets > 1:
        st.caption(_("Weights are those of the first net; the others are in the bundle."))


def _offers(source: Source, offers: tuple[Offer, ...], said: Said) -> None:
    refused = said["refusals"]
    for offer in offers:
        _offer(source, offer, is_refused=offer.name in refused)
    why = {**said["lacking"], **refused}
    for sentence in dict.fromkeys(why[o.name] for o in offers if o.name in why):
        st.caption(escape(sentence[:1].upper() + sentence[1:]))


def _offer(source: Source, offer: Offer, *, is_refused: bool) -> None:
    def made() -> bytes:
        return bytes(source.ask("export", what=offer.name)[1])

    _button(source, _(offer.label), offer.ending, made, _(offer.help), is_refused=is_refused)


def _tables(source: Source, about: Subject) -> None:
    """Show each table as CSV and as Parquet, and the metrics as JSON, too."""
    _files(
        source,
        _("Predictions"),
        "-predictions",
        lambda: bytes(source.ask("predictions", format="csv")[1]),
        lambda: bytes(source.ask("predictions", format="parquet")[1]),
    )
    if is_too_wide(about.prepared):
        st.caption(_("The predictions leave out the columns of the table, which are too many."))
    with _table(source, _("Metrics"), "-metrics", lambda: metrics_table(_document(about))):
        _button(source, "JSON", "-metrics.json", lambda: as_json(_document(about)))
    _history(source)


def _history(source: Source) -> None:
    _table(source, _("History"), "-history", lambda: history_table(source.store.read_history()))


def _table(
    source: Source, label: str, ending: str, table: Callable[[], pd.DataFrame]
) -> DeltaGenerator:
    """Show a table's buttons, and return where further ones go."""
    return _files(source, label, ending, lambda: as_csv(table()), lambda: as_parquet(table()))


def _files(source: Source, label: str, ending: str, csv: Made, parquet: Made) -> DeltaGenerator:
    """Show the buttons of a table as two kinds of file, and return where further ones go."""
    st.caption(label)
    row = st.container(horizontal=True, gap="small")
    with row:
        _button(source, "CSV", f"{ending}.csv", csv)
        _button(source, "Parquet", f"{ending}.parquet", parquet)
    return row


def _document(about: Subject) -> Document:
    return document_of(about.store, about.prepared, about.report, about.cell, about.cells)


def _button(
    source: Source,
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
        file_name=f"{_file(source.name)}{ending}",
        key=source.key(f"take-{ending}"),
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
