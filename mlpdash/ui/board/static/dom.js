// Elements and numbers: the small change of the board. Text is only ever set as text.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

export function icon(path) {
  const space = "http://www.w3.org/2000/svg"
  const svg = document.createElementNS(space, "svg")
  svg.setAttribute("viewBox", "0 0 16 16")
  svg.setAttribute("aria-hidden", "true")
  const shape = document.createElementNS(space, "path")
  shape.setAttribute("d", path)
  svg.append(shape)
  return svg
}

// Changing a text node costs a layout; most ticks change nothing.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}

export const whole = (value) => Math.round(value).toLocaleString("en-US")

// Three significant digits, zeros kept, so that a falling number does not dance.
export function three(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–"
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 1e6 || size < 5e-4) return value.toExponential(1).replace("+", "")
  if (size >= 1000) return whole(value)
  return value.toFixed(Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(size)))))
}

export function percent(value) {
  return value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)} %`
}

export function duration(seconds, days) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–"
  const total = Math.max(0, Math.round(seconds))
  if (total >= 2 * 86400) return days.replace("{n}", whole(total / 86400))
  const two = (n) => String(n).padStart(2, "0")
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
