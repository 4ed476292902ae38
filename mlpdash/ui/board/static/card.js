// One figure in its card: heading with live numbers, plot, legend.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ LivePlot }, { element, percent, three, write }] = await Promise.all(
  ["plot.js", "dom.js"].map(part),
)

let plotly = null

// Plotly comes from the server's own route, once for the page.
export function loadPlotly(source) {
  plotly ??= new Promise((done, fail) => {
    const script = element("script", { src: source })
    script.onload = () => done(window.Plotly)
    script.onerror = () => fail(new Error(`no plotly at ${source}`))
    document.head.append(script)
  })
  return plotly
}

export class FigureCard {
  constructor(area, Plotly, text) {
    this.text = text
    this.title = element("h3")
    this.numbers = element("div", { class: "readings" })
    this.tools = element("div", { class: "tools" })
    this.host = element("div", { class: "plot" })
    this.legend = element("div", { class: "legend" })
    const head = element("header", {}, this.title, this.numbers, this.tools)
    this.card = element("section", { class: "card" }, head, this.host, this.legend)
    area.append(this.card)
    this.whole = this.tool(text.whole, text.whole_help, () => this.plot.whole())
    this.whole.classList.add("whole")
    this.plot = new LivePlot(Plotly, this.host, (zoomed) => {
      this.whole.classList.toggle("off", !zoomed)
    })
    this.whole.classList.add("off")
  }

  show(figure, theme, showTest, store) {
    this.name = figure.name
    this.figure = figure
    this.card.dataset.testid = `figure-${figure.name}`
    this.card.classList.add(figure.name)
    this.title.id ||= `mlpdash-${figure.name}-${crypto.getRandomValues(new Uint32Array(1))[0]}`
    this.card.setAttribute("aria-labelledby", this.title.id)
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

  tool(label, help, act) {
    const button = element("button", { type: "button", class: "tool", title: help }, label)
    button.onmousedown = (event) => event.preventDefault() // keeps the keyboard with the board
    button.onclick = act
    this.tools.append(button)
    return button
  }

  logSwitch(wanted) {
    if (!wanted || this.log) return
    this.log = this.tool(this.text.log, this.text.log_help, () => {
      const on = this.log.getAttribute("aria-pressed") !== "true"
      this.log.setAttribute("aria-pressed", on)
      this.plot.logarithmic(on)
    })
    this.log.setAttribute("aria-pressed", "false")
  }

  makeReadings(readings) {
    const text = JSON.stringify(readings)
    if (text === this.readingsText) return
    this.readingsText = text
    this.values = readings.map(({ label, split, kind, spread }) => {
      const value = element("b", { class: spread ? `${kind} spread` : kind }, "–")
      this.numbers.append(element("span", { class: `reading ${split}` }, `${label} `, value))
      return value
    })
    this.numbers.replaceChildren(...this.values.map((value) => value.parentElement))
    this.of = this.numbers.appendChild(element("span", { class: "of" }))
    if (this.name === "boundary") this.rate = this.numbers.appendChild(element("span"))
  }

  readings({ values = {}, frame_rate }) {
    this.figure.readings.forEach((reading, i) => write(this.values[i], this.reading(reading, values)))
    if (this.rate) {
      const shown = frame_rate === null || frame_rate === undefined ? "" : frame_rate.toFixed(1)
      write(this.rate, shown && this.text.frames_per_second.replace("{n}", shown))
    }
  }

  // A number, or the range of several nets.
  reading({ value, kind, spread }, values) {
    const form = kind === "percent" ? percent : three
    const [low, high] = [values[`${value}_low`], values[`${value}_high`]]
    if (!spread || !Number.isFinite(low) || !Number.isFinite(high)) return form(values[value])
    if (form(low) === form(high)) return form(high)
    const from = kind === "percent" ? (100 * low).toFixed(1) : form(low)
    return this.text.range.replace("{low}", from).replace("{high}", form(high))
  }

  // Which nets the figure shows; see `words` of population.js.
  several(said) {
    for (const [node, live] of this.live) {
      if (node.textContent !== said[live]) node.title = node.textContent = said[live]
    }
    write(this.of, this.figure.mean ? said.mean : "")
    this.plot.name(said.net)
  }

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

  update(store, now, all, settled) {
    return this.plot.update(store, now, all, settled)
  }

  splits(showTest) {
    this.card.classList.toggle("without-test", !showTest)
    this.plot.splits(showTest)
  }

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

const colorOf = (color) => (color.startsWith("#") ? color : `var(--board-${color})`)
