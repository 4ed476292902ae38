// What simpler methods reach on the very same rows, as lines across the loss and the metric. Asked for
// with a button, computed by a process of its own, drawn one by one as they come.

import { press, three } from "../dom.js"
import { BASELINES } from "../messages.js"

/** @import {Host} from "../parts.js" */
/** @import {Baseline, BaselinesHeader, BoardData, Header} from "../types.js" */

const FIGURES = /** @type {const} */ (["loss", "metric"])

export class Baselines {
  on = false
  run = ""
  /** @type {Baseline[]} */
  found = []
  /** @type {HTMLButtonElement | null} */
  button = null

  /** @param {Host} host */
  constructor(host) {
    this.host = host
  }

  // The cards are there: the loss gets the button.
  shown() {
    const { host } = this
    const loss = host.figure("loss")
    if (!loss || this.button) return
    this.button = loss.tool(host.text.baselines, host.text.baselines_help, () => this.turn())
    press(this.button, false)
    this.show()
  }

  turn() {
    this.on = !this.on
    if (this.button) press(this.button, this.on)
    this.host.send({ kind: BASELINES, wanted: this.on })
    if (!this.on) this.found = []
    this.busy(this.on)
    this.show()
  }

  /**
   * Other rows, or another loss: what was found is not about them.
   * @param {BoardData} data
   */
  update({ run }) {
    if (run === this.run) return
    this.run = run
    this.found = []
    this.show()
    if (!this.on) return
    this.host.send({ kind: BASELINES, wanted: true })
    this.busy(true)
  }

  /** @param {Header} header */
  say(header) {
    if (header.kind === BASELINES && this.on) this.take(header)
  }

  /** @param {BaselinesHeader} header */
  take({ found, over, message }) {
    this.found = found
    this.busy(!over)
    if (message) this.host.warn(message)
    this.show()
  }

  /** @param {boolean} is */
  busy(is) {
    this.button?.classList.toggle("busy", is)
    this.button?.setAttribute("aria-busy", String(is))
  }

  retheme() {
    this.show()
  }

  show() {
    const style = getComputedStyle(this.host.root)
    const color = style.getPropertyValue("--board-muted").trim()
    const halo = style.getPropertyValue("--board-ground").trim()
    for (const name of FIGURES) {
      const lines = this.found.flatMap((one) => {
        const value = one[name]
        return typeof value === "number" ? [{ label: one.title, value }] : []
      })
      const said = lines.map(({ label, value }) => `${label} ${three(value)}`).join("; ")
      const figure = this.host.figure(name)
      figure?.card.setAttribute("aria-description", said)
      figure?.plot.level(lines.length ? { lines, color, halo, font: style.fontFamily } : null)
    }
  }

  destroy() {} // what it shows belongs to the figures
}
