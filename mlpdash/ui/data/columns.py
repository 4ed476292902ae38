"""The columns of a table as a list in which kind, role and treatment can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from mlpdash.charts.escape import plain
from mlpdash.data.columns.columns import Columns
from mlpdash.data.overview import ColumnView, overview
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.table import Table
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import LONGEST_CODE, MOST_CODES, ColumnChoice
from mlpdash.text import N_, _
from mlpdash.ui.choices import state
from mlpdash.ui.shared.markdown import escape

SHOWN: Final = 200  # columns at once; the search finds the others
SEARCH_FROM: Final = 12  # columns from which on there is a search
KINDS: Final[Mapping[str, str]] = {
    "number": N_("number"),
    "bins": N_("number, in bins"),
    "category": N_("category"),
    "boolean": N_("yes or no"),
    "date": N_("date"),
    "day first": N_("date, day first"),
    "month first": N_("date, month first"),
    "identifier": N_("identifier"),
    "constant": N_("constant"),
    "empty": N_("empty"),
}
CHOSEN: Final = ("number", "bins", "category", "boolean", "date")  # kinds that a person can choose
ROLES: Final[Mapping[str, str]] = {
    "input": N_("input"),
    "target": N_("target"),
    "time": N_("time axis"),
    "weight": N_("row weight"),
    "ignored": N_("ignored"),
}
GAPS: Final[Mapping[str, str]] = {
    "auto": N_("auto"),
    "median": N_("median"),
    "mean": N_("mean"),
    "mode": N_("most frequent"),
    "drop": N_("leave rows out"),
}
SCALINGS: Final[Mapping[str, str]] = {
    "auto": N_("auto"),
    "standard": N_("standard"),
    "minmax": N_("min-max"),
    "robust": N_("robust"),
    "none": N_("none"),
}
MARKS: Final[Mapping[str, str]] = {
    "auto": N_("auto"),
    "point": N_("point, 1.5"),
    "comma": N_("comma, 1,5"),
}
WORDS: Final[Mapping[str, str]] = {
    "auto": N_("auto"),
    "missing": N_("are missing"),
    "keep": N_("are values"),
}
EDITED: Final = ("kind", "role", "gaps", "codes", "words", "scaling", "decimal")
FIELDS: Final = {"gaps": "missing", "codes": "missing_codes"}  # of a column's choice


def show(spec: DataSpec, table: Table, found: Columns, prepared: Prepared | None) -> None:
    """Show the columns that the search finds; a change acts at once."""
    names = [column.name for column in found.columns]
    if len(names) > SEARCH_FROM:
        names = _searched(names)
    shown = names[:SHOWN]
    if len(names) > SHOWN:
        st.caption(
            _("{shown} of {n:,} columns; search to see others.").format(shown=SHOWN, n=len(names))
        )
    if problem := state.problem("columns") or state.problem("target"):
        st.warning(escape(problem))
    views = overview(table.frame, found, shown, prepared)
    rows = _rows(views, spec)
    key = _key(spec, shown)
    st.data_editor(
        rows,
        key=key,
        hide_index=True,
        disabled=[name for name in rows.columns if name not in EDITED],
        column_config=_config(),
        height=min(620, 37 + 36 * len(rows)),
        row_height=36,
        on_change=_edited,
        args=(key, tuple(shown)),
        alt=_("The columns of the table; kind, role, gaps and scaling can be changed."),
    )


def _searched(names: Sequence[str]) -> list[str]:
    wanted = st.text_input(
        _("Search"),
        key="column_search",
        placeholder=_("Search among {n:,} columns").format(n=len(names)),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    return [name for name in names if wanted.casefold() in name.casefold()]


def _rows(views: Sequence[ColumnView], spec: DataSpec) -> pd.DataFrame:
    decided = spec.preparation.by_column()
    usual = ColumnChoice(name="")
    choices = [decided.get(view.column.name, usual) for view in views]
    return pd.DataFrame(
        {
            "name": [plain(view.column.name, 60) for view in views],
            "kind": [_kind(view, choice) for view, choice in zip(views, choices, strict=True)],
            "role": [view.column.role for view in views],
            "missing": [view.missing for view in views],
            "distinct": [view.distinct for view in views],
            "bars": [list(view.bars) for view in views],
            "gaps": [choice.missing for choice in choices],
            "codes": [", ".join(choice.missing_codes) for choice in choices],
            "words": [choice.words for choice in choices],
            "scaling": [choice.scaling for choice in choices],
            "decimal": [choice.decimal for choice in choices],
            "becomes": [view.becomes for view in views],
        }
    )


def _kind(view: ColumnView, choice: ColumnChoice) -> str:
    """Return the kind as it is chosen: of numbers that become bins, that they do."""
    kind = view.column.kind
    return "bins" if (kind, choice.kind) == ("number", "bins") else kind


def _config() -> dict[str, Any]:
    column = st.column_config

    def select(title: str, words: Mapping[str, str], text: str) -> Any:
        return column.SelectboxColumn(
            title,
            options=list(words),
            format_func=lambda value: _(words[str(value)]),
            required=True,
            help=text,
            width="small",
        )

    return {
        "name": column.TextColumn(_("Column"), pinned=True, width="medium"),
        "kind": select(_("Kind"), KINDS, _("What its cells hold. Choose another to read it so.")),
        "role": select(
            _("Role"),
            ROLES,
            _(
                "What it is for. The time axis orders rows, and a row weight says what each row "
                "counts in training; neither is an input."
            ),
        ),
        "missing": column.NumberColumn(_("Missing"), format="percent", width="small"),
        "distinct": column.NumberColumn(_("Distinct"), format="localized", width="small"),
        "bars": column.BarChartColumn(_("Values"), y_min=0, y_max=1, width="small"),
        "gaps": select(
            _("Gaps"),
            GAPS,
            _("What replaces a missing cell; auto uses the setting for all columns."),
        ),
        "codes": column.TextColumn(
            _("Codes"),
            help=_("Codes that count as missing, with commas between: -999, 99."),
            max_chars=LONGEST_CODE,
            width="small",
        ),
        "words": select(
            _("NA, ?"),
            WORDS,
            _("Whether NA, ?, none and the like are missing in this column, or values."),
        ),
        "scaling": select(
            _("Scaling"),
            SCALINGS,
            _("How a number is shifted and scaled; auto uses the setting for all columns."),
        ),
        "decimal": select(
            _("Decimals"),
            MARKS,
            _("The mark before decimals where numbers were read as text; auto looks at the cells."),
        ),
        "becomes": column.TextColumn(_("What happens"), width="large"),
    }


def _key(spec: DataSpec, shown: Sequence[str]) -> str:
    """Return a key that changes with what is shown, so that no old edit stays on new rows."""
    said = "\0".join([spec.model_dump_json(), *shown, str(st.session_state.get(EDITS, 0))])
    return f"columns_{hashlib.sha256(said.encode()).hexdigest()[:16]}"


EDITS: Final = "mlpdash.column-edits"


def _edited(key: str, shown: tuple[str, ...]) -> None:
    """Take what was changed in the list into the choices."""
    st.session_state[EDITS] = st.session_state.get(EDITS, 0) + 1
    state.say("columns", None)
    for row, cells in st.session_state[key]["edited_rows"].items():
        name = shown[int(row)]
        for field, value in cells.items():
            if field == "role":
                _take_role(name, value)
            else:
                _take(name, FIELDS.get(field, field), value or "")


def _take(name: str, field: str, value: str) -> None:
    choices = {field: value}
    if field == "kind":
        order = value if value in ("day first", "month first") else "auto"
        kind = "date" if order != "auto" else value
        choices = {"kind": kind if kind in CHOSEN else "auto", "order": order}
    before = state.choices().experiment.data.preparation
    try:
        state.change("preparation", before.with_column(name, **choices))
    except ValueError:
        state.say(
            "columns",
            _("A column takes at most {n} codes for missing values.").format(n=MOST_CODES),
        )


def _take_role(name: str, role: str) -> None:
    """Change a role; the target is a choice of its own, and there has to be one."""
    data = state.choices().experiment.data
    if role == "target":
        state.change("target", (name,))
        _take(name, "role", "auto")
    elif data.target == (name,) or (not data.target and _is_detected_target(name)):
        state.say("columns", _("Choose another column as the target first."))
    else:
        if name in data.target:
            state.change("target", tuple(t for t in data.target if t != name))
        _take(name, "role", role)


def _is_detected_target(name: str) -> bool:
    from mlpdash.ui.shared import cached_tables

    return name in cached_tables.found(state.choices().experiment.data).targets
