// A card with a heading and a legend around something, hidden until the stage shows it.

import { element } from "../dom.js"

/**
 * @param {HTMLElement} area
 * @param {string} name
 * @param {HTMLElement} host  what the card is around
 */
export function plainCard(area, name, host) {
  const title = element("h3", { id: `mlpdash-${name}-title` })
  const head = element("header", {}, title)
  const legend = element("div", { class: "legend" })
  const card = element(
    "section",
    { class: `card ${name}`, "data-testid": `figure-${name}`, "aria-labelledby": title.id },
    head,
    host,
    legend,
  )
  card.hidden = true
  area.append(card)
  return { card, head, title, legend }
}
