// The field under a figure's SVG, on a canvas in a clip, with contours over it.

import { colored, faded, finer, resized, table } from "../colors.js"
import { element, penOf, sized } from "../dom.js"
import { drawContours } from "./lines.js"

/** @import {Axes, FieldTrace, Numbers, Size, Support} from "./types.js" */

export class FieldLayer {
  /** @type {FieldTrace | null} */
  trace = null // that is painted
  lut = new Uint32Array(0)
  /** @type {ImageData | null} */
  image = null
  pixels = new Uint32Array(0)
  /** @type {{given: Support, key: string, rows: Numbers[]} | null} */
  near = null
  /** @type {Numbers[] | undefined} */
  spread = undefined // that contours are drawn of
  edges = ""

  constructor() {
    this.canvas = element("canvas")
    this.contourCanvas = element("canvas")
    this.clip = element("div", { class: "field-clip" }, this.canvas)
  }

  /**
   * Colours have changed.
   * @param {FieldTrace | null} trace  null where the figure has no field
   */
  colors(trace) {
    this.contourCanvas.remove()
    this.spread = undefined
    this.clip.hidden = !trace
    if (trace) this.lut = table(trace.colorscale)
  }

  /**
   * Paints the field; returns whether its ends have moved.
   * @param {FieldTrace} trace
   */
  paint(trace) {
    const { zmin, zmax, meta } = trace
    const z = meta.continuous ? finer(trace.z) : trace.z
    const [height, width] = [z.length, z[0].length]
    const image = this.imageOf(width, height)
    colored(z, zmin, zmax, this.lut, this.pixels)
    const opacity = meta.opacity && trace[meta.opacity]
    if (opacity?.length === trace.z.length) faded(meta.continuous ? finer(opacity) : opacity, this.pixels)
    if (meta.support) faded(this.support(meta.support, height, width), this.pixels)
    penOf(this.canvas).putImageData(image, 0, 0)
    const edges = [trace.x[0], trace.x[trace.x.length - 1], trace.y[0], trace.y[trace.y.length - 1]].join()
    const moved = !this.trace || this.edges !== edges
    this.edges = edges
    this.trace = trace
    return moved
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  imageOf(width, height) {
    if (!this.image || this.canvas.width !== width || this.canvas.height !== height) {
      this.image = sized(this.canvas, width, height).createImageData(width, height)
      this.pixels = new Uint32Array(this.image.data.buffer)
    }
    return this.image
  }

  /**
   * How near training rows are, for each pixel; it stands still, and comes with the figure.
   * @param {Support} given
   * @param {number} height
   * @param {number} width
   */
  support(given, height, width) {
    const key = `${height} ${width}`
    if (this.near?.given !== given || this.near.key !== key) {
      this.near = { given, key, rows: resized(given, height, width) }
    }
    return this.near.rows
  }

  /**
   * How far several nets differ; it changes seldom, so it has a layer of its own.
   * @param {Axes | null} axes
   * @param {Size} size
   */
  contours(axes, { w, h }) {
    if (!this.trace?.meta.contours) return
    const { customdata, meta } = this.trace
    this.spread = customdata
    const ratio = window.devicePixelRatio || 1
    const pen = sized(this.contourCanvas, Math.round(w * ratio), Math.round(h * ratio))
    pen.clearRect(0, 0, this.contourCanvas.width, this.contourCanvas.height)
    if (!axes || !customdata?.length || !meta.contours) return
    if (!this.contourCanvas.parentElement) this.clip.append(this.contourCanvas)
    Object.assign(this.contourCanvas.style, { left: 0, top: 0, width: "100%", height: "100%" })
    drawContours(pen, customdata, meta.contours, this.trace, axes, ratio)
  }

  /** @param {Axes | null} axes */
  place(axes) {
    if (!this.trace || !axes) return
    const [x0, x1] = ends(this.trace.x).map(axes.x)
    const [y0, y1] = ends(this.trace.y).map(axes.y)
    Object.assign(this.canvas.style, {
      left: `${x0}px`,
      top: `${y1}px`,
      width: `${x1 - x0}px`,
      height: `${y0 - y1}px`,
    })
  }
}

/**
 * Cells stand around their middles.
 * @param {Numbers} middles
 */
function ends(middles) {
  const half = (middles[1] - middles[0]) / 2
  return [middles[0] - half, middles[middles.length - 1] + half]
}
