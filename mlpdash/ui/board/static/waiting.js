// The bar across the board when choices wait for a Reset: what is shown, what was chosen, and which of both to train.

import { element, tool, write } from "./dom.js"
import { TRAIN } from "./messages.js"

/** @import {Host, Status} from "./parts.js" */

export class Waiting {
  /** @param {Pick<Host, "root" | "text" | "act">} host */
  constructor(host) {
    const { text } = host
    this.root = host.root
    this.sentence = element("p", { role: "status" })
    const anew = tool(text.reset_train, text.reset_train_help, () => host.act("reset_train"), "act train")
    this.old = tool(text.continue_old, text.continue_old_help, () => host.act(TRAIN), "act")
    this.bar = element("div", { class: "waiting", hidden: "", "data-testid": "waiting" }, this.sentence, anew, this.old)
  }

  /**
   * @param {Status} status
   * @param {boolean} rests  the old net could be trained further
   */
  tell({ pending }, rests) {
    this.bar.hidden = !pending
    this.root.toggleAttribute("data-waiting", Boolean(pending))
    write(this.sentence, pending)
    this.sentence.title = pending
    this.old.hidden = !rests
  }
}
