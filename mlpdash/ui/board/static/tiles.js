// The tiles beside the transport: where the run is, how fast, and on what.

import { duration, element, filled, whole, write } from "./dom.js"

/** @import {FrameHeader, Nets, Texts} from "./types.js" */

export class Tiles {
  /** @param {Texts} text */
  constructor(text) {
    this.text = text
    this.strip = element("dl", { class: "tiles" })
    this.epoch = this.tile("epoch", text.epoch)
    this.steps = this.tile("steps", text.steps)
    this.rate = this.tile("rate", text.rate)
    this.elapsed = this.tile("elapsed", text.elapsed)
    this.left = this.tile("left", text.left)
    this.nets = this.tile("nets", text.nets)
    this.device = this.tile("device", text.device)
  }

  /**
   * @param {string} name
   * @param {string} label
   */
  tile(name, label) {
    const value = element("dd", {}, "–")
    this.strip.append(element("div", { class: `tile ${name}` }, element("dt", {}, label), value))
    return value
  }

  /**
   * How many nets train; a single one has no tile.
   * @param {number} nets
   */
  several(nets) {
    this.strip.classList.toggle("several", nets > 1)
    write(this.nets, whole(nets))
  }

  /** @param {Partial<FrameHeader>} header */
  numbers(header) {
    write(this.epoch, whole(header.epoch ?? 0))
    write(this.steps, whole(header.step ?? 0))
    write(this.rate, header.steps_per_second ? whole(header.steps_per_second) : "–")
    write(this.elapsed, duration(header.elapsed, this.text.days))
    write(this.left, duration(header.left, this.text.days))
    write(this.device, header.device || "–")
    const note = header.device_note || header.device || ""
    if (this.device.title !== note) {
      this.device.title = note
      this.device.setAttribute("aria-description", note)
    }
    if (header.population) this.count(header.population)
  }

  /** @param {Pick<Nets, "nets" | "dead">} population */
  count({ nets, dead }) {
    const diverged = filled(this.text.nets_diverged, { n: whole(nets), dead: whole(dead) })
    write(this.nets, dead ? diverged : whole(nets))
    this.nets.classList.toggle("long", dead > 0)
  }
}
