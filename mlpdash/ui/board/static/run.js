// The run that the board follows: where it is, who may control it, and what is asked of it.

import { PACE, SET, STATUS, STEP, TRAIN } from "./messages.js"
import { remember, remembered } from "./secrets.js"
import { Stream } from "./stream.js"

/** @import {PAUSE, STOP} from "./messages.js" */
/** @import {Arrays, BoardData, FrameHeader, Header, Held, RunState, Sent, StatusHeader, View} from "./types.js" */

/** @typedef {typeof TRAIN | typeof PAUSE | typeof STEP | typeof STOP} Command */

/**
 * @typedef {object} RunListener
 * @property {(header: Exclude<Header, FrameHeader>) => void} say  it has said something
 * @property {(header: FrameHeader, arrays: Arrays) => void} frame  a frame of what is looked at has come
 * @property {() => void} changed  its state, or who may control it, can have changed
 * @property {() => Held} have  how much of its curves is here
 */

export class Run {
  id = ""
  /** @type {RunState} */
  state = "idle"
  /** @type {boolean | null} */
  control = null // whether this browser may control it, once the server has said
  message = ""
  /** @type {number | null} */
  queue = null
  lost = false // the connection
  asked = "" // the view that frames are asked for
  token = 0 // its number

  /**
   * @param {BoardData} data
   * @param {DOMStringMap} dataset  gets where the run is: state, epoch and step
   * @param {RunListener} on
   */
  constructor(data, dataset, on) {
    this.data = data
    this.dataset = dataset
    this.on = on
    this.stream = new Stream({
      say: (header) => this.hear(header),
      frame: (header, arrays) => this.frame(header, arrays),
      link: (lost) => this.link(lost),
      hello: () => this.greeted(),
      have: () => on.have(),
    })
  }

  /**
   * Follows the run of the page; returns whether it is the one from before.
   * @param {BoardData} data
   */
  update(data) {
    const before = this.data
    this.data = data
    const isSame = data.run === this.id
    if (isSame) this.change(before.live, data.live)
    else this.follow(data)
    return isSame
  }

  /** @param {BoardData} data */
  follow({ run, stream, secret }) {
    this.id = run
    this.control = null
    this.message = ""
    this.queue = null
    this.stream.open(stream, secret ?? remembered(run))
  }

  /**
   * Asks for frames of what is looked at; returns whether that is something else than before.
   * @param {View} view
   */
  look(view) {
    const asked = JSON.stringify(view)
    if (asked === this.asked) return false
    this.asked = asked
    this.token += 1
    this.stream.setView({ ...view, token: this.token })
    return true
  }

  /**
   * Changes live choices, of a run that was begun.
   * @param {BoardData["live"]} before
   * @param {BoardData["live"]} now
   */
  change(before, now) {
    if (this.state === "idle" || !this.isControlled()) return
    const changes = Object.entries(now).filter(
      ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value), // some are lists
    )
    if (changes.length) this.send({ kind: SET, changes: Object.fromEntries(changes) })
  }

  /**
   * Gives a command; returns whether it is the one that begins the run.
   * @param {Command} kind
   */
  command(kind) {
    this.send({ kind })
    const begins = this.state === "idle" && (kind === TRAIN || kind === STEP)
    if (begins) this.remember()
    return begins
  }

  /** @param {Sent} message */
  send(message) {
    this.stream.send(message)
  }

  isControlled() {
    return this.control ?? this.stream.secret !== null
  }

  // Whether it has a place to train in, or waits for one.
  isBusy() {
    return this.state === "running" || this.state === "paused" || this.state === "queued"
  }

  get status() {
    const { state, message, queue, lost, data } = this
    return { state, message, queue, lost, control: this.isControlled(), pending: data.pending }
  }

  greeted() {
    if (this.state === "idle" && this.isControlled()) this.send({ kind: PACE, pace: this.data.pace })
  }

  /** @param {boolean} lost */
  link(lost) {
    this.lost = lost
    this.on.changed()
  }

  /** @param {Exclude<Header, FrameHeader>} header */
  hear(header) {
    if (header.kind === STATUS) this.take(header)
    this.on.say(header)
  }

  /** @param {StatusHeader} header */
  take(header) {
    this.progress(header)
    const { control, queue, message, state } = header
    Object.assign(this, { control, queue, message })
    if (state !== "idle") this.remember()
    this.link(false)
  }

  /**
   * States count in the order in which they come; a frame is drawn later than it comes.
   * @param {FrameHeader} header
   * @param {Arrays} arrays
   */
  frame(header, arrays) {
    this.message = header.message
    this.progress(header)
    if (header.view === this.token) this.on.frame(header, arrays)
    else this.stream.ask()
  }

  /** @param {StatusHeader | FrameHeader} header */
  progress({ state, epoch, step }) {
    const { dataset } = this
    dataset.epoch = String(epoch)
    dataset.step = String(step)
    if (state === this.state && dataset.state === state) return
    this.state = state
    dataset.state = state
    this.on.changed()
  }

  // Only runs that were started are worth a place in the browser's memory.
  remember() {
    const { run, secret } = this.data
    if (secret !== null) remember(run, secret)
  }

  close() {
    this.stream.close()
  }
}
