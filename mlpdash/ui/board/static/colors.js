// Plotly's colour scales as pixels and as names.

const STEPS = 1024

// A scale as pixels. Two entries at one place make an edge.
export function table(scale, least = STEPS) {
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

// The rows of numbers `z`, the lowest row at the bottom, as pixels from top to bottom.
export function colored(z, low, high, lut, pixels) {
  const [height, width] = [z.length, z[0].length]
  const factor = lut.length / (high - low)
  for (let r = 0; r < height; r++) {
    const row = z[r]
    let place = (height - 1 - r) * width
    for (let c = 0; c < width; c++, place++) {
      const step = ((row[c] - low) * factor) | 0
      pixels[place] = lut[step < 0 ? 0 : step >= lut.length ? lut.length - 1 : step]
    }
  }
}

// How much of each colour shows, 0 to 1, in rows as `z` above; takes from what shows already.
export function faded(opacity, pixels) {
  const [height, width] = [opacity.length, opacity[0].length]
  for (let r = 0; r < height; r++) {
    const row = opacity[r]
    let place = (height - 1 - r) * width
    for (let c = 0; c < width; c++, place++) {
      pixels[place] = (pixels[place] & 0xffffff) | ((row[c] * (pixels[place] >>> 24)) << 24)
    }
  }
}

// The numbers of a square {side, values}, rows upwards, between its own as rows of another size.
export function resized({ side, values }, height, width) {
  const at = (i, count) => Math.min(side - 1, Math.max(0, ((i + 0.5) / count) * side - 0.5))
  return Array.from({ length: height }, (_, r) => {
    const up = at(r, height)
    const low = Math.min(side - 2, Math.floor(up))
    return Float32Array.from({ length: width }, (_, c) => {
      const across = at(c, width)
      const left = Math.min(side - 2, Math.floor(across))
      const place = low * side + left
      const one = values[place] + (values[place + 1] - values[place]) * (across - left)
      const other = values[place + side] + (values[place + side + 1] - values[place + side]) * (across - left)
      return one + (other - one) * (up - low)
    })
  })
}

// A coarse field between its numbers, so that its colours change where the values do.
export function finer(z, least = 96) {
  const [height, width] = [z.length, z[0].length]
  const times = Math.ceil(least / width)
  if (times < 2 || height < 2 || width < 2) return z
  const across = between(times, width)
  const up = between(times, height)
  const rows = new Array(height * times)
  for (let r = 0; r < rows.length; r++) {
    const row = (rows[r] = new Float32Array(width * times))
    const [one, other] = [z[up.low[r]], z[up.low[r] + 1]]
    const above = up.share[r]
    for (let c = 0; c < row.length; c++) {
      const left = across.low[c]
      const right = across.share[c]
      const a = one[left] + (one[left + 1] - one[left]) * right
      const b = other[left] + (other[left + 1] - other[left]) * right
      row[c] = a + (b - a) * above
    }
  }
  return rows
}

const places = new Map() // they are the same for every frame

// For each fine place the number below it, and how far it is from that; cells stand around their middles.
function between(times, count) {
  const key = `${times} ${count}`
  if (!places.has(key)) {
    const low = new Uint16Array(count * times)
    const share = new Float32Array(count * times)
    for (let i = 0; i < low.length; i++) {
      const place = Math.min(count - 1, Math.max(0, (i + 0.5) / times - 0.5))
      low[i] = Math.min(count - 2, Math.floor(place))
      share[i] = place - low[i]
    }
    places.set(key, { low, share })
  }
  return places.get(key)
}

// The colour of the i-th mark: one for all, or by value along a scale.
export function painter({ color, colorscale, cmin, cmax }) {
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
