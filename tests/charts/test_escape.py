"""Other people's text in plotly's small HTML."""

import html

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.charts.escape import LONGEST, escape, plain


@given(st.text())
def test_nothing_that_plotly_reads_is_left(text):
    shown = escape(text)
    assert not set(shown) & set('<>%$"\n\t')
    assert html.unescape(shown) == plain(text)  # and all of it is still there
    assert len(plain(text)) <= LONGEST


def test_words_are_as_they_were():
    assert escape("sepal length (cm)") == "sepal length (cm)"
    assert escape("größe 大小") == "größe 大小"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<a href="http://x">', "&lt;a href=&quot;http://x&quot;&gt;"),
        ("%{y}", "&#37;{y}"),
        ("&amp;", "&amp;amp;"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("left\u202eright\u0000", "leftright"),
    ],
)
def test_marks_become_entities(text, shown):
    assert escape(text) == shown
    go.Figure(layout={"title": {"text": shown}})


def test_long_names_are_cut_before_they_are_escaped():
    assert escape("<" * 100, 5) == "&lt;" * 4 + "…"
