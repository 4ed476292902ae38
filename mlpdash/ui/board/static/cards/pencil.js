// What a pointer does on the boundary while one draws.

/** @import {Drawing} from "./drawing.js" */
/** @import {FigureCard} from "./figure.js" */

/** @typedef {{x: number, y: number, left: number, top: number}} Place  in the units of the axes, and in pixels */
/** @typedef {{clientX: number, clientY: number}} Pointed */

/** @typedef {{erases: boolean, start: Place, last: Place | null}} Stroke  `last` is null until it has left a mark */

const NEAR = 11 // px around a point that still mean it
const SPACING = 16 // px between the points that a drag leaves
const TYPING = "input, textarea, select, [contenteditable]"

export class Pencil {
  /** @type {Place | null} */
  pointed = null
  /** @type {number | null} */
  dragged = null // the point that is being moved
  /** @type {Stroke | null} */
  stroke = null // of the brush, or the eraser
  heard = new AbortController()

  /**
   * @param {FigureCard} boundary
   * @param {Drawing} drawing
   */
  constructor(boundary, drawing) {
    this.plot = boundary.plot
    this.drawing = drawing
    this.listen(boundary.host)
  }

  /** @param {HTMLElement} host */
  listen(host) {
    const how = { capture: true, passive: false, signal: this.heard.signal }
    host.addEventListener("pointerdown", (event) => this.down(event), how)
    host.addEventListener("pointermove", (event) => this.move(event), how)
    host.addEventListener("pointerup", () => this.up(), how)
    host.addEventListener("pointercancel", () => this.cancel(), how)
    host.addEventListener("pointerleave", () => (this.pointed = null), how)
    host.addEventListener("mousedown", (event) => this.place(event) && event.stopPropagation(), how) // plotly's own zoom
    host.addEventListener("touchstart", (event) => this.touch(event), how)
    document.addEventListener("keydown", (event) => this.key(event), { capture: true, signal: this.heard.signal })
  }

  destroy() {
    this.heard.abort()
  }

  /**
   * Where a pointer is; null outside the plane, or while nothing may change.
   * @param {Pointed} pointer
   * @returns {Place | null}
   */
  place(pointer) {
    return this.drawing.allowed ? this.within(pointer) : null
  }

  /**
   * Where a pointer is; null outside the plane.
   * @param {Pointed} pointer
   * @returns {Place | null}
   */
  within({ clientX, clientY }) {
    const { layers, gd } = this.plot
    const box = layers.clip.getBoundingClientRect()
    const [left, top] = [clientX - box.left, clientY - box.top]
    if (left < 0 || top < 0 || left > box.width || top > box.height || !gd._fullLayout) return null
    const [x0, x1] = gd._fullLayout.xaxis.range
    const [y0, y1] = gd._fullLayout.yaxis.range
    return { x: x0 + (x1 - x0) * (left / box.width), y: y0 + (y1 - y0) * (1 - top / box.height), left, top }
  }

  /**
   * The number of the point at a place, or -1.
   * @param {Place} place
   */
  under({ left, top }) {
    const axes = this.plot.layers.axes()
    let [best, nearest] = [-1, NEAR]
    if (!axes) return best
    this.drawing.points.forEach(([x, y], i) => {
      const away = Math.hypot(axes.x(x) - left, axes.y(y) - top)
      if (away < nearest) [best, nearest] = [i, away]
    })
    return best
  }

  /** @param {TouchEvent} event */
  touch(event) {
    const place = event.touches.length === 1 && this.place(event.touches[0])
    if (place && this.under(place) >= 0) event.preventDefault() // a point is moved, not the page
  }

  /** @param {PointerEvent} event */
  down(event) {
    const place = event.button === 0 && this.within(event)
    if (!place) return
    if (!this.drawing.allowed) return this.drawing.refuse()
    const at = this.under(place)
    const erases = this.drawing.tools.chosen === "erase" || event.shiftKey
    const isTouch = event.pointerType === "touch"
    if (!isTouch) event.preventDefault()
    if (at >= 0 && !erases) this.dragged = at
    else this.stroke = { erases, start: place, last: null }
    const captures = this.dragged !== null || !isTouch // a finger that moves elsewhere scrolls the page
    if (captures && event.target instanceof Element) event.target.setPointerCapture(event.pointerId)
  }

  /** @param {PointerEvent} event */
  move(event) {
    const place = this.place(event)
    this.pointed = place
    if (!place) return
    if (this.dragged !== null) this.drawing.drag(this.dragged, place)
    else if (this.stroke && event.pointerType !== "touch") this.brush(this.stroke, place)
  }

  /**
   * @param {Stroke} stroke
   * @param {Place} place
   */
  brush(stroke, place) {
    const away = (/** @type {Place} */ from) => Math.hypot(place.left - from.left, place.top - from.top)
    if (away(stroke.last ?? stroke.start) < (stroke.erases ? NEAR / 2 : SPACING)) return
    if (!stroke.last) this.mark(stroke, stroke.start)
    this.mark(stroke, place)
  }

  /**
   * @param {Stroke} stroke
   * @param {Place} place
   */
  mark(stroke, place) {
    stroke.last = place
    if (stroke.erases) this.erase(this.under(place))
    else this.drawing.add(place)
  }

  up() {
    const { stroke, dragged } = this
    this.cancel()
    if (dragged !== null) this.drawing.soon()
    else if (stroke && !stroke.last) this.mark(stroke, stroke.start)
  }

  cancel() {
    this.stroke = null
    this.dragged = null
  }

  /** @param {number} at */
  erase(at) {
    if (at >= 0) this.drawing.remove(at)
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.pointed || !["Delete", "Backspace"].includes(event.key)) return
    if (event.target instanceof Element && event.target.closest(TYPING)) return
    const at = this.under(this.pointed)
    if (at < 0 || !this.drawing.allowed) return
    event.preventDefault()
    event.stopPropagation()
    this.drawing.remove(at)
  }
}
