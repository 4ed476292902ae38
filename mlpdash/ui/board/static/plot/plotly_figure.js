// Plotly's side of a figure: it keeps axes, zoom and hover, and is told as little as these need. Hover and zoom
// read its computed data, so these get the new numbers without a redraw.

import { edges, forPlotly, texts } from "./traces.js"

/** @import {FieldTrace, Layout, MarkTrace, PlotElement, PlotlyApi, Trace} from "./types.js" */

const CONFIG = { displayModeBar: false, showTips: false, doubleClick: false, displaylogo: false }

/**
 * @typedef {object} Heard
 * @property {() => void} placed  plotly has drawn
 * @property {() => void} moving  a person drags
 * @property {() => void} ranged  a person has zoomed
 * @property {() => void} reset  a person wants all of it again
 */

export class PlotlyFigure {
  /** @type {Trace[]} */
  traces = []
  /** @type {Layout | null} */
  layout = null
  /** @type {Set<number>} */
  behind = new Set() // traces whose length plotly does not know yet

  /**
   * @param {PlotlyApi} Plotly
   * @param {PlotElement} gd
   * @param {Heard} on
   */
  constructor(Plotly, gd, on) {
    this.Plotly = Plotly
    this.gd = gd
    this.on = on
    gd.addEventListener("pointerenter", () => this.catchUp())
  }

  /**
   * Another figure; it is drawn by `react`.
   * @param {Trace[]} traces
   * @param {Layout} layout
   */
  take(traces, layout) {
    this.traces = traces
    this.layout = layout
  }

  /** @param {number[]} [changed]  numbers of the traces that plotly has to look at; all if left out */
  react(changed = [...this.traces.keys()]) {
    const { gd, Plotly, layout } = this
    if (!layout) return
    const before = gd.data
    const data = this.traces.map((trace, i) =>
      !before?.[i] || changed.includes(i) ? forPlotly(trace) : before[i],
    )
    if (!before) {
      Plotly.newPlot(gd, data, layout, CONFIG)
      this.listen()
    } else Plotly.react(gd, data, layout, CONFIG)
    this.on.placed()
  }

  listen() {
    const { gd, on } = this
    gd.on("plotly_relayouting", () => on.moving())
    gd.on("plotly_relayout", (change) => {
      if (Object.keys(change ?? {}).some((key) => key.includes(".range["))) on.ranged()
    })
    gd.on("plotly_doubleclick", () => on.reset())
    gd.on("plotly_afterplot", () => on.placed())
  }

  /**
   * Sets attributes of a trace without a redraw.
   * @param {number} i
   * @param {Record<string, unknown>} values
   */
  keep(i, values) {
    if (this.gd.data) Object.assign(this.gd.data[i], values)
    Object.assign(this.gd._fullData[i], values)
  }

  /**
   * @param {number} i
   * @param {FieldTrace} trace
   */
  moveField(i, trace) {
    const computed = this.gd.calcdata?.[i]?.[0]
    if (!computed?.z) return
    const { x, y, z } = trace
    this.keep(i, { z })
    if (computed.z.length !== z.length || computed.z[0].length !== z[0].length) {
      Object.assign(computed, { x: edges(x), y: edges(y), xCenter: x, yCenter: y })
      this.keep(i, { x, y, ...texts(trace) })
    }
    computed.z = z
  }

  /**
   * @param {number} i
   * @param {MarkTrace & {customdata?: unknown}} trace
   */
  moveMarks(i, { x, y, customdata, hoverinfo, meta }) {
    this.keep(i, meta.ribbon ? { x, y, customdata } : { x, y })
    if (hoverinfo === "skip") return
    const computed = this.gd.calcdata?.[i]
    if (!computed) return
    if (computed.length !== y.length) {
      if (x.length === y.length) this.behind.add(i)
      return
    }
    const numbers = typeof x[0] === "number"
    for (let k = 0; k < y.length; k++) {
      computed[k].y = y[k]
      if (numbers) computed[k].x = x[k]
    }
  }

  // Hover needs plotly to know every point; without a pointer over the figure that can wait.
  catchUp() {
    if (!this.behind.size || this.gd._dragging) return
    const traces = [...this.behind]
    this.behind.clear()
    this.react(traces)
  }

  resize() {
    const { gd } = this
    if (!gd.data || !gd._fullLayout) return
    const { width, height } = gd._fullLayout
    if (Math.abs(width - gd.clientWidth) < 1 && Math.abs(height - gd.clientHeight) < 1) return
    if (gd.clientWidth && gd.clientHeight) this.Plotly.Plots.resize(gd)
  }

  destroy() {
    if (this.gd.data) this.Plotly.purge(this.gd)
  }
}
