// Rows that are pictures, with what the net says of them.

import { typed } from "../arrays.js"
import { element, filled, penOf, three, write } from "../dom.js"
import { plainCard } from "./plain_card.js"

/** @import {Numbers} from "../plot/types.js" */
/** @import {Store} from "../store.js" */
/** @import {RowPictures, Texts} from "../types.js" */

/** @typedef {{figure: HTMLElement, caption: HTMLElement, said: string}} Tile */

const EVERY = 200 // ms between two readings
const APART = 4 // px between pictures
const CAPTION = 15 // px under a picture
const NAME = 17 // px over the pictures of a class
const SHORT = 3 // letters of a class's name that leave room for its share
const LARGEST = 96 // px of a side

export class RowsCard {
  /** @type {Tile[]} */
  tiles = []
  seen = -1 // version of what is drawn
  drawnAt = 0
  side = 0

  /**
   * @param {HTMLElement} area
   * @param {Texts} text
   * @param {RowPictures} given
   */
  constructor(area, text, given) {
    this.text = text
    this.given = given
    this.host = element("div", { class: "pictures" })
    const { card, head, title, legend } = plainCard(area, "rows", this.host)
    this.card = card
    this.title = title
    this.legend = legend
    this.right = element("span")
    this.of = element("span")
    head.append(element("div", { class: "readings" }, this.of, this.right))
  }

  /** @param {RowPictures} given */
  show(given) {
    this.given = given
    this.seen = -1
    write(this.title, given.held_out ? this.text.rows_held_out : this.text.rows_training)
    const pixels = typed(given.pixels)
    const size = given.height * given.width
    this.tiles = given.rows.map((_, i) => this.tile(pixels.subarray(i * size, (i + 1) * size)))
    this.host.replaceChildren(...this.blocks())
    const mark = element("i", { class: "framed", "aria-hidden": "true" })
    this.legend.replaceChildren(...(given.classes.length ? [element("span", {}, mark, this.text.rows_wrong)] : []))
    this.card.classList.toggle("plain", !given.classes.length)
    this.side = 0
    this.resize()
  }

  // The pictures class by class, or in one block.
  blocks() {
    const { groups, classes } = this.given
    const figures = this.tiles.map(({ figure }) => figure)
    if (!groups.length) return [element("div", { class: "pictured" }, ...figures)]
    return groups.map((count, code) => {
      const own = element("div", { class: "pictured" }, ...figures.splice(0, count))
      return element("div", { class: "of-class" }, element("b", {}, classes[code]), own)
    })
  }

  /**
   * Of several nets, which of them say this.
   * @param {string} mean
   */
  several(mean) {
    write(this.of, mean)
  }

  /**
   * @param {Numbers} pixels
   * @returns {Tile}
   */
  tile(pixels) {
    const { height, width } = this.given
    const canvas = element("canvas", { width, height, "aria-hidden": "true" })
    const pen = penOf(canvas)
    const image = pen.createImageData(width, height)
    // black on nothing; CSS turns it in the dark
    for (let i = 0; i < pixels.length; i++) image.data[4 * i + 3] = pixels[i]
    pen.putImageData(image, 0, 0)
    const caption = element("figcaption", {}, "–")
    return { figure: element("figure", {}, canvas, caption), caption, said: "" }
  }

  /**
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   */
  draw(store, now, all) {
    const hasClasses = this.given.classes.length > 0
    const held = store.get(hasClasses ? "picture_code" : "picture_value")
    if (!held || held.version === this.seen || held.values.length !== this.tiles.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = held.version
    const { values } = held
    if (hasClasses) this.classes(values, store.get("picture_share")?.values ?? [])
    else this.tiles.forEach((tile, i) => this.caption(tile, i, this.text.row_value, three(values[i])))
    return true
  }

  /**
   * @param {Numbers} codes
   * @param {Numbers} shares
   */
  classes(codes, shares) {
    const { classes, codes: actual, groups } = this.given
    let right = 0
    this.tiles.forEach((tile, i) => {
      const share = `${Math.round(100 * shares[i])} %`
      const wrong = codes[i] !== actual[i]
      const name = classes[codes[i]]
      const brief = wrong ? name : share // the class stands over the pictures
      this.caption(tile, i, this.text.row_class, name, share, groups.length && name.length > SHORT ? brief : "")
      if (!wrong) right += 1
      tile.figure.classList.toggle("wrong", wrong)
    })
    write(this.right, filled(this.text.rows_right, { right, n: codes.length }))
  }

  /**
   * @param {Tile} tile
   * @param {number} i
   * @param {string} sentence
   * @param {string} said
   * @param {string} [share]
   * @param {string} [brief]  where there is no room for all of it
   */
  caption(tile, i, sentence, said, share = "", brief = "") {
    const all = share ? `${said} ${share}` : said
    if (tile.said === all) return
    tile.said = all
    write(tile.caption, brief || all)
    const { rows, actual } = this.given
    tile.figure.title = filled(sentence, { row: rows[i], actual: actual[i], said, share })
  }

  // Square, and as large as lets all of them be seen.
  resize() {
    if (this.card.hidden) return
    const narrow = this.card.closest('[data-layout="narrow"]') !== null
    const { clientWidth: width, clientHeight: height } = this.host
    const side = largest(this.given, width, narrow ? Infinity : height)
    if (side === this.side || side < 1) return
    this.side = side
    this.host.style.setProperty("--side", `${side}px`)
  }
}

/**
 * The largest side at which all pictures have room, class by class or in one block.
 * @param {Pick<RowPictures, "groups" | "rows">} pictures
 * @param {number} width
 * @param {number} height
 */
export function largest({ groups, rows }, width, height) {
  const most = groups.length ? Math.max(...groups) : rows.length
  for (let side = LARGEST; side > 8; side--) {
    const across = Math.floor((width + APART) / (side + APART))
    const line = side + CAPTION + APART
    if (groups.length) {
      const wide = most * (side + APART) + 10 // px between two classes
      const beside = Math.floor((width + 10) / wide)
      if (beside && Math.ceil(groups.length / beside) * (line + NAME) <= height) return side
    } else if (across && Math.ceil(most / across) * line <= height) return side
  }
  return 8
}
