// The net as a picture, in the boundary's place.

import { EDIT, FRAME } from "../messages.js"
import { NetworkCard } from "./network_card.js"
import { wordsOf } from "./words.js"

/** @import {Host, Status} from "../parts.js" */
/** @import {BoardData, Header, Theme} from "../types.js" */

export class Network {
  static tabs = ["net"]

  /** @type {NetworkCard | null} */
  card = null

  /** @param {Host} host */
  constructor(host) {
    this.host = host
  }

  /** @param {BoardData} data */
  update({ network, members }) {
    const { stage, text } = this.host
    if (!network) return stage.remove("net")
    this.card ??= new NetworkCard(this.host.area, text, network, (place, value) => {
      this.host.send({ kind: EDIT, ...place, value })
    })
    this.card.show(network, this.host.theme)
    if (!members.length) this.card.several(null)
    if (!stage.has("net")) stage.add("net", this.card, text.show_network, text.show_network_help)
  }

  /** @param {Header} header */
  say(header) {
    const words = header.kind === FRAME && wordsOf(header, this.host.data.members, this.host.text)
    if (words) this.card?.several(words.one)
  }

  view() {
    return this.card && this.host.stage.shown === "net" ? { network: this.card.network.most } : {}
  }

  /** @param {Status} status */
  tell({ control, state }) {
    this.card?.panel.allow(control && state !== "idle" && state !== "queued", control)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    this.card?.retheme(theme)
  }

  destroy() {
    this.card?.card.remove()
  }
}
