// The weights of the net's picture, as lines: thick and full where they are large, orange below zero, blue above.

import { element, sized } from "../dom.js"

/** @import {Numbers} from "../plot/types.js" */
/** @import {NetworkPicture} from "../types.js" */
/** @import {Neuron} from "./network_layers.js" */

/** @typedef {{from: Neuron, to: Neuron}} Edge */

const NEAR = 6 // px from a line that still mean it
const THICKEST = 7 // px

export class WeightLines {
  /** @type {Edge[]} */
  edges = []
  /** @type {Numbers} */
  weights = []
  /** @type {Edge | null} */
  pointed = null
  width = 0
  height = 0
  side = 0 // px of a neuron's field

  constructor() {
    this.canvas = element("canvas", { class: "lines", "aria-hidden": "true" })
  }

  /**
   * Takes another net: a line from each neuron of a layer to each of the next.
   * @param {Neuron[][]} layers
   */
  join(layers) {
    this.edges = layers.slice(1).flatMap((layer, l) => layer.flatMap((to) => layers[l].map((from) => ({ from, to }))))
    this.width = 0 // nothing has its place yet
  }

  /** @param {Pick<NetworkPicture, "negative" | "positive">} colors */
  paint({ negative, positive }) {
    const { weights, width, height } = this
    if (!width || weights.length !== this.edges.length) return
    const ratio = window.devicePixelRatio || 1
    const pen = sized(this.canvas, Math.round(width * ratio), Math.round(height * ratio))
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    pen.clearRect(0, 0, width, height)
    let most = 1e-9
    for (const weight of weights) if (Math.abs(weight) > most) most = Math.abs(weight)
    this.edges.forEach((edge, i) => {
      if (edge.from.absent || edge.to.absent) return
      const share = Math.abs(weights[i]) / most
      pen.globalAlpha = edge === this.pointed ? 1 : 0.15 + 0.75 * share
      pen.lineWidth = Math.max(0.6, share * THICKEST) + (edge === this.pointed ? 1.5 : 0)
      pen.strokeStyle = weights[i] < 0 ? negative : positive
      const [x0, y0, x1, y1] = this.ends(edge)
      const middle = (x0 + x1) / 2
      pen.beginPath()
      pen.moveTo(x0, y0)
      pen.bezierCurveTo(middle, y0, middle, y1, x1, y1)
      pen.stroke()
    })
  }

  /** @param {Edge} edge */
  ends({ from, to }) {
    const half = this.side / 2
    return [from.x + half, from.y, to.x - half, to.y]
  }

  /**
   * The weight whose line is at a place.
   * @param {number} x
   * @param {number} y
   */
  find(x, y) {
    let best = null
    let least = NEAR
    for (const edge of this.edges) {
      const [x0, y0, x1, y1] = this.ends(edge)
      if (edge.from.absent || edge.to.absent) continue
      if (x < x0 || x > x1) continue
      const far = Math.abs(y - heightAt((x - x0) / (x1 - x0), y0, y1))
      if (far < least) [best, least] = [edge, far]
    }
    return best
  }

  /**
   * The weights that lead to a neuron, in the order of those they come from.
   * @param {Neuron} neuron
   */
  into(neuron) {
    return this.edges.flatMap(({ from, to }, i) => (to === neuron && !from.absent ? [this.weights[i]] : []))
  }
}

/**
 * The height of the curve (0, y0), (1/2, y0), (1/2, y1), (1, y1) over x from 0 to 1.
 * @param {number} x
 * @param {number} y0
 * @param {number} y1
 */
export function heightAt(x, y0, y1) {
  let [low, high] = [0, 1]
  for (let i = 0; i < 12; i++) {
    const t = (low + high) / 2
    const at = 1.5 * t * (1 - t) ** 2 + 1.5 * t ** 2 * (1 - t) + t ** 3
    if (at < x) low = t
    else high = t
  }
  const t = (low + high) / 2
  return y0 + (y1 - y0) * (3 * t ** 2 - 2 * t ** 3)
}
