"""The small pictures of the built-in sets."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from mlpdash.data.sets.catalogue import CATALOGUE
from mlpdash.ui.train.thumbnails import ASSETS, picture, thumbnail
from tests.ui.train.draw_thumbnails import pictures


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_set_has_a_small_picture_of_its_own(name: str) -> None:
    svg = ET.fromstring(picture(name))
    assert len(list(svg)) >= 1
    assert len(thumbnail(name)) < 6_000
    others = {picture(other) for other in CATALOGUE if other != name}
    assert picture(name) not in others


def test_pictures_of_tables_are_those_of_their_rows() -> None:
    assert {name: picture(name) for name in pictures()} == pictures()
    assert {path.stem for path in ASSETS.glob("*.svg")} == pictures().keys()
