// The socket of a run: it connects again by itself, greets, and asks for one frame after the other.

import { unpack } from "./arrays.js"
import { FRAME, HELLO, NEXT, REQUIRED } from "./messages.js"

/** @import {Arrays, FrameHeader, Header, Held, Sent, View} from "./types.js" */

const FIRST_WAIT = 250 // ms before the first attempt to connect again; doubles up to LONGEST_WAIT
const LONGEST_WAIT = 5000

/**
 * @typedef {object} Listener
 * @property {(header: Exclude<Header, FrameHeader>) => void} say  something was said
 * @property {(header: FrameHeader, arrays: Arrays) => void} frame  a frame has come
 * @property {(lost: boolean) => void} link  the connection is lost, or there again
 * @property {() => void} hello  the greeting is over
 * @property {() => Held} have  how much of the curves is here
 */

/**
 * Whether the server may say this: of a kind that there is, with all that it must have.
 * @param {Record<string, unknown>} said
 * @returns {said is Header}
 */
function isMessage(said) {
  const kind = String(said.kind)
  return Object.hasOwn(REQUIRED, kind) && Boolean(REQUIRED[kind]?.every((name) => name in said))
}

export class Stream {
  path = ""
  /** @type {string | null} */
  secret = null
  /** @type {View} */
  view = {}
  /** @type {Sent[]} */
  queue = []
  wait = FIRST_WAIT
  greeted = false
  /** @type {WebSocket | null} */
  socket = null
  /** @type {number | undefined} */
  timer = undefined

  /** @param {Listener} on */
  constructor(on) {
    this.on = on
  }

  /**
   * Follows another run.
   * @param {string} path
   * @param {string | null} secret
   */
  open(path, secret) {
    this.close()
    this.path = path
    this.secret = secret
    this.wait = FIRST_WAIT
    this.queue = []
    this.connect()
  }

  close() {
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = null
    this.greeted = false
    if (!socket) return
    socket.onclose = socket.onmessage = socket.onopen = null
    socket.close()
  }

  connect() {
    const url = new URL(this.path, location.href)
    url.protocol = url.protocol.replace("http", "ws")
    const socket = new WebSocket(url)
    socket.binaryType = "arraybuffer"
    this.socket = socket
    this.greeted = false
    socket.onopen = () => {
      this.write({ kind: HELLO, secret: this.secret })
    }
    socket.onmessage = ({ data }) => {
      this.receive(data)
    }
    socket.onclose = () => {
      this.again()
    }
  }

  again() {
    this.socket = null
    this.greeted = false
    this.on.link(true)
    this.timer = setTimeout(() => this.connect(), this.wait)
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT)
  }

  /** @param {ArrayBuffer} data */
  receive(data) {
    const [header, arrays] = unpack(data)
    if (!isMessage(header)) return console.error("The server has said what this page does not know:", header)
    this.wait = FIRST_WAIT
    if (header.kind !== FRAME) this.on.say(header)
    if (!this.greeted) this.greet()
    if (header.kind === FRAME) this.on.frame(header, arrays)
  }

  greet() {
    this.greeted = true
    this.on.link(false)
    this.on.hello()
    const queue = this.queue
    this.queue = []
    for (const message of queue) this.send(message)
    this.ask(true)
  }

  isOpen() {
    return this.greeted && this.socket?.readyState === WebSocket.OPEN
  }

  /**
   * What is pressed before the greeting is over is sent after it.
   * @param {Sent} message
   */
  send(message) {
    if (this.isOpen()) this.write(message)
    else this.queue.push(message)
  }

  /** @param {Sent} message */
  write(message) {
    this.socket?.send(JSON.stringify(message))
  }

  /**
   * Asks for the next frame.
   * @param {boolean} [force]  also if nothing has changed
   */
  ask(force = false) {
    if (this.isOpen()) this.send({ kind: NEXT, view: this.view, have: this.on.have(), force })
  }

  /** @param {View} view */
  setView(view) {
    this.view = view
    this.ask(true)
  }
}
