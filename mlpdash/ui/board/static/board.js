// The live board: what Streamlit calls. It follows one run at a time and tells its parts (parts.js) what happens;
// what the numbers mean was decided in Python.

import { Figures } from "./cards/figures.js"
import { Controls } from "./controls.js"
import { element } from "./dom.js"
import { Frames } from "./frames.js"
import { loadPlotly, loadStyle } from "./loading.js"
import { PACE, PAUSE, STATUS, STEP, STOP, TRAIN } from "./messages.js"
import { layOut, readOnly, themeOf } from "./page.js"
import { PARTS } from "./parts.js"
import { Run } from "./run.js"
import { Stage } from "./stage.js"
import { Store } from "./store.js"

/** @import {Tone} from "./controls.js" */
/** @import {Part} from "./parts.js" */
/** @import {PlotlyApi} from "./plot/types.js" */
/** @import {Component, Header, Sent, View} from "./types.js" */

const COMMANDS = /** @type {const} */ ([TRAIN, PAUSE, STEP, STOP])
const ANEW = ["reset", "new_seed", "adopt", "points"] // the page makes another run of these, so this one ends

/** @type {WeakMap<HTMLElement, Board>} */
const boards = new WeakMap()

/**
 * Streamlit calls this at first, and with every change of the data; what it gets is called at the end.
 * @param {Component} component
 */
export default function board(component) {
  const { parentElement } = component
  const there = boards.get(parentElement) ?? new Board(component)
  boards.set(parentElement, there)
  there.update(component)
  return () => {
    boards.delete(parentElement)
    there.leave()
  }
}

class Board {
  gone = false
  watching = "" // the run that the page was told this browser only watches
  anew = "" // the run that the next one, once it is here, is trained in the place of

  /** @param {Component} component */
  constructor(component) {
    const { parentElement, data } = component
    this.component = component
    this.data = data
    this.text = data.text
    this.area = element("div", { class: "figures" })
    this.root = element(
      "div",
      { class: "mlpdash-board", role: "region", "data-testid": "live-board", "aria-label": data.text.board },
      this.area,
    )
    Object.assign(this.root.dataset, { state: "idle", epoch: 0, step: 0, frames: 0 })
    this.root.style.visibility = "hidden" // until its style sheet is there
    parentElement.append(this.root)
    this.theme = themeOf(this.root)
    this.root.dataset.theme = this.theme
    this.store = new Store()
    this.frames = this.makeFrames()
    this.run = this.makeRun()
    const tabs = [Figures, ...PARTS].flatMap((one) => one.tabs ?? [])
    this.stage = new Stage(data.text.stage, tabs, () => this.look())
    this.controls = new Controls(this)
    this.figures = new Figures(this, () => this.shown())
    /** @type {Part[]} */
    this.parts = [this.controls, ...PARTS.map((Part) => new Part(this)), this.figures]
    this.sizes = new ResizeObserver(() => this.resize())
    this.sizes.observe(this.root)
    this.sizes.observe(this.area) // a bar above takes of it
    Promise.all([loadPlotly(data.plotly), ...data.css.map(loadStyle)]).then(
      ([Plotly]) => this.start(Plotly),
      (error) => this.fail(error),
    )
  }

  /** @returns {Frames} */
  makeFrames() {
    return new Frames(this.store, {
      begin: () => {
        this.figures.accept()
        delete this.root.dataset.loading
      },
      ask: () => this.run.stream.ask(),
      draw: (now, all, settled) => this.draw(now, all, settled),
      numbers: (header) => this.say(header),
      counted: (count) => Object.assign(this.root.dataset, { frames: count }),
      isRunning: () => this.run.state === "running",
    })
  }

  /** @returns {Run} */
  makeRun() {
    return new Run(this.data, this.root.dataset, {
      say: (header) => this.hear(header),
      frame: (header, arrays) => this.frames.take(header, arrays),
      changed: () => this.tell(),
      have: () => this.frames.have(),
    })
  }

  /** @param {PlotlyApi} Plotly */
  start(Plotly) {
    if (this.gone) return
    this.root.style.visibility = ""
    layOut(this.root, this.sizes)
    this.figures.start(Plotly)
    this.frames.start()
  }

  /** @param {unknown} error */
  fail(error) {
    console.error(error)
    this.root.style.visibility = ""
    this.warn(this.text.broken, true)
  }

  /**
   * Streamlit has called again: take over what differs.
   * @param {Component} component
   */
  update(component) {
    const { data } = component
    this.component = component
    this.data = data
    this.retheme()
    layOut(this.root, this.sizes)
    const isSameRun = this.run.update(data)
    const isOther = !isSameRun && this.figures.differ(data.figures)
    if (!isSameRun) this.frames.begin() // a picture of the same rows stays until the first frame is here
    if (isOther) this.blank()
    for (const part of this.parts) part.update(data)
    const hasMoved = this.look()
    this.tell()
    this.figures.propose(data.figures, isOther || (isSameRun && !hasMoved))
  }

  // Other rows or axes: nothing that is shown belongs to them, so placeholders stand there until a frame does.
  blank() {
    this.store.empty()
    this.root.dataset.loading = ""
  }

  retheme() {
    const theme = themeOf(this.root)
    if (theme === this.theme) return
    this.theme = theme
    this.root.dataset.theme = theme
    for (const part of this.parts) part.retheme(theme)
  }

  // Asks for frames of what is looked at; returns whether that is something else than before.
  look() {
    const { x, y, discretize, plane, output } = this.data.view
    /** @type {View} */
    const view = { x, y, discretize, plane, output, show: this.stage.shown }
    for (const part of this.parts) Object.assign(view, part.view?.())
    return this.run.look(view)
  }

  /** @param {Header} header */
  hear(header) {
    this.say(header)
    if (header.kind === STATUS) this.frames.flushSoon()
  }

  /** @param {Header} header */
  say(header) {
    for (const part of this.parts) part.say?.(header)
  }

  tell() {
    const { run } = this
    for (const part of this.parts) part.tell?.(run.status)
    readOnly(!run.isControlled())
    if (run.control === false && this.watching !== run.id) {
      this.watching = run.id
      this.component.setStateValue("watching", run.id)
    }
    if (!this.anew || run.id === this.anew || run.control === null || run.state !== "idle") return
    this.anew = ""
    this.act(TRAIN)
  }

  shown() {
    for (const part of this.parts) part.shown?.()
  }

  /**
   * Draws what has come; returns whether the large card has.
   * @param {number} now
   * @param {boolean} all
   * @param {boolean} settled
   */
  draw(now, all, settled) {
    const drawn = this.stage.draw(this.store, now, all, settled)
    for (const part of this.parts) part.draw?.(this.store, now, all, settled)
    return drawn
  }

  resize() {
    layOut(this.root, this.sizes)
    for (const part of this.parts) part.resize?.()
    this.stage.resize()
  }

  /** @param {string} name */
  figure(name) {
    return this.figures.cards.get(name)
  }

  /** @param {Sent} message */
  send(message) {
    this.run.send(message)
  }

  /**
   * @param {string} sentence
   * @param {boolean} [stays]
   * @param {Tone} [tone]
   */
  warn(sentence, stays, tone) {
    this.controls.warn(sentence, stays, tone)
  }

  /**
   * Does what a person wants: controls the run, or tells the page.
   * @param {string} name
   * @param {unknown} [value]
   */
  act(name, value = true) {
    const { run, component } = this
    if (name === "reset_train") {
      this.anew = run.id
      this.act("reset")
      return
    }
    const command = COMMANDS.find((one) => one === name)
    if (command) {
      if (run.command(command)) component.setStateValue("started", run.id)
      return
    }
    if (run.isControlled() && run.isBusy() && ANEW.includes(name)) run.send({ kind: STOP })
    if (run.isControlled() && name === PACE) run.send({ kind: PACE, pace: String(value) })
    component.setTriggerValue(name, value)
  }

  leave() {
    this.gone = true
    readOnly(false)
    this.run.close()
    this.sizes.disconnect()
    this.frames.stop()
    for (const part of this.parts) part.destroy()
    this.root.remove()
  }
}
