// What hover says of a place in a field whose numbers do not speak for themselves. There are ten
// thousand places and they change all the time, so a text is made only when plotly asks for it.

import { filled, percent, three } from "../dom.js"

/** @import {FieldTrace} from "./types.js" */

/**
 * Rows of texts, of the numbers that the trace has at the time.
 * @param {FieldTrace} trace
 * @returns {string[][]}
 */
export function fieldTexts(trace) {
  return Array.from(trace.z, (row, r) => {
    /** @type {string[]} */
    const texts = new Array(row.length)
    return new Proxy(texts, {
      get: (own, c) => (/^\d+$/.test(String(c)) ? fieldText(trace, r, Number(c)) : Reflect.get(own, c)),
    })
  })
}

/**
 * What is said of one place.
 * @param {Pick<FieldTrace, "z" | "meta" | "customdata">} trace
 * @param {number} r
 * @param {number} c
 */
export function fieldText({ z, meta, customdata }, r, c) {
  const said = []
  if (meta.names) said.push(likeliest(z[r]?.[c], meta.names))
  const value = customdata?.[r]?.[c]
  if (meta.beside && value !== undefined) {
    said.push(filled(meta.beside, { n: meta.opacity ? percent(value) : three(value) }))
  }
  return said.join("<br>")
}

/**
 * A field of several classes is code + confidence, which is (p - 1/K) / (1 - 1/K).
 * @param {number | undefined} value
 * @param {string[]} names
 */
function likeliest(value, names) {
  if (value === undefined) return ""
  const code = Math.min(names.length - 1, Math.floor(value))
  const least = 1 / names.length
  return `${names[code]} ${(least + (value - code) * (1 - least)).toFixed(2)}`
}
