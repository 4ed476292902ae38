// The right to control a run, kept by the browser: a reload or a second tab has it too.

const key = (/** @type {string} */ run) => `mlpdash-secret-${run}`

/**
 * The secret of a run, or null where this browser has none.
 * @param {string} run
 */
export function remembered(run) {
  try {
    return localStorage.getItem(key(run))
  } catch {
    return null
  }
}

/**
 * @param {string} run
 * @param {string} secret
 */
export function remember(run, secret) {
  try {
    localStorage.setItem(key(run), secret)
  } catch {
    // no storage: the right to control ends with this page
  }
}
