// The live board: what Streamlit calls, and how stream, controls and figures play together.
// It knows plotly and bytes; what the numbers mean was decided in Python.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const PARTS = [
  "controls", "stream", "card", "dom", "stage", "population", "network", "pictures", "finder", "drawing", "baselines",
]
const parts = await Promise.all(PARTS.map((name) => part(`${name}.js`)))
const { Controls, Stream, Store, FigureCard, loadPlotly, element } = Object.assign({}, ...parts)
const { Stage, Population, Network, Pictures, Finder, Drawing, Baselines } = Object.assign({}, ...parts)

const NARROW = 760 // px of the board's own width
const BETWEEN = 40 // ms from one picture to the next, on average: smooth, and cheap for training
const HOLD = 500 // ms that new figures wait for the first frame that belongs to them
const FLUSH = 160 // ms of silence after which every figure shows what has come
const NOTHING = {}
for (const name of ["", "_validation", "_net"]) Object.assign(NOTHING, { [`generation${name}`]: -1, [`count${name}`]: -1 })
const boards = new WeakMap()

export default function (component) {
  let board = boards.get(component.parentElement)
  if (!board) {
    board = new Board(component)
    boards.set(component.parentElement, board)
  }
  board.update(component)
  return () => {
    boards.delete(component.parentElement)
    board.leave()
  }
}

class Board {
  constructor({ parentElement, data }) {
    this.root = element("div", { class: "mlpdash-board", role: "region", "data-testid": "live-board" })
    this.root.setAttribute("aria-label", data.text.board)
    Object.assign(this.root.dataset, { state: "idle", epoch: 0, step: 0, frames: 0 })
    this.root.style.visibility = "hidden" // until its style sheet is there
    parentElement.append(this.root)
    this.store = new Store()
    this.status = { state: "idle", control: null, message: "", queue: null }
    this.view = { token: 0, text: "" }
    this.frames = 0
    this.fresh = false // nothing has come of this run yet
    this.cards = new Map()
    this.controls = new Controls(this.root, data.text, (name, value) => this.act(name, value))
    this.area = element("div", { class: "figures" })
    this.root.append(this.area)
    this.stage = new Stage(data.text.stage, () => this.setView(this.data.view))
    this.population = new Population(this)
    this.network = new Network(this)
    this.pictures = new Pictures(this)
    this.finder = new Finder(this, data.text)
    this.sketch = new Drawing(this)
    this.baselines = new Baselines(this)
    this.stream = new Stream({
      status: (header) => this.onStatus(header),
      frame: (header, arrays) => this.onFrame(header, arrays),
      refused: (message) => this.controls.warn(message),
      lr_found: (header) => this.finder.take(header),
      baselines: (header) => this.baselines.take(header),
      link: (lost) => this.tell({ lost }),
      have: () => (this.fresh ? NOTHING : this.store.have()),
      hello: () => this.onHello(),
    })
    this.sizes = new ResizeObserver(() => this.resize())
    this.sizes.observe(this.root)
    this.onKey = (event) => this.controls.key(event)
    document.addEventListener("keydown", this.onKey)
    this.ready = Promise.all([loadPlotly(data.plotly), ...data.css.map(style)]).then(
      ([Plotly]) => this.mount(Plotly),
      (error) => this.fail(error),
    )
  }

  // Streamlit has called again: take over what differs.
  update(component) {
    const { data } = component
    const before = this.data
    this.component = component
    this.data = data
    this.retheme()
    this.layout()
    const sameRun = before && before.run === data.run
    if (!sameRun) this.follow(data)
    this.population.update(data)
    this.pictures.update(data)
    this.finder.update(data)
    this.sketch.update(data)
    this.baselines.update(data)
    this.network.update(data)
    const viewChanged = this.setView(data.view)
    if (sameRun) this.sendLive(before.live, data.live)
    if (!before || before.pace !== data.pace) this.controls.pace(data.pace)
    this.tell({})
    const text = JSON.stringify(data.figures)
    if (text !== this.figuresText) {
      this.figuresText = text
      this.propose(data.figures, !before || (sameRun && !viewChanged))
    }
  }

  leave() {
    this.gone = true
    this.stream.close()
    this.sizes.disconnect()
    document.removeEventListener("keydown", this.onKey)
    clearTimeout(this.flushTimer)
    clearTimeout(this.holdTimer)
    cancelAnimationFrame(this.drawing)
    for (const card of this.cards.values()) card.destroy()
    this.population.destroy()
    this.network.destroy()
    this.pictures.destroy()
    this.finder.destroy()
    this.sketch.destroy()
    this.controls.destroy()
    this.root.remove()
  }

  // Another run: its stream is opened, the picture stays until its first frame is here.
  follow({ run, stream, secret }) {
    this.fresh = true
    this.frames = 0
    this.root.dataset.frames = 0
    this.waiting = null
    this.status = { ...this.status, control: null, message: "", queue: null }
    this.stream.open(stream, secret ?? remembered(run))
  }

  setView(view) {
    const { x, y, discretize, plane, output } = view
    const asked = { x, y, discretize, plane, output, show: this.stage.shown }
    Object.assign(asked, this.population.view(), this.network.view())
    const text = JSON.stringify(asked)
    const changed = text !== this.view.text
    if (changed) {
      this.view = { text, token: this.view.token + 1 }
      this.stream.setView({ ...asked, token: this.view.token })
    }
    for (const card of this.cards.values()) card.splits(view.show_test)
    return changed
  }

  sendLive(before, now) {
    if (this.status.state === "idle" || !this.controlled()) return
    const changes = Object.entries(now).filter(
      ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value), // some are lists
    )
    if (changes.length) this.stream.send({ kind: "set", changes: Object.fromEntries(changes) })
  }

  // New figures are shown at once, or together with the first frame that belongs to them.
  propose(figures, atOnce) {
    clearTimeout(this.holdTimer)
    this.proposed = figures
    if (atOnce || !this.cards.size) this.accept()
    else this.holdTimer = setTimeout(() => this.accept(), HOLD)
  }

  accept() {
    clearTimeout(this.holdTimer)
    if (!this.proposed || !this.Plotly || this.gone) return
    const figures = this.proposed
    this.proposed = null
    this.store.expect(figures.flatMap((figure) => figure.wires))
    for (const figure of figures) {
      if (!this.cards.has(figure.name)) {
        this.cards.set(figure.name, new FigureCard(this.area, this.Plotly, this.data.text))
        if (figure.name === "boundary") this.stageBoundary() // before it is drawn: it decides its size
      }
      this.cards.get(figure.name).show(figure, this.theme, this.data.view.show_test, this.store)
    }
    this.population.tell()
    this.sketch.shown()
    this.baselines.attach()
  }

  stageBoundary() {
    const boundary = this.cards.get("boundary")
    const item = {
      card: boundary.card,
      draw: (store, now, all, settled) => boundary.update(store, now, all, settled),
      resize: () => boundary.resize(),
    }
    this.stage.add("boundary", item, this.data.text.show_boundary, this.data.text.show_boundary_help)
  }

  mount(Plotly) {
    if (this.gone) return
    this.Plotly = Plotly
    this.root.style.visibility = ""
    this.layout()
    this.accept()
    if (this.waiting) this.schedule()
  }

  fail(error) {
    console.error(error)
    this.root.style.visibility = ""
    this.controls.warn(this.data.text.broken, true)
  }

  onHello() {
    if (this.status.state === "idle" && this.controlled()) {
      this.stream.send({ kind: "pace", pace: this.data.pace })
    }
  }

  onStatus(header) {
    this.progress(header)
    const { control, queue, message, state } = header
    if (control !== undefined) this.status.control = control
    if (queue !== undefined) this.status.queue = queue
    if (message !== undefined) this.status.message = message
    if (state && state !== "idle") this.remember()
    this.tell({ lost: false })
    this.flushSoon()
  }

  // States count in the order in which they come; a frame is drawn later than it comes.
  onFrame(header, arrays) {
    if (header.message !== undefined) this.status.message = header.message
    this.progress(header)
    if (header.view !== undefined && header.view !== this.view.token) return this.stream.ask()
    this.waiting = [header, arrays]
    if (this.Plotly) this.schedule()
  }

  schedule() {
    if (this.drawing) return
    this.drawing = requestAnimationFrame((now) => {
      this.drawing = 0
      if (!this.waiting || this.gone) return
      if (now < (this.due ?? 0)) return this.schedule()
      this.due = Math.max(this.due ?? 0, now - BETWEEN / 2) + BETWEEN
      this.draw(now)
    })
  }

  draw(now) {
    const [header, arrays] = this.waiting
    this.waiting = null
    if (this.fresh) {
      this.fresh = false
      this.store.clear()
      this.held = null
    }
    if (this.proposed) this.accept()
    this.store.take(header, arrays)
    this.stream.ask() // the next one is computed while this one is drawn
    const all = header.state !== "running"
    if (this.stage.draw(this.store, now, all, all)) {
      this.frames += 1
      this.root.dataset.frames = this.frames
    }
    for (const card of this.cards.values()) {
      if (card.name !== "boundary" && card.update(this.store, now, all, all) && !all) break
    }
    this.numbers(header, now, all)
    this.flushSoon()
  }

  flushSoon() {
    clearTimeout(this.flushTimer)
    this.flushTimer = setTimeout(() => {
      const now = performance.now()
      const settled = this.status.state !== "running"
      this.stage.draw(this.store, now, true, settled)
      for (const card of this.cards.values()) {
        if (card.name !== "boundary") card.update(this.store, now, true, settled)
      }
      if (this.lastHeader) this.numbers(this.lastHeader, now, true)
    }, FLUSH)
  }

  numbers(header, now, all) {
    this.lastHeader = header
    if (!all && now - (this.numbersAt ?? 0) < 95) return
    this.numbersAt = now
    this.controls.numbers(header)
    this.population.say(header)
    for (const card of this.cards.values()) card.readings(header)
  }

  progress({ state, epoch, step }) {
    const { dataset } = this.root
    if (epoch !== undefined && epoch !== null) dataset.epoch = epoch
    if (step !== undefined && step !== null) dataset.step = step
    if (state && (state !== this.status.state || dataset.state !== state)) {
      this.status.state = state
      dataset.state = state
      this.tell({})
    }
  }

  controlled() {
    return this.status.control ?? this.stream.secret !== null
  }

  tell({ lost }) {
    if (lost !== undefined) this.lost = lost
    const { pending } = this.data
    this.controls.show({ ...this.status, control: this.controlled(), lost: this.lost, pending })
    for (const one of [this.network, this.finder, this.sketch]) one.allow(this.controlled(), this.status.state)
  }

  act(name, value) {
    const { setStateValue, setTriggerValue } = this.component
    const { state } = this.status
    if (["reset", "new_seed", "adopt", "points"].includes(name)) {
      const busy = ["running", "paused", "queued"].includes(state)
      if (busy && this.controlled()) this.stream.send({ kind: "stop" })
      setTriggerValue(name, value ?? true)
    } else if (name === "pace") {
      if (this.controlled()) this.stream.send({ kind: "pace", pace: value })
      setTriggerValue("pace", value)
    } else if (name === "lr") {
      setTriggerValue("lr", value)
    } else {
      this.stream.send({ kind: name })
      if (state === "idle" && (name === "train" || name === "step")) {
        this.remember()
        setStateValue("started", this.data.run)
      }
    }
  }

  // Only runs that were started are worth a place in the browser's memory.
  remember() {
    const { run, secret } = this.data
    if (secret === null) return
    try {
      localStorage.setItem(`mlpdash-secret-${run}`, secret)
    } catch {
      // no storage: the right to control ends with this page
    }
  }

  retheme() {
    const ground = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim()
    const theme = brightness(ground) < 0.5 ? "dark" : "light"
    if (theme === this.theme) return
    this.theme = theme
    this.root.dataset.theme = theme
    for (const card of this.cards.values()) card.retheme(theme)
    this.population.retheme(theme)
    this.network.retheme(theme)
    this.pictures.retheme(theme)
    this.finder.retheme()
    this.baselines.show()
  }

  layout() {
    const narrow = this.root.getBoundingClientRect().width < NARROW
    this.root.dataset.layout = narrow ? "narrow" : "wide"
    const header = document.querySelector('[data-testid="stHeader"]') // stays over what scrolls
    if (!narrow) this.below()
    this.root.style.setProperty("--board-top", `${header?.getBoundingClientRect().height ?? 0}px`)
  }

  // What stands above the board on the page, so that all of it fits under that.
  below() {
    const main = document.querySelector('[data-testid="stMain"]')
    const above = this.root.getBoundingClientRect().top + (main?.scrollTop ?? 0)
    if (above > 0) this.root.style.setProperty("--board-above", `${Math.round(above)}px`)
    for (const one of this.root.closest(".st-key-page")?.children ?? []) {
      if (!one.contains(this.root)) this.sizes?.observe(one) // its text may come later than the board
    }
  }

  resize() {
    this.layout()
    for (const card of this.cards.values()) if (!card.card.hidden) card.resize()
    this.stage.resize()
  }
}

function remembered(run) {
  try {
    return localStorage.getItem(`mlpdash-secret-${run}`)
  } catch {
    return null
  }
}

function brightness(color) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1]
  const wide = hex && hex.length < 6 ? [...hex].map((c) => c + c).join("") : hex
  const parts = wide
    ? [0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16))
    : (color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number)
  return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255
}

function style(href) {
  const id = `mlpdash-${/[\w]+(?=\.css)/.exec(href)[0]}`
  const old = document.getElementById(id)
  if (old?.getAttribute("href") === href) return old.loaded
  const link = element("link", { id, rel: "stylesheet", href })
  link.loaded = new Promise((done, fail) => {
    link.onload = () => {
      old?.remove()
      done()
    }
    link.onerror = () => fail(new Error(`no style sheet at ${href}`))
  })
  document.head.append(link)
  return link.loaded
}
