// What hover says of a place in a field whose numbers do not speak for themselves. There are ten
// thousand places and they change all the time, so a text is made only when plotly asks for it.

const version = new URL(import.meta.url).search
const { percent, three } = await import(`./dom.js${version}`)

// Rows of texts, of the numbers that the trace has at the time.
export function fieldTexts(trace) {
  const get = (r) => (row, c) => (/^\d+$/.test(String(c)) ? fieldText(trace, r, Number(c)) : row[c])
  return Array.from(trace.z, (row, r) => new Proxy(new Array(row.length), { get: get(r) }))
}

export function fieldText({ z, meta, customdata }, r, c) {
  const said = []
  if (meta.names) said.push(likeliest(z[r]?.[c], meta.names))
  const value = customdata?.[r]?.[c]
  if (meta.beside && value !== undefined) {
    said.push(meta.beside.replace("{n}", meta.opacity ? percent(value) : three(value)))
  }
  return said.join("<br>")
}

// A field of several classes is code + confidence, which is (p - 1/K) / (1 - 1/K).
function likeliest(value, names) {
  if (value === undefined) return ""
  const code = Math.min(names.length - 1, Math.floor(value))
  const least = 1 / names.length
  return `${names[code]} ${(least + (value - code) * (1 - least)).toFixed(2)}`
}
