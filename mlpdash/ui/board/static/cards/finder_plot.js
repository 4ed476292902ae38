// The picture of a sweep of the learning rate: a curve, the rate of now and the one that is suggested.

import { penOf } from "../dom.js"

/** @import {Texts} from "../types.js" */

/** @typedef {{lr: number[], loss: (number | null)[], suggestion: number | null}} Sweep */
/** @typedef {ReturnType<typeof sweepAxes>} SweepAxes */
/** @typedef {Record<"grid" | "ink" | "line" | "accent" | "ground" | "font", string> & {text: Texts}} Look */
/** @typedef {CanvasRenderingContext2D} Pen */

const EDGE = { left: 52, right: 14, top: 10, bottom: 40 } // px around the curve
const HEADROOM = 1.6 // the axis ends at this many times the first loss; what diverges leaves the picture

/**
 * Places of rates and losses on the canvas, in pixels of the page.
 * @param {HTMLElement} host
 * @param {Sweep} sweep
 */
export function sweepAxes({ clientWidth: width, clientHeight: height }, { lr, loss }) {
  const finite = loss.filter((value) => value !== null)
  const most = Math.max(finite[0] * HEADROOM, ...finite.slice(0, 10))
  const [low, high] = [Math.log10(lr[0]), Math.log10(lr[lr.length - 1])]
  const least = Math.min(0, ...finite)
  const [w, h] = [width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom]
  return {
    width,
    height,
    least,
    most,
    x: (/** @type {number} */ rate) => EDGE.left + ((Math.log10(rate) - low) / (high - low)) * w,
    y: (/** @type {number} */ value) => EDGE.top + (1 - (value - least) / (most - least)) * h,
    rate: (/** @type {number} */ place) => 10 ** (low + ((place - EDGE.left) / w) * (high - low)),
  }
}

/**
 * Draws a sweep, or clears the canvas where there is none.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} host
 * @param {Sweep | null} sweep
 * @param {number} now  the learning rate of now
 * @param {number | undefined} pointed  place of the rate under the pointer
 * @param {Look} look
 */
export function drawSweep(canvas, host, sweep, now, pointed, look) {
  const ratio = window.devicePixelRatio || 1
  canvas.width = Math.round(host.clientWidth * ratio) // clears it too
  canvas.height = Math.round(host.clientHeight * ratio)
  if (!sweep?.lr.length) return
  const pen = penOf(canvas)
  pen.scale(ratio, ratio)
  const axes = sweepAxes(host, sweep)
  const { text } = look
  drawGrid(pen, axes, sweep, look)
  drawCurve(pen, axes, sweep, look.line)
  const { suggestion } = sweep
  const isNow = now >= sweep.lr[0]
  if (isNow) drawRate(pen, axes, now, look.ink, true)
  if (suggestion !== null) drawRate(pen, axes, suggestion, look.accent)
  // After both lines, on a ground of their own: neither a line nor the curve goes through them.
  if (isNow) drawLabel(pen, axes, now, look.ink, text.lr_now, look.ground, 26)
  if (suggestion !== null) drawLabel(pen, axes, suggestion, look.accent, text.lr_suggested, look.ground, 10)
  if (pointed !== undefined) drawDot(pen, axes, sweep.lr[pointed], sweep.loss[pointed] ?? NaN, look.accent)
}

/**
 * @param {Pen} pen
 * @param {SweepAxes} axes
 * @param {Sweep} sweep
 * @param {Look} look
 */
function drawGrid(pen, axes, { lr }, { grid, ink, font, text }) {
  pen.font = `11px ${font}`
  pen.lineWidth = 1
  pen.strokeStyle = grid
  pen.fillStyle = ink
  pen.textAlign = "center"
  const [first, last] = [lr[0], lr[lr.length - 1]]
  const [left, right] = [axes.x(first), axes.x(last)]
  for (let power = Math.ceil(Math.log10(first) - 1e-9); power <= Math.log10(last) + 1e-9; power++) {
    const x = axes.x(10 ** power)
    pen.fillText(shortRate(10 ** power), x, axes.height - 22)
  }
  pen.fillText(text.finder_x, (left + right) / 2, axes.height - 5)
  pen.textAlign = "right"
  for (const value of ticks(axes.least, axes.most)) {
    const y = Math.round(axes.y(value)) + 0.5
    pen.beginPath()
    pen.moveTo(left, y)
    pen.lineTo(right, y)
    pen.stroke()
    pen.fillText(shortRate(value), left - 6, y + 4)
  }
}

/**
 * @param {Pen} pen
 * @param {SweepAxes} axes
 * @param {Sweep} sweep
 * @param {string} color
 */
function drawCurve(pen, axes, { lr, loss }, color) {
  pen.save()
  pen.beginPath()
  pen.rect(EDGE.left, EDGE.top - 2, axes.width - EDGE.left - EDGE.right, axes.height - EDGE.top - EDGE.bottom + 4)
  pen.clip()
  pen.beginPath()
  loss.forEach((value, i) => {
    if (value !== null) pen.lineTo(axes.x(lr[i]), axes.y(value))
  })
  pen.strokeStyle = color
  pen.lineWidth = 2
  pen.lineJoin = "round"
  pen.stroke()
  pen.restore()
}

/**
 * @param {Pen} pen
 * @param {SweepAxes} axes
 * @param {number} rate
 * @param {string} color
 * @param {boolean} [dashed]
 */
function drawRate(pen, axes, rate, color, dashed = false) {
  const x = Math.round(axes.x(rate)) + 0.5
  pen.strokeStyle = color
  pen.lineWidth = 1.5
  pen.setLineDash(dashed ? [3, 4] : [])
  pen.beginPath()
  pen.moveTo(x, EDGE.top)
  pen.lineTo(x, axes.height - EDGE.bottom)
  pen.stroke()
  pen.setLineDash([])
}

/**
 * @param {Pen} pen
 * @param {SweepAxes} axes
 * @param {number} rate
 * @param {string} color
 * @param {string} label
 * @param {string} ground
 * @param {number} down  px from the top to its foot
 */
function drawLabel(pen, axes, rate, color, label, ground, down) {
  const x = Math.round(axes.x(rate)) + 0.5
  const sentence = `${label} ${shortRate(rate)}`
  const wide = pen.measureText(sentence).width
  const left = x > axes.width / 2 ? x - 6 - wide : x + 6
  pen.fillStyle = ground
  pen.fillRect(left - 2, EDGE.top + down - 11, wide + 4, 15)
  pen.fillStyle = color
  pen.textAlign = "left"
  pen.fillText(sentence, left, EDGE.top + down)
}

/**
 * @param {Pen} pen
 * @param {SweepAxes} axes
 * @param {number} rate
 * @param {number} loss
 * @param {string} color
 */
function drawDot(pen, axes, rate, loss, color) {
  pen.fillStyle = color
  pen.beginPath()
  pen.arc(axes.x(rate), Math.max(EDGE.top, axes.y(loss)), 4, 0, 2 * Math.PI)
  pen.fill()
}

/**
 * The place of the rate that is nearest by ratio.
 * @param {number[]} rates
 * @param {number} rate
 */
export function nearest(rates, rate) {
  let best = 0
  rates.forEach((one, i) => {
    if (Math.abs(Math.log(one / rate)) < Math.abs(Math.log(rates[best] / rate))) best = i
  })
  return best
}

/**
 * Round numbers between two, about five of them.
 * @param {number} low
 * @param {number} high
 */
export function ticks(low, high) {
  const raw = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * ([1, 2, 5].find((one) => one * power >= raw) ?? 10)
  const found = []
  for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(n * step)
  return found
}

/**
 * Two digits, as a person writes a learning rate.
 * @param {number} rate
 */
export function shortRate(rate) {
  const value = Number(rate.toPrecision(2))
  return value !== 0 && (value < 1e-4 || value >= 1e4) ? value.toExponential().replace("+", "") : String(value)
}
