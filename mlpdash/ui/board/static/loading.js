// What is loaded once for the page: plotly and the style sheets, from the server's own routes.

import { element } from "./dom.js"

/** @import {PlotlyApi} from "./plot/types.js" */

/** @type {Promise<PlotlyApi> | null} */
let plotly = null

/** @type {WeakMap<HTMLElement, Promise<void>>} */
const loaded = new WeakMap()

/**
 * @param {string} source
 * @returns {Promise<PlotlyApi>}
 */
export function loadPlotly(source) {
  plotly ??= new Promise((done, fail) => {
    const script = element("script", { src: source })
    script.onload = () => {
      done(/** @type {{Plotly: PlotlyApi}} */ (/** @type {unknown} */ (window)).Plotly) // the script sets it
    }
    script.onerror = () => {
      fail(new Error(`no plotly at ${source}`))
    }
    document.head.append(script)
  })
  return plotly
}

/**
 * Loads a style sheet; one of an older version goes when the new one is there.
 * @param {string} href
 * @returns {Promise<void>}
 */
export function loadStyle(href) {
  const id = `mlpdash-${/\w+(?=\.css)/.exec(href)?.[0]}`
  const old = document.getElementById(id)
  const there = old?.getAttribute("href") === href && loaded.get(old)
  if (there) return there
  const link = element("link", { id, rel: "stylesheet", href })
  /** @type {Promise<void>} */
  const done = new Promise((ready, fail) => {
    link.onload = () => {
      old?.remove()
      ready()
    }
    link.onerror = () => {
      fail(new Error(`no style sheet at ${href}`))
    }
  })
  loaded.set(link, done)
  document.head.append(link)
  return done
}
