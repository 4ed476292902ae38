// The grid of one or two settings: cells with their number and small boundary; a click adopts one.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ element, percent, three, write }, { colored, finer, table }] = await Promise.all(
  ["dom.js", "colors.js"].map(part),
)

const EVERY = 180 // ms between two pictures
const LEAST = 48 // px of a cell: room for its boundary and number; a grid of more scrolls in its card
const ROOMY = 80 // px of a cell that has room for the word "best" and a finer picture

export class GridCard {
  constructor(area, text, adopt) {
    this.text = text
    this.adopt = adopt
    this.title = element("h3", { id: "mlpdash-grid-title" })
    this.of = element("div", { class: "readings" })
    const head = element("header", {}, this.title, this.of)
    this.host = element("div", { class: "cells", role: "grid", "aria-labelledby": this.title.id })
    this.host.onkeydown = (event) => this.move(event)
    this.low = element("span")
    this.high = element("span")
    const hint = element("span", {}, text.grid_hint)
    const bar = element("i", { class: "heat", "aria-hidden": "true" })
    const legend = element("div", { class: "legend" }, element("span", {}, this.low, bar, this.high), hint)
    this.card = element("section", { class: "card grid", "data-testid": "figure-grid" }, head, this.host, legend)
    area.prepend(this.card)
    this.drawnAt = 0
  }

  show(grid, theme) {
    const text = JSON.stringify(grid)
    if (text === this.shown) return this.retheme(theme)
    this.shown = text
    this.grid = grid
    write(this.title, grid.title)
    this.cells = []
    const ys = grid.y ? grid.y.labels : [""]
    const rows = ys.map((label, r) => this.row(label, r)).reverse() // y grows upwards
    const names = grid.x.labels.map((label) => element("span", { class: "of-x", role: "columnheader" }, label))
    const foot = element("div", { role: "row" }, element("span", { class: "corner" }), ...names)
    const titles = [element("span", { class: "title-x", "aria-hidden": "true" }, grid.x.title)]
    if (grid.y) titles.push(element("span", { class: "title-y", "aria-hidden": "true" }, grid.y.title))
    this.table = element("div", { class: "scroll", role: "presentation" }, ...rows, foot)
    this.host.replaceChildren(this.table, ...titles)
    this.chosen = null
    write(this.of, "")
    this.host.style.setProperty("--columns", grid.x.labels.length)
    this.reach(this.cells[0])
    this.seen = this.theme = undefined
    this.retheme(theme)
    this.resize()
  }

  row(label, r) {
    const header = element("span", { class: "of-y", role: "rowheader" }, label)
    const cells = this.grid.x.values.map((_, c) => this.cell(r, c))
    return element("div", { role: "row" }, header, ...cells)
  }

  cell(r, c) {
    const { x, y } = this.grid
    const settings = { [x.name]: x.values[c], ...(y && { [y.name]: y.values[r] }) }
    const said = [`${x.title} ${x.labels[c]}`, ...(y ? [`${y.title} ${y.labels[r]}`] : [])].join(", ")
    const canvas = element("canvas", { "aria-hidden": "true" })
    const number = element("b", {}, "–")
    const best = element("small", {}, this.text.best)
    const button = element("button", { type: "button", tabindex: -1, title: said }, canvas, number, best)
    button.onclick = () => this.adopt(settings)
    button.onfocus = () => this.reach(one)
    const one = { r, c, button, canvas, number, said }
    this.cells.push(one)
    return element("span", { role: "gridcell" }, button)
  }

  // One cell is reached by Tab, the others from there by the arrows.
  reach(cell) {
    for (const one of this.cells) one.button.tabIndex = one === cell ? 0 : -1
  }

  move(event) {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }[event.key]
    const at = by && this.cells.find(({ button }) => button === document.activeElement)
    if (!at) return
    event.preventDefault()
    this.cells.find(({ r, c }) => r === at.r + by[0] && c === at.c + by[1])?.button.focus()
  }

  update(store, now, all) {
    const [cells, fields] = [store.get("cells"), store.get("cell_fields")]
    if (!cells || cells.values.length !== this.cells?.length || cells.version === this.seen) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = cells.version
    this.numbers(cells.values)
    this.fields = fields
    this.pictures()
    return true
  }

  numbers(values) {
    const { kind, highest, metric } = this.grid
    const form = kind === "percent" ? percent : three
    const { low, high, best, shares } = ranked(values, highest)
    write(this.low, `${metric} ${form(low)}`)
    write(this.high, form(high))
    this.cells.forEach((cell, i) => {
      const { button, number, said } = cell
      const value = Number.isFinite(values[i]) ? form(values[i]) : this.text.no_number
      write(number, value)
      button.style.setProperty("--heat", `${(100 * shares[i]).toFixed(1)}%`)
      button.classList.toggle("best", best.includes(i))
      const name = [said, `${metric} ${value}`, ...(best.includes(i) ? [this.text.best] : [])].join(", ")
      if (button.title === name) return
      button.title = name
      button.setAttribute("aria-label", name)
    })
  }

  // How many nets each cell has, and the one that is picked.
  several(each, member) {
    write(this.of, each > 1 ? this.text.cell_median.replace("{n}", each) : "")
    const chosen = Number.isInteger(member) ? this.cells[Math.floor(member / each)] : null
    if (chosen === this.chosen) return
    this.chosen?.button.classList.remove("chosen")
    chosen?.button.classList.add("chosen")
    this.chosen = chosen
  }

  pictures() {
    if (!this.fields || this.card.hidden) return
    const { values, shape } = this.fields
    const [count, height, width] = shape
    if (count !== this.cells.length) return
    const { range, continuous } = this.grid
    this.cells.forEach(({ canvas }, i) => {
      const place = i * height * width
      const rows = Array.from({ length: height }, (_, r) =>
        values.subarray(place + r * width, place + (r + 1) * width),
      )
      paint(canvas, continuous && this.side >= ROOMY ? finer(rows, 60) : rows, range, this.lut)
    })
  }

  retheme(theme) {
    if (!this.grid || theme === this.theme) return
    this.theme = theme
    this.lut = table(this.grid.scales[theme])
    this.pictures()
  }

  // Cells are square and as large as fits, and large enough to be read.
  resize() {
    if (!this.grid || this.card.hidden) return
    const { clientWidth: width, clientHeight: height } = this.host
    const narrow = this.card.closest('[data-layout="narrow"]') !== null
    const rows = this.grid.y ? this.grid.y.labels.length : 1
    const across = (width - 84) / this.grid.x.labels.length
    const fits = Math.floor(Math.min(across, narrow ? across : (height - 52) / rows)) - 4
    const side = Math.max(LEAST, fits)
    if (!width || side === this.side) return
    this.side = side
    this.host.style.setProperty("--side", `${side}px`)
    this.host.classList.toggle("scrolls", fits < LEAST)
    this.host.classList.toggle("small", side < ROOMY)
    this.pictures()
  }

  destroy() {
    this.card.remove()
  }
}

// The best and worst of the numbers, the places of the best, and for each how near it is to that, 0 to 1.
export function ranked(values, highest) {
  const finite = Array.from(values).filter(Number.isFinite)
  if (!finite.length) return { low: NaN, high: NaN, best: [], shares: Array.from(values, () => 0) }
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const [worst, top] = highest ? [low, high] : [high, low]
  const shares = Array.from(values, (value) => {
    if (!Number.isFinite(value)) return 0
    return top === worst ? 1 : (value - worst) / (top - worst)
  })
  const tops = Array.from(values.keys()).filter((i) => values[i] === top)
  const best = top === worst && values.length > 1 ? [] : tops
  return { low: worst, high: top, best, shares }
}

function paint(canvas, z, [low, high], lut) {
  const [height, width] = [z.length, z[0].length]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const pen = canvas.getContext("2d")
  const image = pen.createImageData(width, height)
  colored(z, low, high, lut, new Uint32Array(image.data.buffer))
  pen.putImageData(image, 0, 0)
}
