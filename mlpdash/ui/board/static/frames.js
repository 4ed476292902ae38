// When frames are drawn: the newest one, not more often than one sees, and the next is asked for meanwhile.

/** @import {Store} from "./store.js" */
/** @import {Arrays, FrameHeader, Held} from "./types.js" */

const BETWEEN = 40 // ms from one picture to the next, on average: smooth, and cheap for training
const NUMBERS = 95 // ms between two readings of the numbers
const FLUSH = 160 // ms of silence after which every figure shows what has come
/** @type {Held} */
const NOTHING = {
  generation: -1,
  count: -1,
  generation_validation: -1,
  count_validation: -1,
  generation_net: -1,
  count_net: -1,
}

/**
 * @typedef {object} Screen
 * @property {() => void} begin  a frame is going to be drawn
 * @property {() => void} ask  the next frame can be computed
 * @property {(now: number, all: boolean, settled: boolean) => boolean} draw  tells whether the large card has drawn
 * @property {(header: FrameHeader) => void} numbers  what a frame says in numbers
 * @property {(count: number) => void} counted  how many frames the large card has drawn
 * @property {() => boolean} isRunning
 */

export class Frames {
  ready = false // plotly is there
  fresh = false // nothing has come of this run yet
  count = 0
  /** @type {[FrameHeader, Arrays] | null} */
  waiting = null
  /** @type {FrameHeader | null} */
  last = null
  drawing = 0 // the request for an animation frame
  due = 0
  numbersAt = 0
  /** @type {number | undefined} */
  timer = undefined

  /**
   * @param {Store} store
   * @param {Screen} on
   */
  constructor(store, on) {
    this.store = store
    this.on = on
  }

  // Another run: the picture stays until its first frame is here.
  begin() {
    this.fresh = true
    this.waiting = null
    this.setCount(0)
  }

  // Plotly is there, and with it the figures.
  start() {
    this.ready = true
    if (this.waiting) this.schedule()
  }

  /** @param {number} count */
  setCount(count) {
    this.count = count
    this.on.counted(count)
  }

  have() {
    return this.fresh ? NOTHING : this.store.have()
  }

  /**
   * A frame has come; it takes the place of one that was not drawn yet.
   * @param {FrameHeader} header
   * @param {Arrays} arrays
   */
  take(header, arrays) {
    this.waiting = [header, arrays]
    if (this.ready) this.schedule()
  }

  schedule() {
    if (this.drawing) return
    this.drawing = requestAnimationFrame((now) => {
      this.drawing = 0
      if (!this.waiting) return
      if (now < this.due) return this.schedule()
      this.due = Math.max(this.due, now - BETWEEN / 2) + BETWEEN
      this.draw(now, ...this.waiting)
    })
  }

  /**
   * @param {number} now
   * @param {FrameHeader} header
   * @param {Arrays} arrays
   */
  draw(now, header, arrays) {
    this.waiting = null
    if (this.fresh) {
      this.fresh = false
      this.store.clear()
    }
    this.on.begin()
    this.store.take(header, arrays)
    this.on.ask() // the next one is computed while this one is drawn
    const all = header.state !== "running"
    if (this.on.draw(now, all, all)) this.setCount(this.count + 1)
    this.numbers(header, now, all)
    this.flushSoon()
  }

  // Shows in a moment what was not due with its frame, if no other comes.
  flushSoon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const now = performance.now()
      this.on.draw(now, true, !this.on.isRunning())
      if (this.last) this.numbers(this.last, now, true)
    }, FLUSH)
  }

  /**
   * @param {FrameHeader} header
   * @param {number} now
   * @param {boolean} all
   */
  numbers(header, now, all) {
    this.last = header
    if (!all && now - this.numbersAt < NUMBERS) return
    this.numbersAt = now
    this.on.numbers(header)
  }

  stop() {
    clearTimeout(this.timer)
    cancelAnimationFrame(this.drawing)
  }
}
