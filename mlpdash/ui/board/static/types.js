// What comes to the board, as types: what Streamlit and Python give it, and names for what crosses the socket.
// Nothing here runs.

/** @import {Figure} from "./plot/types.js" */

/** @typedef {"light" | "dark"} Theme */
/** @typedef {[place: number, color: string][]} Scale  colours over places from 0 to 1 */
/** @typedef {Record<string, string>} Texts  by key, from `ui/board/texts.py` */
/**
 * @typedef {Float32Array | Float64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array
 *   | Uint8Array} TypedArray
 */
/** @typedef {{dtype: string, bdata: string}} Packed  a typed array in JSON, see `charts/arrays.py` */

// -- what Streamlit gives: the component, with its data ------------------------------------------

/**
 * @typedef {object} Component
 * @property {HTMLElement} parentElement
 * @property {BoardData} data
 * @property {(name: string, value: unknown) => void} setStateValue  stays with the page
 * @property {(name: string, value: unknown) => void} setTriggerValue  is told to the page once
 */

/**
 * @typedef {object} BoardData  as `message` of `ui/board/board.py` makes it
 * @property {string} run
 * @property {string | null} secret  the right to control the run; null for a watcher
 * @property {string} stream
 * @property {string} plotly
 * @property {string[]} css
 * @property {PageView} view
 * @property {Record<string, unknown> & {lr: number}} live  what can be changed in a running net
 * @property {string} pace
 * @property {string} pending  what is shown and what was chosen, where choices wait for Reset
 * @property {BoardFigure[]} figures
 * @property {string[]} members  names of several nets; empty for one
 * @property {SettingsGrid | null} grid
 * @property {NetworkPicture | null} network
 * @property {RowPictures | null} pictures
 * @property {DrawnPoints | null} drawing
 * @property {Texts} text
 */

/**
 * @typedef {object} PageView  what a person chose to look at
 * @property {string | null} x
 * @property {string | null} y
 * @property {boolean} discretize
 * @property {string | null} plane
 * @property {string | null} output
 * @property {boolean} show_test
 */

/**
 * @typedef {object} BoardFigure  see `charts/board/parts.py`
 * @property {string} name
 * @property {string} title
 * @property {string} hint
 * @property {Figure} figure
 * @property {Wire[]} wires
 * @property {Reading[]} readings
 * @property {Key[]} legend
 * @property {{low: string, high: string, colors: string[]} | null} ramp
 * @property {Partial<Record<Theme, Record<string, unknown>>>} themed  {"data.0.line.color": value}
 * @property {boolean} logarithmic
 * @property {boolean} mean
 */

/**
 * @typedef {object} Wire  where an array goes in the figure
 * @property {string} array
 * @property {number} trace
 * @property {string} attribute
 * @property {number} every
 * @property {"" | CounterName} counter
 * @property {"" | "shades" | "counts"} form
 */
/** @typedef {{value: string, label: string, kind: "number" | "percent", split: string, spread: boolean}} Reading */
/** @typedef {{label: string, symbol: string, color: string, split: string, live: "" | "median" | "net"}} Key */

/**
 * @typedef {object} GridAxis
 * @property {string} name
 * @property {string} title
 * @property {number[]} values
 * @property {string[]} labels
 */

/**
 * @typedef {object} SettingsGrid  see `charts/board/population_grid.py`
 * @property {string} title
 * @property {GridAxis} x
 * @property {GridAxis | null} y
 * @property {string} metric
 * @property {"number" | "percent"} kind
 * @property {boolean} highest
 * @property {[number, number]} range
 * @property {boolean} continuous
 * @property {Record<Theme, Scale>} scales
 */

/**
 * @typedef {object} NetworkPicture  see `charts/board/network.py`
 * @property {{title: string, names: string[], width: number}[]} layers
 * @property {number} most
 * @property {Record<Theme, Scale>} scales
 * @property {string} negative
 * @property {string} positive
 * @property {boolean} biases
 * @property {number[][]} widths
 */

/**
 * @typedef {object} RowPictures  see `charts/board/pictures.py`
 * @property {number} height
 * @property {number} width
 * @property {Packed} pixels
 * @property {number[]} rows
 * @property {string[]} actual
 * @property {number[]} codes
 * @property {string[]} classes
 * @property {number[]} groups
 * @property {boolean} held_out
 * @property {string[]} units
 * @property {number} unit_count
 * @property {Record<Theme, Scale>} scales
 */

/**
 * @typedef {object} DrawnPoints  see `ui/board/drawing.py`
 * @property {string} text
 * @property {DrawnPoint[]} points
 * @property {string[][]} colors
 * @property {number} extent
 * @property {number} most
 */
/** @typedef {[x: number, y: number, code: number]} DrawnPoint */

// -- what crosses the socket: messages.js has it ---------------------------------------------------

/** @typedef {import("./messages.js").Heard} Header */
/** @typedef {import("./messages.js").Status} StatusHeader */
/** @typedef {import("./messages.js").Frame} FrameHeader */
/** @typedef {import("./messages.js").LrFound} LrHeader */
/** @typedef {import("./messages.js").Baselines} BaselinesHeader */
/** @typedef {import("./messages.js").Baseline} Baseline */
/** @typedef {import("./messages.js").Population} Nets */
/** @typedef {import("./messages.js").Piece} Counter  which piece of a curve a frame has */
/** @typedef {import("./messages.js").Sent} Sent */
/** @typedef {import("./messages.js").View} View  what frames shall hold */
/** @typedef {Required<import("./messages.js").Have>} Held  how much of the curves the board has */
/** @typedef {StatusHeader["state"]} RunState */
/** @typedef {"curve" | "curve_validation" | "curve_net"} CounterName */
/** @typedef {Record<string, {values: TypedArray, shape: number[]}>} Arrays  by name, out of a frame's payload */

export {}
