// Transport, tiles, the line of messages, and the keyboard.

import { element, filled, icon, leaveAfterClick, write } from "./dom.js"
import { FRAME, PACE, PACES, PAUSE, REFUSED, STEP, STOP, TRAIN } from "./messages.js"
import { Tiles } from "./tiles.js"
import { Waiting } from "./waiting.js"

/** @import {Host, Status} from "./parts.js" */
/** @import {Command} from "./run.js" */
/** @import {BoardData, FrameHeader, Header, RunState, Texts} from "./types.js" */

/** @typedef {Command | "reset" | "new_seed"} ButtonName */
/** @typedef {ButtonName | "reset_train"} Action  what a key does */
/** @typedef {"" | "note" | "bad"} Tone  how loud a sentence is */

/** @type {Record<ButtonName, string>} */
const ICONS = {
  [TRAIN]: "M4 2.5v11l9-5.5z",
  [PAUSE]: "M4 3h3v10H4zM9 3h3v10H9z",
  [STEP]: "M3 3v10l6.5-5zM10.5 3h2.5v10h-2.5z",
  [STOP]: "M3.5 3.5h9v9h-9z",
  reset: "M8 3a5 5 0 1 1-4.9 6h1.6A3.5 3.5 0 1 0 8 4.5V7L4 3.8 8 .6z",
  new_seed:
    "M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2zM5.5 4.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM10.5 9.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM8 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
}
/** @type {[ButtonName, RunState[]][]} */
const ALLOWED = [
  [TRAIN, ["idle", "paused", "stopped", "finished", "failed", "diverged"]],
  [PAUSE, ["running"]],
  [STEP, ["idle", "paused", "stopped", "finished"]],
  [STOP, ["running", "paused", "queued"]],
]
/** @type {Partial<Record<ButtonName, ButtonName>>} */
const FOLLOWERS = { [TRAIN]: PAUSE, [PAUSE]: TRAIN, [STOP]: "reset" } // get the focus of one that its press disables
const FOCUSABLE = "a[href],button,input,select,textarea,summary,[contenteditable],[role=button]," +
  "[role=slider],[role=combobox],[role=textbox],[role=switch],[role=tab],[role=menuitem],[role=option]"
const WARN_FOR = 8000 // ms that a refusal stays

export class Controls {
  /** @type {Status | null} */
  status = null
  /** @type {ButtonName | undefined} */
  refocus = undefined
  /** @type {[Tone, string] | null} */
  warning = null
  /** @type {number | undefined} */
  warnTimer = undefined
  pace = ""

  /** @param {Pick<Host, "root" | "text" | "act">} host */
  constructor(host) {
    this.host = host
    this.text = host.text
    this.buttons = this.makeButtons()
    this.select = this.makePaces()
    this.tiles = new Tiles(this.text)
    this.message = element("p", { class: "message", role: "status" })
    this.measured = element("p", { class: "measured" })
    this.waiting = new Waiting(host)
    const line = element("div", { class: "line" }, this.message, this.measured)
    host.root.prepend(this.panel(), this.waiting.bar, line)
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event)
    document.addEventListener("keydown", this.onKey)
  }

  panel() {
    const { text } = this
    const bar = element("div", { class: "transport", role: "group", "aria-label": text.transport })
    bar.append(...Object.values(this.buttons))
    const pace = element("label", { class: "pace" }, element("span", {}, text.pace), this.select)
    return element("div", { class: "panel" }, bar, element("div", { class: "rest" }, pace, this.tiles.strip))
  }

  makeButtons() {
    const { text } = this
    return {
      [TRAIN]: this.button(TRAIN, text.train, text.train_help),
      [PAUSE]: this.button(PAUSE, text.pause, text.pause_help),
      [STEP]: this.button(STEP, text.step, text.step_help),
      [STOP]: this.button(STOP, text.stop, text.stop_help),
      reset: this.button("reset", text.reset, text.reset_help),
      new_seed: this.button("new_seed", text.new_seed, text.new_seed_help),
    }
  }

  /**
   * @param {ButtonName} name
   * @param {string} label
   * @param {string} help
   */
  button(name, label, help) {
    const text = element("span", {}, label)
    const button = element("button", { type: "button", class: `act ${name}`, title: help }, icon(ICONS[name]), text)
    button.onpointerdown = button.onmousedown = (event) => {
      event.preventDefault() // a click leaves the keyboard to the board
    }
    button.onclick = () => {
      this.press(name)
    }
    return button
  }

  makePaces() {
    const { text } = this
    const labels = { 10: text.pace_10, 60: text.pace_60, full: text.pace_full }
    const options = PACES.map((value) => element("option", { value }, labels[value]))
    const select = element("select", { "aria-label": text.pace }, ...options)
    leaveAfterClick(select, () => this.host.act(PACE, select.value))
    return select
  }

  /** @param {ButtonName} name */
  press(name) {
    const focused = document.activeElement === this.buttons[name]
    this.host.act(name)
    this.refocus = focused ? FOLLOWERS[name] : undefined
  }

  /** @param {Pick<BoardData, "members" | "pace">} data */
  update({ members, pace }) {
    this.tiles.several(members.length)
    if (pace === this.pace) return
    this.pace = pace
    if (this.select.value !== pace) this.select.value = pace
  }

  retheme() {} // its colours are the style sheet's

  /**
   * What is possible now, and the one sentence that matters most.
   * @param {Status} status
   */
  tell(status) {
    this.status = status
    for (const [name, states] of ALLOWED) {
      this.buttons[name].disabled = !status.control || !states.includes(status.state)
    }
    this.waiting.tell(status, !this.buttons[TRAIN].disabled)
    if (status.pending) this.buttons[TRAIN].disabled = true // the bar asks which net is meant
    this.select.disabled = !status.control
    const follower = this.refocus && this.buttons[this.refocus]
    if (follower && !follower.disabled && document.activeElement !== follower) {
      follower.focus()
      this.refocus = undefined
    }
    this.speak()
  }

  /** @param {Header} header */
  say(header) {
    if (header.kind === REFUSED) this.warn(header.message)
    if (header.kind === FRAME) this.numbers(header)
  }

  /**
   * Shows a sentence in the place of what else there is to say; an empty one takes it back.
   * @param {string} sentence
   * @param {boolean} [stays]
   * @param {Tone} [tone]
   */
  warn(sentence, stays = false, tone = "bad") {
    clearTimeout(this.warnTimer)
    this.warning = sentence ? [tone, sentence] : null
    if (!stays) this.warnTimer = setTimeout(() => this.warn("", true), WARN_FOR)
    this.speak()
  }

  speak() {
    const [tone, sentence] = this.warning ?? said(this.status, this.text)
    this.message.className = `message ${tone}`
    write(this.message, sentence)
  }

  /** @param {Partial<FrameHeader>} header */
  numbers(header) {
    this.tiles.numbers(header)
    const note = header.device_note ?? ""
    write(this.measured, note)
    if (this.measured.title !== note) this.measured.title = note
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const active = document.activeElement
    if (active && active !== document.body && active.closest(FOCUSABLE)) return
    const name = this.named(event.key)
    if (!name || (event.repeat && name !== STEP)) return
    event.preventDefault()
    if (name === "reset_train" || !this.buttons[name].disabled) this.host.act(name)
  }

  /**
   * @param {string} key
   * @returns {Action | null}
   */
  named(key) {
    const train = this.status?.pending ? "reset_train" : TRAIN
    if (key === " ") return this.buttons.pause.disabled ? train : PAUSE
    if (key === "ArrowRight") return STEP
    return key === "r" || key === "R" ? "reset" : null
  }

  destroy() {
    clearTimeout(this.warnTimer)
    document.removeEventListener("keydown", this.onKey)
  }
}

/**
 * The sentence that matters most in a state, and how loud it is.
 * @param {Status | null} status
 * @param {Texts} text
 * @returns {[Tone, string]}
 */
function said(status, text) {
  if (status?.lost) return ["note", text.reconnecting]
  if (status?.state === "diverged") return ["bad", status.message || text.diverged]
  if (status?.state === "failed") return ["bad", status.message || text.failed]
  if (status?.state === "queued") {
    return ["note", status.queue ? filled(text.queued, { n: status.queue }) : text.queued_next]
  }
  if (status?.control === false) return ["note", text.watching]
  if (status?.message) return ["", status.message]
  if (status?.pending) return ["", ""] // the bar says it
  if (status?.state === "finished") return ["", text.finished]
  if (status?.state === "paused") return ["", text.paused]
  if (status?.state === "stopped") return ["", text.stopped]
  if (!matchMedia("(pointer: coarse)").matches) return ["", text.hint]
  return ["", status?.state === "running" ? "" : text.hint_touch]
}
