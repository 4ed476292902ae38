// Canvases around a plotly figure: the field under its SVG, marks and curves over it.
// Each is a layer of its own for the compositor, so that a new field repaints no point, and no axis.

import { element, sized } from "../dom.js"
import { FieldLayer } from "./field.js"
import { drawLevels, drawLine, drawRibbon } from "./lines.js"
import { Sprites } from "./sprites.js"
import { isField, isMarks, isRibbon } from "./traces.js"

/** @import {DrawnPoint} from "../types.js" */
/** @import {Axes, FieldTrace, FullAxis, Levels, MarkTrace, Numbers, PlotElement, Trace} from "./types.js" */

export class Layers {
  size = { w: 0, h: 0 }
  /** @type {Levels | null} */
  levels = null
  /** @type {{points: DrawnPoint[], colors: string[]} | null} */
  drawn = null // points in the place of the figure's own

  /** @param {PlotElement} gd */
  constructor(gd) {
    this.gd = gd
    this.field = new FieldLayer()
    this.clip = this.field.clip
    this.markCanvas = element("canvas", { class: "marks" })
    this.sprites = new Sprites()
  }

  /**
   * Colours have changed.
   * @param {Trace[]} traces
   */
  colors(traces) {
    this.sprites.clear()
    const trace = traces.find(isField) ?? null
    this.field.colors(trace)
    if (trace) this.paintField(trace)
  }

  /** @param {FieldTrace} trace */
  paintField(trace) {
    if (this.field.paint(trace)) this.field.place(this.axes())
    if (trace.customdata !== this.field.spread) this.field.contours(this.axes(), this.size)
  }

  /**
   * After a plot, a zoom or while a person drags: follow plotly's axes.
   * @param {Trace[]} traces
   */
  place(traces) {
    const full = this.gd._fullLayout
    const box = this.gd.querySelector(".svg-container")
    if (!full?._size || !box) return
    if (this.clip.parentElement !== box) box.prepend(this.clip)
    if (this.markCanvas.parentElement !== box) {
      box.insertBefore(this.markCanvas, [...box.querySelectorAll(":scope > .main-svg")].at(-1) ?? null)
    }
    const { l, t, w, h } = full._size
    this.size = { w, h }
    for (const node of [this.clip, this.markCanvas]) {
      Object.assign(node.style, { left: `${l}px`, top: `${t}px`, width: `${w}px`, height: `${h}px` })
    }
    const axes = this.axes()
    this.field.place(axes)
    this.field.contours(axes, this.size)
    this.marks(traces)
  }

  /** @returns {Axes | null} */
  axes() {
    const full = this.gd._fullLayout
    const { w, h } = this.size
    if (!full?.xaxis || !w) return null
    const { xaxis, yaxis } = full
    const [x0, x1] = xaxis.range.map((end) => xaxis.r2l(end))
    const [y0, y1] = yaxis.range.map((end) => yaxis.r2l(end))
    const place = yaxis.type === "log" ? Math.log10 : Number
    return {
      x: (v) => ((v - x0) / (x1 - x0)) * w,
      y: (v) => ((y1 - place(v)) / (y1 - y0)) * h,
      dates: xaxis,
    }
  }

  /** @param {Trace[]} traces */
  marks(traces) {
    const axes = this.axes()
    const marks = traces.filter(isMarks)
    const shown = marks.filter((trace) => trace.visible !== false && !(this.drawn && isPoints(trace)))
    const empty = !shown.length && !this.drawn && !this.levels
    this.markCanvas.hidden = empty
    if (!axes || empty) return
    const ratio = window.devicePixelRatio || 1
    const { w, h } = this.size
    const pen = sized(this.markCanvas, Math.round(w * ratio), Math.round(h * ratio))
    pen.clearRect(0, 0, this.markCanvas.width, this.markCanvas.height)
    if (this.levels) drawLevels(pen, this.levels, axes, this.size, ratio) // curves lie over their names
    for (const trace of shown.filter(isRibbon)) drawRibbon(pen, trace, along(trace.x, axes.dates), axes, ratio)
    for (const trace of shown) {
      if (isRibbon(trace)) continue
      const x = along(trace.x, axes.dates)
      if (trace.mode.includes("lines")) drawLine(pen, trace, x, axes, ratio)
      if (isPoints(trace)) this.sprites.draw(pen, trace, x, axes, ratio)
    }
    const like = marks.find(isPoints)
    if (this.drawn && like) this.sprites.drawDrawn(pen, this.drawn, like, axes, ratio)
  }
}

const isPoints = (/** @type {MarkTrace} */ { mode }) => mode.includes("markers")

/** @type {WeakMap<string[], Float64Array>} */
const stamps = new WeakMap()

/**
 * Numbers along x; dates are turned into plotly's once.
 * @param {Numbers | string[]} x
 * @param {FullAxis} axis
 * @returns {Numbers}
 */
function along(x, axis) {
  if (!areDates(x)) return x
  const found = stamps.get(x) ?? Float64Array.from(x, (text) => axis.d2c(text))
  stamps.set(x, found)
  return found
}

/** @param {Numbers | string[]} x @returns {x is string[]} */
const areDates = (x) => typeof x[0] === "string"
