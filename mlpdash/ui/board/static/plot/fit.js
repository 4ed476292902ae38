// Ranges of axes that follow their curves: a little ahead of a growing curve, so that the axis stands
// still for a while and then takes a step; closely around one that has come to rest.

/** @import {Range, Trace} from "./types.js" */

/** @typedef {Pick<Trace, "x" | "y" | "meta">} Curve */
/** @typedef {{type?: string, range: Range}} Axis */

const AHEAD = 1.12
const LOG_AHEAD = 0.3
const REACH = 2.5 // a ribbon is shown as far as this many times the highest curve
const STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] // where an x axis may end, times a power of ten

/**
 * The new range of an axis, or null where the present one is good. Log axes count in powers of ten.
 * @param {Curve[]} curves
 * @param {"x" | "y"} letter
 * @param {Axis} axis
 * @param {boolean} closely
 * @returns {Range | null}
 */
export function fitted(curves, letter, axis, closely) {
  const log = axis.type === "log"
  const [low, high] = extent(curves, letter, log)
  if (!(high >= low)) return null
  const wanted = log ? aroundLog(low, high, axis.range, closely) : fromZero(low, high, letter, axis.range, closely)
  const near = 1e-6 * (Math.abs(wanted[1] - wanted[0]) || 1)
  return wanted.every((end, i) => Math.abs(end - axis.range[i]) < near) ? null : wanted
}

/**
 * @param {number} low
 * @param {number} high
 * @param {"x" | "y"} letter
 * @param {Range} range
 * @param {boolean} closely
 * @returns {Range}
 */
function fromZero(low, high, letter, [start, end], closely) {
  const least = Math.min(0, low)
  if (letter === "x") return [least, closely ? Math.max(high, 5) : stepAbove(Math.max(high, 10))]
  const most = Math.max(high, 1e-12) * 1.06
  if (closely) return [least, most]
  const fits = most <= end && end <= 2 * most * AHEAD && least >= start
  return fits ? [start, end] : [least, most * AHEAD]
}

/**
 * The same for all figures, so that their axes agree.
 * @param {number} value
 */
function stepAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * (STEPS.find((step) => step * power >= value * 0.999999) ?? 10)
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Range} range
 * @param {boolean} closely
 * @returns {Range}
 */
function aroundLog(low, high, [start, end], closely) {
  if (closely) return [low - 0.05, high + 0.05]
  return [low < start ? low - LOG_AHEAD : start, high > end || end > high + 1 ? high + 0.1 : end]
}

/**
 * The lowest and the highest number along an axis.
 * @param {Curve[]} curves
 * @param {"x" | "y"} letter
 * @param {boolean} log
 */
function extent(curves, letter, log) {
  let [low, high] = [Infinity, -Infinity]
  for (const curve of curves) {
    const most = curve.meta?.ribbon && letter === "y" ? REACH * high : Infinity // curves come first
    for (const value of curve[letter]) {
      if (typeof value !== "number" || !Number.isFinite(value) || value > most || (log && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return log ? [Math.log10(low), Math.log10(high)] : [low, high]
}
