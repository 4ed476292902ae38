// A plotly figure whose arrays move. Measured in headless Chromium: Plotly.restyle of a 100x100 heatmap
// under 500 points, 20 times a second, takes half a core; the same field painted on a canvas under plotly's
// SVG a twentieth. Plotly.react of a curve takes 7 to 15 ms, painting it 0.2. So traces with meta.canvas are
// painted by canvas.js, while plotly keeps axes, zoom and hover; other traces go through Plotly.react.
// Axes without a range of their own are fitted in steps (fit.js), so that they seldom move.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ Layers }, { typed }, { whole }, { fitted }, { EndLabels }, { fieldTexts }] = await Promise.all(
  ["canvas", "stream", "dom", "fit", "labels", "hover"].map((name) => part(`${name}.js`)),
)

const FRAME = 1000 / 30 // ms
const GONE = { values: [], shape: [0] } // of what the last frame does not have any more
const CONFIG = { displayModeBar: false, showTips: false, doubleClick: false, displaylogo: false }

export class LivePlot {
  constructor(Plotly, host, onZoom) {
    this.Plotly = Plotly
    this.gd = host
    this.onZoom = onZoom
    this.seen = new Map() // wire -> version of the array it showed last
    this.drawnAt = new Map() // every -> when
    this.log = false
    this.behind = new Set() // traces whose length plotly does not know yet
    this.layers = new Layers(host)
    this.labels = new EndLabels(host)
    host.addEventListener("pointerenter", () => this.catchUp())
  }

  // A figure from Python replaces what is there; what frames brought before stays where it still fits.
  show(figure, theme, showTest, store) {
    const text = JSON.stringify([figure.figure, figure.wires])
    this.showTest = showTest
    if (text === this.text) return
    this.text = text
    this.net = undefined
    const frame = JSON.stringify([figure.figure.layout.uirevision, figure.figure.data[0].zmax])
    if (this.frame !== undefined && this.frame !== frame) this.forget(store)
    this.frame = frame
    this.wires = figure.wires
    this.themed = figure.themed
    this.theme = undefined
    const { data, layout } = decoded(figure.figure)
    this.traces = data
    this.layout = layout
    this.fits = ["xaxis", "yaxis"].filter((name) => !layout[name].range)
    for (const name of this.fits) layout[name].range = [...(this.gd._fullLayout?.[name]?.range ?? [0, 1])]
    this.home = { "xaxis.range": [...layout.xaxis.range], "yaxis.range": [...layout.yaxis.range] }
    const font = getComputedStyle(this.gd).getPropertyValue("--st-font").trim()
    if (font) layout.font.family = font
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false // a finger scrolls the page
    if (this.log) layout.yaxis.type = "log"
    this.seen.clear()
    this.paint(theme)
    this.update(store, performance.now(), true, true)
  }

  // Nothing of the old frames fits the new axes or colours.
  forget(store) {
    for (const wire of this.wires) if (!wire.counter) store.drop(wire.array)
    this.layers.field = null
    this.zoomed(false)
  }

  retheme(theme) {
    if (this.traces && theme !== this.theme) this.paint(theme)
  }

  paint(theme) {
    this.theme = theme
    for (const [path, value] of Object.entries(this.themed[theme] ?? {})) this.set(path, value)
    this.visible()
    this.layers.colors(this.traces)
    this.react(this.traces.map((_, i) => i))
  }

  set(path, value) {
    const keys = path.split(".")
    const last = keys.pop()
    let place = { data: this.traces, layout: this.layout }
    for (const key of keys) place = place[key]
    place[last] = value
  }

  splits(showTest) {
    if (showTest === this.showTest || !this.traces) return
    this.showTest = showTest
    this.visible()
    this.layers.marks(this.traces)
    this.react(this.traces.map((_, i) => i))
  }

  visible() {
    for (const trace of this.traces) {
      if (trace.meta?.split === "validation") trace.visible = this.showTest !== false
    }
  }

  // What hover calls the net whose own curves are drawn.
  name(net) {
    if (net === this.net || !this.traces || !this.gd.data) return
    this.net = net
    this.traces.forEach((trace, i) => {
      if (!trace.meta?.net) return
      trace.hovertemplate = trace.meta.net.replace("{net}", net)
      this.keep(i, { hovertemplate: trace.hovertemplate })
    })
  }

  // Returns whether something was drawn. `settled`: no more will come soon, so axes fit closely.
  update(store, now, all, settled) {
    if (!this.traces) return false
    if (settled && !this.settled) this.fit(true)
    this.settled = settled
    if (all) this.catchUp()
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

  isDue(wire, store, now, all) {
    const held = store.get(wire.array)
    if (held ? this.seen.get(wire) === held.version : !this.seen.has(wire)) return false
    return all || now - (this.drawnAt.get(wire.every) ?? 0) >= (wire.every - 0.5) * FRAME
  }

  canvas(trace) {
    return this.traces[trace].meta?.canvas
  }

  apply({ trace, attribute, form }, { values, shape }) {
    const target = this.traces[trace]
    if (form) {
      if (shape[0] !== target.y.length || same(target[form], values)) return false
      target[form] = values
      target[attribute] = form === "shades" ? shades(values, shape) : counts(values, shape)
    } else target[attribute] = shape.length > 1 ? rows(values, shape) : values
    return true
  }

  redraw(touched) {
    const kinds = touched.map((i) => this.canvas(i))
    if (kinds.includes("field")) this.moveField(touched[kinds.indexOf("field")])
    if (kinds.includes("marks")) {
      if (!this.fit(this.settled)) this.layers.marks(this.traces)
      this.endLabels()
    }
    for (const [k, i] of touched.entries()) if (kinds[k] === "marks") this.moveMarks(i)
    if (this.behind.size && this.gd.matches(":hover")) this.catchUp()
    const plain = touched.filter((_, k) => !kinds[k])
    if (plain.length) this.react(plain)
  }

  // Hover and zoom read plotly's computed data: they get the new numbers without a redraw.
  moveField(i) {
    const trace = this.traces[i]
    this.layers.paintField(trace)
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

  moveMarks(i) {
    const { x, y, customdata, hoverinfo, meta } = this.traces[i]
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

  // Lines across the plot, {label, value}, in these colours; null for none.
  level(levels) {
    this.layers.levels = levels
    if (!this.traces) return
    if (!this.fit(this.settled)) this.layers.marks(this.traces)
  }

  // What axes are fitted to: the curves, and lines across the plot that are not far above them.
  fitting() {
    const { levels } = this.layers
    if (!levels) return this.traces
    return [...this.traces, { x: [], y: levels.lines.map(({ value }) => value), meta: { ribbon: "levels" } }]
  }

  // Widen the axes for what has come; returns whether plotly has redrawn.
  fit(closely) {
    if (!this.fits?.length || this.isZoomed || this.gd._dragging) return false
    const change = {}
    for (const name of this.fits) {
      const range = fitted(this.fitting(), name[0], this.gd._fullLayout[name], closely)
      if (range) change[`${name}.range`] = range
    }
    if (!Object.keys(change).length) return false
    this.Plotly.relayout(this.gd, change)
    return true
  }

  keep(i, values) {
    Object.assign(this.gd.data[i], values)
    Object.assign(this.gd._fullData[i], values)
  }

  react(changed) {
    const { gd, Plotly } = this
    const first = !gd.data
    const data = this.traces.map((trace, i) =>
      first || changed.includes(i) || !gd.data[i] ? forPlotly(trace) : gd.data[i],
    )
    if (first) {
      Plotly.newPlot(gd, data, this.layout, CONFIG)
      this.listen()
    } else Plotly.react(gd, data, this.layout, CONFIG)
    this.placed()
  }

  listen() {
    const { gd } = this
    gd.on("plotly_relayouting", () => this.layers.place(this.traces))
    gd.on("plotly_relayout", (change) => {
      const keys = Object.keys(change ?? {})
      if (keys.some((key) => key.includes(".range["))) this.zoomed(true)
    })
    gd.on("plotly_doubleclick", () => this.whole())
    gd.on("plotly_afterplot", () => this.placed())
  }

  placed() {
    this.layers.place(this.traces)
    this.endLabels()
  }

  endLabels() {
    this.labels.place(this.traces, this.isZoomed ? this.gd._fullLayout.xaxis.range[1] : Infinity)
  }

  zoomed(is) {
    this.isZoomed = is
    this.onZoom(is)
  }

  whole() {
    this.zoomed(false)
    const home = Object.entries(this.home).filter(([key]) => !this.fits.includes(key.split(".")[0]))
    if (home.length) this.Plotly.relayout(this.gd, structuredClone(Object.fromEntries(home)))
    this.fit(true)
  }

  logarithmic(on) {
    this.log = on
    const yaxis = { ...this.gd._fullLayout.yaxis, type: on ? "log" : "linear", range: [0, 0] }
    const range = fitted(this.fitting(), "y", yaxis, true) ?? (on ? [-1, 0] : [0, 1])
    this.Plotly.relayout(this.gd, { "yaxis.type": yaxis.type, "yaxis.range": range })
    this.zoomed(false)
    this.fit(true)
  }

  resize() {
    const { gd } = this
    if (!gd.data) return
    const { width, height } = gd._fullLayout
    if (Math.abs(width - gd.clientWidth) < 1 && Math.abs(height - gd.clientHeight) < 1) return
    if (gd.clientWidth && gd.clientHeight) this.Plotly.Plots.resize(gd)
  }

  destroy() {
    if (this.gd.data) this.Plotly.purge(this.gd)
  }
}

// What plotly is given: it keeps the axes and hover of a canvas trace, and paints nothing of it.
function forPlotly(trace) {
  const { shades: _, counts: __, ...given } = trace
  if (given.meta?.support) given.meta = { ...given.meta, support: null } // it is the canvas's alone
  if (!trace.meta?.canvas) return given
  given.opacity = 0
  Object.assign(given, texts(trace))
  if (trace.marker) given.marker = { size: trace.marker.size, maxdisplayed: 1 } // its colours are the canvas's
  return given
}

// What hover says where a field's numbers do not speak for themselves.
function texts(trace) {
  return trace.meta.names || trace.meta.beside ? { text: fieldTexts(trace) } : {}
}

// Where cells end that stand around these middles.
function edges(middles) {
  const step = middles[1] - middles[0]
  return Array.from({ length: middles.length + 1 }, (_, k) => middles[0] + (k - 0.5) * step)
}

// Typed arrays in a figure's JSON become typed arrays.
function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded)
  if (value === null || typeof value !== "object") return value
  if (typeof value.bdata === "string") return typed(value)
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, decoded(v)]))
}

function rows(values, [height, width]) {
  return Array.from({ length: height }, (_, r) => values.subarray(r * width, (r + 1) * width))
}

// Each cell of a matrix as its column number plus its share of the row: a place on a scale of steps.
function shades(values, shape) {
  return rows(values, shape).map((row) => {
    const total = row.reduce((a, b) => a + b, 0) || 1
    return Array.from(row, (value, column) => column + Math.min(0.998, value / total))
  })
}

function counts(values, shape) {
  return rows(values, shape).map((row) => Array.from(row, whole))
}

function same(one, other) {
  return one?.length === other.length && one.every((value, i) => value === other[i])
}
