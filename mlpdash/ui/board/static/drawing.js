// Points drawn by hand on the boundary: a click adds one of the chosen class, a drag moves one, Shift and
// a click, or Delete, removes one. What is drawn is shown at once; a moment later it becomes the data.

const version = new URL(import.meta.url).search
const { element } = await import(`./dom.js${version}`)

const NEAR = 11 // px around a point that still mean it
const QUIET = 350 // ms after the last change until it becomes the data
const EACH = 2 // points that each class needs, at least
const DIGITS = 100 // a hundredth is less than a pixel

export class Drawing {
  constructor(board) {
    this.board = board
    this.points = []
    this.chosen = 0
    this.sent = null // what the page was told, until it shows that
    this.onKey = (event) => this.key(event)
  }

  update({ drawing, text }) {
    this.given = drawing
    this.text = text
    if (!drawing) return this.leave()
    if (!this.changed && (this.sent === null || drawing.text === this.sent)) {
      this.points = drawing.points.map((point) => [...point])
    }
    if (this.tools) this.offer()
  }

  // The boundary's card is there, with these figures; what was drawn meanwhile is part of them.
  shown() {
    if (!this.given) return
    this.attach()
    if (this.changed || (this.sent !== null && this.sent !== this.given.text)) return
    this.sent = null
    this.show(null)
  }

  attach() {
    if (this.tools) return
    const { card, host, tools } = (this.boundary = this.board.cards.get("boundary"))
    this.chips = element("span", { class: "chips", role: "group", "aria-label": this.text.draw_class })
    this.eraser = this.button(this.text.erase, this.text.erase_help, () => this.choose("erase"))
    const clear = this.button(this.text.clear, this.text.clear_help, () => this.clear())
    this.tools = element("div", { class: "drawing" }, this.chips, this.eraser, clear)
    tools.prepend(this.tools)
    card.classList.add("drawable")
    this.heard = [
      ["pointerdown", (event) => this.down(event)],
      ["pointermove", (event) => this.move(event)],
      ["pointerup", () => this.up()],
      ["pointercancel", () => this.up()],
      ["pointerleave", () => (this.pointed = null)],
      ["mousedown", (event) => this.place(event) && event.stopPropagation()], // plotly's own zoom
      ["touchstart", (event) => this.touch(event)],
    ]
    const how = { capture: true, passive: false }
    for (const [name, act] of this.heard) host.addEventListener(name, act, how)
    document.addEventListener("keydown", this.onKey, true)
    this.offer()
  }

  leave() {
    clearTimeout(this.timer)
    this.changed = false
    this.sent = null
    if (!this.tools) return
    const { card, host } = this.boundary
    for (const [name, act] of this.heard) host.removeEventListener(name, act, true)
    document.removeEventListener("keydown", this.onKey, true)
    card.classList.remove("drawable")
    this.tools.remove()
    this.tools = null
    this.show(null)
    this.say("")
  }

  button(label, help, act) {
    const button = element("button", { type: "button", class: "tool", title: help }, label)
    button.onmousedown = (event) => event.preventDefault()
    button.onclick = act
    return button
  }

  // A chip for each class, and one for a class more.
  offer() {
    const classes = this.classes()
    const most = this.given.colors.length + 1
    const count = Math.min(most, Math.max(2, classes.length + (classes.length >= 2 ? 1 : 0)))
    if (this.chosen !== "erase" && this.chosen >= count) this.chosen = count - 1
    const colors = this.colors(Math.max(2, Math.min(count, classes.length)))
    const chips = Array.from({ length: count }, (_, code) => {
      const isNew = code >= Math.max(2, classes.length)
      const label = isNew ? this.text.new_class : String(code)
      const help = isNew ? this.text.new_class_help : this.text.draw_class_help.replace("{name}", code)
      const chip = this.button(label, help, () => this.choose(code))
      if (!isNew) {
        const dot = element("i", { "aria-hidden": "true" })
        dot.style.background = colors[code]
        chip.prepend(dot)
      }
      chip.setAttribute("aria-pressed", this.chosen === code)
      return chip
    })
    this.chips.replaceChildren(...chips)
    this.eraser.setAttribute("aria-pressed", this.chosen === "erase")
  }

  choose(chosen) {
    this.chosen = chosen
    this.offer()
  }

  classes() {
    return [...new Set(this.points.map(([, , code]) => code))].sort((a, b) => a - b)
  }

  colors(count) {
    return this.given.colors[Math.max(2, count) - 2]
  }

  // Where a pointer is, in the units of the axes; null outside the plane, or while nothing may change.
  place({ clientX, clientY }) {
    const { layers, gd } = this.boundary.plot
    const box = layers.clip.getBoundingClientRect()
    const [left, top] = [clientX - box.left, clientY - box.top]
    if (!this.allowed || left < 0 || top < 0 || left > box.width || top > box.height) return null
    const { xaxis, yaxis } = gd._fullLayout
    const at = ([from, to], share) => from + (to - from) * share
    return { x: at(xaxis.range, left / box.width), y: at(yaxis.range, 1 - top / box.height), left, top }
  }

  // The number of the point under the pointer, or -1.
  under({ left, top }) {
    const { layers } = this.boundary.plot
    const axes = layers.axes()
    let [best, nearest] = [-1, NEAR]
    this.points.forEach(([x, y], i) => {
      const away = Math.hypot(axes.x(x) - left, axes.y(y) - top)
      if (away < nearest) [best, nearest] = [i, away]
    })
    return best
  }

  touch(event) {
    const place = event.touches.length === 1 && this.place(event.touches[0])
    if (place && this.under(place) >= 0) event.preventDefault() // a point is moved, not the page
  }

  down(event) {
    const place = event.button === 0 && this.place(event)
    if (!place) return
    const at = this.under(place)
    const erases = this.chosen === "erase" || event.shiftKey
    if (event.pointerType === "mouse") event.preventDefault()
    if (at >= 0 && !erases) {
      this.dragged = at
      event.target.setPointerCapture?.(event.pointerId)
    } else this.tapped = { place, at, erases }
  }

  move(event) {
    const place = this.place(event)
    this.pointed = place
    if (this.dragged === undefined || !place) return
    const [x, y] = this.rounded(place)
    Object.assign(this.points[this.dragged], [x, y])
    this.edited()
  }

  up() {
    const { tapped } = this
    this.tapped = undefined
    if (this.dragged !== undefined) {
      this.dragged = undefined
      return this.soon()
    }
    if (!tapped) return
    if (tapped.at >= 0 && tapped.erases) this.remove(tapped.at)
    else if (!tapped.erases && this.points.length < this.given.most) this.add(tapped.place)
  }

  add(place) {
    this.points.push([...this.rounded(place), this.chosen])
    this.offer()
    this.edited()
    this.soon()
  }

  remove(at) {
    this.points.splice(at, 1)
    this.renumber()
    this.edited()
    this.soon()
  }

  clear() {
    if (!this.allowed) return
    this.points = []
    this.chosen = 0
    this.offer()
    this.edited()
    this.soon()
  }

  key(event) {
    if (!this.pointed || !["Delete", "Backspace"].includes(event.key)) return
    const at = this.under(this.pointed)
    if (at < 0 || !this.allowed) return
    event.preventDefault()
    event.stopPropagation()
    this.remove(at)
  }

  // Classes are numbered without gaps, as their colours are.
  renumber() {
    const classes = this.classes()
    if (!classes.length || classes.at(-1) === classes.length - 1) return this.offer()
    for (const point of this.points) point[2] = classes.indexOf(point[2])
    this.offer()
  }

  rounded({ x, y }) {
    const { extent } = this.given
    return [x, y].map((v) => Math.round(Math.min(extent, Math.max(-extent, v)) * DIGITS) / DIGITS)
  }

  edited() {
    this.changed = true
    this.show(this.points)
  }

  soon() {
    clearTimeout(this.timer)
    const counts = this.classes().map((code) => this.points.filter((point) => point[2] === code).length)
    const enough = counts.length > 1 && counts.every((count) => count >= EACH)
    this.say(enough ? "" : this.text.draw_more)
    if (enough) this.timer = setTimeout(() => this.send(), QUIET)
  }

  send() {
    this.changed = false
    this.sent = this.points.map((point) => point.join(",")).join("; ")
    if (this.sent === this.given.text) this.shown()
    else this.board.act("points", this.sent)
  }

  say(sentence) {
    if (sentence === (this.said ?? "")) return
    this.said = sentence
    this.board.controls.warn(sentence, true, "note")
  }

  // Paint these points in the place of the figure's, or the figure's own again.
  show(points) {
    const { plot } = this.boundary ?? {}
    if (!plot) return
    plot.layers.drawn = points && { points, colors: this.colors(this.classes().length) }
    plot.layers.marks(plot.traces)
  }

  allow(controlled, state) {
    const allowed = controlled && !["running", "queued"].includes(state)
    if (allowed === this.allowed) return
    this.allowed = allowed
    this.tools?.toggleAttribute("inert", !allowed)
  }

  destroy() {
    this.leave()
  }
}
