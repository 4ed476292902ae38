// What crosses the wire, as types: what Streamlit and Python give the board, what a run's stream brings, what
// the board sends. Nothing here runs.

/** @import {Figure} from "./plot/types.js" */
/** @import {BASELINES, EDIT, FIND_LR, FRAME, HELLO, LR_FOUND, NEXT, PACE} from "./messages.js" */
/** @import {PAUSE, REFUSED, SET, STATUS, STEP, STOP, TRAIN} from "./messages.js" */

/** @typedef {"light" | "dark"} Theme */
/** @typedef {[place: number, color: string][]} Scale  colours over places from 0 to 1 */
/** @typedef {Record<string, string>} Texts  by key, from `ui/board/texts.py` */
/** @typedef {"idle" | "queued" | "running" | "paused" | "stopped" | "finished" | "failed" | "diverged"} RunState */
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
 * @property {boolean} pending
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

// -- what a run's stream brings ------------------------------------------------------------------

/** @typedef {StatusHeader | FrameHeader | RefusedHeader | LrHeader | BaselinesHeader} Header */

/**
 * @typedef {object} StatusHeader
 * @property {typeof STATUS} kind
 * @property {RunState} [state]
 * @property {number | null} [epoch]
 * @property {number | null} [step]
 * @property {string} [message]
 * @property {number | null} [queue]  place in the queue, from 1
 * @property {boolean} [control]  whether this browser may control the run
 */

/**
 * @typedef {object} FrameHeader
 * @property {typeof FRAME} kind
 * @property {number | null} [view]  the `token` of the view that was asked for
 * @property {RunState} state
 * @property {string} [message]
 * @property {number | null} [epoch]
 * @property {number | null} [step]
 * @property {number | null} [steps_per_second]
 * @property {number | null} [elapsed]  seconds
 * @property {number | null} [left]  seconds
 * @property {string} [device]
 * @property {string} [device_note]
 * @property {number | null} [frame_rate]  where training leaves less time for frames than usual
 * @property {Record<string, number | null>} [values]
 * @property {Nets} [population]
 * @property {number} [one]  the net whose weights are shown
 * @property {number} [member]  the net that is picked
 * @property {Counter} [curve]
 * @property {Counter} [curve_validation]
 * @property {Counter} [curve_net]
 * @property {ArrayPlace[]} [arrays]
 */
/** @typedef {{nets: number, dead: number, gone: number[], best: number | null}} Nets */
/** @typedef {{generation: number, start: number, count: number}} Counter  which piece of a curve a frame has */
/** @typedef {"curve" | "curve_validation" | "curve_net"} CounterName */
/** @typedef {[name: string, dtype: string, shape: number[], offset: number]} ArrayPlace */
/** @typedef {Record<string, {values: TypedArray, shape: number[]}>} Arrays  by name */

/** @typedef {{kind: typeof REFUSED, message: string}} RefusedHeader */
/**
 * @typedef {object} LrHeader
 * @property {typeof LR_FOUND} kind
 * @property {number[]} [lr]
 * @property {(number | null)[]} [loss]
 * @property {number | null} [suggestion]
 * @property {string} [message]
 */
/** @typedef {{kind: typeof BASELINES, found?: Baseline[], over: boolean, message: string}} BaselinesHeader */
/** @typedef {{title: string, loss?: number, metric?: number}} Baseline */

// -- what the board sends ------------------------------------------------------------------------

/**
 * @typedef {{kind: typeof HELLO, secret: string | null}
 *   | {kind: typeof NEXT, view: View, have: Held, force: boolean}
 *   | {kind: typeof TRAIN | typeof PAUSE | typeof STEP | typeof STOP | typeof FIND_LR}
 *   | {kind: typeof PACE, pace: string}
 *   | {kind: typeof SET, changes: Record<string, unknown>}
 *   | {kind: typeof EDIT, weight: [layer: number, to: number, from: number], value: number}
 *   | {kind: typeof EDIT, bias: [layer: number, to: number], value: number}
 *   | {kind: typeof BASELINES, wanted: boolean}} Sent
 */

/**
 * @typedef {Partial<Omit<PageView, "show_test">>
 *   & {token?: number, show?: string, member?: number, network?: number}} View  what frames shall hold
 */

/**
 * @typedef {object} Held  how much of the curves the board has
 * @property {number} generation
 * @property {number} count
 * @property {number} generation_validation
 * @property {number} count_validation
 * @property {number} generation_net
 * @property {number} count_net
 */

export {}
