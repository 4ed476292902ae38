"""A bundle that somebody hands in: what it is, and its predictions."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from mlpdash.data.preparing.prepared import VERSION, Preprocessor, preprocessor_from_json
from mlpdash.errors import MlpDashError
from mlpdash.runs.bundles.opened import drop_bundle, keep_bundle
from mlpdash.text import _, listed
from mlpdash.ui.choices.summaries import word
from mlpdash.ui.results import predict
from mlpdash.ui.results.predict import Asked
from mlpdash.ui.results.subject import analysts, palette
from mlpdash.ui.shared.markdown import escape

QUERY: Final = "bundle"
UPLOAD: Final = "mlpdash.results-bundle"
COUNT: Final = "mlpdash.results-bundles"  # how many were opened: a new uploader for each


def open_one() -> None:
    """Show what takes a bundle; the address then names it, until the page goes back to runs."""
    with st.popover(_("Open a bundle"), width="stretch"):
        count = st.session_state.get(COUNT, 0)
        given = st.file_uploader(
            _("A .mlpdash file: a net that was exported here, or saved in Python"),
            type=["mlpdash"],
            key=f"{UPLOAD}-{count}",
        )
        if given is None:
            return
        key = keep_bundle(given.getvalue())
        try:
            with st.spinner(_("Opening the bundle"), show_time=False):
                _asked("bundle", key)
        except MlpDashError as error:
            drop_bundle(key)
            st.error(escape(str(error)))
            return
        st.session_state[COUNT] = count + 1
        st.query_params.from_dict({QUERY: key})
        st.rerun()


def show(key: str) -> None:
    """Show the bundle that the address names."""
    found = _asked("bundle", key)
    known = preprocessor_from_json(json.dumps({"version": VERSION, **found["preprocessor"]}))
    st.markdown(f"### {escape(_sentence(found, known))}")
    st.caption(escape(_columns(known)))
    if st.button(_("Back to the runs"), icon=":material/arrow_back:", key="results-back"):
        st.query_params.clear()
        st.rerun()
    predict.show(
        Asked(
            name=known.name,
            known=known,
            raw=None,
            link=found["link"],
            margins=found["margins"],
            ranked=None,
            palette=palette(),
            ask=lambda kind, payload=b"", **more: analysts().ask(
                {"ask": kind, "bundle": key, **more}, payload
            ),
            key=lambda widget: f"bundle-{widget}-{key[:16]}",
        )
    )


def _asked(kind: str, key: str) -> dict[str, Any]:
    header, _payload = analysts().ask({"ask": kind, "bundle": key})
    return header


def _sentence(found: dict[str, Any], known: Preprocessor) -> str:
    """Say what is in the bundle."""
    sizes, activations = found["sizes"], list(dict.fromkeys(found["activations"]))
    shape = " > ".join(f"{n:,}" for n in sizes)
    how = _(" with {names}").format(names=", ".join(map(word, activations))) if activations else ""
    who = _("A net {shape}{how}") if found["members"] == 1 else _("{n:,} nets {shape}{how}")
    text = who.format(n=found["members"], shape=shape, how=how)
    told = known.classes or known.targets
    return _("{net}, trained on {name}; it tells {what}").format(
        net=text, name=known.name, what=listed(list(told), 6)
    )


def _columns(known: Preprocessor) -> str:
    columns = list(dict.fromkeys(feature.column for feature in known.features))
    return _("It needs {n:,} columns: {names}.").format(n=len(columns), names=listed(columns, 12))
