// What simpler methods reach on the very same rows, as lines across the loss and the metric. Asked for
// with a button, computed by a process of its own, drawn one by one as they come.

const version = new URL(import.meta.url).search
const { three } = await import(`./dom.js${version}`)

const FIGURES = ["loss", "metric"]

export class Baselines {
  constructor(board) {
    this.board = board
    this.on = false
    this.found = []
  }

  // The cards are there: the loss gets the button.
  attach() {
    const { text } = this.board.data
    const loss = this.board.cards.get("loss")
    if (!loss || this.button) return
    this.button = loss.tool(text.baselines, text.baselines_help, () => this.turn())
    this.button.setAttribute("aria-pressed", "false")
    this.show()
  }

  turn() {
    this.on = !this.on
    this.button.setAttribute("aria-pressed", this.on)
    this.board.stream.send({ kind: "baselines", wanted: this.on })
    if (!this.on) this.found = []
    this.busy(this.on)
    this.show()
  }

  // Other rows, or another loss: what was found is not about them.
  update({ run }) {
    if (run === this.run) return
    this.run = run
    this.found = []
    this.show()
    if (!this.on) return
    this.board.stream.send({ kind: "baselines", wanted: true })
    this.busy(true)
  }

  take({ found = [], over, message }) {
    if (!this.on) return
    this.found = found
    this.busy(!over)
    if (message) this.board.controls.warn(message)
    this.show()
  }

  busy(is) {
    this.button?.classList.toggle("busy", is)
    this.button?.setAttribute("aria-busy", is)
  }

  show() {
    const style = getComputedStyle(this.board.root)
    const color = style.getPropertyValue("--board-muted").trim()
    const halo = style.getPropertyValue("--board-ground").trim()
    for (const name of FIGURES) {
      const lines = this.found
        .filter((one) => Number.isFinite(one[name]))
        .map((one) => ({ label: one.title, value: one[name] }))
      const said = lines.map(({ label, value }) => `${label} ${three(value)}`).join("; ")
      this.board.cards.get(name)?.card.setAttribute("aria-description", said)
      const levels = lines.length ? { lines, color, halo, font: style.fontFamily } : null
      this.board.cards.get(name)?.plot.level(levels)
    }
  }
}
