// The kinds of messages between the board and the server. Each message is an object with its `kind`; what
// else it has says types.js.

// from the board
export const HELLO = "hello"
export const NEXT = "next"
export const TRAIN = "train"
export const PAUSE = "pause"
export const STEP = "step"
export const STOP = "stop"
export const PACE = "pace"
export const SET = "set"
export const EDIT = "edit"
export const FIND_LR = "find_lr"
export const BASELINES = "baselines" // also the answer

// to the board
export const STATUS = "status"
export const FRAME = "frame"
export const REFUSED = "refused"
export const LR_FOUND = "lr_found"
