// Ranges of axes that follow their curves: a little ahead of a growing curve, so that the axis stands
// still for a while and then takes a step; closely around one that has come to rest.

const AHEAD = 1.12
const LOG_AHEAD = 0.3
const REACH = 2.5 // a ribbon is shown as far as this many times the highest curve
const STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] // where an x axis may end, times a power of ten

// The new range of an axis, or null where the present one is good. Log axes count in powers of ten.
export function fitted(traces, letter, axis, closely) {
  const log = axis.type === "log"
  const [low, high] = extent(traces, letter, log)
  if (!(high >= low)) return null
  const wanted = log ? aroundLog(low, high, axis.range, closely) : fromZero(low, high, letter, axis.range, closely)
  const near = 1e-6 * (Math.abs(wanted[1] - wanted[0]) || 1)
  return wanted.every((end, i) => Math.abs(end - axis.range[i]) < near) ? null : wanted
}

function fromZero(low, high, letter, [start, end], closely) {
  const least = Math.min(0, low)
  if (letter === "x") return [least, closely ? Math.max(high, 5) : stepAbove(Math.max(high, 10))]
  const most = Math.max(high, 1e-12) * 1.06
  if (closely) return [least, most]
  const fits = most <= end && end <= 2 * most * AHEAD && least >= start
  return fits ? [start, end] : [least, most * AHEAD]
}

// The same for all figures, so that their axes agree.
function stepAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * STEPS.find((step) => step * power >= value * 0.999999)
}

function aroundLog(low, high, [start, end], closely) {
  if (closely) return [low - 0.05, high + 0.05]
  return [low < start ? low - LOG_AHEAD : start, high > end || end > high + 1 ? high + 0.1 : end]
}

function extent(traces, letter, log) {
  let [low, high] = [Infinity, -Infinity]
  for (const trace of traces) {
    const most = trace.meta?.ribbon && letter === "y" ? REACH * high : Infinity // curves come first
    for (const value of trace[letter]) {
      if (!Number.isFinite(value) || value > most || (log && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return log ? [Math.log10(low), Math.log10(high)] : [low, high]
}
