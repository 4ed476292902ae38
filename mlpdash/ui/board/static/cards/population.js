// What the board has more where several nets train: a picker of one net, and the grid of settings, which
// stands in the boundary's place until a person wants to see that.

import { FRAME } from "../messages.js"
import { GridCard } from "./grid.js"
import { MemberPicker, pickedBefore, rememberPick } from "./members.js"

/** @import {Host} from "../parts.js" */
/** @import {BoardData, Header, SettingsGrid, Theme} from "../types.js" */

export class Population {
  static tabs = ["grid"]

  run = ""
  settings = ""
  /** @type {GridCard | null} */
  card = null

  /** @param {Host} host */
  constructor(host) {
    this.host = host
    this.picker = new MemberPicker(host.text, (member) => {
      rememberPick(this.run, member)
      host.look()
    })
    host.stage.extras.append(this.picker.label)
  }

  /** @param {BoardData} data */
  update({ members, grid, run }) {
    this.picker.show(members)
    if (run !== this.run) this.picker.pick(pickedBefore(run))
    this.run = run
    const settings = JSON.stringify(grid)
    if (settings === this.settings) return
    this.settings = settings
    if (grid) this.showGrid(grid)
    else this.host.stage.remove("grid")
  }

  /** @param {SettingsGrid} grid */
  showGrid(grid) {
    const { stage, text, theme } = this.host
    this.card ??= new GridCard(this.host.area, text, (settings) => this.host.act("adopt", settings))
    this.card.show(grid, theme)
    if (!stage.has("grid")) stage.add("grid", this.card, text.show_grid, text.show_grid_help)
    stage.show("grid")
  }

  view() {
    const { member } = this.picker
    const { root, data } = this.host
    root.toggleAttribute("data-member", member !== null)
    root.toggleAttribute("data-discretize", data.view.discretize)
    return member === null ? {} : { member }
  }

  /** @param {Header} header */
  say(header) {
    if (header.kind !== FRAME || !header.population) return
    this.picker.mark(header.population)
    const cells = this.card?.cells.length
    if (cells) this.card?.several(header.population.nets / cells, header.member ?? undefined)
  }

  /** @param {Theme} theme */
  retheme(theme) {
    this.card?.retheme(theme)
  }

  destroy() {
    this.card?.card.remove()
  }
}
