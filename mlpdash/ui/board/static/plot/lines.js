// Lines on a canvas: curves, ribbons between two curves, levels across the plot, and contours of a field.

import { contour } from "./contour.js"
import { spaced } from "./labels.js"

/** @import {Axes, Contours, Levels, Numbers, RibbonTrace, Size, Trace} from "./types.js" */

/** @typedef {CanvasRenderingContext2D} Pen */

const BAND = 0.2 // how much of its colour each has
const BARS = 0.55
const CONTOURS = 0.5

/**
 * A curve.
 * @param {Pen} pen
 * @param {Pick<Trace, "line" | "y">} trace
 * @param {Numbers} x
 * @param {Axes} axes
 * @param {number} ratio  pixels of the canvas per pixel of the page
 */
export function drawLine(pen, { line, y }, x, axes, ratio) {
  if (!line) return
  pen.strokeStyle = line.color
  pen.lineWidth = line.width * ratio
  pen.lineJoin = "round"
  pen.setLineDash(line.dash === "dot" ? [2 * ratio, 3 * ratio] : [])
  pen.beginPath()
  let down = false
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const height = axes.y(y[i])
    const there = Number.isFinite(height)
    if (there) pen[down ? "lineTo" : "moveTo"](axes.x(x[i]) * ratio, height * ratio)
    down = there
  }
  pen.stroke()
  pen.setLineDash([])
}

/**
 * Between the trace's `customdata` and its `y`: filled, or a thin line for each row.
 * @param {Pen} pen
 * @param {RibbonTrace} trace
 * @param {Numbers} x
 * @param {Axes} axes
 * @param {number} ratio
 */
export function drawRibbon(pen, { y: upper, customdata: lower, line, meta }, x, axes, ratio) {
  const count = Math.min(x.length, upper.length, lower.length)
  /** @type {(values: Numbers, i: number) => [number, number]} */
  const at = (values, i) => [axes.x(x[i]) * ratio, axes.y(values[i]) * ratio]
  pen.beginPath()
  if (meta.ribbon === "bars") {
    for (let i = 0; i < count; i++) {
      if (!Number.isFinite(upper[i]) || !Number.isFinite(lower[i])) continue
      pen.moveTo(...at(lower, i))
      pen.lineTo(...at(upper, i))
    }
    pen.globalAlpha = BARS
    pen.strokeStyle = line.color
    pen.lineWidth = line.width * ratio
    pen.stroke()
    pen.globalAlpha = 1
    return
  }
  const there = shown(lower, upper, count, axes)
  for (const i of there) pen.lineTo(...at(upper, i))
  for (const i of there.reverse()) pen.lineTo(...at(lower, i))
  pen.globalAlpha = BAND
  pen.fillStyle = line.color
  pen.fill()
  pen.globalAlpha = 1
}

/**
 * @param {Numbers} lower
 * @param {Numbers} upper
 * @param {number} count
 * @param {Axes} axes
 */
function shown(lower, upper, count, axes) {
  const places = []
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(axes.y(lower[i])) && Number.isFinite(axes.y(upper[i]))) places.push(i)
  }
  return places
}

/**
 * Dashed lines across the plot, each with its name; one that lies higher than the plot is named at its top.
 * @param {Pen} pen
 * @param {Levels} levels
 * @param {Axes} axes
 * @param {Size} size
 * @param {number} ratio
 */
export function drawLevels(pen, { lines, color, halo, font }, axes, { w, h }, ratio) {
  const places = lines.map(({ value }) => Math.max(0, axes.y(value)))
  pen.save()
  pen.scale(ratio, ratio)
  pen.font = `11px ${font}`
  pen.textAlign = "right"
  pen.lineJoin = "round"
  const texts = spaced(places.map((y) => (y > h ? NaN : y - 4)), 13, 10, h - 2)
  pen.strokeStyle = color
  pen.lineWidth = 1
  pen.setLineDash([5, 4])
  pen.beginPath()
  for (const { value } of lines) {
    const y = Math.round(axes.y(value)) + 0.5
    if (y < 0) continue
    pen.moveTo(0, y)
    pen.lineTo(w, y)
  }
  pen.stroke()
  pen.setLineDash([])
  pen.strokeStyle = halo
  pen.lineWidth = 4
  pen.fillStyle = color
  lines.forEach(({ label, value }, i) => {
    if (!Number.isFinite(texts[i])) return
    const said = axes.y(value) < 0 ? `\u2191 ${label}` : label
    pen.strokeText(said, w - 4, texts[i])
    pen.fillText(said, w - 4, texts[i])
  })
  pen.restore()
}

/**
 * Lines along which the rows of numbers `z` have certain values; higher ones are thicker.
 * @param {Pen} pen
 * @param {Numbers[]} z
 * @param {Contours} contours
 * @param {{x: Numbers, y: Numbers}} trace  where columns and rows are
 * @param {Axes} axes
 * @param {number} ratio
 */
export function drawContours(pen, z, { levels, color }, { x, y }, axes, ratio) {
  const [x0, dx] = [x[0], (x[x.length - 1] - x[0]) / (z[0].length - 1)]
  const [y0, dy] = [y[0], (y[y.length - 1] - y[0]) / (z.length - 1)]
  pen.strokeStyle = color
  pen.globalAlpha = CONTOURS
  levels.forEach((level, n) => {
    pen.lineWidth = (0.6 + 0.35 * n) * ratio
    pen.beginPath()
    for (const [c0, r0, c1, r1] of contour(z, level)) {
      pen.moveTo(axes.x(x0 + c0 * dx) * ratio, axes.y(y0 + r0 * dy) * ratio)
      pen.lineTo(axes.x(x0 + c1 * dx) * ratio, axes.y(y0 + r1 * dy) * ratio)
    }
    pen.stroke()
  })
  pen.globalAlpha = 1
}
