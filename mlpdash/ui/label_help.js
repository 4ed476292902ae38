// Help belongs to the label: Streamlit shows it at a question mark, which is a Tab stop of its own. Here it also
// comes when a pointer is over the label, and when Tab reaches the control; Tab then skips the question marks.

const ICONS = "[data-testid=stWidgetLabel] [data-testid=stTooltipIcon]"
const TARGET = "[data-testid=stTooltipHoverTarget]" // Streamlit's own tooltip opens while a pointer is over it
const AFTER = 400 // ms on a control until its help is shown; who only passes by is not disturbed

export default function labelHelp() {
  const heard = new AbortController()
  const help = new Help()
  /** @type {(name: string, act: (event: any) => void) => void} */
  const on = (name, act) => document.addEventListener(name, act, { capture: true, signal: heard.signal })
  on("keydown", (event) => help.key(event.key))
  on("pointerdown", () => help.press())
  on("focusin", (event) => help.focus(event.target))
  on("focusout", () => help.hide())
  on("pointerover", (event) => event.isTrusted && help.over(event.target))
  return () => {
    heard.abort()
    help.hide()
  }
}

class Help {
  byKeyboard = false
  /** @type {Element | null} */
  shown = null // what Streamlit's tooltip belongs to
  /** @type {Element | null} */
  label = null // that the pointer is over
  /** @type {Element | null} */
  control = null // that has the keyboard, and the help
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined
  told = new MutationObserver(() => this.describe()) // of the tooltip that has come

  /** @param {string} key */
  key(key) {
    this.byKeyboard = key === "Tab"
    if (this.byKeyboard) skipIcons()
    else this.hide() // the list that opens, or what is typed, comes first
  }

  press() {
    this.byKeyboard = false
    this.hide()
  }

  /** @param {Element} control */
  focus(control) {
    const target = this.byKeyboard && control.closest("[data-testid=stElementContainer]")?.querySelector(`${ICONS} ${TARGET}`)
    if (target && !target.contains(control)) this.timer = setTimeout(() => this.show(target, control), AFTER)
  }

  /** @param {Element} place */
  over(place) {
    const label = place.closest("[data-testid=stWidgetLabel]")
    if (label === this.label || place.closest(TARGET)) return // over its question mark, Streamlit shows it
    this.label = label
    this.hide()
    const target = label?.querySelector(TARGET)
    if (target) this.timer = setTimeout(() => this.show(target), AFTER)
  }

  /**
   * @param {Element} target
   * @param {Element} [control]  that has the keyboard
   */
  show(target, control) {
    this.shown = target
    this.control = control ?? null
    this.told.observe(target, { attributes: true, attributeFilter: ["aria-describedby"] })
    point("pointerover", target)
  }

  // Tells those who listen what the tooltip says.
  describe() {
    const help = document.getElementById(this.shown?.getAttribute("aria-describedby") ?? "")?.textContent
    if (help) this.control?.setAttribute("aria-description", help)
  }

  hide() {
    clearTimeout(this.timer)
    this.told.disconnect()
    if (this.shown) point("pointerout", this.shown)
    this.shown = null
  }
}

function skipIcons() {
  for (const button of document.querySelectorAll(`${ICONS} button`)) button.setAttribute("tabindex", "-1")
}

/**
 * @param {"pointerover" | "pointerout"} name
 * @param {Element} target
 */
function point(name, target) {
  target.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: "mouse" }))
}
