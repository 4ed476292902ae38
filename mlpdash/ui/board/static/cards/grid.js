// The grid of one or two settings: cells with their number and small boundary; a click adopts one.

import { finer, paint, rows, table } from "../colors.js"
import { element, filled, percent, three, write } from "../dom.js"

/** @import {Kept, Store} from "../store.js" */
/** @import {Numbers} from "../plot/types.js" */
/** @import {SettingsGrid, Texts, Theme} from "../types.js" */

/**
 * @typedef {object} Cell
 * @property {number} r  its row, from below
 * @property {number} c
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} number
 * @property {string} said  its settings, in words
 */
/** @typedef {Record<string, number>} Settings */

const EVERY = 180 // ms between two pictures
const LEAST = 48 // px of a cell: room for its boundary and number; a grid of more scrolls in its card
const ROOMY = 80 // px of a cell that has room for the word "best" and a finer picture

/** @type {Record<string, [up: number, right: number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }

export class GridCard {
  /** @type {SettingsGrid | null} */
  grid = null
  shown = ""
  /** @type {Cell[]} */
  cells = []
  /** @type {Cell | null} */
  chosen = null
  /** @type {Theme | null} */
  theme = null
  lut = new Uint32Array(0)
  /** @type {Kept | undefined} */
  fields = undefined
  seen = -1 // version of what is drawn
  drawnAt = 0
  side = 0

  /**
   * @param {HTMLElement} area
   * @param {Texts} text
   * @param {(settings: Settings) => void} adopt
   */
  constructor(area, text, adopt) {
    this.text = text
    this.adopt = adopt
    this.title = element("h3", { id: "mlpdash-grid-title" })
    this.of = element("div", { class: "readings" })
    this.host = element("div", { class: "cells", role: "grid", "aria-labelledby": this.title.id })
    this.host.onkeydown = (event) => {
      this.move(event)
    }
    this.low = element("span")
    this.high = element("span")
    const hint = element("span", {}, text.grid_hint)
    const bar = element("i", { class: "heat", "aria-hidden": "true" })
    this.card = element(
      "section",
      { class: "card grid", "data-testid": "figure-grid" },
      element("header", {}, this.title, this.of),
      this.host,
      element("div", { class: "legend" }, element("span", {}, this.low, bar, this.high), hint),
    )
    area.prepend(this.card)
  }

  /**
   * @param {SettingsGrid} grid
   * @param {Theme} theme
   */
  show(grid, theme) {
    const shown = JSON.stringify(grid)
    if (shown === this.shown) return this.retheme(theme)
    this.shown = shown
    this.grid = grid
    write(this.title, grid.title)
    this.host.replaceChildren(...this.table(grid))
    this.chosen = null
    write(this.of, "")
    this.host.style.setProperty("--columns", String(grid.x.labels.length))
    this.reach(this.cells[0])
    this.seen = -1
    this.theme = null
    this.retheme(theme)
    this.resize()
  }

  /** @param {SettingsGrid} grid */
  table(grid) {
    this.cells = []
    const ys = grid.y ? grid.y.labels : [""]
    const made = ys.map((label, r) => this.row(grid, label, r)).reverse() // y grows upwards
    const names = grid.x.labels.map((label) => element("span", { class: "of-x", role: "columnheader" }, label))
    const foot = element("div", { role: "row" }, element("span", { class: "corner" }), ...names)
    const titles = [element("span", { class: "title-x", "aria-hidden": "true" }, grid.x.title)]
    if (grid.y) titles.push(element("span", { class: "title-y", "aria-hidden": "true" }, grid.y.title))
    return [element("div", { class: "scroll", role: "presentation" }, ...made, foot), ...titles]
  }

  /**
   * @param {SettingsGrid} grid
   * @param {string} label
   * @param {number} r
   */
  row(grid, label, r) {
    const header = element("span", { class: "of-y", role: "rowheader" }, label)
    const cells = grid.x.values.map((_, c) => this.cell(grid, r, c))
    return element("div", { role: "row" }, header, ...cells)
  }

  /**
   * @param {SettingsGrid} grid
   * @param {number} r
   * @param {number} c
   */
  cell({ x, y }, r, c) {
    /** @type {Settings} */
    const settings = { [x.name]: x.values[c], ...(y && { [y.name]: y.values[r] }) }
    const said = [`${x.title} ${x.labels[c]}`, ...(y ? [`${y.title} ${y.labels[r]}`] : [])].join(", ")
    const canvas = element("canvas", { "aria-hidden": "true" })
    const number = element("b", {}, "–")
    const best = element("small", {}, this.text.best)
    const button = element("button", { type: "button", tabindex: -1, title: said }, canvas, number, best)
    const one = { r, c, button, canvas, number, said }
    button.onclick = () => {
      this.adopt(settings)
    }
    button.onfocus = () => {
      this.reach(one)
    }
    this.cells.push(one)
    return element("span", { role: "gridcell" }, button)
  }

  /**
   * One cell is reached by Tab, the others from there by the arrows.
   * @param {Cell} cell
   */
  reach(cell) {
    for (const one of this.cells) one.button.tabIndex = one === cell ? 0 : -1
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const by = STEPS[event.key]
    const at = by && this.cells.find(({ button }) => button === document.activeElement)
    if (!at) return
    event.preventDefault()
    this.cells.find(({ r, c }) => r === at.r + by[0] && c === at.c + by[1])?.button.focus()
  }

  /**
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   */
  draw(store, now, all) {
    const cells = store.get("cells")
    if (!cells || cells.values.length !== this.cells.length || cells.version === this.seen) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = cells.version
    this.numbers(cells.values)
    this.fields = store.get("cell_fields")
    this.pictures()
    return true
  }

  /** @param {Numbers} values */
  numbers(values) {
    if (!this.grid) return
    const { kind, highest, metric } = this.grid
    const form = kind === "percent" ? percent : three
    const { low, high, best, shares } = ranked(values, highest)
    write(this.low, `${metric} ${form(low)}`)
    write(this.high, form(high))
    this.cells.forEach(({ button, number, said }, i) => {
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

  /**
   * How many nets each cell has, and the one that is picked.
   * @param {number} each
   * @param {number | undefined} member
   */
  several(each, member) {
    write(this.of, each > 1 ? filled(this.text.cell_median, { n: each }) : "")
    const chosen = member === undefined ? null : this.cells[Math.floor(member / each)]
    if (chosen === this.chosen) return
    this.chosen?.button.classList.remove("chosen")
    chosen?.button.classList.add("chosen")
    this.chosen = chosen
  }

  pictures() {
    if (!this.grid || !this.fields || this.card.hidden) return
    const { values, shape } = this.fields
    const [count, height, width] = shape
    if (count !== this.cells.length) return
    const { range, continuous } = this.grid
    this.cells.forEach(({ canvas }, i) => {
      const field = rows(values, height, width, i * height * width)
      paint(canvas, continuous && this.side >= ROOMY ? finer(field, 60) : field, range[0], range[1], this.lut)
    })
  }

  /** @param {Theme} theme */
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
    const down = this.grid.y ? this.grid.y.labels.length : 1
    const across = (width - 84) / this.grid.x.labels.length
    const fits = Math.floor(Math.min(across, narrow ? across : (height - 52) / down)) - 4
    const side = Math.max(LEAST, fits)
    if (!width || side === this.side) return
    this.side = side
    this.host.style.setProperty("--side", `${side}px`)
    this.host.classList.toggle("scrolls", fits < LEAST)
    this.host.classList.toggle("small", side < ROOMY)
    this.pictures()
  }
}

/**
 * The best and worst of the numbers, the places of the best, and for each how near it is to that, 0 to 1.
 * @param {Numbers} values
 * @param {boolean} highest  whether the highest is the best
 */
export function ranked(values, highest) {
  const finite = Array.from(values).filter(Number.isFinite)
  if (!finite.length) return { low: NaN, high: NaN, best: [], shares: Array.from(values, () => 0) }
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const [worst, top] = highest ? [low, high] : [high, low]
  const shares = Array.from(values, (value) => {
    if (!Number.isFinite(value)) return 0
    return top === worst ? 1 : (value - worst) / (top - worst)
  })
  const tops = Array.from(values).flatMap((value, i) => (value === top ? [i] : []))
  const best = top === worst && values.length > 1 ? [] : tops
  return { low: worst, high: top, best, shares }
}
