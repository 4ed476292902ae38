// Canvases around a plotly figure: the field under its SVG, marks and curves over it.
// Each is a layer of its own for the compositor, so that a new field repaints no point, and no axis.

const STEPS = 1024

export class Layers {
  constructor(gd) {
    this.gd = gd
    this.clip = document.createElement("div")
    this.clip.className = "field-clip"
    this.fieldCanvas = document.createElement("canvas")
    this.clip.append(this.fieldCanvas)
    this.markCanvas = document.createElement("canvas")
    this.markCanvas.className = "marks"
    this.sprites = new Map()
    this.field = null
  }

  // Colours have changed.
  colors(traces) {
    this.sprites.clear()
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
    const { lut, pixels } = this
    const factor = lut.length / (zmax - zmin)
    for (let r = 0; r < height; r++) {
      const row = z[r]
      let place = (height - 1 - r) * width
      for (let c = 0; c < width; c++, place++) {
        const step = ((row[c] - zmin) * factor) | 0
        pixels[place] = lut[step < 0 ? 0 : step >= lut.length ? lut.length - 1 : step]
      }
    }
    this.context.putImageData(this.image, 0, 0)
    const edges = [trace.x[0], trace.x.at(-1), trace.y[0], trace.y.at(-1)].join()
    if (!this.field || this.edges !== edges) {
      this.edges = edges
      this.field = trace
      this.placeField()
    }
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
    const shown = traces.filter((t) => t.meta?.canvas === "marks" && t.visible !== false)
    this.markCanvas.hidden = !shown.length
    if (!axes || !shown.length) return
    const ratio = window.devicePixelRatio || 1
    const [width, height] = [Math.round(this.size.w * ratio), Math.round(this.size.h * ratio)]
    const canvas = this.markCanvas
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
    }
    const pen = canvas.getContext("2d")
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, width, height)
    for (const trace of shown) {
      const x = along(trace, axes.dates)
      if (trace.mode.includes("lines")) drawLine(pen, trace, x, axes, ratio)
      if (trace.mode.includes("markers")) this.drawMarkers(pen, trace, x, axes, ratio)
    }
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

function drawLine(pen, { line, y }, x, axes, ratio) {
  pen.strokeStyle = line.color
  pen.lineWidth = line.width * ratio
  pen.lineJoin = "round"
  pen.beginPath()
  let down = false
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const height = axes.y(y[i])
    const there = Number.isFinite(height)
    if (there) pen[down ? "lineTo" : "moveTo"](axes.x(x[i]) * ratio, height * ratio)
    down = there
  }
  pen.stroke()
}

// A coarse field between its numbers, so that its colours change where the values do.
function finer(z, least = 96) {
  const [height, width] = [z.length, z[0].length]
  const times = Math.ceil(least / width)
  if (times < 2 || height < 2 || width < 2) return z
  const across = Array.from({ length: width * times }, (_, i) => between(i, times, width))
  return Array.from({ length: height * times }, (_, r) => {
    const [low, up] = between(r, times, height)
    const [one, other] = [z[low], z[low + 1]]
    return Float32Array.from(across, ([left, right]) => {
      const a = one[left] + (one[left + 1] - one[left]) * right
      const b = other[left] + (other[left + 1] - other[left]) * right
      return a + (b - a) * up
    })
  })
}

// The number left of fine place i, and how far i is from it; cells stand around their middles.
function between(i, times, count) {
  const place = Math.min(count - 1, Math.max(0, (i + 0.5) / times - 0.5))
  const left = Math.min(count - 2, Math.floor(place))
  return [left, place - left]
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

// The colour of the i-th mark: one for all, or by value along a scale.
function painter({ color, colorscale, cmin, cmax }) {
  if (typeof color === "string" || color === undefined) return () => color ?? "transparent"
  const scale = table(colorscale, 256)
  const names = new Array(scale.length)
  return (i) => {
    const step = Math.floor(((color[i] - cmin) / (cmax - cmin)) * scale.length)
    const place = Math.max(0, Math.min(scale.length - 1, step))
    return (names[place] ??= css(scale[place]))
  }
}

const css = (pixel) => `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`

// A plotly colour scale as pixels. Two entries at one place make an edge.
function table(scale, least = STEPS) {
  const steps = Math.max(least, 32 * scale.length)
  const stops = scale.map(([place, color]) => [place, [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))])
  const pixels = new Uint32Array(steps)
  let k = 0
  for (let i = 0; i < steps; i++) {
    const place = (i + 0.5) / steps
    while (k < stops.length - 2 && place >= stops[k + 1][0]) k++
    const [[from, a], [to, b]] = [stops[k], stops[k + 1]]
    const share = to > from ? Math.min(1, Math.max(0, (place - from) / (to - from))) : 1
    const [red, green, blue] = a.map((v, n) => Math.round(v + (b[n] - v) * share))
    pixels[i] = (255 << 24) | (blue << 16) | (green << 8) | red
  }
  return pixels
}

// Cells stand around their middles.
function ends(middles) {
  const half = (middles[1] - middles[0]) / 2
  return [middles[0] - half, middles[middles.length - 1] + half]
}
