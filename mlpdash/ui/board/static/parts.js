// What the board is made of beside its figures. The board makes one of each, in this order, and tells every one
// what happens; a part knows the board as its `Host` and no other part. To add one: docs/architecture.md.

import { Baselines } from "./cards/baselines.js"
import { Drawing } from "./cards/drawing.js"
import { Finder } from "./cards/finder.js"
import { Network } from "./cards/network.js"
import { Pictures } from "./cards/pictures.js"
import { Population } from "./cards/population.js"

/** @import {FigureCard} from "./cards/figure.js" */
/** @import {Tone} from "./controls.js" */
/** @import {Stage} from "./stage.js" */
/** @import {Store} from "./store.js" */
/** @import {BoardData, Header, RunState, Sent, Texts, Theme, View} from "./types.js" */

/**
 * @typedef {object} Part
 * @property {(data: BoardData) => void} update  the page has been run again: take over what differs
 * @property {(theme: Theme) => void} retheme  the page has other colours
 * @property {() => void} destroy  the board goes: leave nothing behind
 * @property {(header: Header) => void} [say]  the run has said something; of its frames about ten a second
 * @property {(status: Status) => void} [tell]  the state of the run, or who may control it, can have changed
 * @property {() => View} [view]  what frames shall hold besides what the page asks for
 * @property {() => void} [shown]  the figures stand in their cards, or new figures do
 * @property {(store: Store, now: number, all: boolean, settled: boolean) => void} [draw]  a frame is drawn: show
 *   what has come. `all`: also what could wait; `settled`: no more will come soon
 * @property {() => void} [resize]  there is more room, or less
 */

/** @typedef {{new (host: Host): Part, tabs?: string[]}} PartClass  `tabs` are the names of its cards on the stage */

/**
 * @typedef {object} Host
 * @property {HTMLElement} root  of the whole board
 * @property {HTMLElement} area  where cards stand
 * @property {Stage} stage  the large card's place
 * @property {Store} store  what frames have brought
 * @property {Texts} text
 * @property {BoardData} data  as it came last
 * @property {Theme} theme
 * @property {(name: string) => FigureCard | undefined} figure  the card of a figure, once it is there
 * @property {() => void} look  asks for a frame of another view, if `view` of some part says another
 * @property {(message: Sent) => void} send  to the run
 * @property {(name: string, value?: unknown) => void} act  does what a person wants; see `Board.act`
 * @property {(sentence: string, stays?: boolean, tone?: Tone) => void} warn  shows a sentence; see `Controls.warn`
 */

/**
 * @typedef {object} Status
 * @property {RunState} state
 * @property {boolean} control  whether this browser may control the run
 * @property {string} message
 * @property {number | null} queue  place in the queue, from 1
 * @property {boolean} lost  whether the connection is
 * @property {string} pending  what is shown and what was chosen, where choices wait for Reset
 */

/** @type {PartClass[]} */
export const PARTS = [Population, Pictures, Network, Finder, Drawing, Baselines]
