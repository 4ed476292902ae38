"""Of several figures that can be clicked, the one that was clicked last counts."""

import pytest
import streamlit as st

from mlpdash.ui.results.figures import newest, points


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the session of a person."""
    monkeypatch.setattr(st, "session_state", {})


def at(row: int) -> list[dict[str, object]]:
    return [{"customdata": row}]


def test_the_last_click_counts_until_it_is_taken_back() -> None:
    assert newest("k", {"a": [], "b": []}) == []
    assert newest("k", {"a": at(1), "b": []}) == at(1)
    assert newest("k", {"a": at(1), "b": at(2)}) == at(2)
    assert newest("k", {"a": at(1), "b": at(2)}) == at(2)  # nothing new was clicked
    assert newest("k", {"a": at(3), "b": at(2)}) == at(3)
    assert newest("k", {"a": [], "b": at(2)}) == at(2)
    assert newest("k", {"a": [], "b": []}) == []


def test_nothing_chosen_is_no_points() -> None:
    assert points(None) == []
    assert points({"selection": {"points": [{"x": 1}]}}) == [{"x": 1}]
