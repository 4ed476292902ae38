// The opened neuron: its field, and its numbers as fields to type into.

import { element, filled, write } from "../dom.js"

/** @import {Numbers} from "../plot/types.js" */
/** @import {Texts} from "../types.js" */
/** @import {Neuron} from "./network_layers.js" */

/** @typedef {{weight: [number, number, number]} | {bias: [number, number]}} Place  of a number in the net */
/** @typedef {{input: HTMLInputElement, label: HTMLElement, from: Neuron | null}} NumberField  from null: the bias */

export class NeuronPanel {
  /** @type {NumberField[]} */
  fields = []
  can = false
  controlled = false

  /**
   * @param {Texts} text
   * @param {(place: Place, value: number) => void} edit  sets a number of the net
   */
  constructor(text, edit) {
    this.text = text
    this.edit = edit
    this.lens = element("canvas", { "aria-hidden": "true" })
    this.title = element("h4", { id: "mlpdash-neuron-title" })
    // A Tab stop: it scrolls, and its fields are none before the first step.
    this.list = element("div", { class: "numbers", role: "group", tabindex: 0, "aria-labelledby": this.title.id })
    this.root = element("div", { class: "neuron-panel" }, this.lens, this.list)
  }

  /**
   * Shows a neuron.
   * @param {Neuron} neuron
   * @param {Neuron[]} sources  whose weights lead to it
   * @param {number} hidden  how many sources more there are
   * @param {boolean} hasBias
   */
  open(neuron, sources, hidden, hasBias) {
    write(this.title, neuron.name)
    const { l, n } = neuron
    this.fields = sources.map((from) => this.field(this.short(from), { weight: [l - 1, n, from.n] }, from))
    if (hasBias) this.fields.push(this.field(this.text.bias, { bias: [l - 1, n] }, null))
    const more = hidden ? [element("p", {}, filled(this.text.more_weights, { n: hidden }))] : []
    this.list.replaceChildren(this.title, ...this.fields.map(({ label }) => label), ...more)
    this.disable()
  }

  /**
   * @param {string} name
   * @param {Place} place
   * @param {Neuron | null} from
   * @returns {NumberField}
   */
  field(name, place, from) {
    const input = element("input", { type: "number", step: "any", title: name })
    input.onchange = () => {
      if (Number.isFinite(input.valueAsNumber)) this.edit(place, input.valueAsNumber)
    }
    input.onkeydown = (event) => {
      event.stopPropagation() // Space and R are the board's elsewhere
    }
    return { input, from, label: element("label", {}, element("span", {}, name), input) }
  }

  /**
   * What a source is called beside its weight: the layer is plain from where it stands.
   * @param {Neuron} source
   */
  short({ l, n, name }) {
    return l ? filled(this.text.neuron, { n: n + 1 }) : name
  }

  /** @param {Neuron} from */
  focus(from) {
    const field = this.fields.find((one) => one.from === from)
    field?.input.focus()
    field?.input.select()
  }

  /**
   * @param {boolean} can  whether numbers can be set now
   * @param {boolean} controlled  whether this browser may set them at all
   */
  allow(can, controlled) {
    this.can = can
    this.controlled = controlled
    this.disable()
  }

  disable() {
    for (const { input } of this.fields) {
      input.disabled = !this.can
      input.title = this.can || !this.controlled ? "" : this.text.edit_needs_step
    }
  }

  /**
   * Shows what the numbers are now, but for the one that is being typed.
   * @param {Numbers} weights  in the order of the sources
   * @param {number} bias
   */
  numbers(weights, bias) {
    this.fields.forEach(({ input, from }, i) => {
      if (input === document.activeElement) return
      const value = Number((from ? weights[i] : bias).toPrecision(4)).toString()
      if (input.value !== value) input.value = value
    })
  }
}
