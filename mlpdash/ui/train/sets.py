"""The upper part of the sidebar: which rows, by picture, by name, from a file or as an example."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlpdash.data import uploads
from mlpdash.data.dataset import Dataset
from mlpdash.data.reading.file_kinds import other_kind
from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.errors import MlpDashError
from mlpdash.text import N_, _
from mlpdash.ui.choices import address, data_fields, picking, state, summaries
from mlpdash.ui.choices.carried import differs, is_kin, with_net_of
from mlpdash.ui.choices.choices import Choices, starting_choices
from mlpdash.ui.choices.controls import Sheet, fill, note, whole_number
from mlpdash.ui.shared import cached, pages
from mlpdash.ui.shared.markdown import escape
from mlpdash.ui.shared.uploads import content_of
from mlpdash.ui.train import examples
from mlpdash.ui.train.thumbnails import thumbnail

FAMILY: Final = "family"
FAMILIES: Final = {
    "plane": N_("Plane"),
    "line": N_("Line"),
    "table": N_("Tables"),
    "image": N_("Pictures"),
}
SHOWN_FOR: Final = "mlpdash.family-of"  # the dataset that the family was last shown for
SEEDS: Final = ("data_seed", "split_seed", "seed")


def draw(sheet: Sheet) -> None:
    """Draw pictures to pick from, the list of names, and the ways to other rows."""
    data = sheet.choices.experiment.data.data
    _pictures(data)
    data_fields.dataset(sheet, labelled=False)
    _suggestion(sheet.choices)
    with st.container(horizontal=True, vertical_alignment="center", key="other_rows"):
        examples.button()
        _seeds(sheet)
        data_fields.upload(_uploaded, labelled=False)
    note(sheet, "upload")
    _refused()
    if sheet.waiting.intersection(SEEDS):
        note(sheet, *SEEDS)


def _suggestion(chosen: Choices) -> None:
    """Say the goal of a set, and after a change of data whose settings these are, with the other.

    Only settings that differ are worth a word.
    """
    data = chosen.experiment.data.data
    if data in CATALOGUE and CATALOGUE[data].goal:
        st.caption(escape(_(CATALOGUE[data].goal)))
    before = picking.before()
    if before is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="suggestion"):
        if is_kin(before.experiment.data.data, data) and not chosen.example:
            if differs(chosen, starting_choices(data, cached.starting_point)):
                st.caption(_("Your net was kept."))
                label = _("Use suggested settings")
                st.button(
                    label, key="use_suggested", type="tertiary", on_click=picking.use_suggested
                )
        elif differs(chosen, with_net_of(chosen, before)):
            st.caption(_("Settings suggested for these rows."))
            st.button(_("Keep my net"), key="keep_net", type="tertiary", on_click=picking.keep_net)


def _refused() -> None:
    """Lead to where the reading of the table that was just refused can be chosen."""
    key = picking.refused()
    if key and st.button(_("Choose how it is read"), key="open_refused", icon=":material/table:"):
        picking.open_table(key)
        address.write_url()
        st.switch_page(pages.DATA)


def family_of(dataset: Dataset) -> str:
    """Say among which pictures a built-in set is found."""
    if dataset.kind == "toy":
        return "plane" if dataset.on_plane else "line"
    return "image" if dataset.image else "table"


def _pictures(data: str) -> None:
    """Draw the sets of one family as pictures to click on; the chosen set's family comes first."""
    if st.session_state.get(SHOWN_FOR) != data:
        st.session_state[SHOWN_FOR] = data
        st.session_state[FAMILY] = family_of(CATALOGUE[data]) if data in CATALOGUE else "table"
    family = st.segmented_control(
        _("Kind of data"),
        list(FAMILIES),
        format_func=lambda name: _(FAMILIES[name]),
        key=FAMILY,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    names = [name for name, dataset in CATALOGUE.items() if family_of(dataset) == family]
    key = f"set_{family}"
    fill(key, data if data in names else None)
    with st.container(key="sets"):
        st.pills(
            _("Datasets"),
            names,
            format_func=lambda name: f"![{escape(cached.title(name))}]({thumbnail(name)})",
            key=key,
            label_visibility="collapsed",
            width="stretch",
            wrap=True,
            on_change=_picked,
            args=(key,),
        )


def _picked(key: str) -> None:
    if st.session_state[key] is not None:
        picking.pick(st.session_state[key])


def _seeds(sheet: Sheet) -> None:
    with st.popover(summaries.of_seeds(sheet.choices.experiment), type="tertiary", key="seeds"):
        for name in SEEDS:
            whole_number(sheet, name, hidden=True)


def _uploaded(key_of_field: str) -> None:
    file = st.session_state[key_of_field]
    if file is None:
        return
    data_fields.next_upload()
    st.session_state.pop(picking.REFUSED, None)
    content = content_of(file)
    try:
        key = uploads.keep(content, file.name)
        cached.starting_point(key)
    except MlpDashError as error:
        state.say("upload", str(error))
        return
    picking.pick_uploaded(key)
    if other_kind(content) or content.isspace() or not content:  # no choice could open it
        st.session_state.pop(picking.REFUSED, None)
