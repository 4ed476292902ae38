// What stands in the large card's place: the boundary, the grid, the net, pictures. One at a time; a
// row of buttons, which wanders into the card that is shown, tells which. What is not shown costs nothing.

import { element, press, tool } from "./dom.js"

/** @import {Store} from "./store.js" */

/**
 * @typedef {object} LargeCard
 * @property {HTMLElement} card
 * @property {(store: Store, now: number, all: boolean, settled: boolean) => boolean} draw  whether it has drawn
 * @property {() => void} resize
 */

export class Stage {
  /** @type {Map<string, {item: LargeCard, button: HTMLButtonElement}>} */
  items = new Map()
  shown = "boundary"

  /**
   * @param {string} label
   * @param {string[]} order  of the buttons, by name
   * @param {() => void} turned  called when another card is shown: a frame then has to hold other things
   */
  constructor(label, order, turned) {
    this.order = order
    this.turned = turned
    this.tabs = element("div", { class: "tabs", role: "group", "aria-label": label })
    this.extras = element("div", { class: "extras" })
    this.bar = element("div", { class: "stage" }, this.tabs, this.extras)
  }

  /**
   * Offers a card.
   * @param {string} name
   * @param {LargeCard} item
   * @param {string} label
   * @param {string} help
   */
  add(name, item, label, help) {
    const button = tool(label, help, () => this.show(name), "")
    item.card.classList.add("large")
    this.items.set(name, { item, button })
    this.sort()
    this.set()
  }

  /** @param {string} name */
  remove(name) {
    const there = this.items.get(name)
    if (!there) return
    there.item.card.hidden = true
    this.items.delete(name)
    this.sort()
    if (this.shown === name) this.show("boundary")
  }

  /** @param {string} name */
  has(name) {
    return this.items.has(name)
  }

  sort() {
    this.tabs.replaceChildren(...this.order.flatMap((name) => this.items.get(name)?.button ?? []))
  }

  /** @param {string} name */
  show(name) {
    if (name === this.shown) return
    this.shown = name
    this.set()
    this.resize()
    this.turned()
  }

  set() {
    const active = document.activeElement
    const focused = active instanceof HTMLElement && this.tabs.contains(active) ? active : null
    for (const [name, { item, button }] of this.items) {
      item.card.hidden = name !== this.shown
      press(button, name === this.shown)
    }
    const item = this.items.get(this.shown)?.item
    if (item && this.bar.parentElement !== item.card) item.card.prepend(this.bar)
    focused?.focus()
  }

  /**
   * Draws the card that is shown; returns whether it has drawn something.
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   * @param {boolean} settled
   */
  draw(store, now, all, settled) {
    return this.items.get(this.shown)?.item.draw(store, now, all, settled) ?? false
  }

  resize() {
    this.items.get(this.shown)?.item.resize()
  }
}
