// The socket of a run, and what has come over it.
// A message is: header length (u32, little-endian), header (JSON), payload; header.arrays says what lies
// where in the payload, as [name, dtype, shape, offset]. All numbers are little-endian.

const FIRST_WAIT = 250 // ms before the first attempt to connect again; doubles up to LONGEST_WAIT
const LONGEST_WAIT = 5000
const TYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
}

export class Stream {
  constructor(on) {
    this.on = on
    this.secret = null
    this.view = {}
    this.queue = []
  }

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
    socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", secret: this.secret }))
    socket.onmessage = ({ data }) => this.receive(data)
    socket.onclose = () => this.again()
  }

  again() {
    this.socket = null
    this.greeted = false
    this.on.link(true)
    this.timer = setTimeout(() => this.connect(), this.wait)
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT)
  }

  receive(data) {
    const [header, arrays] = typeof data === "string" ? [JSON.parse(data), {}] : unpack(data)
    this.wait = FIRST_WAIT
    if (header.kind === "status") this.on.status(header)
    else if (header.kind === "refused") this.on.refused(header.message)
    else if (["lr_found", "baselines"].includes(header.kind)) this.on[header.kind](header)
    if (!this.greeted) this.greet()
    if (header.kind === "frame") this.on.frame(header, arrays)
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

  // What is pressed before the greeting is over is sent after it.
  send(message) {
    if (this.greeted && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message))
    } else this.queue.push(message)
  }

  ask(force = false) {
    if (!this.greeted || this.socket?.readyState !== WebSocket.OPEN) return
    this.send({ kind: "next", view: this.view, have: this.on.have(), force })
  }

  setView(view) {
    this.view = view
    this.ask(true)
  }
}

export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const start = 4 + length
  const arrays = {}
  for (const [name, dtype, shape, offset] of header.arrays ?? []) {
    arrays[name] = { shape, values: view(buffer, dtype, start + offset, shape) }
  }
  return [header, arrays]
}

function view(buffer, dtype, offset, shape) {
  const Type = TYPES[dtype.replace(/^[<|]/, "")]
  const count = shape.reduce((a, b) => a * b, 1)
  if (offset % Type.BYTES_PER_ELEMENT) {
    return new Type(buffer.slice(offset, offset + count * Type.BYTES_PER_ELEMENT))
  }
  return new Type(buffer, offset, count)
}

// A typed array in a figure's JSON: {dtype, bdata, shape?}.
export function typed({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (letter) => letter.charCodeAt(0))
  return new TYPES[dtype](bytes.buffer)
}

// What comes with an array in some frames: a frame of one net alone has no spread, and no interval.
const COMPANIONS = ["opacity", "spread", "low", "high"]

// The newest array under each name; curves grow piece by piece.
export class Store {
  constructor() {
    this.arrays = new Map() // name -> {values, shape, version}
    this.counters = new Map() // array name -> the header's entry that counts it
    this.held = {}
    this.version = 0
  }

  expect(wires) {
    for (const { array, counter } of wires) if (counter) this.counters.set(array, counter)
  }

  // A new run: its curves start from nothing. What is replaced as a whole stays until it is replaced.
  clear() {
    this.held = {}
    for (const name of this.counters.keys()) this.put(name, new Float32Array(0))
  }

  drop(name) {
    this.arrays.delete(name)
  }

  get(name) {
    return this.arrays.get(name)
  }

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

  take(header, arrays) {
    const fits = {}
    for (const counter of new Set(this.counters.values())) {
      if (header[counter]) fits[counter] = this.count(counter, header[counter])
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

  // Does this piece replace what is held, go on from it, or belong to something else?
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

  put(name, values, shape = [values.length]) {
    this.arrays.set(name, { values, shape, version: ++this.version })
  }

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
