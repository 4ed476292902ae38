// Rows that are pictures, with what the net says of them, and the first layer's weights as pictures.

import { FRAME } from "../messages.js"
import { RowsCard } from "./rows.js"
import { WeightsCard } from "./weights.js"
import { wordsOf } from "./words.js"

/** @import {Host} from "../parts.js" */
/** @import {BoardData, Header, Theme} from "../types.js" */
/** @import {OneNet} from "./words.js" */

export class Pictures {
  static tabs = ["rows", "weights"]

  given = ""
  /** @type {RowsCard | null} */
  rows = null
  /** @type {WeightsCard | null} */
  weights = null

  /** @param {Host} host */
  constructor(host) {
    this.host = host
  }

  /** @param {BoardData} data */
  update({ pictures, members }) {
    if (!members.length) this.several("", null)
    const given = JSON.stringify(pictures)
    if (given === this.given) return
    this.given = given
    const { stage, area, text, theme } = this.host
    if (!pictures) {
      for (const name of Pictures.tabs) stage.remove(name)
      return
    }
    this.rows ??= new RowsCard(area, text, pictures)
    this.weights ??= new WeightsCard(area, text, pictures)
    this.rows.show(pictures)
    this.weights.show(pictures, theme)
    if (stage.has("rows")) return
    stage.add("rows", this.rows, text.show_rows, text.show_rows_help)
    stage.add("weights", this.weights, text.show_weights, text.show_weights_help)
  }

  /** @param {Header} header */
  say(header) {
    const words = header.kind === FRAME && wordsOf(header, this.host.data.members, this.host.text)
    if (words) this.several(words.mean, words.one)
  }

  /**
   * @param {string} mean  of which nets the rows show the mean
   * @param {OneNet | null} one  the net whose weights are shown
   */
  several(mean, one) {
    this.rows?.several(mean)
    this.weights?.several(one)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    this.weights?.retheme(theme)
  }

  destroy() {
    this.rows?.card.remove()
    this.weights?.card.remove()
  }
}
