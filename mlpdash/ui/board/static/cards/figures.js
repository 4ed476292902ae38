// The figures that Python makes, each in its card; frames move them (plot/plot.js).

import { FRAME } from "../messages.js"
import { FigureCard } from "./figure.js"
import { wordsOf } from "./words.js"

/** @import {Host} from "../parts.js" */
/** @import {PlotlyApi} from "../plot/types.js" */
/** @import {Store} from "../store.js" */
/** @import {BoardData, BoardFigure, Header, Theme} from "../types.js" */
/** @import {Words} from "./words.js" */

const HOLD = 500 // ms that new figures wait for the first frame that belongs to them

export class Figures {
  static tabs = ["boundary"]

  /** @type {Map<string, FigureCard>} */
  cards = new Map()
  /** @type {PlotlyApi | null} */
  Plotly = null
  /** @type {BoardFigure[] | null} */
  proposed = null
  given = ""
  revisions = ""
  /** @type {Words | null} */
  words = null
  /** @type {number | undefined} */
  timer = undefined

  /**
   * @param {Host} host
   * @param {() => void} onShown  called when new figures stand in their cards
   */
  constructor(host, onShown) {
    this.host = host
    this.onShown = onShown
  }

  /** @param {BoardData} data */
  update({ view, members }) {
    if (!members.length) this.words = null
    for (const card of this.cards.values()) card.splits(view.show_test)
  }

  /**
   * Plotly is there.
   * @param {PlotlyApi} Plotly
   */
  start(Plotly) {
    this.Plotly = Plotly
    this.accept()
  }

  /**
   * Whether these figures have other axes or classes than those that are shown.
   * @param {BoardFigure[]} figures
   */
  differ(figures) {
    const revisions = JSON.stringify(figures.map(({ figure }) => figure.layout.uirevision))
    const before = this.revisions
    this.revisions = revisions
    return before !== "" && before !== revisions
  }

  /**
   * New figures are shown at once, or together with the first frame that belongs to them.
   * @param {BoardFigure[]} figures
   * @param {boolean} atOnce
   */
  propose(figures, atOnce) {
    const given = JSON.stringify(figures)
    if (given === this.given) return
    this.given = given
    clearTimeout(this.timer)
    this.proposed = figures
    if (atOnce || !this.cards.size) this.accept()
    else this.timer = setTimeout(() => this.accept(), HOLD)
  }

  accept() {
    clearTimeout(this.timer)
    if (!this.proposed || !this.Plotly) return
    const { store, theme, data } = this.host
    const figures = this.proposed
    this.proposed = null
    store.expect(figures.flatMap((figure) => figure.wires))
    for (const figure of figures) {
      const card = this.cards.get(figure.name) ?? this.make(figure, this.Plotly)
      card.show(figure, theme, data.view.show_test, store)
      if (this.words) card.several(this.words)
    }
    this.onShown()
  }

  /**
   * @param {BoardFigure} figure
   * @param {PlotlyApi} Plotly
   */
  make(figure, Plotly) {
    const { area, stage, text } = this.host
    const card = new FigureCard(area, Plotly, figure, text)
    this.cards.set(figure.name, card)
    // before it is drawn: the stage decides its size
    if (figure.name === "boundary") stage.add("boundary", card, text.show_boundary, text.show_boundary_help)
    return card
  }

  // Those that are not on the stage.
  beside() {
    return [...this.cards.values()].filter(({ name }) => name !== "boundary")
  }

  /** @param {Header} header */
  say(header) {
    if (header.kind !== FRAME) return
    this.words = wordsOf(header, this.host.data.members, this.host.text) ?? this.words
    for (const card of this.cards.values()) {
      if (this.words) card.several(this.words)
      card.readings(header)
    }
  }

  /**
   * Draws what is due; while a net trains, one figure for each frame, so that none comes late.
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   * @param {boolean} settled
   */
  draw(store, now, all, settled) {
    for (const card of this.beside()) if (card.draw(store, now, all, settled) && !all) break
  }

  /** @param {Theme} theme */
  retheme(theme) {
    for (const card of this.cards.values()) card.retheme(theme)
  }

  resize() {
    for (const card of this.beside()) card.resize()
  }

  destroy() {
    clearTimeout(this.timer)
    this.proposed = null
    for (const card of this.cards.values()) card.destroy()
  }
}
