// Canvases around a plotly figure: the field under its SVG, marks and curves over it.
// Each is a layer of its own for the compositor, so that a new field repaints no point, and no axis.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ colored, faded, finer, painter, resized, table }, { drawContours, drawLevels, drawLine, drawRibbon }] =
  await Promise.all(["colors.js", "lines.js"].map(part))

export class Layers {
  constructor(gd) {
    this.gd = gd
    this.clip = document.createElement("div")
    this.clip.className = "field-clip"
    this.fieldCanvas = document.createElement("canvas")
    this.clip.append(this.fieldCanvas)
    this.markCanvas = document.createElement("canvas")
    this.markCanvas.className = "marks"
    this.contourCanvas = document.createElement("canvas") // over the field, in its clip
    this.sprites = new Map()
    this.field = null
  }

  // Colours have changed.
  colors(traces) {
    this.sprites.clear()
    this.contourCanvas.remove()
    this.spread = undefined
    const trace = traces.find(({ meta }) => meta?.canvas === "field")
    if (!trace) {
      this.clip.hidden = true
      return
    }
    this.clip.hidden = false
    this.lut = table(trace.colorscale)
    this.paintField(trace)
  }

  paintField(trace) {
    const { zmin, zmax } = trace
    const z = trace.meta.continuous ? finer(trace.z) : trace.z
    const [height, width] = [z.length, z[0].length]
    const canvas = this.fieldCanvas
    if (!this.image || canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
      this.context = canvas.getContext("2d")
      this.image = this.context.createImageData(width, height)
      this.pixels = new Uint32Array(this.image.data.buffer)
    }
    colored(z, zmin, zmax, this.lut, this.pixels)
    const opacity = trace[trace.meta.opacity]
    if (opacity?.length === trace.z.length) {
      faded(trace.meta.continuous ? finer(opacity) : opacity, this.pixels)
    }
    if (trace.meta.support) faded(this.support(trace.meta.support, height, width), this.pixels)
    this.context.putImageData(this.image, 0, 0)
    const edges = [trace.x[0], trace.x.at(-1), trace.y[0], trace.y.at(-1)].join()
    const moved = !this.field || this.edges !== edges
    this.edges = edges
    this.field = trace
    if (moved) this.placeField()
    if (trace.meta.contours && trace.customdata !== this.spread) this.contours(trace)
  }

  // How near training rows are, for each pixel; it stands still, and comes with the figure.
  support(given, height, width) {
    const key = `${height} ${width}`
    if (this.near?.given !== given || this.near.key !== key) {
      this.near = { given, key, rows: resized(given, height, width) }
    }
    return this.near.rows
  }

  // How far several nets differ; it changes seldom, so it has a layer of its own.
  contours(trace) {
    this.spread = trace.customdata
    const axes = this.axes()
    const pen = this.pen(this.contourCanvas)
    if (!axes || !trace.customdata?.length) return
    if (!this.contourCanvas.parentElement) this.clip.append(this.contourCanvas)
    Object.assign(this.contourCanvas.style, { left: 0, top: 0, width: "100%", height: "100%" })
    drawContours(pen, trace.customdata, trace.meta.contours, trace, axes, window.devicePixelRatio || 1)
  }

  // After a plot, a zoom or while a person drags: follow plotly's axes.
  place(traces) {
    const full = this.gd._fullLayout
    const box = this.gd.querySelector(".svg-container")
    if (!full?._size || !box) return
    if (this.clip.parentElement !== box) box.prepend(this.clip)
    if (this.markCanvas.parentElement !== box) {
      box.insertBefore(this.markCanvas, [...box.querySelectorAll(":scope > .main-svg")].at(-1))
    }
    const { l, t, w, h } = full._size
    this.size = { w, h }
    for (const node of [this.clip, this.markCanvas]) {
      Object.assign(node.style, { left: `${l}px`, top: `${t}px`, width: `${w}px`, height: `${h}px` })
    }
    this.placeField()
    if (this.field?.meta.contours) this.contours(this.field)
    this.marks(traces)
  }

  placeField() {
    const axes = this.axes()
    if (!this.field || !axes) return
    const [x0, x1] = ends(this.field.x).map(axes.x)
    const [y0, y1] = ends(this.field.y).map(axes.y)
    Object.assign(this.fieldCanvas.style, {
      left: `${x0}px`,
      top: `${y1}px`,
      width: `${x1 - x0}px`,
      height: `${y0 - y1}px`,
    })
  }

  axes() {
    const full = this.gd._fullLayout
    if (!full?.xaxis || !this.size) return null
    const { xaxis, yaxis } = full
    const [x0, x1] = xaxis.range.map((end) => xaxis.r2l(end))
    const [y0, y1] = yaxis.range.map((end) => yaxis.r2l(end))
    const { w, h } = this.size
    const place = yaxis.type === "log" ? Math.log10 : Number
    return {
      x: (v) => ((v - x0) / (x1 - x0)) * w,
      y: (v) => ((y1 - place(v)) / (y1 - y0)) * h,
      dates: xaxis,
    }
  }

  marks(traces) {
    const axes = this.axes()
    const isPoints = ({ mode }) => mode?.includes("markers")
    const isShown = (t) => t.meta?.canvas === "marks" && t.visible !== false && !(this.drawn && isPoints(t))
    const shown = traces.filter(isShown)
    const empty = !shown.length && !this.drawn && !this.levels
    this.markCanvas.hidden = empty
    if (!axes || empty) return
    const ratio = window.devicePixelRatio || 1
    const pen = this.pen(this.markCanvas)
    if (this.levels) drawLevels(pen, this.levels, axes, this.size, ratio) // curves lie over their names
    const isRibbon = ({ meta }) => Boolean(meta.ribbon)
    for (const trace of shown.filter(isRibbon)) drawRibbon(pen, trace, along(trace, axes.dates), axes, ratio)
    for (const trace of shown.filter((trace) => !isRibbon(trace))) {
      const x = along(trace, axes.dates)
      if (trace.mode.includes("lines")) drawLine(pen, trace, x, axes, ratio)
      if (isPoints(trace)) this.drawMarkers(pen, trace, x, axes, ratio)
    }
    if (this.drawn) this.drawDrawn(pen, traces.find(isPoints), axes, ratio)
  }

  // Points that are being drawn by hand, as the rows they will be.
  drawDrawn(pen, like, axes, ratio) {
    for (const [x, y, code] of this.drawn.points) {
      const sprite = this.sprite(like, this.drawn.colors[code], like.marker.line.color, ratio)
      const half = sprite.width / 2
      pen.drawImage(sprite, Math.round(axes.x(x) * ratio - half), Math.round(axes.y(y) * ratio - half))
    }
  }

  // A cleared canvas as large as the plot, in pixels of the screen.
  pen(canvas) {
    const ratio = window.devicePixelRatio || 1
    const { w, h } = this.size ?? { w: 0, h: 0 }
    const [width, height] = [Math.round(w * ratio), Math.round(h * ratio)]
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
    }
    const pen = canvas.getContext("2d")
    pen.clearRect(0, 0, width, height)
    return pen
  }

  drawMarkers(pen, trace, x, axes, ratio) {
    const { marker, y } = trace
    const fill = painter(marker)
    const stroke = painter(marker.line ?? {})
    const count = Math.min(x.length, y.length)
    for (let i = 0; i < count; i++) {
      const [px, py] = [axes.x(x[i]) * ratio, axes.y(y[i]) * ratio]
      if (!(px > -20 && py > -20)) continue // also leaves out what is not a number
      const sprite = this.sprite(trace, fill(i), stroke(i), ratio)
      const half = sprite.width / 2
      pen.drawImage(sprite, Math.round(px - half), Math.round(py - half))
    }
  }

  sprite({ marker }, fill, stroke, ratio) {
    const { symbol = "circle", size } = marker
    const width = marker.line?.width ?? 0
    const key = [symbol, size, width, fill, stroke, ratio].join()
    let made = this.sprites.get(key)
    if (!made) {
      made = drawSprite({ symbol, size, width, fill, stroke }, ratio)
      this.sprites.set(key, made)
    }
    return made
  }
}

function drawSprite({ symbol, size, width, fill, stroke }, ratio) {
  const side = Math.ceil((size + 2 * width + 4) * ratio)
  const sprite = document.createElement("canvas")
  sprite.width = sprite.height = side
  const pen = sprite.getContext("2d")
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

// Numbers along x; dates are turned into plotly's once.
function along(trace, axis) {
  if (typeof trace.x[0] !== "string") return trace.x
  if (trace.stamps?.from !== trace.x) {
    const values = Float64Array.from(trace.x, (text) => axis.d2c(text))
    Object.defineProperty(trace, "stamps", { value: { from: trace.x, values }, writable: true })
  }
  return trace.stamps.values
}

// Cells stand around their middles.
function ends(middles) {
  const half = (middles[1] - middles[0]) / 2
  return [middles[0] - half, middles[middles.length - 1] + half]
}
