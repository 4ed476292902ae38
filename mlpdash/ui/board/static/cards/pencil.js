// What a pointer does on the boundary while one draws.

/** @import {Drawing} from "./drawing.js" */
/** @import {FigureCard} from "./figure.js" */

/** @typedef {{x: number, y: number, left: number, top: number}} Place  in the units of the axes, and in pixels */
/** @typedef {{clientX: number, clientY: number}} Pointed */

const NEAR = 11 // px around a point that still mean it

export class Pencil {
  /** @type {Place | null} */
  pointed = null
  /** @type {number | null} */
  dragged = null // the point that is being moved
  /** @type {{place: Place, at: number, erases: boolean} | null} */
  tapped = null
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
    host.addEventListener("pointercancel", () => this.up(), how)
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
  place({ clientX, clientY }) {
    const { layers, gd } = this.plot
    const box = layers.clip.getBoundingClientRect()
    const [left, top] = [clientX - box.left, clientY - box.top]
    if (!this.drawing.allowed || left < 0 || top < 0 || left > box.width || top > box.height) return null
    if (!gd._fullLayout) return null
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
    const place = event.button === 0 && this.place(event)
    if (!place) return
    const at = this.under(place)
    const erases = this.drawing.tools.chosen === "erase" || event.shiftKey
    if (event.pointerType === "mouse") event.preventDefault()
    if (at >= 0 && !erases) {
      this.dragged = at
      if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId)
    } else this.tapped = { place, at, erases }
  }

  /** @param {PointerEvent} event */
  move(event) {
    const place = this.place(event)
    this.pointed = place
    if (this.dragged !== null && place) this.drawing.drag(this.dragged, place)
  }

  up() {
    const { tapped, dragged } = this
    this.tapped = null
    this.dragged = null
    if (dragged !== null) this.drawing.soon()
    else if (tapped?.erases) this.erase(tapped.at)
    else if (tapped) this.drawing.add(tapped.place)
  }

  /** @param {number} at */
  erase(at) {
    if (at >= 0) this.drawing.remove(at)
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.pointed || !["Delete", "Backspace"].includes(event.key)) return
    const at = this.under(this.pointed)
    if (at < 0 || !this.drawing.allowed) return
    event.preventDefault()
    event.stopPropagation()
    this.drawing.remove(at)
  }
}
