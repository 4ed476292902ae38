// The card of the net's picture: a small field for each neuron, a line for each weight. A click on either
// opens the neuron: its field, its bias and the weights that lead to it, to be set.

import { finer, paint, rows, table } from "../colors.js"
import { element, filled, three, write } from "../dom.js"
import { NetworkLayers } from "./network_layers.js"
import { WeightLines } from "./network_lines.js"
import { NeuronPanel } from "./neuron_panel.js"

/** @import {Numbers} from "../plot/types.js" */
/** @import {Kept, Store} from "../store.js" */
/** @import {NetworkPicture, Texts, Theme} from "../types.js" */
/** @import {Neuron} from "./network_layers.js" */
/** @import {Edge} from "./network_lines.js" */
/** @import {Place} from "./neuron_panel.js" */
/** @import {OneNet} from "./words.js" */

const EVERY = 120 // ms between two pictures
const LENS = 140 // points of the opened neuron's field

export class NetworkCard {
  shown = ""
  /** @type {Theme | null} */
  theme = null
  lut = new Uint32Array(0)
  /** @type {Kept | undefined} */
  fields = undefined
  /** @type {Numbers} */
  biases = []
  widths = "" // of the net that is shown, of several
  seen = -1 // version of what is drawn
  drawnAt = 0

  /**
   * @param {HTMLElement} area
   * @param {Texts} text
   * @param {NetworkPicture} network
   * @param {(place: Place, value: number) => void} edit  sets a number of the net
   */
  constructor(area, text, network, edit) {
    this.text = text
    this.network = network
    this.title = element("h3", { id: "mlpdash-network-title" }, text.network)
    this.lines = new WeightLines()
    this.said = element("div", { class: "said", hidden: "" })
    this.host = element("div", { class: "net", role: "group", "aria-labelledby": this.title.id })
    this.host.onmousemove = (event) => {
      this.point(event)
    }
    this.host.onmouseleave = () => {
      this.point(null)
    }
    this.host.onclick = (event) => {
      const edge = this.under(event)
      if (edge) this.open(edge.to, edge.from)
    }
    this.panel = new NeuronPanel(text, edit)
    this.hint = element("p", { class: "hint" }, text.network_hint)
    this.card = element(
      "section",
      { class: "card network", "data-testid": "figure-network" },
      element("header", {}, this.title),
      this.hint,
      this.host,
      this.panel.root,
    )
    area.prepend(this.card)
    this.layers = new NetworkLayers(network, text, (neuron) => this.open(neuron))
    this.opened = this.layers.last
  }

  /**
   * @param {NetworkPicture} network
   * @param {Theme} theme
   */
  show(network, theme) {
    const shown = JSON.stringify(network)
    if (shown === this.shown) return this.retheme(theme)
    this.shown = shown
    this.network = network
    this.layers = new NetworkLayers(network, this.text, (neuron) => this.open(neuron))
    this.lines.join(this.layers.layers.map(({ neurons }) => neurons))
    this.host.replaceChildren(this.lines.canvas, ...this.layers.nodes(), this.said)
    this.open(this.layers.last)
    this.seen = -1
    this.widths = ""
    this.theme = null
    this.retheme(theme)
    this.resize()
  }

  /**
   * Says which of several nets is shown; of a grid of widths, a narrow one lacks the last neurons.
   * @param {OneNet | null} one  null where a single net trains
   */
  several(one) {
    const { text } = this
    const title = one?.isPicked ? text.network_of : text.network_example
    write(this.title, one ? filled(title, { net: one.name, n: one.nets }) : text.network)
    write(this.hint, one ? `${text.network_hint} ${text.network_edits_all}` : text.network_hint)
    const own = one && this.network.widths[one.at]
    if (!own || String(own) === this.widths) return
    this.widths = String(own)
    this.layers.narrow(own)
    this.open(this.opened.absent ? this.layers.last : this.opened)
    this.resize()
  }

  /**
   * Opens a neuron.
   * @param {Neuron} neuron
   * @param {Neuron} [from]  whose weight gets the focus
   */
  open(neuron, from) {
    this.opened.button.classList.remove("open")
    this.opened = neuron
    neuron.button.classList.add("open")
    const sources = this.layers.before(neuron)
    this.panel.open(neuron, sources, this.hidden(neuron, sources.length), neuron.l > 0 && this.network.biases)
    this.numbers()
    if (from) this.panel.focus(from)
  }

  /**
   * How many neurons before this one the picture has no room for.
   * @param {Neuron} neuron
   * @param {number} sources  how many of them are shown
   */
  hidden({ l }, sources) {
    if (!l) return 0
    const { names, width } = this.network.layers[l - 1]
    return sources === names.length ? width - sources : 0 // a narrow net of several has no more
  }

  /**
   * @param {Store} store
   * @param {number} now
   * @param {boolean} all
   */
  draw(store, now, all) {
    const fields = store.get("neuron_fields")
    if (!fields || fields.version === this.seen || fields.shape[0] !== this.layers.neurons.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = fields.version
    this.fields = fields
    this.lines.weights = store.get("neuron_weights")?.values ?? []
    this.biases = store.get("neuron_biases")?.values ?? []
    this.pictures()
    this.lines.paint(this.network)
    this.numbers()
    return true
  }

  // Whether what has come is of the net that is shown, and not of the one before.
  fits() {
    const { edges, weights } = this.lines
    return this.fields?.shape[0] === this.layers.neurons.length && weights.length === edges.length
  }

  pictures() {
    for (const { at, canvas } of this.layers.neurons) this.picture(canvas, at, 48)
    this.picture(this.panel.lens, this.opened.at, LENS)
  }

  /**
   * A neuron's field in its own range: what is largest, below zero or above, has the full colour.
   * @param {HTMLCanvasElement} canvas
   * @param {number} at
   * @param {number} points
   */
  picture(canvas, at, points) {
    if (!this.fields || !this.fits()) return
    const { values, shape } = this.fields
    const z = finer(rows(values, shape[1], shape[2], at * shape[1] * shape[2]), points)
    let most = 1e-9
    for (const row of z) for (const value of row) if (Math.abs(value) > most) most = Math.abs(value)
    paint(canvas, z, -most, most, this.lut)
  }

  numbers() {
    const { l, at } = this.opened
    this.picture(this.panel.lens, at, LENS)
    const inputs = this.layers.layers[0].neurons.length
    if (l && this.fits()) this.panel.numbers(this.lines.into(this.opened), this.biases[at - inputs])
  }

  /** @param {MouseEvent} event */
  under(event) {
    const [x, y] = this.place(event)
    return this.lines.find(x, y)
  }

  /** @param {MouseEvent} event */
  place({ clientX, clientY }) {
    const box = this.host.getBoundingClientRect()
    return [clientX - box.left, clientY - box.top]
  }

  /** @param {MouseEvent | null} event */
  point(event) {
    const onNeuron = event?.target instanceof Element && event.target.closest(".neuron") !== null
    const edge = event && !onNeuron ? this.under(event) : null
    this.host.style.cursor = edge ? "pointer" : ""
    this.said.hidden = !edge
    if (edge && event) this.tellWeight(edge, event)
    if (edge === this.lines.pointed) return
    this.lines.pointed = edge
    this.lines.paint(this.network)
  }

  /**
   * @param {Edge} edge
   * @param {MouseEvent} event
   */
  tellWeight(edge, event) {
    const [x, y] = this.place(event)
    const weight = this.lines.weights[this.lines.edges.indexOf(edge)]
    write(this.said, `${edge.from.name} → ${edge.to.name}: ${three(weight)}`)
    const left = Math.min(x + 12, this.lines.width - this.said.offsetWidth - 4)
    Object.assign(this.said.style, { left: `${Math.max(4, left)}px`, top: `${Math.max(0, y - 30)}px` })
  }

  /** @param {Theme} theme */
  retheme(theme) {
    if (theme === this.theme) return
    this.theme = theme
    this.lut = table(this.network.scales[theme])
    this.pictures()
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.host
    if (this.card.hidden || !width || !height) return
    const side = this.layers.place(width, height)
    Object.assign(this.lines, { width, height, side })
    this.host.style.setProperty("--neuron", `${side}px`)
    this.lines.paint(this.network)
  }
}
