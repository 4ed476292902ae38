"""How one choice becomes a widget: filled from the choices, named by the specs.

A widget's key is the flat name of its field. It is filled before it is drawn, so the choices are
the truth and the widget only their face; `changed` carries what the person did the other way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mlpdash.specs import bounds_of, help_of, title_of
from mlpdash.text import _
from mlpdash.ui.choices import state
from mlpdash.ui.choices.choices import Choices
from mlpdash.ui.shared.markdown import escape

SMALLEST = 1e-10  # what a browser's number field takes for "greater than 0"
BELOW_ONE = 0.999999  # and for "less than 1"


@dataclass(frozen=True)
class Sheet:
    """What the forms are drawn from: the choices, and the fields that wait for a Reset."""

    choices: Choices
    waiting: frozenset[str] = frozenset()

    def value(self, name: str) -> Any:
        """Return what is chosen for a field of the experiment."""
        return self.choices.experiment.flat()[name]


def fill(key: str, value: Any, *, hidden: bool = False) -> None:
    """Make the widget `key`, which is not drawn yet, show `value`.

    A widget that the browser has not built yet, as in a closed popover, misses a value that was
    sent once; for such a `hidden` one it is sent with every rerun.
    """
    if hidden or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def changed(name: str, read: Callable[[Any], Any] | None = None) -> None:
    """Take what the person did with the widget `name` into the choices."""
    value = st.session_state[name]
    if value is None:  # an emptied field: the choice stays
        return
    state.change(name, read(value) if read else value)


def picked(name: str, options: Sequence[Any]) -> Any:
    """Return what was picked in the list `name`; None where that is none of its options.

    A browser may hand back the text that an option had before the list became another one.
    """
    value = st.session_state[name]
    return value if value in options else None


def _selected(name: str, options: Sequence[Any]) -> None:
    if picked(name, options) is not None:
        changed(name)


def note(sheet: Sheet, *names: str) -> None:
    """Say under a control what is wrong with it, or that it waits for a Reset."""
    for name in names:
        if problem := state.problem(name):
            st.caption(f":red[{escape(problem)}]")
    if sheet.waiting.intersection(names):
        st.caption(f":orange[{_('Needs Reset')}]")


def fold(title: str, summary: str, key: str) -> Any:
    """Return a fold within a group; folded, it says in a few words what is chosen there."""
    label = f"{escape(title)} :gray[:small[{escape(summary)}]]" if summary else escape(title)
    return st.expander(label, key=key, type="compact")


def select(
    sheet: Sheet,
    name: str,
    options: Sequence[Any],
    label_of: Callable[[Any], str],
    meaning: str = "",
    *,
    rests: bool = False,
) -> None:
    """Draw a list to choose from; option texts are shown as they are, without Markdown.

    Parameters
    ----------
    label_of : the text of an option, which must be the same for all data
    meaning : what the choice comes to for these data, in a line under the list
    rests : it has no part now
    """
    value = sheet.value(name)
    shown = list(options) if value in options else [*options, value]
    fill(name, value)
    st.selectbox(
        title_of(name),
        shown,
        format_func=label_of,
        key=name,
        help=help_of(name),
        disabled=rests,
        on_change=_selected,
        args=(name, shown),
    )
    if meaning:
        st.caption(escape(meaning))
    note(sheet, name)


def text_line(sheet: Sheet, name: str, placeholder: str, *, hidden: bool = False) -> None:
    """Draw a line of text."""
    fill(name, sheet.value(name), hidden=hidden)
    st.text_input(
        title_of(name),
        key=name,
        help=help_of(name),
        placeholder=placeholder,
        on_change=changed,
        args=(name,),
    )
    note(sheet, name)


def toggle(sheet: Sheet, name: str) -> None:
    """Draw a switch."""
    fill(name, sheet.value(name))
    st.toggle(title_of(name), key=name, help=help_of(name), on_change=changed, args=(name,))
    note(sheet, name)


def whole_number(
    sheet: Sheet, name: str, *, empty: int = 1, hidden: bool = False, label: str = ""
) -> None:
    """Draw a field for a whole number; it rests, showing `empty`, where the choice is None."""
    value = sheet.value(name)
    bounds = bounds_of(name)
    fill(name, empty if value is None else value, hidden=hidden)
    st.number_input(
        label or title_of(name),
        min_value=int(bounds["ge"]),
        max_value=int(bounds["le"]),
        step=1,
        key=name,
        help=help_of(name),
        disabled=value is None,
        on_change=changed,
        args=(name,),
    )
    note(sheet, name)


def real_number(sheet: Sheet, name: str, *, empty: float = 1.0, hidden: bool = False) -> None:
    """Draw a field for a number whose steps follow its magnitude; it rests where that is None."""
    chosen = sheet.value(name)
    value = float(empty if chosen is None else chosen)
    bounds = bounds_of(name)
    most = bounds.get("le", BELOW_ONE)
    fill(name, value, hidden=hidden)
    st.number_input(
        title_of(name),
        min_value=min(float(bounds.get("ge", SMALLEST)), value),
        max_value=max(float(most), value),
        step=step_of(1 - value if most == BELOW_ONE and value > 0.5 else value),
        format="%g",
        key=name,
        help=help_of(name),
        disabled=chosen is None,
        on_change=changed,
        args=(name,),
    )
    note(sheet, name)


def share(sheet: Sheet, name: str, most: float, *, rests: bool = False) -> None:
    """Draw a slider for a share, in percent; one that has no part now `rests`."""
    value = float(sheet.value(name))
    fill(name, value)
    st.slider(
        title_of(name),
        min_value=0.0,
        max_value=max(most, value),
        step=0.05,
        format="percent",
        key=name,
        help=help_of(name),
        disabled=rests,
        on_change=changed,
        args=(name,),
    )
    note(sheet, name)


def step_of(value: float) -> float:
    """Return a step that fits the magnitude of a number and does not take it to 0.

    >>> step_of(0.03), step_of(0.1), step_of(0.0)
    (0.01, 0.01, 0.001)
    """
    if value <= 0:
        return 0.001
    exponent = math.floor(math.log10(value) + 1e-9)
    return float(f"1e{exponent - 1 if math.isclose(value, 10.0**exponent) else exponent}")
