"""What axe-core finds against WCAG 2.1, A and AA, on a page as it is now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from playwright.sync_api import Page

from tests.serving import ROOT

AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"  # as `npm ci` puts it there
SETTLED: Final = 10  # seconds in which what fades has ended
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


@dataclass(frozen=True)
class Known:
    """A violation within one of Streamlit's own widgets, which a page cannot mend.

    Parameters
    ----------
    rule : axe's name for it
    within : CSS selector of the widget
    streamlit : the version it was seen in; with another one it counts again
    """

    rule: str
    within: str
    streamlit: str


KNOWN: Final[tuple[Known, ...]] = ()


def violations(page: Page) -> list[str]:
    """Return what axe finds and is not known, a line each."""
    page.evaluate(_axe())
    found = page.evaluate(_RUN, [list(RULES), [vars(known) for known in _known_now()]])
    return [_line(rule, node) for rule, node in found]


def assert_accessible(page: Page, where: str = "") -> None:
    """Fail if axe still finds something once what fades in or out has done so."""
    end = time.monotonic() + SETTLED
    while (found := violations(page)) and time.monotonic() < end:
        page.wait_for_timeout(250)
    assert not found, "\n".join([where, *found])


def _known_now() -> list[Known]:
    return [known for known in KNOWN if known.streamlit == version("streamlit")]


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


_RUN: Final = """async ([rules, known]) => {
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] })
  const isKnown = (rule, at) => known.some((one) => one.rule === rule && at?.closest(one.within))
  return violations.flatMap(({ id, nodes }) => nodes
    .filter(({ target }) => !isKnown(id, document.querySelector(target[0])))
    .map((node) => [id, { html: node.html, why: node.failureSummary }]))
}"""


def _line(rule: str, node: dict[str, Any]) -> str:
    return f"{rule}: {node['html'][:160]} ({' '.join(node['why'].split())[:200]})"
