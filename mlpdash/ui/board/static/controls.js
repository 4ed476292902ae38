// Transport, tiles, the line of messages, and the keyboard.

const version = new URL(import.meta.url).search
const { duration, element, icon, whole, write } = await import(`./dom.js${version}`)

const BUTTONS = [
  ["train", "M4 2.5v11l9-5.5z"],
  ["pause", "M4 3h3v10H4zM9 3h3v10H9z"],
  ["step", "M3 3v10l6.5-5zM10.5 3h2.5v10h-2.5z"],
  ["stop", "M3.5 3.5h9v9h-9z"],
  ["reset", "M8 3a5 5 0 1 1-4.9 6h1.6A3.5 3.5 0 1 0 8 4.5V7L4 3.8 8 .6z"],
  [
    "new_seed",
    "M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2zM5.5 4.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM10.5 9.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM8 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
  ],
]
const PACES = ["10", "60", "full"]
const TILES = ["epoch", "steps", "rate", "elapsed", "left", "nets", "device"]
const ALLOWED = {
  train: ["idle", "paused", "stopped", "finished", "failed", "diverged"],
  pause: ["running"],
  step: ["idle", "paused", "stopped", "finished"],
  stop: ["running", "paused", "queued"],
}
const CONTROLS = "a[href],button,input,select,textarea,summary,[contenteditable],[role=button]," +
  "[role=slider],[role=combobox],[role=textbox],[role=switch],[role=tab],[role=menuitem],[role=option]"
const WARN_FOR = 8000 // ms that a refusal stays

export class Controls {
  constructor(root, text, act) {
    this.root = root
    this.text = text
    this.act = act
    this.buttons = {}
    root.append(this.panel(), this.line())
  }

  panel() {
    const bar = element("div", { class: "transport", role: "group", "aria-label": this.text.transport })
    for (const [name, path] of BUTTONS) bar.append(this.button(name, path))
    const tiles = element("dl", { class: "tiles" })
    this.strip = tiles
    this.tiles = {}
    for (const name of TILES) {
      this.tiles[name] = element("dd", {}, "–")
      tiles.append(element("div", { class: `tile ${name}` }, element("dt", {}, this.text[name]), this.tiles[name]))
    }
    const rest = element("div", { class: "rest" }, this.paceBox(), tiles)
    this.bar = bar
    const panel = element("div", { class: "panel" }, bar, rest)
    return panel
  }

  button(name, path) {
    const label = element("span", {}, this.text[name])
    const button = element("button", { type: "button", class: `act ${name}` }, icon(path), label)
    button.title = this.text[`${name}_help`]
    button.onpointerdown = (event) => event.preventDefault() // a click leaves the keyboard to the board
    button.onmousedown = (event) => event.preventDefault()
    button.onclick = () => this.press(name)
    this.buttons[name] = button
    return button
  }

  paceBox() {
    this.select = element("select", { "aria-label": this.text.pace })
    for (const value of PACES) this.select.append(element("option", { value }, this.text[`pace_${value}`]))
    this.select.onpointerdown = () => (this.byPointer = true)
    this.select.onkeydown = () => (this.byPointer = false)
    this.select.onchange = () => {
      this.act("pace", this.select.value)
      if (this.byPointer) this.select.blur()
    }
    return element("label", { class: "pace" }, element("span", {}, this.text.pace), this.select)
  }

  line() {
    this.message = element("p", { class: "message", role: "status" })
    this.measured = element("p", { class: "measured" })
    return element("div", { class: "line" }, this.message, this.measured)
  }

  press(name) {
    const focused = document.activeElement === this.buttons[name]
    this.act(name)
    this.refocus = focused ? { train: "pause", pause: "train", stop: "reset" }[name] : null
  }

  pace(value) {
    if (this.select.value !== value) this.select.value = value
  }

  // What is possible now, and the one sentence that matters most.
  show(status) {
    this.status = status
    for (const [name, states] of Object.entries(ALLOWED)) {
      this.buttons[name].disabled = !status.control || !states.includes(status.state)
    }
    this.select.disabled = !status.control
    const follower = this.refocus && this.buttons[this.refocus]
    if (follower && !follower.disabled && document.activeElement !== follower) {
      follower.focus()
      this.refocus = null
    }
    this.say()
  }

  warn(message, stays = false, kind = "bad") {
    clearTimeout(this.warnTimer)
    this.warning = message && [kind, message]
    if (!stays) this.warnTimer = setTimeout(() => this.warn("", true), WARN_FOR)
    this.say()
  }

  say() {
    const [kind, sentence] = this.sentence(this.status ?? {})
    this.message.className = `message ${kind}`
    write(this.message, sentence)
  }

  sentence({ state, message, queue, control, lost, pending }) {
    const { text } = this
    if (this.warning) return this.warning
    if (lost) return ["note", text.reconnecting]
    if (state === "diverged" || state === "failed") return ["bad", message || text[state]]
    if (state === "queued") {
      return ["note", queue ? text.queued.replace("{n}", queue) : text.queued_next]
    }
    if (control === false) return ["note", text.watching]
    if (pending) return ["note", text.pending]
    if (message) return ["", message]
    if (["finished", "paused", "stopped"].includes(state)) return ["", text[state]]
    return ["", matchMedia("(pointer: coarse)").matches ? text.hint_touch : text.hint]
  }

  // How many nets train; a single one has no tile.
  several(nets) {
    this.strip.classList.toggle("several", nets > 1)
    write(this.tiles.nets, whole(nets))
  }

  numbers(header) {
    const { tiles } = this
    write(tiles.epoch, whole(header.epoch ?? 0))
    write(tiles.steps, whole(header.step ?? 0))
    write(tiles.rate, header.steps_per_second ? whole(header.steps_per_second) : "–")
    write(tiles.elapsed, duration(header.elapsed, this.text.days))
    write(tiles.left, duration(header.left, this.text.days))
    write(tiles.device, header.device || "–")
    const note = header.device_note || header.device || ""
    if (tiles.device.title !== note) {
      tiles.device.title = note
      tiles.device.setAttribute("aria-description", note)
    }
    write(this.measured, header.device_note ?? "")
    if (this.measured.title !== this.measured.textContent) this.measured.title = this.measured.textContent
    if (header.population) this.nets(header.population)
  }

  nets({ nets, dead }) {
    const text = this.text.nets_diverged.replace("{n}", whole(nets)).replace("{dead}", whole(dead))
    write(this.tiles.nets, dead ? text : whole(nets))
    this.tiles.nets.classList.toggle("long", dead > 0)
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const active = document.activeElement
    if (active && active !== document.body && active.closest(CONTROLS)) return
    const running = !this.buttons.pause.disabled
    const name = { " ": running ? "pause" : "train", ArrowRight: "step", r: "reset", R: "reset" }[event.key]
    if (!name || (event.repeat && name !== "step")) return
    event.preventDefault()
    if (!this.buttons[name].disabled) this.act(name)
  }

  destroy() {
    clearTimeout(this.warnTimer)
  }
}
