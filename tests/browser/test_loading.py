"""While another set loads, nothing of the one before is shown."""

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.visit import Visit, Visiting

COLOURS = (
    "() => { const canvas = document.querySelector('[data-testid=figure-boundary] .field-clip "
    "canvas'); const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, "
    "canvas.height); return new Set(new Uint32Array(data.buffer)).size; }"
)


def test_a_new_set_clears_the_picture_before_its_first_frame(visiting: Visiting) -> None:
    visit: Visit = visiting()
    page, held = visit.page, []

    def pass_on(socket: WebSocketRoute) -> None:
        """Keep back what runs say after the first one, as a set does that loads for long."""
        server, late = socket.connect_to_server(), bool(held)
        held.append(socket.url)
        socket.on_message(server.send)
        server.on_message(lambda message: None if late else socket.send(message))

    page.route_web_socket("**/mlpdash/stream/**", pass_on)
    visit.open("?data=circle")
    assert page.evaluate(COLOURS) > 1
    page.get_by_role("radio", name="Tables").click()
    page.get_by_role("radio", name="Iris").click()
    title = page.get_by_test_id("figure-boundary").locator("h3")
    expect(title).not_to_have_text("Boundary over x1 and x2")
    assert len(held) > 1
    expect(visit.board).to_have_attribute("data-loading", "")
    assert page.evaluate(COLOURS) == 1  # a placeholder
