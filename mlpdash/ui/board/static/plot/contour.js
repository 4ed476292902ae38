// Marching squares: where a field of numbers has a certain value.

/** @import {Numbers} from "./types.js" */

/** @typedef {[column: number, row: number]} Point */
/** @typedef {[number, number, number, number]} Piece  from column, row to column, row */

/**
 * Pieces of the line at `level`. A square between four numbers holds none or one, at a saddle two.
 * @param {Numbers[]} z
 * @param {number} level
 * @returns {Piece[]}
 */
export function contour(z, level) {
  const pieces = []
  for (let r = 0; r + 1 < z.length; r++) {
    const [low, up] = [z[r], z[r + 1]]
    for (let c = 0; c + 1 < low.length; c++) {
      const [a, b, d, e] = [low[c], low[c + 1], up[c + 1], up[c]] // counterclockwise from the origin
      const above = Number(a > level) + Number(b > level) + Number(d > level) + Number(e > level)
      if (above > 0 && above < 4) pieces.push(...square(a, b, d, e, level, c, r))
    }
  }
  return pieces
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} d
 * @param {number} e
 * @param {number} level
 * @param {number} c
 * @param {number} r
 * @returns {Piece[]}
 */
function square(a, b, d, e, level, c, r) {
  /** @type {Point[]} */
  const crossings = []
  /** @type {(from: number, to: number, place: (t: number) => Point) => void} */
  const side = (from, to, place) => {
    if (from > level !== to > level) crossings.push(place((level - from) / (to - from)))
  }
  side(a, b, (t) => [c + t, r])
  side(b, d, (t) => [c + 1, r + t])
  side(e, d, (t) => [c + t, r + 1])
  side(a, e, (t) => [c, r + t])
  if (crossings.length === 2) return [joined(crossings[0], crossings[1])]
  const [bottom, right, top, left] = crossings
  const isJoined = (a + b + d + e) / 4 > level === a > level // a and d, over the middle
  return isJoined ? [joined(bottom, right), joined(top, left)] : [joined(bottom, left), joined(top, right)]
}

/**
 * @param {Point} one
 * @param {Point} other
 * @returns {Piece}
 */
const joined = (one, other) => [...one, ...other]
