// One net of several, looked at alone.

import { element, filled, leaveAfterClick, write } from "../dom.js"

/** @import {Nets, Texts} from "../types.js" */

const KEPT = "mlpdash-net"

export class MemberPicker {
  /** @type {string[]} */
  names = []
  marked = ""
  shown = ""

  /**
   * @param {Texts} text
   * @param {(member: number | null) => void} pick  called with a net's number from 0, or null for all of them
   */
  constructor(text, pick) {
    this.text = text
    this.select = element("select", { "aria-label": text.net })
    leaveAfterClick(this.select, () => pick(this.member))
    this.label = element("label", { class: "picker" }, element("span", {}, text.net), this.select)
  }

  get member() {
    return this.select.value === "" ? null : Number(this.select.value)
  }

  /**
   * Offers the nets by name; none where a single net trains.
   * @param {string[]} names
   */
  show(names) {
    this.label.hidden = !names.length
    const shown = JSON.stringify(names)
    if (shown === this.shown) return
    this.shown = shown
    const before = this.select.value
    const options = names.map((name, i) => element("option", { value: i }, name))
    this.select.replaceChildren(element("option", { value: "" }, this.text.all_nets), ...options)
    this.select.value = Number(before) < names.length ? before : ""
    this.names = names
    this.marked = ""
  }

  /**
   * Says which net is the best now, and which have diverged.
   * @param {Pick<Nets, "best" | "gone">} nets
   */
  mark({ best, gone }) {
    const marked = JSON.stringify([best, gone])
    if (marked === this.marked) return
    this.marked = marked
    const lost = new Set(gone)
    this.names.forEach((name, i) => {
      const form = lost.has(i) ? this.text.net_gone : i === best ? this.text.net_best : "{net}"
      write(this.select.options[i + 1], filled(form, { net: name }))
    })
  }

  /** @param {number | null} member */
  pick(member) {
    if (member !== null && member < this.names.length) this.select.value = String(member)
  }
}

/**
 * The net that was picked in this tab for a run, before the page was loaded again; null for none.
 * @param {string} run
 * @returns {number | null}
 */
export function pickedBefore(run) {
  try {
    const [of, member] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")
    return of === run && Number.isInteger(member) ? member : null
  } catch {
    return null
  }
}

/**
 * @param {string} run
 * @param {number | null} member
 */
export function rememberPick(run, member) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([run, member]))
  } catch {
    // no storage: all nets are shown when the page is loaded again
  }
}
