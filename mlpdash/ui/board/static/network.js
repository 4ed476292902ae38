// The net as a picture, in the boundary's place: a small field for each neuron, a line for each weight.
// A click on either opens the neuron: its field, its bias and the weights that lead to it, to be set.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ element, three, write }, { colored, finer, table }] = await Promise.all(
  ["dom.js", "colors.js"].map(part),
)

const EVERY = 120 // ms between two pictures
const LARGEST = 46 // px of a neuron's field
const GAP = 0.72 // share of a neuron's place that its field takes
const TOP = 26 // px for the titles
const NEAR = 6 // px from a line that still mean it
const THICKEST = 7 // px
const LENS = 140 // points of the opened neuron's field

export class Network {
  constructor(board) {
    this.board = board
  }

  update({ network, text }) {
    const { stage } = this.board
    this.described = network
    if (!network) {
      if (stage.has("net")) stage.remove("net")
      return
    }
    if (!this.card) {
      const edit = (change) => this.board.stream.send({ kind: "edit", ...change })
      this.card = new NetworkCard(this.board.area, text, edit)
    }
    this.card.show(network, this.board.theme)
    if (stage.has("net")) return
    const item = {
      card: this.card.card,
      draw: (store, now, all) => this.card.update(store, now, all),
      resize: () => this.card.resize(),
    }
    stage.add("net", item, text.show_network, text.show_network_help)
  }

  // Which of several nets is shown; see `words` of population.js.
  several({ one }) {
    this.card?.several(one)
  }

  // The part of the view that is not the page's.
  view() {
    return this.board.stage.shown === "net" ? { network: this.described.most } : {}
  }

  allow(controlled, state) {
    this.card?.allow(controlled, state)
  }

  retheme(theme) {
    this.card?.retheme(theme)
  }

  destroy() {
    this.card?.destroy()
  }
}

class NetworkCard {
  constructor(area, text, edit) {
    this.text = text
    this.edit = edit
    this.title = element("h3", { id: "mlpdash-network-title" }, text.network)
    const head = element("header", {}, this.title)
    this.lines = element("canvas", { class: "lines", "aria-hidden": "true" })
    this.said = element("div", { class: "said", hidden: "" })
    this.host = element("div", { class: "net", role: "group", "aria-labelledby": this.title.id })
    this.host.onmousemove = (event) => this.point(event)
    this.host.onmouseleave = () => this.point(null)
    this.host.onclick = (event) => this.press(event)
    this.panel = new NeuronPanel(text, (change) => edit(change))
    this.hint = element("p", { class: "hint" }, text.network_hint)
    this.card = element(
      "section",
      { class: "card network", "data-testid": "figure-network" },
      head,
      this.hint,
      this.host,
      this.panel.root,
    )
    area.prepend(this.card)
    this.drawnAt = 0
  }

  show(network, theme) {
    const text = JSON.stringify(network)
    if (text === this.shown) return this.retheme(theme)
    this.shown = text
    this.network = network
    this.neurons = []
    this.edges = []
    const parts = [this.lines]
    this.layers = network.layers.map((layer, l) => this.layer(layer, l, parts))
    for (let l = 1; l < this.layers.length; l++) {
      for (const to of this.layers[l].neurons) {
        for (const from of this.layers[l - 1].neurons) this.edges.push({ from, to })
      }
    }
    this.host.replaceChildren(...parts, this.said)
    this.opened = null
    this.open(this.neurons.at(-1))
    this.seen = this.size = this.theme = this.at = undefined
    this.retheme(theme)
    this.resize()
  }

  // Another net of several: of a grid of widths, a narrow one lacks the last neurons.
  several(one) {
    const { network_of: of, network } = this.text
    write(this.title, one ? of.replace("{net}", one.name).replace("{n}", one.nets) : network)
    write(this.hint, one ? `${this.text.network_hint} ${this.text.network_edits_all}` : this.text.network_hint)
    const own = one ? this.network.widths[one.at] : undefined
    const at = JSON.stringify(own)
    if (at === this.at || !own) return
    this.at = at
    this.layers.slice(1, -1).forEach((layer, l) => {
      for (const neuron of layer.neurons) {
        neuron.absent = neuron.n >= own[l]
        neuron.button.hidden = neuron.absent
      }
      this.head(layer, this.network.layers[l + 1].title, own[l])
    })
    this.open(this.opened.absent ? this.neurons.at(-1) : this.opened)
    this.resize()
  }

  head({ head, neurons }, title, width) {
    const shown = neurons.filter(({ absent }) => !absent).length
    const more = shown < width ? this.text.of_neurons : "{width}"
    write(head, `${title}: ${more.replace("{shown}", shown).replace("{width}", width)}`)
  }

  layer({ title, names, width }, l, parts) {
    const head = element("span", { class: "of-layer" })
    parts.push(head)
    const ends = l === 0 || l === this.network.layers.length - 1
    const neurons = names.map((name, n) => {
      const canvas = element("canvas", { "aria-hidden": "true" })
      const button = element("button", { type: "button", class: "neuron", "aria-label": name }, canvas)
      const label = ends ? element("span", { class: "name" }, name) : null
      parts.push(button, ...(label ? [label] : []))
      const neuron = { name, l, n, at: this.neurons.length, button, canvas, label }
      button.onclick = (event) => {
        event.stopPropagation()
        this.open(neuron)
      }
      this.neurons.push(neuron)
      return neuron
    })
    const made = { head, neurons, ends }
    this.head(made, title, width)
    return made
  }

  open(neuron, from) {
    this.opened?.button.classList.remove("open")
    this.opened = neuron
    neuron.button.classList.add("open")
    const all = neuron.l ? this.layers[neuron.l - 1].neurons : []
    const sources = all.filter(({ absent }) => !absent)
    const hidden = neuron.l && sources.length === all.length ? this.network.layers[neuron.l - 1].width - all.length : 0
    this.panel.open(neuron, sources, hidden, neuron.l > 0 && this.network.biases)
    this.numbers()
    if (from) this.panel.focus(from)
  }

  allow(controlled, state) {
    this.panel.allow(controlled && state !== "idle" && state !== "queued", controlled)
  }

  update(store, now, all) {
    const fields = store.get("neuron_fields")
    if (!fields || fields.version === this.seen || fields.shape[0] !== this.neurons?.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = fields.version
    this.fields = fields
    this.weights = store.get("neuron_weights").values
    this.biases = store.get("neuron_biases").values
    this.pictures()
    this.wires()
    this.numbers()
    return true
  }

  field(at) {
    const [, height, width] = this.fields.shape
    const place = at * height * width
    return Array.from({ length: height }, (_, r) =>
      this.fields.values.subarray(place + r * width, place + (r + 1) * width),
    )
  }

  pictures() {
    if (!this.fields) return
    for (const { at, canvas } of this.neurons) paint(canvas, finer(this.field(at), 48), this.lut)
    if (this.opened) paint(this.panel.lens, finer(this.field(this.opened.at), LENS), this.lut)
  }

  numbers() {
    if (!this.fields || !this.opened) return
    const { l, at } = this.opened
    paint(this.panel.lens, finer(this.field(at), LENS), this.lut)
    if (!l) return
    const own = ({ from, to }) => to === this.opened && !from.absent
    const weights = this.edges.flatMap((edge, i) => (own(edge) ? [this.weights[i]] : []))
    this.panel.numbers(weights, this.biases[at - this.layers[0].neurons.length])
  }

  // All weights as lines: thick and full where they are large, orange below zero, blue above.
  wires() {
    const { weights, size } = this
    if (!weights || !size || weights.length !== this.edges.length) return
    const ratio = window.devicePixelRatio || 1
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
    if (this.lines.width !== width || this.lines.height !== height) {
      this.lines.width = width
      this.lines.height = height
    }
    const pen = this.lines.getContext("2d")
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    pen.clearRect(0, 0, size.width, size.height)
    let most = 1e-9
    for (const weight of weights) if (Math.abs(weight) > most) most = Math.abs(weight)
    this.edges.forEach((edge, i) => {
      if (edge.from.absent || edge.to.absent) return
      const share = Math.abs(weights[i]) / most
      pen.globalAlpha = edge === this.pointed ? 1 : 0.15 + 0.75 * share
      pen.lineWidth = Math.max(0.6, share * THICKEST) + (edge === this.pointed ? 1.5 : 0)
      pen.strokeStyle = weights[i] < 0 ? this.network.negative : this.network.positive
      const [x0, y0, x1, y1] = this.ends(edge)
      const middle = (x0 + x1) / 2
      pen.beginPath()
      pen.moveTo(x0, y0)
      pen.bezierCurveTo(middle, y0, middle, y1, x1, y1)
      pen.stroke()
    })
  }

  ends({ from, to }) {
    const half = this.side / 2
    return [from.x + half, from.y, to.x - half, to.y]
  }

  // The weight whose line is under the pointer.
  find({ clientX, clientY }) {
    const box = this.host.getBoundingClientRect()
    const [x, y] = [clientX - box.left, clientY - box.top]
    let best = null
    let least = NEAR
    for (const edge of this.edges ?? []) {
      const [x0, y0, x1, y1] = this.ends(edge)
      if (edge.from.absent || edge.to.absent) continue
      if (x < x0 || x > x1) continue
      const far = Math.abs(y - heightAt((x - x0) / (x1 - x0), y0, y1))
      if (far < least) [best, least] = [edge, far]
    }
    return best && { edge: best, x, y }
  }

  point(event) {
    const found = event && event.target.closest?.(".neuron") === null ? this.find(event) : null
    const edge = found?.edge ?? null
    this.host.style.cursor = edge ? "pointer" : ""
    this.said.hidden = !edge
    if (edge) {
      const weight = this.weights?.[this.edges.indexOf(edge)]
      write(this.said, `${edge.from.name} → ${edge.to.name}: ${three(weight)}`)
      const left = Math.min(found.x + 12, this.size.width - this.said.offsetWidth - 4)
      Object.assign(this.said.style, { left: `${Math.max(4, left)}px`, top: `${Math.max(0, found.y - 30)}px` })
    }
    if (edge === this.pointed) return
    this.pointed = edge
    this.wires()
  }

  press(event) {
    const found = this.find(event)
    if (found) this.open(found.edge.to, found.edge.from)
  }

  retheme(theme) {
    if (!this.network || theme === this.theme) return
    this.theme = theme
    this.lut = table(this.network.scales[theme])
    this.pictures()
  }

  resize() {
    if (!this.network || this.card.hidden) return
    const { clientWidth: width, clientHeight: height } = this.host
    if (!width || !height) return
    this.size = { width, height }
    const present = this.layers.map(({ neurons }) => neurons.filter(({ absent }) => !absent))
    const tallest = Math.max(...present.map((neurons) => neurons.length))
    const room = (height - TOP - 8) / tallest
    const across = width / this.layers.length
    this.side = Math.floor(Math.min(LARGEST, room * GAP, across * 0.5))
    this.host.style.setProperty("--neuron", `${this.side}px`)
    this.layers.forEach(({ head, ends }, l) => {
      const neurons = present[l]
      const x = across * (l + 0.5)
      head.style.left = `${x}px`
      neurons.forEach((neuron, n) => {
        neuron.x = x
        neuron.y = TOP + (height - TOP) * ((n + 0.5) / neurons.length)
        const place = { left: `${x}px`, top: `${neuron.y}px` }
        Object.assign(neuron.button.style, place)
        if (!ends) return
        const aside = across / 2 - this.side / 2 - 8 // inputs are named to the left, outputs to the right
        const edge = l ? { left: `${x + this.side / 2 + 6}px` } : { right: `${width - x + this.side / 2 + 6}px` }
        Object.assign(neuron.label.style, { ...edge, top: place.top, maxWidth: `${aside}px` })
      })
    })
    this.wires()
  }

  destroy() {
    this.card.remove()
  }
}

// The opened neuron: its field, and its numbers as fields to type into.
class NeuronPanel {
  constructor(text, edit) {
    this.text = text
    this.edit = edit
    this.lens = element("canvas", { "aria-hidden": "true" })
    this.title = element("h4")
    this.list = element("div", { class: "numbers" })
    this.root = element("div", { class: "neuron-panel" }, this.lens, this.list)
    this.fields = []
  }

  open(neuron, sources, hidden, hasBias) {
    write(this.title, neuron.name)
    const { l, n } = neuron
    this.fields = sources.map((from) => this.field(this.short(from), { weight: [l - 1, n, from.n] }, from))
    if (hasBias) this.fields.push(this.field(this.text.bias, { bias: [l - 1, n] }, null))
    const more = hidden ? [element("p", {}, this.text.more_weights.replace("{n}", hidden))] : []
    this.list.replaceChildren(this.title, ...this.fields.map(({ label }) => label), ...more)
    this.disable()
  }

  field(name, change, from) {
    const input = element("input", { type: "number", step: "any", title: name })
    input.onchange = () => {
      const value = input.valueAsNumber
      if (Number.isFinite(value)) this.edit({ ...change, value })
    }
    input.onkeydown = (event) => event.stopPropagation() // Space and R are the board's elsewhere
    return { input, from, label: element("label", {}, element("span", {}, name), input) }
  }

  // What a source is called beside its weight: the layer is plain from where it stands.
  short({ l, n, name }) {
    return l ? this.text.neuron.replace("{n}", n + 1) : name
  }

  focus(from) {
    const field = this.fields.find((one) => one.from === from)
    field?.input.focus()
    field?.input.select()
  }

  allow(can, controlled) {
    this.can = can
    this.controlled = controlled
    this.disable()
  }

  disable() {
    for (const { input } of this.fields) {
      input.disabled = !this.can
      input.title = this.can || !this.controlled ? "" : this.text.edit_needs_step
    }
  }

  numbers(weights, bias) {
    this.fields.forEach(({ input, from }, i) => {
      if (input === document.activeElement) return
      const text = Number((from ? weights[i] : bias).toPrecision(4)).toString()
      if (input.value !== text) input.value = text
    })
  }
}

// The height of the curve (0, y0), (1/2, y0), (1/2, y1), (1, y1) over x from 0 to 1.
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

// A neuron's field in its own range: what is largest, below zero or above, has the full colour.
function paint(canvas, z, lut) {
  const [height, width] = [z.length, z[0].length]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  let most = 1e-9
  for (const row of z) for (const value of row) if (Math.abs(value) > most) most = Math.abs(value)
  const pen = canvas.getContext("2d")
  const image = pen.createImageData(width, height)
  colored(z, -most, most, lut, new Uint32Array(image.data.buffer))
  pen.putImageData(image, 0, 0)
}
