// What the board takes from the page around it: light or dark, how wide it is, what stands above it.

/** @import {Theme} from "./types.js" */

const SETTINGS = [".st-key-group_data", ".st-key-group_model", ".st-key-group_train"]
  .map((group) => `${group} [data-testid="stExpanderDetails"]`)
  .join()
const NARROW = 760 // px of the board's own width

/**
 * Whether the page is light or dark, by its ground.
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function themeOf(root) {
  const ground = getComputedStyle(root).getPropertyValue("--st-background-color").trim()
  return brightness(ground) < 0.5 ? "dark" : "light"
}

/** @param {string} color */
function brightness(color) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1]
  const wide = hex && hex.length < 6 ? [...hex].map((c) => c + c).join("") : hex
  const parts = wide
    ? [0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16))
    : (color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number)
  return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255
}

/**
 * Lets nobody change the sidebar's settings of a run that this browser only watches; the view is its own.
 * @param {boolean} is
 */
export function readOnly(is) {
  for (const group of document.querySelectorAll(SETTINGS)) group.toggleAttribute("inert", is)
}

/**
 * Tells the style sheets how much room there is.
 * @param {HTMLElement} root
 * @param {ResizeObserver} sizes  gets what the board's place depends on
 */
export function layOut(root, sizes) {
  const narrow = root.getBoundingClientRect().width < NARROW
  root.dataset.layout = narrow ? "narrow" : "wide"
  const header = document.querySelector('[data-testid="stHeader"]') // stays over what scrolls
  if (!narrow) below(root, sizes)
  root.style.setProperty("--board-top", `${header?.getBoundingClientRect().height ?? 0}px`)
}

/**
 * What stands above the board on the page, so that all of it fits under that.
 * @param {HTMLElement} root
 * @param {ResizeObserver} sizes
 */
function below(root, sizes) {
  const main = document.querySelector('[data-testid="stMain"]')
  const above = root.getBoundingClientRect().top + (main?.scrollTop ?? 0)
  if (above > 0) root.style.setProperty("--board-above", `${Math.round(above)}px`)
  for (const one of root.closest(".st-key-page")?.children ?? []) {
    if (!one.contains(root)) sizes.observe(one) // its text may come later than the board
  }
}
