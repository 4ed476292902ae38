// Arrays as they come: in a message after its header, and in a figure's JSON.
// A message is: header length (u32, little-endian), header (JSON), payload; header.arrays says what lies
// where in the payload, as [name, dtype, shape, offset]. All numbers are little-endian.

/** @import {Arrays, Packed, TypedArray} from "./types.js" */

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

/**
 * A message's header, and its arrays where they lie.
 * @param {ArrayBuffer} buffer
 * @returns {[Record<string, unknown>, Arrays]}
 */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const start = 4 + length
  /** @type {Arrays} */
  const arrays = {}
  for (const [name, dtype, shape, offset] of header.arrays ?? []) {
    arrays[name] = { shape, values: view(buffer, dtype, start + offset, shape) }
  }
  return [header, arrays]
}

/**
 * @param {ArrayBuffer} buffer
 * @param {string} dtype
 * @param {number} offset
 * @param {number[]} shape
 * @returns {TypedArray}
 */
function view(buffer, dtype, offset, shape) {
  const Type = typeOf(dtype.replace(/^[<|]/, ""))
  const count = shape.reduce((a, b) => a * b, 1)
  if (offset % Type.BYTES_PER_ELEMENT) {
    return new Type(buffer.slice(offset, offset + count * Type.BYTES_PER_ELEMENT))
  }
  return new Type(buffer, offset, count)
}

/**
 * A typed array out of a figure's JSON.
 * @param {Packed} packed
 * @returns {TypedArray}
 */
export function typed({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (letter) => letter.charCodeAt(0))
  return new (typeOf(dtype))(bytes.buffer)
}

const typeOf = (/** @type {string} */ dtype) => TYPES[/** @type {keyof typeof TYPES} */ (dtype)]
