// Colour scales as pixels, and fields of numbers painted with them.

import { sized } from "./dom.js"

/** @import {Colored, Numbers, Support} from "./plot/types.js" */
/** @import {Scale, TypedArray} from "./types.js" */

const STEPS = 1024

/**
 * A scale as pixels. Two entries at one place make an edge.
 * @param {Scale} scale
 * @param {number} [least]  how many pixels at least
 */
export function table(scale, least = STEPS) {
  const steps = Math.max(least, 32 * scale.length)
  const stops = scale.map(([place, color]) => ({ place, parts: rgb(color) }))
  const pixels = new Uint32Array(steps)
  let k = 0
  for (let i = 0; i < steps; i++) {
    const place = (i + 0.5) / steps
    while (k < stops.length - 2 && place >= stops[k + 1].place) k++
    const [from, to] = [stops[k], stops[k + 1]]
    const share = to.place > from.place ? Math.min(1, Math.max(0, (place - from.place) / (to.place - from.place))) : 1
    const [red, green, blue] = from.parts.map((v, n) => Math.round(v + (to.parts[n] - v) * share))
    pixels[i] = (255 << 24) | (blue << 16) | (green << 8) | red
  }
  return pixels
}

const rgb = (/** @type {string} */ color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))

/**
 * The rows of numbers `z`, the lowest row at the bottom, as pixels from top to bottom.
 * @param {Numbers[]} z
 * @param {number} low
 * @param {number} high
 * @param {Uint32Array} lut  from `table`
 * @param {Uint32Array} pixels  that are set
 */
export function colored(z, low, high, lut, pixels) {
  const [height, width] = [z.length, z[0].length]
  const factor = lut.length / (high - low)
  for (let r = 0; r < height; r++) {
    const row = z[r]
    let place = (height - 1 - r) * width
    for (let c = 0; c < width; c++, place++) {
      const step = ((row[c] - low) * factor) | 0
      pixels[place] = lut[step < 0 ? 0 : step >= lut.length ? lut.length - 1 : step]
    }
  }
}

/**
 * How much of each colour shows, 0 to 1, in rows as `z` above; takes from what shows already.
 * @param {Numbers[]} opacity
 * @param {Uint32Array} pixels
 */
export function faded(opacity, pixels) {
  const [height, width] = [opacity.length, opacity[0].length]
  for (let r = 0; r < height; r++) {
    const row = opacity[r]
    let place = (height - 1 - r) * width
    for (let c = 0; c < width; c++, place++) {
      pixels[place] = (pixels[place] & 0xffffff) | ((row[c] * (pixels[place] >>> 24)) << 24)
    }
  }
}

/**
 * Paints the rows of numbers `z` on a canvas that takes their size.
 * @param {HTMLCanvasElement} canvas
 * @param {Numbers[]} z
 * @param {number} low
 * @param {number} high
 * @param {Uint32Array} lut
 */
export function paint(canvas, z, low, high, lut) {
  const [height, width] = [z.length, z[0].length]
  const pen = sized(canvas, width, height)
  const image = pen.createImageData(width, height)
  colored(z, low, high, lut, new Uint32Array(image.data.buffer))
  pen.putImageData(image, 0, 0)
}

/**
 * The rows of a field that begins at `place` among more numbers; nothing is copied.
 * @param {TypedArray} values
 * @param {number} height
 * @param {number} width
 * @param {number} [place]
 */
export function rows(values, height, width, place = 0) {
  return Array.from({ length: height }, (_, r) => values.subarray(place + r * width, place + (r + 1) * width))
}

/**
 * The numbers of a square, between its own, as rows of another size.
 * @param {Support} square
 * @param {number} height
 * @param {number} width
 */
export function resized({ side, values }, height, width) {
  const at = (/** @type {number} */ i, /** @type {number} */ count) =>
    Math.min(side - 1, Math.max(0, ((i + 0.5) / count) * side - 0.5))
  return Array.from({ length: height }, (_, r) => {
    const up = at(r, height)
    const low = Math.min(side - 2, Math.floor(up))
    return Float32Array.from({ length: width }, (__, c) => {
      const across = at(c, width)
      const left = Math.min(side - 2, Math.floor(across))
      const place = low * side + left
      const one = values[place] + (values[place + 1] - values[place]) * (across - left)
      const other = values[place + side] + (values[place + side + 1] - values[place + side]) * (across - left)
      return one + (other - one) * (up - low)
    })
  })
}

/**
 * A coarse field between its numbers, so that its colours change where the values do.
 * @param {Numbers[]} z
 * @param {number} [least]  columns
 * @returns {Numbers[]}
 */
export function finer(z, least = 96) {
  const [height, width] = [z.length, z[0].length]
  const times = Math.ceil(least / width)
  if (times < 2 || height < 2 || width < 2) return z
  const across = between(times, width)
  const up = between(times, height)
  const made = new Array(height * times)
  for (let r = 0; r < made.length; r++) {
    const row = (made[r] = new Float32Array(width * times))
    const [one, other] = [z[up.low[r]], z[up.low[r] + 1]]
    const above = up.share[r]
    for (let c = 0; c < row.length; c++) {
      const left = across.low[c]
      const right = across.share[c]
      const a = one[left] + (one[left + 1] - one[left]) * right
      const b = other[left] + (other[left + 1] - other[left]) * right
      row[c] = a + (b - a) * above
    }
  }
  return made
}

/** @type {Map<string, {low: Uint16Array, share: Float32Array}>} */
const places = new Map() // they are the same for every frame

/**
 * For each fine place the number below it, and how far it is from that; cells stand around their middles.
 * @param {number} times
 * @param {number} count
 */
function between(times, count) {
  const key = `${times} ${count}`
  let found = places.get(key)
  if (!found) {
    found = { low: new Uint16Array(count * times), share: new Float32Array(count * times) }
    for (let i = 0; i < count * times; i++) {
      const place = Math.min(count - 1, Math.max(0, (i + 0.5) / times - 0.5))
      found.low[i] = Math.min(count - 2, Math.floor(place))
      found.share[i] = place - found.low[i]
    }
    places.set(key, found)
  }
  return found
}

/**
 * The colour of the i-th mark: one for all, or by value along a scale.
 * @param {Colored} look
 * @returns {(i: number) => string}
 */
export function painter({ color, colorscale = [], cmin = 0, cmax = 1 }) {
  if (typeof color === "string" || color === undefined) return () => color ?? "transparent"
  const scale = table(colorscale, 256)
  const names = new Array(scale.length)
  return (i) => {
    const step = Math.floor(((color[i] - cmin) / (cmax - cmin)) * scale.length)
    const place = Math.max(0, Math.min(scale.length - 1, step))
    return (names[place] ??= css(scale[place]))
  }
}

const css = (/** @type {number} */ pixel) => `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`
