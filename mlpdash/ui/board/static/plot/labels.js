// The names of curves, at their ends.

import { element, write } from "../dom.js"

/** @import {Numbers, PlotElement, Trace} from "./types.js" */

/** @typedef {{members: number[], middle: number}} Group  places that touch one another */

const APART = 14 // px

export class EndLabels {
  /** @type {HTMLElement[]} */
  labels = []

  /** @param {PlotElement} gd */
  constructor(gd) {
    this.gd = gd
  }

  /**
   * @param {Trace[]} traces
   * @param {number} edge  the last x that is shown
   */
  place(traces, edge) {
    const full = this.gd._fullLayout
    const box = this.gd.querySelector(".svg-container")
    const named = traces.filter((trace) => trace.meta?.label)
    if (!box || !full?.yaxis) return
    for (const label of this.labels.splice(named.length)) label.remove()
    const { yaxis, _size: size } = full
    const ends = named.map(({ x, y }) => yaxis.d2p(lastNumber(x, y, edge)))
    const places = spaced(ends, APART, 8, size.h)
    named.forEach(({ meta, line }, i) => {
      const label = (this.labels[i] ??= element("span", { class: "end" }))
      write(label, meta?.label ?? "")
      if (label.parentElement !== box) box.append(label)
      label.style.color = line?.color ?? ""
      label.style.visibility = Number.isFinite(places[i]) ? "visible" : "hidden"
      label.style.transform = `translate(${size.l + size.w + 5}px, ${size.t + places[i] - 8}px)`
    })
  }
}

/**
 * Places from `low` to `high`, as near to the wanted ones as leaves `apart` between two of them.
 * @param {number[]} wanted
 * @param {number} apart
 * @param {number} low
 * @param {number} high
 */
export function spaced(wanted, apart, low, high) {
  const order = wanted.map((_, i) => i).filter((i) => Number.isFinite(wanted[i]))
  order.sort((i, k) => wanted[i] - wanted[k] || k - i)
  /** @type {Group[]} */
  const groups = []
  for (const i of order) {
    let group = { members: [i], middle: Math.min(high, Math.max(low, wanted[i])) }
    for (let last = groups.at(-1); last && bottom(last, apart) + apart > top(group, apart); last = groups.at(-1)) {
      groups.pop()
      group = merged(last, group)
      const half = ((group.members.length - 1) * apart) / 2
      group.middle = Math.min(high - half, Math.max(low + half, group.middle))
    }
    groups.push(group)
  }
  const places = wanted.map(() => NaN)
  for (const group of groups) {
    group.members.forEach((i, n) => (places[i] = top(group, apart) + n * apart))
  }
  return places
}

const top = (/** @type {Group} */ { members, middle }, /** @type {number} */ apart) =>
  middle - ((members.length - 1) * apart) / 2
const bottom = (/** @type {Group} */ { members, middle }, /** @type {number} */ apart) =>
  middle + ((members.length - 1) * apart) / 2

/**
 * @param {Group} one
 * @param {Group} other
 */
function merged(one, other) {
  const [n, m] = [one.members.length, other.members.length]
  const middle = (one.middle * n + other.middle * m) / (n + m)
  return { members: [...one.members, ...other.members], middle }
}

/**
 * @param {Numbers | string[]} x
 * @param {Numbers} y
 * @param {number} edge
 */
function lastNumber(x, y, edge) {
  for (let i = y.length - 1; i >= 0; i--) if (Number(x[i]) <= edge && Number.isFinite(y[i])) return y[i]
  return NaN
}
