// The names of curves, at their ends.

const version = new URL(import.meta.url).search
const { element, write } = await import(`./dom.js${version}`)

const APART = 14 // px

export class EndLabels {
  constructor(gd) {
    this.gd = gd
    this.labels = []
  }

  // `edge` is the last x that is shown.
  place(traces, edge) {
    const full = this.gd._fullLayout
    const box = this.gd.querySelector(".svg-container")
    const named = traces.filter((trace) => trace.meta?.label)
    if (!box || !full?.yaxis) return
    while (this.labels.length > named.length) this.labels.pop().remove()
    const { yaxis, _size: size } = full
    const ends = named.map(({ x, y }) => yaxis.d2p(lastNumber(x, y, edge)))
    const places = spaced(ends, APART, 8, size.h)
    named.forEach((trace, i) => {
      const label = (this.labels[i] ??= element("span", { class: "end" }))
      write(label, trace.meta.label)
      if (label.parentElement !== box) box.append(label)
      label.style.color = trace.line.color
      label.style.visibility = Number.isFinite(places[i]) ? "visible" : "hidden"
      label.style.transform = `translate(${size.l + size.w + 5}px, ${size.t + places[i] - 8}px)`
    })
  }
}

// Places from `low` to `high`, as near to the wanted ones as leaves `apart` between two of them.
export function spaced(wanted, apart, low, high) {
  const order = wanted.map((_, i) => i).filter((i) => Number.isFinite(wanted[i]))
  order.sort((i, k) => wanted[i] - wanted[k] || k - i)
  const groups = []
  for (const i of order) {
    let group = { members: [i], middle: Math.min(high, Math.max(low, wanted[i])) }
    while (groups.length && bottom(groups.at(-1), apart) + apart > top(group, apart)) {
      group = merged(groups.pop(), group)
      const half = ((group.members.length - 1) * apart) / 2
      group.middle = Math.min(high - half, Math.max(low + half, group.middle))
    }
    groups.push(group)
  }
  const places = wanted.map(() => NaN)
  for (const group of groups) {
    group.members.forEach((i, n) => (places[i] = top(group, apart) + n * apart))
  }
  return places
}

const top = ({ members, middle }, apart) => middle - ((members.length - 1) * apart) / 2
const bottom = ({ members, middle }, apart) => middle + ((members.length - 1) * apart) / 2

function merged(one, other) {
  const [n, m] = [one.members.length, other.members.length]
  const middle = (one.middle * n + other.middle * m) / (n + m)
  return { members: [...one.members, ...other.members], middle }
}

function lastNumber(x, y, edge) {
  for (let i = y.length - 1; i >= 0; i--) if (x[i] <= edge && Number.isFinite(y[i])) return y[i]
  return NaN
}
