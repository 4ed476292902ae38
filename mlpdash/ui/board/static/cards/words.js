// Which of several nets a figure shows, in words.

import { filled, whole } from "../dom.js"

/** @import {FrameHeader, Nets, Texts} from "../types.js" */

/**
 * @typedef {object} Words
 * @property {string} median  of how many nets a median is
 * @property {string} mean  of how many nets a mean is, or the net that is picked
 * @property {string} net  the net whose own curve is drawn
 * @property {OneNet} one  the net whose weights are shown
 */
/** @typedef {{at: number, name: string, nets: string, isPicked: boolean}} OneNet */

/**
 * What a frame says of the nets; null where it shows a single one.
 * @param {FrameHeader} header
 * @param {string[]} names
 * @param {Texts} text
 */
export function wordsOf({ population, member, one }, names, text) {
  return population ? words({ ...population, member, one }, names, text) : null
}

/**
 * What is said of the nets. `member` is the net that is picked; `gone` has those that have diverged.
 * @param {Omit<Nets, "dead"> & Pick<FrameHeader, "member" | "one">} nets
 * @param {string[]} names
 * @param {Texts} text
 * @returns {Words}
 */
export function words({ nets, gone, best, member, one }, names, text) {
  const named = (/** @type {number} */ net) => nameOf(net, names, gone, text)
  const some = (/** @type {string} */ sentence) => {
    const [n, left] = [whole(nets), whole(nets - gone.length)]
    if (gone.length === nets) return filled(text.none_left, { n })
    return filled(sentence, { n: gone.length ? filled(text.nets_left, { left, n }) : n })
  }
  const picked = typeof member === "number" ? filled(text.one_net, { net: named(member) }) : null
  const lowest = best === null ? text.pick_net : filled(text.best_net, { net: named(best) })
  return {
    median: some(text.median_nets),
    mean: picked ?? some(text.mean_nets),
    net: picked ?? (gone.length === nets ? text.best : lowest),
    one: { at: one ?? 0, name: names[one ?? 0], nets: whole(nets), isPicked: picked !== null },
  }
}

/**
 * @param {number} net
 * @param {string[]} names
 * @param {number[]} gone
 * @param {Texts} text
 */
function nameOf(net, names, gone, text) {
  const name = names[net] ?? String(net + 1)
  return gone.includes(net) ? filled(text.net_gone, { net: name }) : name
}
