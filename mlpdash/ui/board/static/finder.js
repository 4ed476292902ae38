// The learning-rate finder: the loss over rates from tiny to far too large, and one that a click adopts.

const version = new URL(import.meta.url).search
const { element, three, write } = await import(`./dom.js${version}`)

const EDGE = { left: 52, right: 14, top: 10, bottom: 40 } // px around the curve
const HEADROOM = 1.6 // the axis ends at this many times the first loss; what diverges leaves the picture
const ANEW = 10_000 // ms after which an answer is not waited for any more

export class Finder {
  constructor(board, text) {
    this.board = board
    this.text = text
    this.found = null
    this.title = element("h3", { id: "mlpdash-finder-title" }, text.finder)
    this.reading = element("div", { class: "readings" })
    this.again = element("button", { type: "button", class: "tool" }, text.find_lr)
    this.again.onclick = () => this.ask()
    const tools = element("div", { class: "tools" }, this.again)
    this.canvas = element("canvas", { role: "img", "aria-labelledby": this.title.id })
    this.canvas.onmousemove = (event) => this.point(event)
    this.canvas.onmouseleave = () => this.point(null)
    this.note = element("p", { class: "finder-note", role: "status" })
    this.use = element("button", { type: "button", class: "act use" })
    this.use.onclick = () => board.act("lr", this.offered)
    this.host = element("div", { class: "finder-plot" }, this.canvas)
    const foot = element("div", { class: "finder-foot" }, this.note, this.use)
    this.card = element(
      "section",
      { class: "card finder plain", "data-testid": "figure-finder", "aria-labelledby": this.title.id },
      element("header", {}, this.title, this.reading, tools),
      this.host,
      foot,
    )
    this.card.hidden = true
    board.area.append(this.card)
    board.stage.add("finder", this, text.show_finder, text.show_finder_help)
    this.say()
  }

  // Another net, or other settings of it: what was found is not about them.
  update({ run, live }) {
    const about = JSON.stringify([run, { ...live, lr: null }])
    if (about !== this.about) this.forget()
    this.about = about
    if (live.lr !== this.lr) {
      this.lr = live.lr
      this.paint()
    }
  }

  forget() {
    this.found = null
    this.asked = 0
    this.say()
    this.paint()
  }

  // Drawn with the frames, but it needs none: a first answer is asked for where there is none yet.
  draw() {
    if (!this.found && this.allowed) this.ask()
    return true
  }

  allow(controlled, state) {
    this.allowed = controlled && !["queued", "failed", "diverged"].includes(state)
    this.again.disabled = this.use.disabled = !this.allowed
  }

  ask() {
    const now = performance.now()
    if (this.asked && now - this.asked < ANEW) return
    this.asked = now
    this.board.stream.send({ kind: "find_lr" })
    this.say()
  }

  take({ lr = [], loss = [], suggestion = null, message = "" }) {
    this.asked = 0
    this.found = { lr, loss, suggestion, message }
    this.offered = suggestion === null ? null : Number(suggestion.toPrecision(2))
    this.say()
    this.paint()
  }

  say() {
    const { found, text } = this
    this.use.hidden = !found || found.suggestion === null
    write(this.again, found ? text.find_lr_again : text.find_lr)
    write(this.use, text.use_lr.replace("{lr}", shortRate(this.offered ?? 0)))
    if (!found) write(this.note, this.asked ? text.finding : text.finder_hint)
    else write(this.note, found.message || (found.suggestion === null ? text.no_lr : text.finder_found))
  }

  retheme() {
    this.paint()
  }

  resize() {
    this.paint()
  }

  // Places of rates and losses on the canvas, in pixels of the page.
  axes() {
    const { clientWidth: width, clientHeight: height } = this.host
    const { lr, loss } = this.found
    const finite = loss.filter((value) => value !== null)
    const most = Math.max(finite[0] * HEADROOM, ...finite.slice(0, 10))
    const [low, high] = [Math.log10(lr[0]), Math.log10(lr.at(-1))]
    const least = Math.min(0, ...finite)
    const [w, h] = [width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom]
    return {
      width,
      height,
      least,
      most,
      x: (rate) => EDGE.left + ((Math.log10(rate) - low) / (high - low)) * w,
      y: (value) => EDGE.top + (1 - (value - least) / (most - least)) * h,
      rate: (place) => 10 ** (low + ((place - EDGE.left) / w) * (high - low)),
    }
  }

  paint(pointed) {
    const { clientWidth: width, clientHeight: height } = this.host
    if (this.card.hidden || !width || !height) return
    const ratio = window.devicePixelRatio || 1
    this.canvas.width = Math.round(width * ratio)
    this.canvas.height = Math.round(height * ratio)
    if (!this.found?.lr.length) return
    const pen = this.canvas.getContext("2d")
    pen.scale(ratio, ratio)
    const style = getComputedStyle(this.board.root)
    const color = (name) => style.getPropertyValue(`--board-${name}`).trim()
    const axes = this.axes()
    drawGrid(pen, axes, this.found, { grid: color("edge"), ink: color("muted"), font: style.fontFamily }, this.text)
    drawCurve(pen, axes, this.found, color("line"))
    if (this.lr >= this.found.lr[0]) drawRate(pen, axes, this.lr, color("muted"), this.text.lr_now, true)
    const { suggestion } = this.found
    if (suggestion !== null) drawRate(pen, axes, suggestion, color("accent"), this.text.lr_suggested)
    if (pointed !== undefined) drawDot(pen, axes, this.found, pointed, color("accent"))
  }

  point(event) {
    if (!this.found?.lr.length) return
    const { lr, loss } = this.found
    const rate = event ? this.axes().rate(event.offsetX) : NaN
    const at = nearest(lr, rate)
    const there = event && loss[at] !== null && loss[at] !== undefined
    const said = this.text.finder_point.replace("{lr}", shortRate(lr[at])).replace("{loss}", three(loss[at]))
    write(this.reading, there ? said : "")
    this.paint(there ? at : undefined)
  }

  destroy() {
    this.card.remove()
  }
}

function drawGrid(pen, axes, { lr }, { grid, ink, font }, text) {
  pen.font = `11px ${font}`
  pen.lineWidth = 1
  pen.strokeStyle = grid
  pen.fillStyle = ink
  pen.textAlign = "center"
  const [left, right] = [axes.x(lr[0]), axes.x(lr.at(-1))]
  for (let power = Math.ceil(Math.log10(lr[0]) - 1e-9); power <= Math.log10(lr.at(-1)) + 1e-9; power++) {
    const x = axes.x(10 ** power)
    pen.fillText(shortRate(10 ** power), x, axes.height - 22)
  }
  pen.fillText(text.finder_x, (left + right) / 2, axes.height - 5)
  pen.textAlign = "right"
  for (const value of ticks(axes.least, axes.most)) {
    const y = Math.round(axes.y(value)) + 0.5
    pen.beginPath()
    pen.moveTo(left, y)
    pen.lineTo(right, y)
    pen.stroke()
    pen.fillText(shortRate(value), left - 6, y + 4)
  }
}

function drawCurve(pen, axes, { lr, loss }, color) {
  pen.save()
  pen.beginPath()
  pen.rect(EDGE.left, EDGE.top - 2, axes.width - EDGE.left - EDGE.right, axes.height - EDGE.top - EDGE.bottom + 4)
  pen.clip()
  pen.beginPath()
  loss.forEach((value, i) => value !== null && pen.lineTo(axes.x(lr[i]), axes.y(value)))
  pen.strokeStyle = color
  pen.lineWidth = 2
  pen.lineJoin = "round"
  pen.stroke()
  pen.restore()
}

function drawRate(pen, axes, rate, color, label, dashed = false) {
  const x = Math.round(axes.x(rate)) + 0.5
  pen.strokeStyle = pen.fillStyle = color
  pen.lineWidth = 1.5
  pen.setLineDash(dashed ? [3, 4] : [])
  pen.beginPath()
  pen.moveTo(x, EDGE.top)
  pen.lineTo(x, axes.height - EDGE.bottom)
  pen.stroke()
  pen.setLineDash([])
  const toLeft = x > axes.width / 2
  pen.textAlign = toLeft ? "right" : "left"
  pen.fillText(`${label} ${shortRate(rate)}`, x + (toLeft ? -6 : 6), EDGE.top + (dashed ? 26 : 10))
}

function drawDot(pen, axes, { lr, loss }, at, color) {
  pen.fillStyle = color
  pen.beginPath()
  pen.arc(axes.x(lr[at]), Math.max(EDGE.top, axes.y(loss[at])), 4, 0, 2 * Math.PI)
  pen.fill()
}

// The place of the rate that is nearest by ratio.
export function nearest(rates, rate) {
  let best = 0
  rates.forEach((one, i) => {
    if (Math.abs(Math.log(one / rate)) < Math.abs(Math.log(rates[best] / rate))) best = i
  })
  return best
}

// Round numbers between two, about five of them.
export function ticks(low, high) {
  const raw = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * [1, 2, 5, 10].find((one) => one * power >= raw)
  const found = []
  for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(n * step)
  return found
}

// Two digits, as a person writes a learning rate.
export function shortRate(rate) {
  const value = Number(rate.toPrecision(2))
  return value !== 0 && (value < 1e-4 || value >= 1e4) ? value.toExponential().replace("+", "") : String(value)
}
