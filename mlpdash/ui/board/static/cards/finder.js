// The learning-rate finder: the loss over rates from tiny to far too large, and one that a click adopts.

import { element, filled, three, write } from "../dom.js"
import { FIND_LR, LR_FOUND } from "../messages.js"
import { drawSweep, nearest, shortRate, sweepAxes } from "./finder_plot.js"

/** @import {Host, Status} from "../parts.js" */
/** @import {BoardData, Header, LrHeader, Texts} from "../types.js" */
/** @import {Sweep} from "./finder_plot.js" */

const LITTLE = 0.2 // of the loss at the start; a smaller fall tells little about the rate
const ANEW = 10_000 // ms after which an answer is not waited for any more

export class Finder {
  static tabs = ["finder"]

  /** @type {(Sweep & {message: string}) | null} */
  found = null
  about = "" // what net and settings it was found for
  lr = NaN
  offered = 0
  asked = 0 // when
  allowed = false

  /** @param {Host} host */
  constructor(host) {
    const { text } = host
    this.host = host
    this.text = text
    this.title = element("h3", { id: "mlpdash-finder-title" }, text.finder)
    this.reading = element("div", { class: "readings" })
    this.again = element("button", { type: "button", class: "tool" }, text.find_lr)
    this.again.onclick = () => {
      this.ask()
    }
    this.canvas = element("canvas", { role: "img", "aria-labelledby": this.title.id })
    this.canvas.onmousemove = (event) => {
      this.point(event)
    }
    this.canvas.onmouseleave = () => {
      this.point(null)
    }
    this.plot = element("div", { class: "finder-plot" }, this.canvas)
    this.note = element("p", { class: "finder-note", role: "status" })
    this.use = element("button", { type: "button", class: "act use" })
    this.use.onclick = () => {
      host.act("lr", this.offered)
    }
    this.card = element(
      "section",
      { class: "card finder plain", "data-testid": "figure-finder", "aria-labelledby": this.title.id },
      element("header", {}, this.title, this.reading, element("div", { class: "tools" }, this.again)),
      this.plot,
      element("div", { class: "finder-foot" }, this.note, this.use),
    )
    this.card.hidden = true
    host.area.append(this.card)
    host.stage.add("finder", this, text.show_finder, text.show_finder_help)
    this.write()
  }

  /**
   * Another net, or other settings of it: what was found is not about them.
   * @param {BoardData} data
   */
  update({ run, live }) {
    const about = JSON.stringify([run, { ...live, lr: null }])
    if (about !== this.about) this.forget()
    this.about = about
    if (live.lr !== this.lr) {
      this.lr = live.lr
      this.paint()
    }
  }

  forget() {
    this.found = null
    this.asked = 0
    this.write()
    this.paint()
  }

  // Drawn with the frames, but it needs none: a first answer is asked for where there is none yet.
  draw() {
    if (!this.found && this.allowed) this.ask()
    return true
  }

  /** @param {Status} status */
  tell({ control, state }) {
    this.allowed = control && !["queued", "failed", "diverged"].includes(state)
    this.again.disabled = this.use.disabled = !this.allowed
  }

  ask() {
    const now = performance.now()
    if (this.asked && now - this.asked < ANEW) return
    this.asked = now
    this.host.send({ kind: FIND_LR })
    this.write()
  }

  /** @param {Header} header */
  say(header) {
    if (header.kind === LR_FOUND) this.take(header)
  }

  /** @param {LrHeader} header */
  take({ lr = [], loss = [], suggestion = null, message = "" }) {
    this.asked = 0
    this.found = { lr, loss, suggestion, message }
    this.offered = suggestion === null ? 0 : Number(suggestion.toPrecision(2))
    this.write()
    this.paint()
  }

  write() {
    const { found, text } = this
    this.use.hidden = !found || found.suggestion === null
    write(this.again, found ? text.find_lr_again : text.find_lr)
    write(this.use, filled(text.use_lr, { lr: shortRate(this.offered) }))
    write(this.note, found ? found.message || judged(found, text) : this.asked ? text.finding : text.finder_hint)
  }

  retheme() {
    this.paint()
  }

  resize() {
    this.paint()
  }

  /** @param {number} [pointed]  place of the rate under the pointer */
  paint(pointed) {
    const { clientWidth: width, clientHeight: height } = this.plot
    if (this.card.hidden || !width || !height) return
    drawSweep(this.canvas, this.plot, this.found, this.lr, pointed, this.look())
  }

  // The board's colours and words, for the canvas.
  look() {
    const style = getComputedStyle(this.host.root)
    const color = (/** @type {string} */ name) => style.getPropertyValue(`--board-${name}`).trim()
    const [grid, ink, line, accent, ground] = ["edge", "muted", "line", "accent", "ground"].map(color)
    return { grid, ink, line, accent, ground, font: style.fontFamily, text: this.text }
  }

  /** @param {MouseEvent | null} event */
  point(event) {
    if (!this.found?.lr.length) return
    const { lr, loss } = this.found
    if (!event) {
      write(this.reading, "")
      return this.paint()
    }
    const at = nearest(lr, sweepAxes(this.plot, this.found).rate(event.offsetX))
    const there = loss[at] !== null && loss[at] !== undefined
    const said = filled(this.text.finder_point, { lr: shortRate(lr[at]), loss: three(loss[at]) })
    write(this.reading, there ? said : "")
    this.paint(there ? at : undefined)
  }

  destroy() {
    this.card.remove()
  }
}

/**
 * What a sweep tells of the rate, and how sure that is.
 * @param {Sweep} sweep
 * @param {Texts} text
 */
export function judged({ loss, suggestion }, text) {
  if (suggestion === null) return text.no_lr
  const known = loss.filter((value) => value !== null)
  const [start, least] = [known[0], Math.min(...known)]
  const sentence = start - least < LITTLE * Math.abs(start) ? text.finder_little : text.finder_found
  return filled(sentence, { start: three(start), least: three(least) })
}
