// Points drawn by hand on the boundary: a click adds one of the chosen class, a drag leaves a trail of them or moves
// the one it begins at, Shift and a click or a drag, or Delete, removes. What is drawn is shown at once; a moment
// later it becomes the data.

import { filled } from "../dom.js"
import { DrawingTools } from "./drawing_tools.js"
import { Pencil } from "./pencil.js"

/** @import {Host, Status} from "../parts.js" */
/** @import {BoardData, DrawnPoint, DrawnPoints} from "../types.js" */
/** @import {FigureCard} from "./figure.js" */

const QUIET = 350 // ms after the last change until it becomes the data
const EACH = 2 // points that each class needs, at least
const DIGITS = 100 // a hundredth is less than a pixel

export class Drawing {
  /** @type {DrawnPoints | null} */
  given = null
  /** @type {DrawnPoint[]} */
  points = []
  /** @type {string | null} */
  sent = null // what the page was told, until it shows that
  changed = false // what is drawn was not sent yet
  allowed = false
  control = false
  note = ""
  /** @type {Pencil | null} */
  pencil = null // while there is something to draw on
  /** @type {number | undefined} */
  timer = undefined

  /** @param {Host} host */
  constructor(host) {
    this.host = host
    this.tools = new DrawingTools(host.text, () => this.clear())
  }

  /** @param {BoardData} data */
  update({ drawing }) {
    this.given = drawing
    if (!drawing) return this.leave()
    if (!this.changed && (this.sent === null || drawing.text === this.sent)) {
      this.points = drawing.points.map(([x, y, code]) => [x, y, code])
    }
    this.offer()
  }

  // The boundary's card is there, with these figures; what was drawn meanwhile is part of them.
  shown() {
    const boundary = this.host.figure("boundary")
    if (!this.given || !boundary) return
    if (!this.pencil) this.attach(boundary)
    if (this.changed || (this.sent !== null && this.sent !== this.given.text)) return
    this.sent = null
    this.show(null)
  }

  /** @param {FigureCard} boundary */
  attach(boundary) {
    this.pencil = new Pencil(boundary, this)
    boundary.tools.prepend(this.tools.root)
    boundary.card.classList.add("drawable")
    this.offer()
  }

  leave() {
    clearTimeout(this.timer)
    this.changed = false
    this.sent = null
    if (!this.pencil) return
    this.host.figure("boundary")?.card.classList.remove("drawable")
    this.pencil.destroy()
    this.pencil = null
    this.tools.root.remove()
    this.show(null)
    this.tellPerson("")
  }

  offer() {
    if (this.given) this.tools.offer(this.classes(), this.given.colors)
  }

  // The numbers of the classes that have points.
  classes() {
    return [...new Set(this.points.map(([, , code]) => code))].sort((a, b) => a - b)
  }

  /** @param {{x: number, y: number}} place */
  add(place) {
    const { chosen } = this.tools
    if (chosen === "erase" || !this.given) return
    const { most } = this.given
    if (this.points.length >= most) return this.host.warn(filled(this.host.text.draw_most, { n: most }), false, "note")
    this.points.push([...this.rounded(place), chosen])
    this.offer()
    this.edited()
    this.soon()
  }

  /**
   * @param {number} at
   * @param {{x: number, y: number}} place
   */
  drag(at, place) {
    Object.assign(this.points[at], this.rounded(place))
    this.edited()
  }

  /** @param {number} at */
  remove(at) {
    this.points.splice(at, 1)
    this.renumber()
    this.edited()
    this.soon()
  }

  clear() {
    if (!this.allowed) return
    this.points = []
    this.tools.chosen = 0
    this.offer()
    this.edited()
    this.soon()
  }

  // Classes are numbered without gaps, as their colours are.
  renumber() {
    const classes = this.classes()
    if (classes[classes.length - 1] !== classes.length - 1) {
      for (const point of this.points) point[2] = classes.indexOf(point[2])
    }
    this.offer()
  }

  /**
   * @param {{x: number, y: number}} place
   * @returns {[number, number]}
   */
  rounded({ x, y }) {
    const extent = this.given?.extent ?? 0
    const near = (/** @type {number} */ v) => Math.round(Math.min(extent, Math.max(-extent, v)) * DIGITS) / DIGITS
    return [near(x), near(y)]
  }

  edited() {
    this.changed = true
    this.show(this.points)
  }

  soon() {
    clearTimeout(this.timer)
    const counts = this.classes().map((code) => this.points.filter((point) => point[2] === code).length)
    const enough = counts.length > 1 && counts.every((count) => count >= EACH)
    this.tellPerson(enough ? "" : this.host.text.draw_more)
    if (enough) this.timer = setTimeout(() => this.send(), QUIET)
  }

  send() {
    this.changed = false
    this.sent = this.points.map((point) => point.join(",")).join("; ")
    if (this.sent === this.given?.text) this.shown()
    else this.host.act("points", this.sent)
  }

  // Says why nothing is drawn now.
  refuse() {
    const { text } = this.host
    this.host.warn(this.control ? text.draw_paused : text.watching, false, "note")
  }

  /** @param {string} sentence */
  tellPerson(sentence) {
    if (sentence === this.note) return
    this.note = sentence
    this.host.warn(sentence, true, "note")
  }

  /**
   * Paints these points in the place of the figure's, or the figure's own again.
   * @param {DrawnPoint[] | null} points
   */
  show(points) {
    const plot = this.host.figure("boundary")?.plot
    if (!plot) return
    const colors = this.given?.colors[Math.max(2, this.classes().length) - 2] ?? []
    plot.layers.drawn = points && { points, colors }
    plot.layers.marks(plot.traces)
  }

  /** @param {Status} status */
  tell({ control, state }) {
    this.control = control
    this.allowed = control && state !== "running" && state !== "queued"
    this.tools.root.toggleAttribute("inert", !this.allowed)
  }

  retheme() {} // the figure is painted again, and the points with it

  destroy() {
    this.leave()
  }
}
