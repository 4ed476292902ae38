// What one draws with: a chip for each class, the eraser, and Clear.

import { element, filled, press, tool } from "../dom.js"

/** @import {Texts} from "../types.js" */

export class DrawingTools {
  /** @type {number | "erase"} */
  chosen = 0 // a class, or the eraser
  /** @type {number[]} */
  classes = []
  /** @type {string[][]} */
  colors = []

  /**
   * @param {Texts} text
   * @param {() => void} clear
   */
  constructor(text, clear) {
    this.text = text
    this.count = 2
    this.chips = element("span", { class: "chips", role: "group", "aria-label": text.draw_class })
    this.eraser = tool(text.erase, text.erase_help, () => this.choose("erase"))
    this.root = element("div", { class: "drawing" }, this.chips, this.eraser, tool(text.clear, text.clear_help, clear))
  }

  /**
   * Makes a chip for each class, and one for a class more.
   * @param {number[]} classes  that have points
   * @param {string[][]} colors  of two classes, of three, ...
   */
  offer(classes, colors) {
    this.classes = classes
    this.colors = colors
    const most = colors.length + 1
    const count = Math.min(most, Math.max(2, classes.length + (classes.length >= 2 ? 1 : 0)))
    if (this.chosen !== "erase" && this.chosen >= count) this.chosen = count - 1
    const own = colors[Math.max(2, Math.min(count, classes.length)) - 2]
    this.chips.replaceChildren(...Array.from({ length: count }, (_, code) => this.chip(code, own[code])))
    press(this.eraser, this.chosen === "erase")
  }

  /**
   * @param {number} code
   * @param {string} color
   */
  chip(code, color) {
    const isNew = code >= Math.max(2, this.classes.length)
    const label = isNew ? this.text.new_class : String(code)
    const help = isNew ? this.text.new_class_help : filled(this.text.draw_class_help, { name: code })
    const chip = tool(label, help, () => this.choose(code))
    if (!isNew) {
      const dot = element("i", { "aria-hidden": "true" })
      dot.style.background = color
      chip.prepend(dot)
    }
    press(chip, this.chosen === code)
    return chip
  }

  /** @param {number | "erase"} chosen */
  choose(chosen) {
    this.chosen = chosen
    this.offer(this.classes, this.colors)
  }
}
