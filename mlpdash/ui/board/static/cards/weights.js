// The first layer's weights as pictures, side by side.

import { table } from "../colors.js"
import { element, filled, penOf, sized, three, write } from "../dom.js"
import { plainCard } from "./plain_card.js"

/** @import {Store} from "../store.js" */
/** @import {RowPictures, Texts, Theme, TypedArray} from "../types.js" */
/** @import {OneNet} from "./words.js" */

const EVERY = 200 // ms between two pictures
const APART = 4 // px between pictures
const SMALL = 127 // weights come as whole numbers up to this
const LARGEST = 160 // px of a side

export class WeightsCard {
  /** @type {Theme | null} */
  theme = null
  lut = new Uint32Array(0)
  /** @type {TypedArray | null} */
  values = null
  scale = 0 // what the largest number stands for
  layout = { across: 1, side: 0, tall: 0 }
  seen = -1 // version of what is drawn
  drawnAt = 0

  /**
   * @param {HTMLElement} area
   * @param {Texts} text
   * @param {RowPictures} given
   */
  constructor(area, text, given) {
    this.text = text
    this.given = given
    this.canvas = element("canvas", { role: "img" })
    this.host = element("div", { class: "blocks" }, this.canvas)
    const { card, title, legend } = plainCard(area, "weights", this.host)
    this.card = card
    this.title = title
    this.canvas.setAttribute("aria-labelledby", title.id)
    this.canvas.onmousemove = (event) => {
      this.point(event)
    }
    this.low = element("span")
    this.high = element("span")
    const bar = element("i", { class: "signs", "aria-hidden": "true" })
    legend.append(element("span", {}, this.low, bar, this.high), element("span", {}, text.weights_hint))
    this.small = element("canvas")
  }

  get whole() {
    const { units, unit_count: n } = this.given
    return units.length < n ? filled(this.text.weights_some, { shown: units.length, n }) : this.text.weights
  }

  /**
   * @param {RowPictures} given
   * @param {Theme} theme
   */
  show(given, theme) {
    this.given = given
    this.seen = -1
    this.theme = null
    write(this.title, this.whole)
    sized(this.small, given.width, given.height)
    this.retheme(theme)
  }

  /**
   * Of several nets one's weights are shown.
   * @param {OneNet | null} one  null where a single net trains
   */
  several(one) {
    const title = this.whole
    const sentence = one?.isPicked ? this.text.weights_of : this.text.weights_example
    write(this.title, one ? filled(sentence, { title, net: one.name, n: one.nets }) : title)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    if (theme === this.theme) return
    this.theme = theme
    this.lut = table(this.given.scales[theme])
    this.paint()
  }

  /**
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   */
  draw(store, now, all) {
    const held = store.get("unit_weights")
    if (!held || held.version === this.seen || held.shape[0] !== this.given.units.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = held.version
    this.values = held.values
    this.scale = store.get("unit_scale")?.values[0] ?? 0
    write(this.low, three(-this.scale))
    write(this.high, three(this.scale))
    this.paint()
    return true
  }

  resize() {
    if (!this.card.hidden) this.paint()
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.host
    const { values, lut } = this
    if (!values || !width || !height) return
    const ratio = window.devicePixelRatio || 1
    const { units, height: rows, width: columns } = this.given
    this.layout = blocks(units.length, width, height, rows / columns)
    const { across, side, tall } = this.layout
    const pen = sized(this.canvas, Math.round(width * ratio), Math.round(height * ratio))
    const small = penOf(this.small)
    const image = small.createImageData(columns, rows)
    const pixels = new Uint32Array(image.data.buffer)
    pen.imageSmoothingEnabled = false
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    const factor = (lut.length - 1) / (2 * SMALL)
    for (let unit = 0; unit < units.length; unit++) {
      const from = unit * pixels.length
      for (let i = 0; i < pixels.length; i++) pixels[i] = lut[Math.round((values[from + i] + SMALL) * factor)]
      small.putImageData(image, 0, 0)
      const [x, y] = [(unit % across) * (side + APART), Math.floor(unit / across) * (tall + APART)]
      const [left, top, w, h] = [x, y, side, tall].map((v) => Math.round(v * ratio))
      pen.drawImage(this.small, left, top, w, h)
    }
  }

  /** @param {MouseEvent} event */
  point({ offsetX, offsetY }) {
    if (!this.values) return
    const { across, side, tall } = this.layout
    const column = Math.floor(offsetX / (side + APART))
    const unit = column + across * Math.floor(offsetY / (tall + APART))
    const size = this.given.height * this.given.width
    const values = this.values.subarray(unit * size, (unit + 1) * size)
    if (column >= across || !values.length) return this.canvas.removeAttribute("title")
    const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => three((v / SMALL) * this.scale))
    this.canvas.title = filled(this.text.weights_unit, { unit: this.given.units[unit], low, high })
  }
}

/**
 * How many pictures stand side by side so that all of them are as large as can be.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} shape  height of a picture over its width
 */
export function blocks(count, width, height, shape) {
  let best = { across: 1, side: 0, tall: 0 }
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across)
    const side = Math.min((width + APART) / across - APART, ((height + APART) / down - APART) / shape, LARGEST)
    if (side > best.side) best = { across, side, tall: side * shape }
  }
  return best
}
