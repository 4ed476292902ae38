"""A page of the dashboard, as a person uses it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

BOARD = "[data-testid=live-board]"


@dataclass
class Visit:
    """A page of the dashboard, with what a person does on it and what a test reads from it."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    server_goes: bool = False  # what the browser says of a server that is away is then no problem

    @property
    def board(self) -> Locator:
        return self.page.get_by_test_id("live-board")

    def open(self, query: str = "") -> "Visit":
        self.page.goto(f"{self.url}/{query}")
        return self.ready()

    def ready(self) -> "Visit":
        """Wait until the board has drawn a first boundary."""
        self.after("frames", 0)
        return self

    def button(self, name: str) -> Locator:
        named = self.page.get_by_role("button", name=name, exact=True)
        # While a script takes long, Streamlit's header has a Stop of its own.
        return named.and_(self.page.locator(":not([data-testid=stBaseButton-header])"))

    def press(self, name: str) -> None:
        self.button(name).click()

    def state(self, *states: str) -> None:
        """Wait until the board is in one of the states."""
        pattern = re.compile(f"^({'|'.join(states)})$")
        expect(self.board).to_have_attribute("data-state", pattern)

    def number(self, name: str) -> int:
        """Return data-epoch, data-step or data-frames."""
        return int(self.board.get_attribute(f"data-{name}") or 0)

    def after(self, name: str, least: int) -> int:
        """Wait until data-`name` is greater than `least`, and return it."""
        self.page.wait_for_function(
            "([board, name, least]) => {"
            "  const at = document.querySelector(board);"
            "  return at && Number(at.dataset[name]) > least; }",
            arg=[BOARD, name, least],
        )
        return self.number(name)

    def train(self) -> str:
        """Press Train, wait until it trains and the run stands in the URL; return its id."""
        self.press("Train")
        self.state("running", "finished")
        self.page.wait_for_url(re.compile(r"[?&]run="))
        return self.run()

    def run(self) -> str:
        return parse_qs(urlsplit(self.page.url).query)["run"][0]

    def plot(self, figure: str, expression: str) -> object:
        """Return what `expression` is of plotly's element `gd` in a figure."""
        return self.page.evaluate(
            "([figure, body]) => { const gd = document.querySelector("
            "`[data-testid=figure-${figure}] .js-plotly-plot`);"
            "return new Function('gd', `return ${body}`)(gd); }",
            [figure, expression],
        )

    def field(self) -> list[float]:
        """Return the numbers of the boundary that is drawn."""
        found = self.plot(
            "boundary",
            "Array.from(gd.data.find((t) => t.type === 'heatmap').z).flatMap((r) => Array.from(r))",
        )
        assert isinstance(found, list)
        return found

    def without_focus(self) -> None:
        self.page.evaluate("document.activeElement.blur()")


Visiting = Callable[..., Visit]
