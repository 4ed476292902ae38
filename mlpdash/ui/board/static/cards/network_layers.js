// The layers of the net's picture: a column of neurons each, and where they stand.

import { element, filled, write } from "../dom.js"

/** @import {NetworkPicture, Texts} from "../types.js" */

/**
 * @typedef {object} Neuron
 * @property {string} name
 * @property {number} l  its layer, 0 for the inputs
 * @property {number} n  its place in the layer
 * @property {number} at  its place among all that are shown
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement | null} label  of inputs and outputs
 * @property {boolean} absent  whether the net that is shown lacks it
 * @property {number} x  px
 * @property {number} y  px
 */
/** @typedef {{head: HTMLElement, title: string, neurons: Neuron[]}} Layer */

const LARGEST = 46 // px of a neuron's field
const GAP = 0.72 // share of a neuron's place that its field takes
const TOP = 26 // px for the titles

export class NetworkLayers {
  /** @type {Neuron[]} */
  neurons = []

  /**
   * @param {NetworkPicture} network
   * @param {Texts} text
   * @param {(neuron: Neuron) => void} open  called when a neuron is pressed
   */
  constructor(network, text, open) {
    this.text = text
    this.open = open
    const last = network.layers.length - 1
    /** @type {Layer[]} */
    this.layers = network.layers.map(({ title, names, width }, l) => {
      const neurons = names.map((name, n) => this.neuron(name, l, n, l === 0 || l === last))
      const layer = { head: element("span", { class: "of-layer" }), title, neurons }
      this.head(layer, width)
      return layer
    })
  }

  get last() {
    return this.neurons[this.neurons.length - 1]
  }

  // All that stands on the picture, layer by layer.
  nodes() {
    return this.layers.flatMap(({ head, neurons }) => [
      head,
      ...neurons.flatMap(({ button, label }) => (label ? [button, label] : [button])),
    ])
  }

  /**
   * @param {string} name
   * @param {number} l
   * @param {number} n
   * @param {boolean} isNamed
   */
  neuron(name, l, n, isNamed) {
    const canvas = element("canvas", { "aria-hidden": "true" })
    const button = element("button", { type: "button", class: "neuron", "aria-label": name }, canvas)
    const label = isNamed ? element("span", { class: "name" }, name) : null
    const neuron = { name, l, n, at: this.neurons.length, button, canvas, label, absent: false, x: 0, y: 0 }
    button.onclick = (event) => {
      event.stopPropagation()
      this.open(neuron)
    }
    this.neurons.push(neuron)
    return neuron
  }

  /**
   * @param {Layer} layer
   * @param {number} width
   */
  head({ head, title, neurons }, width) {
    const shown = neurons.filter(({ absent }) => !absent).length
    write(head, `${title}: ${shown < width ? filled(this.text.of_neurons, { shown, width }) : width}`)
  }

  /**
   * Leaves out the neurons that a narrow net of several lacks.
   * @param {number[]} widths  of its hidden layers
   */
  narrow(widths) {
    this.layers.slice(1, -1).forEach((layer, l) => {
      for (const neuron of layer.neurons) {
        neuron.absent = neuron.n >= widths[l]
        neuron.button.hidden = neuron.absent
      }
      this.head(layer, widths[l])
    })
  }

  /**
   * The neurons that lead to one, of those that are shown.
   * @param {Neuron} neuron
   */
  before({ l }) {
    return l ? this.layers[l - 1].neurons.filter(({ absent }) => !absent) : []
  }

  /**
   * Gives every neuron its place; returns the side of their fields, in pixels.
   * @param {number} width
   * @param {number} height
   */
  place(width, height) {
    const present = this.layers.map(({ neurons }) => neurons.filter(({ absent }) => !absent))
    const room = (height - TOP - 8) / Math.max(...present.map((neurons) => neurons.length))
    const across = width / this.layers.length
    const side = Math.floor(Math.min(LARGEST, room * GAP, across * 0.5))
    this.layers.forEach(({ head }, l) => {
      const x = across * (l + 0.5)
      head.style.left = `${x}px`
      present[l].forEach((neuron, n) => {
        const y = TOP + (height - TOP) * ((n + 0.5) / present[l].length)
        Object.assign(neuron, { x, y })
        Object.assign(neuron.button.style, { left: `${x}px`, top: `${y}px` })
        if (neuron.label) putLabel(neuron.label, neuron, side, across, width)
      })
    })
    return side
  }
}

/**
 * Inputs are named to the left, outputs to the right.
 * @param {HTMLElement} label
 * @param {Neuron} neuron
 * @param {number} side
 * @param {number} across  width of a layer
 * @param {number} width  of all
 */
function putLabel(label, { l, x, y }, side, across, width) {
  const aside = across / 2 - side / 2 - 8
  const edge = l ? { left: `${x + side / 2 + 6}px` } : { right: `${width - x + side / 2 + 6}px` }
  Object.assign(label.style, { ...edge, top: `${y}px`, maxWidth: `${aside}px` })
}
