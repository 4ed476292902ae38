// One net of several, looked at alone.

const version = new URL(import.meta.url).search
const { element, write } = await import(`./dom.js${version}`)

const KEPT = "mlpdash-net"

export class MemberPicker {
  // `pick` is called with a net's number from 0, or null for all of them.
  constructor(text, pick) {
    this.text = text
    this.select = element("select", { "aria-label": text.net })
    this.select.onpointerdown = () => (this.byPointer = true)
    this.select.onkeydown = () => (this.byPointer = false)
    this.select.onchange = () => {
      pick(this.member)
      if (this.byPointer) this.select.blur() // the keyboard is the board's again
    }
    this.label = element("label", { class: "picker" }, element("span", {}, text.net), this.select)
  }

  get member() {
    return this.select.value === "" ? null : Number(this.select.value)
  }

  // `names` has one for each net; none where a single net trains.
  show(names) {
    this.label.hidden = !names.length
    const text = JSON.stringify(names)
    if (text === this.shown) return
    this.shown = text
    const before = this.select.value
    const options = names.map((name, i) => element("option", { value: i }, name))
    this.select.replaceChildren(element("option", { value: "" }, this.text.all_nets), ...options)
    this.select.value = Number(before) < names.length ? before : ""
    this.names = names
    this.marked = ""
  }

  // Says which net is the best now, and which have diverged.
  mark({ best, gone }) {
    const marked = JSON.stringify([best, gone])
    if (marked === this.marked || !this.names) return
    this.marked = marked
    const lost = new Set(gone)
    this.names.forEach((name, i) => {
      const form = lost.has(i) ? this.text.net_gone : i === best ? this.text.net_best : "{net}"
      write(this.select.options[i + 1], form.replace("{net}", name))
    })
  }

  pick(member) {
    if (member !== null && member < (this.names?.length ?? 0)) this.select.value = member
  }
}

// The net that was picked in this tab for a run, before the page was loaded again; null for none.
export function pickedBefore(run) {
  try {
    const [of, member] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")
    return of === run && Number.isInteger(member) ? member : null
  } catch {
    return null
  }
}

export function rememberPick(run, member) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([run, member]))
  } catch {
    // no storage: all nets are shown when the page is loaded again
  }
}
