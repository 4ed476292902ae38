// What has come of a run: the newest array under each name; curves grow piece by piece.

/** @import {Arrays, Counter, CounterName, FrameHeader, Held, TypedArray, Wire} from "./types.js" */

/** @typedef {{values: TypedArray, shape: number[], version: number, room?: Float32Array}} Kept */

// What comes with an array in some frames: a frame of one net alone has no spread, and no interval.
const COMPANIONS = ["opacity", "spread", "low", "high"]

export class Store {
  /** @type {Map<string, Kept>} */
  arrays = new Map()
  /** @type {Map<string, CounterName>} */
  counters = new Map() // array name -> the header's entry that counts it
  /** @type {Partial<Record<CounterName, {generation: number, count: number}>>} */
  held = {}
  version = 0

  /**
   * Learns which arrays grow.
   * @param {Wire[]} wires
   */
  expect(wires) {
    for (const { array, counter } of wires) if (counter) this.counters.set(array, counter)
  }

  // A new run: its curves start from nothing. What is replaced as a whole stays until it is replaced.
  clear() {
    this.held = {}
    for (const name of this.counters.keys()) this.put(name, new Float32Array(0))
  }

  // Other rows: nothing of what is here belongs to them.
  empty() {
    this.held = {}
    this.arrays.clear()
  }

  /** @param {string} name */
  drop(name) {
    this.arrays.delete(name)
  }

  /** @param {string} name */
  get(name) {
    return this.arrays.get(name)
  }

  /**
   * How much of the curves is here, for the next request.
   * @returns {Held}
   */
  have() {
    const { curve, curve_validation, curve_net } = this.held
    return {
      generation: curve?.generation ?? -1,
      count: curve?.count ?? -1,
      generation_validation: curve_validation?.generation ?? -1,
      count_validation: curve_validation?.count ?? -1,
      generation_net: curve_net?.generation ?? -1,
      count_net: curve_net?.count ?? -1,
    }
  }

  /**
   * Takes what a frame brings.
   * @param {Pick<FrameHeader, CounterName>} header
   * @param {Arrays} arrays
   */
  take(header, arrays) {
    /** @type {Partial<Record<CounterName, "replace" | "append" | "skip">>} */
    const fits = {}
    for (const counter of new Set(this.counters.values())) {
      const piece = header[counter]
      if (piece) fits[counter] = this.count(counter, piece)
    }
    for (const name of Object.keys(arrays)) {
      if (this.counters.has(name)) continue
      for (const one of COMPANIONS) if (!arrays[`${name}_${one}`]) this.drop(`${name}_${one}`)
    }
    for (const [name, { values, shape }] of Object.entries(arrays)) {
      const counter = this.counters.get(name)
      if (!counter) this.put(name, values, shape)
      else if (fits[counter] === "replace") this.put(name, values)
      else if (fits[counter] === "append" && values.length) this.append(name, values)
    }
  }

  /**
   * Does this piece replace what is held, go on from it, or belong to something else?
   * @param {CounterName} counter
   * @param {Counter} piece
   */
  count(counter, { generation, start, count }) {
    const held = this.held[counter]
    if (start === 0) {
      this.held[counter] = { generation, count }
      return "replace"
    }
    if (held && held.generation === generation && held.count === start) {
      held.count = count
      return "append"
    }
    delete this.held[counter] // out of step: ask for everything
    return "skip"
  }

  /**
   * @param {string} name
   * @param {TypedArray} values
   * @param {number[]} [shape]
   */
  put(name, values, shape = [values.length]) {
    this.arrays.set(name, { values, shape, version: ++this.version })
  }

  /**
   * @param {string} name
   * @param {TypedArray} piece
   */
  append(name, piece) {
    const old = this.arrays.get(name)
    const length = (old?.values.length ?? 0) + piece.length
    let room = old?.room
    if (!room || room.length < length) {
      room = new Float32Array(Math.max(1024, 2 * length))
      if (old) room.set(old.values)
    }
    room.set(piece, length - piece.length)
    const values = room.subarray(0, length)
    this.arrays.set(name, { values, room, shape: [length], version: ++this.version })
  }
}
