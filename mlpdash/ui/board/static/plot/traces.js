// Traces: which kinds there are, and what frames and plotly make of their numbers.

import { typed } from "../arrays.js"
import { rows } from "../colors.js"
import { whole } from "../dom.js"
import { fieldTexts } from "./hover.js"

/** @import {Packed, TypedArray} from "../types.js" */
/** @import {FieldTrace, MarkTrace, Numbers, RibbonTrace, Trace} from "./types.js" */

/** @param {Trace} trace @returns {trace is FieldTrace} */
export const isField = (trace) => trace.meta?.canvas === "field"
/** @param {Trace} trace @returns {trace is MarkTrace} */
export const isMarks = (trace) => trace.meta?.canvas === "marks"
/** @param {Trace} trace @returns {trace is RibbonTrace} */
export const isRibbon = (trace) => Boolean(trace.meta?.ribbon)

/**
 * What plotly is given: it keeps the axes and hover of a canvas trace, and paints nothing of it.
 * @param {Trace} trace
 * @returns {Record<string, unknown>}
 */
export function forPlotly(trace) {
  const meta = trace.meta?.support ? { ...trace.meta, support: null } : trace.meta // it is the canvas's alone
  const given = meta ? { ...trace, meta } : { ...trace }
  if (!meta?.canvas) return given
  // the colours of marks are the canvas's
  const marker = trace.marker && { marker: { size: trace.marker.size, maxdisplayed: 1 } }
  return { ...given, ...marker, ...texts(trace), opacity: 0 }
}

/**
 * What hover says where a field's numbers do not speak for themselves.
 * @param {Trace} trace
 */
export function texts(trace) {
  return isField(trace) && (trace.meta.names || trace.meta.beside) ? { text: fieldTexts(trace) } : {}
}

/**
 * Where cells end that stand around these middles.
 * @param {Numbers} middles
 */
export function edges(middles) {
  const step = middles[1] - middles[0]
  return Array.from({ length: middles.length + 1 }, (_, k) => middles[0] + (k - 0.5) * step)
}

/**
 * A figure's JSON with typed arrays where it has packed ones.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function decoded(value) {
  return /** @type {T} */ (unpacked(value)) // the types of figures speak of numbers, packed or not
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked)
  if (value === null || typeof value !== "object") return value
  if ("bdata" in value && typeof value.bdata === "string") return typed(/** @type {Packed} */ (value))
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, unpacked(v)]))
}

/**
 * An array of a frame in the form that a wire asks for.
 * @param {"" | "shades" | "counts"} form
 * @param {TypedArray} values
 * @param {number[]} shape
 */
export function formed(form, values, shape) {
  if (form === "shades") return shades(rows(values, shape[0], shape[1]))
  if (form === "counts") return rows(values, shape[0], shape[1]).map((row) => Array.from(row, whole))
  return shape.length > 1 ? rows(values, shape[0], shape[1]) : values
}

/**
 * Each cell of a matrix as its share of the row; of the diagonal, which holds what is right, one more.
 * @param {Numbers[]} matrix
 */
function shades(matrix) {
  return matrix.map((row, actual) => {
    let total = 0
    for (const value of row) total += value
    return Array.from(row, (value, predicted) => {
      const share = Math.min(0.998, value / (total || 1)) // 1 is where the colours of right begin
      return predicted === actual ? 1 + share : share
    })
  })
}

/**
 * Whether two arrays hold the same numbers.
 * @param {Numbers | undefined} one
 * @param {Numbers} other
 */
export function same(one, other) {
  if (one?.length !== other.length) return false
  for (let i = 0; i < other.length; i++) if (one[i] !== other[i]) return false
  return true
}
