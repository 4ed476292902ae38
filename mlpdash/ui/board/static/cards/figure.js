// One figure in its card: heading with live numbers, plot, legend.

import { element, filled, percent, press, three, tool, write } from "../dom.js"
import { LivePlot } from "../plot/plot.js"

/** @import {PlotElement, PlotlyApi} from "../plot/types.js" */
/** @import {Store} from "../store.js" */
/** @import {BoardFigure, FrameHeader, Reading, Texts, Theme} from "../types.js" */
/** @import {Words} from "./words.js" */

/** @typedef {Record<string, number | null | undefined>} Values */

export class FigureCard {
  /** @type {HTMLButtonElement | null} */
  log = null
  readingsShown = ""
  /** @type {HTMLElement[]} */
  values = []
  /** @type {[HTMLElement, "median" | "net"][]} */
  live = [] // entries of the legend that say which nets

  /**
   * @param {HTMLElement} area
   * @param {PlotlyApi} Plotly
   * @param {BoardFigure} figure
   * @param {Texts} text
   */
  constructor(area, Plotly, figure, text) {
    this.text = text
    this.figure = figure
    this.name = figure.name
    const id = `mlpdash-${figure.name}-${crypto.getRandomValues(new Uint32Array(1))[0]}`
    this.title = element("h3", { id })
    this.numbers = element("div", { class: "readings" })
    this.tools = element("div", { class: "tools" })
    const host = element("div", { class: "plot" })
    this.host = /** @type {PlotElement} */ (/** @type {HTMLElement} */ (host)) // plotly makes it one
    this.legend = element("div", { class: "legend" })
    this.card = element(
      "section",
      { class: `card ${figure.name}`, "data-testid": `figure-${figure.name}`, "aria-labelledby": id },
      element("header", {}, this.title, this.numbers, this.tools),
      this.host,
      this.legend,
    )
    area.append(this.card)
    const whole = this.tool(text.whole, text.whole_help, () => this.plot.whole())
    whole.classList.add("whole", "off")
    this.plot = new LivePlot(Plotly, this.host, (zoomed) => whole.classList.toggle("off", !zoomed))
    this.of = element("span", { class: "of" })
    this.rate = element("span")
  }

  /**
   * @param {BoardFigure} figure
   * @param {Theme} theme
   * @param {boolean} showTest
   * @param {Store} store
   */
  show(figure, theme, showTest, store) {
    this.figure = figure
    write(this.title, figure.title)
    this.title.title = [figure.title, figure.hint].filter(Boolean).join(". ")
    this.logSwitch(figure.logarithmic)
    this.makeReadings(figure.readings)
    if (!figure.mean) write(this.of, "")
    this.makeLegend(figure)
    this.card.classList.toggle("several", figure.readings.some(({ spread }) => spread))
    this.card.classList.toggle("without-test", !showTest)
    this.plot.show(figure, theme, showTest, store)
    this.plot.resize() // a longer legend leaves it less room
  }

  /**
   * Adds a button to the heading.
   * @param {string} label
   * @param {string} help
   * @param {() => void} act
   */
  tool(label, help, act) {
    return this.tools.appendChild(tool(label, help, act))
  }

  /** @param {boolean} wanted */
  logSwitch(wanted) {
    if (!wanted || this.log) return
    const log = this.tool(this.text.log, this.text.log_help, () => {
      const on = log.getAttribute("aria-pressed") !== "true"
      press(log, on)
      this.plot.logarithmic(on)
    })
    press(log, false)
    this.log = log
  }

  /** @param {Reading[]} readings */
  makeReadings(readings) {
    const wanted = JSON.stringify(readings)
    if (wanted === this.readingsShown) return
    this.readingsShown = wanted
    this.values = readings.map(({ kind, spread }) => element("b", { class: spread ? `${kind} spread` : kind }, "–"))
    const named = readings.map(({ label, split }, i) =>
      element("span", { class: `reading ${split}` }, `${label} `, this.values[i]),
    )
    this.of = element("span", { class: "of" })
    this.rate = element("span")
    this.numbers.replaceChildren(...named, this.of, ...(this.name === "boundary" ? [this.rate] : []))
  }

  /** @param {FrameHeader} header */
  readings({ values = {}, frame_rate: rate }) {
    this.figure.readings.forEach((reading, i) => write(this.values[i], this.reading(reading, values)))
    const slow = rate !== null && rate !== undefined
    write(this.rate, slow ? filled(this.text.frames_per_second, { n: rate.toFixed(1) }) : "")
  }

  /**
   * A number, or the range of several nets.
   * @param {Pick<Reading, "value" | "kind" | "spread">} reading
   * @param {Values} values
   */
  reading({ value, kind, spread }, values) {
    const form = kind === "percent" ? percent : three
    const [low, high] = [values[`${value}_low`], values[`${value}_high`]]
    if (!spread || typeof low !== "number" || typeof high !== "number") return form(values[value])
    if (form(low) === form(high)) return form(high)
    const from = kind === "percent" ? (100 * low).toFixed(1) : form(low)
    return filled(this.text.range, { low: from, high: form(high) })
  }

  /**
   * Says which of several nets the figure shows.
   * @param {Words} said
   */
  several(said) {
    for (const [node, live] of this.live) {
      if (node.textContent !== said[live]) node.title = node.textContent = said[live]
    }
    write(this.of, this.figure.mean ? said.mean : "")
    this.plot.name(said.net)
  }

  /** @param {Pick<BoardFigure, "legend" | "ramp">} figure */
  makeLegend({ legend, ramp }) {
    this.live = []
    const entries = legend.map(({ label, symbol, color, split, live }) => {
      const mark = element("i", { class: symbol, "aria-hidden": "true" })
      if (color) mark.style.color = colorOf(color)
      const name = element("span", {}, label)
      if (live) this.live.push([name, live])
      return element("span", { class: split }, mark, name)
    })
    if (ramp) {
      const bar = element("i", { class: "ramp", "aria-hidden": "true" })
      bar.style.backgroundImage = `linear-gradient(90deg, ${ramp.colors.map(colorOf).join(", ")})`
      entries.unshift(element("span", {}, ramp.low, bar, ramp.high))
    }
    this.legend.replaceChildren(...entries)
    this.card.classList.toggle("plain", !entries.length)
  }

  /**
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   * @param {boolean} settled
   */
  draw(store, now, all, settled) {
    return this.plot.update(store, now, all, settled)
  }

  /** @param {boolean} showTest  whether what belongs to held-out rows is shown */
  splits(showTest) {
    this.card.classList.toggle("without-test", !showTest)
    this.plot.splits(showTest)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    this.plot.retheme(theme)
  }

  resize() {
    this.plot.resize()
  }

  destroy() {
    this.plot.destroy()
    this.card.remove()
  }
}

const colorOf = (/** @type {string} */ color) => (color.startsWith("#") ? color : `var(--board-${color})`)
