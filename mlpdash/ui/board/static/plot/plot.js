// A plotly figure whose arrays move. Measured in headless Chromium: Plotly.restyle of a 100x100 heatmap
// under 500 points, 20 times a second, takes half a core; the same field painted on a canvas under plotly's
// SVG a twentieth. Plotly.react of a curve takes 7 to 15 ms, painting it 0.2. So traces with meta.canvas are
// painted by canvas.js, while plotly keeps axes, zoom and hover; other traces go through Plotly.react.

import { Layers } from "./canvas.js"
import { EndLabels } from "./labels.js"
import { PlotlyFigure } from "./plotly_figure.js"
import { Ranges } from "./ranges.js"
import { decoded, formed, isField, isMarks, same } from "./traces.js"

/** @import {Kept, Store} from "../store.js" */
/** @import {BoardFigure, Theme, TypedArray, Wire} from "../types.js" */
/** @import {Curve} from "./fit.js" */
/** @import {Levels, PlotElement, PlotlyApi, Trace} from "./types.js" */

const FRAME = 1000 / 30 // ms
/** @type {Pick<Kept, "values" | "shape">} */
const GONE = { values: new Float32Array(0), shape: [0] } // of what the last frame does not have any more

export class LivePlot {
  /** @type {Trace[]} */
  traces = []
  /** @type {Wire[]} */
  wires = []
  /** @type {BoardFigure["themed"]} */
  themed = {}
  /** @type {Theme | null} */
  theme = null
  shown = ""
  frame = "" // axes and colours that numbers of frames belong to
  net = "" // whose curves hover names
  showTest = true
  settled = false
  /** @type {Map<Wire, number>} */
  seen = new Map() // version of the array it showed last
  /** @type {Map<Wire, TypedArray>} */
  formed = new Map() // of those that are shown in another form
  /** @type {Map<number, number>} */
  drawnAt = new Map() // every -> when

  /**
   * @param {PlotlyApi} Plotly
   * @param {PlotElement} host
   * @param {(zoomed: boolean) => void} onZoom
   */
  constructor(Plotly, host, onZoom) {
    this.gd = host
    this.layers = new Layers(host)
    this.labels = new EndLabels(host)
    this.ranges = new Ranges(Plotly, host, () => this.curves(), onZoom)
    this.plotly = new PlotlyFigure(Plotly, host, {
      placed: () => this.placed(),
      moving: () => this.layers.place(this.traces),
      ranged: () => this.ranges.zoomed(true),
      reset: () => this.whole(),
    })
  }

  /**
   * A figure from Python replaces what is there; what frames brought before stays where it still fits.
   * @param {Pick<BoardFigure, "figure" | "wires" | "themed">} figure
   * @param {Theme} theme
   * @param {boolean} showTest
   * @param {Store} store
   */
  show(figure, theme, showTest, store) {
    const wanted = JSON.stringify([figure.figure, figure.wires])
    this.showTest = showTest
    if (wanted === this.shown) return
    this.shown = wanted
    this.net = ""
    const frame = JSON.stringify([figure.figure.layout.uirevision, figure.figure.data[0].zmax])
    if (this.frame && this.frame !== frame) this.forget(store)
    this.frame = frame
    this.wires = figure.wires
    this.themed = figure.themed
    const { data, layout } = decoded(figure.figure)
    this.traces = data
    this.ranges.begin(layout)
    const font = getComputedStyle(this.gd).getPropertyValue("--st-font").trim()
    if (font) layout.font.family = font
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false // a finger scrolls the page
    this.plotly.take(data, layout)
    this.seen.clear()
    this.formed.clear()
    this.paint(theme)
    this.update(store, performance.now(), true, true)
  }

  /**
   * Nothing of the old frames fits the new axes or colours.
   * @param {Store} store
   */
  forget(store) {
    for (const wire of this.wires) if (!wire.counter) store.drop(wire.array)
    this.layers.field.trace = null
    this.ranges.zoomed(false)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    if (this.traces.length && theme !== this.theme) this.paint(theme)
  }

  /** @param {Theme} theme */
  paint(theme) {
    this.theme = theme
    const { traces: data } = this
    for (const [path, value] of Object.entries(this.themed[theme] ?? {})) {
      put({ data, layout: this.plotly.layout }, path.split("."), value)
    }
    this.visible()
    this.layers.colors(this.traces)
    this.plotly.react()
  }

  /** @param {boolean} showTest  whether what belongs to held-out rows is shown */
  splits(showTest) {
    if (showTest === this.showTest || !this.traces.length) return
    this.showTest = showTest
    this.visible()
    this.layers.marks(this.traces)
    this.plotly.react()
  }

  visible() {
    for (const trace of this.traces) {
      if (trace.meta?.split === "validation") trace.visible = this.showTest
    }
  }

  /**
   * What hover calls the net whose own curves are drawn.
   * @param {string} net
   */
  name(net) {
    if (net === this.net || !this.gd.data) return
    this.net = net
    this.traces.forEach((trace, i) => {
      if (!trace.meta?.net) return
      trace.hovertemplate = trace.meta.net.replace("{net}", () => net) // its other braces are plotly's
      this.plotly.keep(i, { hovertemplate: trace.hovertemplate })
    })
  }

  /**
   * Shows what has come; returns whether something was drawn.
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all  also what is not due yet
   * @param {boolean} settled  no more will come soon, so axes fit closely
   */
  update(store, now, all, settled) {
    if (!this.traces.length) return false
    if (settled && !this.settled) this.ranges.fit(true)
    this.settled = settled
    if (all) this.plotly.catchUp()
    const due = this.wires.filter((wire) => this.isDue(wire, store, now, all))
    if (!due.length || (this.gd._dragging && due.some((w) => !this.canvas(w.trace)))) return false
    const touched = new Set()
    for (const wire of due) {
      const held = store.get(wire.array)
      this.drawnAt.set(wire.every, now)
      if (held) this.seen.set(wire, held.version)
      else this.seen.delete(wire)
      if (this.apply(wire, held ?? GONE)) touched.add(wire.trace)
    }
    this.redraw([...touched])
    return true
  }

  /**
   * @param {Wire} wire
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   */
  isDue(wire, store, now, all) {
    const held = store.get(wire.array)
    if (held ? this.seen.get(wire) === held.version : !this.seen.has(wire)) return false
    return all || now - (this.drawnAt.get(wire.every) ?? 0) >= (wire.every - 0.5) * FRAME
  }

  /** @param {number} trace */
  canvas(trace) {
    return this.traces[trace].meta?.canvas
  }

  /**
   * Sets an attribute of a trace; returns whether it is another than before.
   * @param {Wire} wire
   * @param {Pick<Kept, "values" | "shape">} held
   */
  apply(wire, { values, shape }) {
    const { trace, attribute, form } = wire
    const target = this.traces[trace]
    if (form) {
      if (shape[0] !== target.y.length || same(this.formed.get(wire), values)) return false
      this.formed.set(wire, values)
    }
    Object.assign(target, { [attribute]: formed(form, values, shape) })
    return true
  }

  /** @param {number[]} touched  numbers of traces */
  redraw(touched) {
    const traces = touched.map((i) => this.traces[i])
    const field = traces.findIndex(isField)
    if (field >= 0) this.moveField(touched[field])
    if (traces.some(isMarks)) {
      if (!this.ranges.fit(this.settled)) this.layers.marks(this.traces)
      this.endLabels()
    }
    for (const i of touched) {
      const trace = this.traces[i]
      if (isMarks(trace)) this.plotly.moveMarks(i, trace)
    }
    if (this.plotly.behind.size && this.gd.matches(":hover")) this.plotly.catchUp()
    const plain = touched.filter((i) => !this.canvas(i))
    if (plain.length) this.plotly.react(plain)
  }

  /** @param {number} i */
  moveField(i) {
    const trace = this.traces[i]
    if (!isField(trace)) return
    this.layers.paintField(trace)
    this.plotly.moveField(i, trace)
  }

  /**
   * Lines across the plot; null for none.
   * @param {Levels | null} levels
   */
  level(levels) {
    this.layers.levels = levels
    if (!this.traces.length) return
    if (!this.ranges.fit(this.settled)) this.layers.marks(this.traces)
  }

  /**
   * What axes are fitted to: the curves, and lines across the plot that are not far above them.
   * @returns {Curve[]}
   */
  curves() {
    const { levels } = this.layers
    if (!levels) return this.traces
    return [...this.traces, { x: [], y: levels.lines.map(({ value }) => value), meta: { ribbon: "levels" } }]
  }

  placed() {
    this.layers.place(this.traces)
    this.endLabels()
  }

  endLabels() {
    this.labels.place(this.traces, this.ranges.edge)
  }

  whole() {
    this.ranges.whole()
  }

  /** @param {boolean} on */
  logarithmic(on) {
    this.ranges.logarithmic(on)
  }

  resize() {
    this.plotly.resize()
  }

  destroy() {
    this.plotly.destroy()
  }
}

/**
 * Sets what a path such as data, 0, line, color leads to.
 * @param {object} place
 * @param {string[]} path
 * @param {unknown} value
 */
function put(place, [key, ...rest], value) {
  if (!rest.length) Object.assign(place, { [key]: value })
  else put(/** @type {Record<string, object>} */ (place)[key], rest, value)
}
