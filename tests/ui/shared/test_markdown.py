"""Other people's text shows as it is."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.ui.shared.markdown import escape

JOINER = "\u2060"
NASTY = [
    "![](http://evil.example/p.png)",
    "[a](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    ":material/delete:",
    ":red[x]",
    ":tada:",
    "$x^2$",
    "`code` **bold** ~~no~~ _it_",
    "# title",
    "| a | b |",
    "https://evil.example",
    "www.evil.example",
    "me@evil.example",
    "&lt;b&gt;",
    "1. list",
    "a\\b",
]


def shown(markdown: str) -> str:
    """Read back what CommonMark shows of text whose punctuation is escaped."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)).replace(JOINER, "")


@pytest.mark.parametrize("text", NASTY)
def test_no_punctuation_is_left_bare(text: str) -> None:
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", escape(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", bare)


@pytest.mark.parametrize("text", NASTY)
def test_what_streamlit_replaces_afterwards_is_parted(text: str) -> None:
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape(text))
    assert not re.search(r":[a-z_/+-]+:|https?://|www\.|:[a-z]+\[|@[\w-]+\.", plain)


@given(st.text(st.characters(exclude_characters="\u2060&", exclude_categories=("C", "Z"))))
def test_nothing_is_lost(text: str) -> None:
    assert shown(escape(text)) == text


def test_lines_are_joined() -> None:
    assert escape("a\n\n- b\t c") == "a \\- b c"
