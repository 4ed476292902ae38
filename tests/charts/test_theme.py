"""What colours mean, and that they can be read."""

import numpy as np
import pytest

from mlpdash.charts import theme


def luminance(color: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_two_classes_are_orange_and_blue():
    assert theme.class_colors(2) == ("#f59322", "#0877bd")


@pytest.mark.parametrize("classes", [1, 2, 3, 8, 9, 26, 100])
def test_each_class_has_a_colour_of_its_own(classes):
    colors = theme.class_colors(classes)
    assert len(set(colors)) == classes


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES)
def test_text_has_the_contrast_of_wcag_aa(palette):
    for color in (palette.ink, palette.muted, palette.line, palette.accent):
        assert contrast(color, palette.paper) >= 4.5


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES)
@pytest.mark.parametrize("classes", [1, 2, 3, 8, 12])
def test_scales_rise_from_nothing_to_one(palette, classes):
    scales = [
        theme.two_sided(palette),
        theme.sure_steps(classes, palette),
        theme.class_steps(classes),
        theme.value_steps(palette),
    ]
    for scale in scales:
        places = [place for place, _color in scale]
        assert places[0] == 0
        assert places[-1] == pytest.approx(1)
        assert places == sorted(places)


def test_confidence_goes_from_pale_to_the_colour_of_its_class():
    palette = theme.PALETTES["light"]
    scale = theme.sure_steps(3, palette)
    for code, color in enumerate(theme.class_colors(3)):
        weak, _, strong = [c for _place, c in scale[3 * code : 3 * code + 3]]
        assert contrast(weak, palette.pale) < contrast(strong, palette.pale)
        assert strong == theme.mix(palette.pale, color, palette.strength)


def test_mixing():
    assert theme.mix("#000000", "#ffffff", 0) == "#000000"
    assert theme.mix("#000000", "#ffffff", 1) == "#ffffff"
    assert theme.mix("#002040", "#406080", 0.5) == "#204060"


def test_twenty_classes_can_be_told_apart_and_the_first_keep_their_colours():
    colors = theme.class_colors(20)
    assert colors[:8] == theme.class_colors(8)
    assert theme.class_colors(13) == colors[:13]
    linear = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colors])
    apart = np.linalg.norm(linear[:, None] - linear[None], axis=2) + 9 * np.eye(20)
    assert apart.min() > 0.2


def test_one_class_goes_from_pale_to_its_colour():
    palette = theme.PALETTES["dark"]
    scale = theme.one_sided("#009e73", palette)
    assert scale[0] == (0.0, palette.pale)
    assert scale[-1] == (1.0, theme.mix(palette.pale, "#009e73", palette.strength))
