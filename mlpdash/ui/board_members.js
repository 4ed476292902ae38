// One net of several, looked at alone.

const version = new URL(import.meta.url).search
const { element } = await import(`./board_dom.js${version}`)

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
  }
}
