// What stands in the large card's place: the boundary, the grid, the net, pictures. One at a time; a
// row of buttons, which wanders into the card that is shown, tells which. What is not shown costs nothing.

const version = new URL(import.meta.url).search
const { element } = await import(`./dom.js${version}`)

const ORDER = ["boundary", "grid", "rows", "weights", "net", "finder"]

export class Stage {
  // `turned` is called when another card is shown, since a frame then has to hold other things.
  constructor(label, turned) {
    this.turned = turned
    this.items = new Map()
    this.shown = "boundary"
    this.tabs = element("div", { class: "tabs", role: "group", "aria-label": label })
    this.extras = element("div", { class: "extras" })
    this.bar = element("div", { class: "stage" }, this.tabs, this.extras)
  }

  // An item has its `card`, `draw(store, now, all)`, which tells whether something was drawn, and `resize()`.
  add(name, item, label, help) {
    const button = element("button", { type: "button", title: help }, label)
    button.onmousedown = (event) => event.preventDefault() // keeps the keyboard with the board
    button.onclick = () => this.show(name)
    item.card.classList.add("large")
    this.items.set(name, { item, button })
    this.order()
    this.set()
  }

  remove(name) {
    this.items.get(name).item.card.hidden = true
    this.items.delete(name)
    this.order()
    if (this.shown === name) this.show("boundary")
  }

  has(name) {
    return this.items.has(name)
  }

  order() {
    const there = ORDER.filter((name) => this.items.has(name))
    this.tabs.replaceChildren(...there.map((name) => this.items.get(name).button))
  }

  show(name) {
    if (name === this.shown) return
    this.shown = name
    this.set()
    this.resize()
    this.turned()
  }

  set() {
    const focused = this.tabs.contains(document.activeElement) && document.activeElement
    for (const [name, { item, button }] of this.items) {
      item.card.hidden = name !== this.shown
      button.setAttribute("aria-pressed", name === this.shown)
    }
    const item = this.items.get(this.shown)?.item
    if (item && this.bar.parentElement !== item.card) item.card.prepend(this.bar)
    if (focused) focused.focus()
  }

  // Returns whether the card that is shown has drawn something.
  draw(store, now, all, settled) {
    return this.items.get(this.shown)?.item.draw(store, now, all, settled) ?? false
  }

  resize() {
    this.items.get(this.shown)?.item.resize()
  }
}
