// The ranges of a figure's axes. Those without a range of their own follow their curves in steps (fit.js), so
// that they seldom move; a person's zoom stays until it is taken back.

import { fitted } from "./fit.js"

/** @import {Curve} from "./fit.js" */
/** @import {Layout, PlotElement, PlotlyApi} from "./types.js" */

const AXES = /** @type {const} */ (["xaxis", "yaxis"])

export class Ranges {
  /** @type {("xaxis" | "yaxis")[]} */
  fits = [] // axes that follow their curves
  /** @type {Record<string, number[]>} */
  home = {}
  log = false
  isZoomed = false

  /**
   * @param {PlotlyApi} Plotly
   * @param {PlotElement} gd
   * @param {() => Curve[]} curves  what axes are fitted to
   * @param {(zoomed: boolean) => void} onZoom
   */
  constructor(Plotly, gd, curves, onZoom) {
    this.Plotly = Plotly
    this.gd = gd
    this.curves = curves
    this.onZoom = onZoom
  }

  /**
   * A new layout gets ranges to begin with: what is shown now.
   * @param {Layout} layout
   */
  begin(layout) {
    this.fits = AXES.filter((name) => !layout[name].range)
    for (const name of this.fits) {
      const [low, high] = this.gd._fullLayout?.[name]?.range ?? [0, 1]
      layout[name].range = [low, high]
    }
    this.home = { "xaxis.range": [...layout.xaxis.range], "yaxis.range": [...layout.yaxis.range] }
    if (this.log) layout.yaxis.type = "log"
  }

  /**
   * Widens the axes for what has come; returns whether plotly has redrawn.
   * @param {boolean} closely  around curves that have come to rest
   */
  fit(closely) {
    const full = this.gd._fullLayout
    if (!full || !this.fits.length || this.isZoomed || this.gd._dragging) return false
    /** @type {Record<string, unknown>} */
    const change = {}
    for (const name of this.fits) {
      const range = fitted(this.curves(), name === "xaxis" ? "x" : "y", full[name], closely)
      if (range) change[`${name}.range`] = range
    }
    if (!Object.keys(change).length) return false
    this.Plotly.relayout(this.gd, change)
    return true
  }

  /** @param {boolean} is */
  zoomed(is) {
    this.isZoomed = is
    this.onZoom(is)
  }

  // The end of what is shown, for what stands at the ends of curves.
  get edge() {
    return this.isZoomed ? (this.gd._fullLayout?.xaxis.range[1] ?? Infinity) : Infinity
  }

  whole() {
    this.zoomed(false)
    const fixed = AXES.filter((name) => !this.fits.includes(name))
    const home = fixed.map((name) => [`${name}.range`, [...this.home[`${name}.range`]]])
    if (home.length) this.Plotly.relayout(this.gd, Object.fromEntries(home))
    this.fit(true)
  }

  /** @param {boolean} on */
  logarithmic(on) {
    this.log = on
    const type = on ? "log" : "linear"
    const range = fitted(this.curves(), "y", { type, range: [0, 0] }, true) ?? (on ? [-1, 0] : [0, 1])
    this.Plotly.relayout(this.gd, { "yaxis.type": type, "yaxis.range": range })
    this.zoomed(false)
    this.fit(true)
  }
}
