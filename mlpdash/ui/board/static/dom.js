// Elements and numbers: the small change of the board. Text is only ever set as text.

/**
 * A new element with its attributes and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  made.append(...children)
  return made
}

/**
 * A button of a card; a click on it leaves the keyboard to the board.
 * @param {string} label
 * @param {string} help
 * @param {() => void} act
 * @param {string} [kind]  its class
 */
export function tool(label, help, act, kind = "tool") {
  const button = element("button", { type: "button", class: kind, title: help }, label)
  button.onmousedown = (event) => {
    event.preventDefault()
  }
  button.onclick = () => {
    act()
  }
  return button
}

/**
 * Says whether a button is pressed.
 * @param {Element} button
 * @param {boolean} is
 */
export function press(button, is) {
  button.setAttribute("aria-pressed", String(is))
}

/**
 * Lets a list give the keyboard back to the board when it was chosen from with a pointer.
 * @param {HTMLSelectElement} select
 * @param {() => void} chosen
 */
export function leaveAfterClick(select, chosen) {
  let byPointer = false
  select.onpointerdown = () => {
    byPointer = true
  }
  select.onkeydown = () => {
    byPointer = false
  }
  select.onchange = () => {
    chosen()
    if (byPointer) select.blur()
  }
}

/**
 * An icon of 16 x 16.
 * @param {string} path
 */
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

/**
 * Sets a text. Changing a text node costs a layout; most ticks change nothing.
 * @param {Element} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * A sentence with its parts in braces filled in.
 * @param {string} sentence
 * @param {Record<string, string | number>} parts
 */
export function filled(sentence, parts) {
  return sentence.replace(/{(\w+)}/g, (braces, name) => String(parts[name] ?? braces))
}

/**
 * A canvas of this many pixels; setting a size clears it, so only another one is set.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @returns {CanvasRenderingContext2D}
 */
export function sized(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  return penOf(canvas)
}

/**
 * What paints on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")) // null only beside another kind of context
}

/** @param {number} value */
export const whole = (value) => Math.round(value).toLocaleString("en-US")

/**
 * Three significant digits, zeros kept, so that a falling number does not dance.
 * @param {number | null | undefined} value
 */
export function three(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–"
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 1e6 || size < 5e-4) return value.toExponential(1).replace("+", "")
  if (size >= 1000) return whole(value)
  return value.toFixed(Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(size)))))
}

/** @param {number | null | undefined} value */
export function percent(value) {
  return value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)} %`
}

/**
 * A time for people; `days` is the text for more than two of them.
 * @param {number | null | undefined} seconds
 * @param {string} days
 */
export function duration(seconds, days) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–"
  const total = Math.max(0, Math.round(seconds))
  if (total >= 2 * 86400) return filled(days, { n: whole(total / 86400) })
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0")
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
