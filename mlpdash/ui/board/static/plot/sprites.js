// Points of a figure, each kind painted once and then copied.

import { painter } from "../colors.js"
import { element, penOf } from "../dom.js"

/** @import {DrawnPoint} from "../types.js" */
/** @import {Axes, Marker, MarkTrace, Numbers} from "./types.js" */

/** @typedef {CanvasRenderingContext2D} Pen */

export class Sprites {
  /** @type {Map<string, HTMLCanvasElement>} */
  made = new Map()

  // Colours have changed.
  clear() {
    this.made.clear()
  }

  /**
   * @param {Pen} pen
   * @param {MarkTrace} trace
   * @param {Numbers} x
   * @param {Axes} axes
   * @param {number} ratio  pixels of the canvas per pixel of the page
   */
  draw(pen, { marker, y }, x, axes, ratio) {
    if (!marker) return
    const fill = painter(marker)
    const stroke = painter(marker.line ?? {})
    const count = Math.min(x.length, y.length)
    for (let i = 0; i < count; i++) {
      const [px, py] = [axes.x(x[i]) * ratio, axes.y(y[i]) * ratio]
      if (!(px > -20 && py > -20)) continue // also leaves out what is not a number
      const sprite = this.sprite(marker, fill(i), stroke(i), ratio)
      const half = sprite.width / 2
      pen.drawImage(sprite, Math.round(px - half), Math.round(py - half))
    }
  }

  /**
   * Points that are being drawn by hand, as the rows they will be.
   * @param {Pen} pen
   * @param {{points: DrawnPoint[], colors: string[]}} drawn
   * @param {MarkTrace} like  rows
   * @param {Axes} axes
   * @param {number} ratio
   */
  drawDrawn(pen, { points, colors }, { marker }, axes, ratio) {
    if (!marker) return
    for (const [x, y, code] of points) {
      const sprite = this.sprite(marker, colors[code], String(marker.line?.color), ratio)
      const half = sprite.width / 2
      pen.drawImage(sprite, Math.round(axes.x(x) * ratio - half), Math.round(axes.y(y) * ratio - half))
    }
  }

  /**
   * @param {Marker} marker
   * @param {string} fill
   * @param {string} stroke
   * @param {number} ratio
   */
  sprite({ symbol = "circle", size, line }, fill, stroke, ratio) {
    const width = line?.width ?? 0
    const key = [symbol, size, width, fill, stroke, ratio].join()
    let made = this.made.get(key)
    if (!made) {
      made = drawSprite({ symbol, size, width, fill, stroke }, ratio)
      this.made.set(key, made)
    }
    return made
  }
}

/**
 * @param {{symbol: string, size: number, width: number, fill: string, stroke: string}} look
 * @param {number} ratio
 */
function drawSprite({ symbol, size, width, fill, stroke }, ratio) {
  const side = Math.ceil((size + 2 * width + 4) * ratio)
  const sprite = element("canvas", { width: side, height: side })
  const pen = penOf(sprite)
  pen.translate(side / 2, side / 2)
  pen.scale(ratio, ratio)
  pen.beginPath()
  pen.arc(0, 0, size / 2, 0, 2 * Math.PI)
  if (symbol !== "circle-open") {
    pen.fillStyle = fill
    pen.fill()
  }
  if (width) {
    pen.strokeStyle = stroke
    pen.lineWidth = width
    pen.stroke()
  }
  return sprite
}
