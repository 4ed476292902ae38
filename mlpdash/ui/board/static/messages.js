// What travels between the board and the server. Made from the classes in runs/messages by
// `python -m tests.ui.board.messages_js`: change it there.

// -- kinds ---------------------------------------------------------------------------------------

// browser to server
export const BASELINES = "baselines"
export const EDIT = "edit"
export const FIND_LR = "find_lr"
export const HELLO = "hello"
export const NEXT = "next"
export const PACE = "pace"
export const PAUSE = "pause"
export const SET = "set"
export const STEP = "step"
export const STOP = "stop"
export const TRAIN = "train"
// server to browser
export const FRAME = "frame"
export const LR_FOUND = "lr_found"
export const REFUSED = "refused"
export const STATUS = "status"

export const PACES = /** @type {const} */ (["10", "60", "full"])

// what each message from the server must have
/** @type {Partial<Record<string, string[]>>} */
export const REQUIRED = {
  baselines: [
    "found", "over", "message"
  ],
  frame: [
    "to", "view", "state", "message", "epoch", "step", "steps_per_second", "elapsed", "left", "device",
    "device_note", "overhead", "frame_rate", "resolution", "field", "values", "curve", "curve_validation",
    "arrays"
  ],
  lr_found: [
    "lr", "loss", "suggestion", "message"
  ],
  refused: [
    "message"
  ],
  status: [
    "state", "message", "epoch", "step", "queue", "pace", "control"
  ],
}

// -- browser to server ----------------------------------------------------------------------------

/**
 * @typedef {object} View  What the large card shows; `token` is the browser's number of it, handed back in frames.
 * @property {string | null} [x]
 * @property {string | null} [y]
 * @property {string | null} [plane]
 * @property {string | null} [output]
 * @property {string | null} [show]
 * @property {boolean} [discretize]
 * @property {number | null} [member]
 * @property {number | null} [network]
 * @property {number | null} [token]
 */
/**
 * @typedef {object} Have  How much of the curves the browser holds: so many points of which generation.
 * @property {number} [generation]
 * @property {number} [count]
 * @property {number} [generation_validation]
 * @property {number} [count_validation]
 * @property {number} [generation_net]
 * @property {number} [count_net]
 */
/**
 * @typedef {object} Hello  The first message; the secret gives the right to control the run.
 * @property {"hello"} kind
 * @property {string | null} [secret]
 */
/**
 * @typedef {object} Next  The last frame is drawn; the next may come. `force` asks for it although nothing is new.
 * @property {"next"} kind
 * @property {View} [view]
 * @property {Have} [have]
 * @property {boolean} [force]
 */
/**
 * @typedef {object} WantBaselines  Tell, or stop telling, what simpler methods reach on the same rows.
 * @property {"baselines"} kind
 * @property {boolean} wanted
 */
/**
 * @typedef {object} Train  Start, or go on; a run that has finished trains for as many epochs again.
 * @property {"train"} kind
 */
/**
 * @typedef {object} Step  Train for one epoch; a running net pauses.
 * @property {"step"} kind
 */
/**
 * @typedef {object} Pause  Pause; a queued run leaves the queue.
 * @property {"pause"} kind
 */
/**
 * @typedef {object} Stop  End the run where it is.
 * @property {"stop"} kind
 */
/**
 * @typedef {object} Set  Change live fields, such as the learning rate.
 * @property {"set"} kind
 * @property {Record<string, unknown>} changes
 */
/**
 * @typedef {object} Edit  Set one weight [layer, to, from] or one bias [layer, to].
 * @property {"edit"} kind
 * @property {[number, number, number] | null} [weight]
 * @property {[number, number] | null} [bias]
 * @property {number} value
 */
/**
 * @typedef {object} FindLr  Sweep the learning rate on copies of the net.
 * @property {"find_lr"} kind
 */
/**
 * @typedef {object} SetPace  Train so many epochs a second, or at full speed.
 * @property {"pace"} kind
 * @property {string} pace
 */
/** @typedef {Hello | Next | WantBaselines | Train | Step | Pause | Stop | Set | Edit | FindLr | SetPace} Sent */

// -- server to browser ----------------------------------------------------------------------------

/**
 * @typedef {object} Baseline  What a simpler method reaches.
 * @property {string} title
 * @property {number | null} [loss]
 * @property {number | null} [metric]
 */
/**
 * @typedef {object} Population  How several nets are doing.
 * @property {number} nets
 * @property {number} dead
 * @property {number[]} gone
 * @property {number | null} best
 */
/**
 * @typedef {object} Axis  A setting of a grid, and its values.
 * @property {string} name
 * @property {number[]} values
 */
/**
 * @typedef {object} Grid  The settings of a grid.
 * @property {Axis} x
 * @property {Axis | null} y
 */
/**
 * @typedef {object} Piece  Which rows of a curve a frame brings: from `start` on, which is 0 where they are all of it.
 * @property {number} generation
 * @property {number} start
 * @property {number} count
 */
/**
 * @typedef {object} Status  The state of the run, and what this browser may do.
 * @property {"status"} kind
 * @property {"idle" | "queued" | "running" | "paused" | "stopped" | "finished" | "failed" | "diverged"} state
 * @property {string} message
 * @property {number} epoch
 * @property {number} step
 * @property {number | null} [steps_per_second]
 * @property {number | null} [elapsed]
 * @property {number | null} [left]
 * @property {number | null} queue
 * @property {"10" | "60" | "full"} pace
 * @property {boolean} control
 */
/**
 * @typedef {object} Refused  What was asked cannot be done: one sentence.
 * @property {"refused"} kind
 * @property {string} message
 */
/**
 * @typedef {object} Baselines  What simpler methods reach, as far as it is known.
 * @property {"baselines"} kind
 * @property {Baseline[]} found
 * @property {boolean} over
 * @property {string} message
 */
/**
 * @typedef {object} Frame  What a net looks like now: this header, then the bytes of its arrays; passed on as it is.
 * @property {"frame"} kind
 * @property {number} to
 * @property {number | null} view
 * @property {"idle" | "queued" | "running" | "paused" | "stopped" | "finished" | "failed" | "diverged"} state
 * @property {string} message
 * @property {number} epoch
 * @property {number} step
 * @property {number | null} steps_per_second
 * @property {number | null} elapsed
 * @property {number | null} left
 * @property {string} device
 * @property {string} device_note
 * @property {number | null} overhead
 * @property {number | null} frame_rate
 * @property {number} resolution
 * @property {boolean} field
 * @property {Record<string, number | null>} values
 * @property {Population | null} [population]
 * @property {Grid | null} [grid]
 * @property {number | null} [one]
 * @property {number | null} [member]
 * @property {Piece} curve
 * @property {Piece} curve_validation
 * @property {Piece | null} [curve_net]
 * @property {[string, "f4" | "i1", number[], number][]} arrays
 */
/**
 * @typedef {object} LrFound  What the sweep of the learning rate gave; passed on to all who watch.
 * @property {"lr_found"} kind
 * @property {number[]} lr
 * @property {(number | null)[]} loss
 * @property {number | null} suggestion
 * @property {string} message
 */
/** @typedef {Status | Refused | Baselines | Frame | LrFound} Heard */
