// What the board has more where several nets train: a picker of one net, words for which nets a figure
// shows, and the grid of settings, which stands in the boundary's place until a person wants to see that.

const version = new URL(import.meta.url).search
const [{ GridCard }, { MemberPicker, pickedBefore, rememberPick }, { whole }] = await Promise.all(
  ["grid.js", "members.js", "dom.js"].map((name) => import(`./${name}${version}`)),
)

export class Population {
  constructor(board) {
    this.board = board
  }

  update({ members, grid, text, run }) {
    const { board } = this
    board.controls.several(members.length)
    if (!this.picker) {
      this.picker = new MemberPicker(text, (member) => {
        rememberPick(board.data.run, member)
        board.setView(board.data.view)
      })
      board.stage.extras.append(this.picker.label)
    }
    this.names = members
    this.picker.show(members)
    if (run !== this.run) this.picker.pick(pickedBefore(run))
    this.run = run
    if (!members.length) this.alone()
    const settings = JSON.stringify(grid)
    if (settings === this.settings) return
    this.settings = settings
    if (grid) this.showGrid(grid, text)
    else if (board.stage.has("grid")) board.stage.remove("grid")
  }

  showGrid(grid, text) {
    const { board } = this
    if (!this.card) this.card = new GridCard(board.area, text, (settings) => board.act("adopt", settings))
    this.card.show(grid, board.theme)
    if (!board.stage.has("grid")) {
      const item = {
        card: this.card.card,
        draw: (store, now, all) => this.card.update(store, now, all),
        resize: () => this.card.resize(),
      }
      board.stage.add("grid", item, text.show_grid, text.show_grid_help)
    }
    board.stage.show("grid")
  }

  // The part of the view that is not the page's.
  view() {
    const { member } = this.picker
    const { root, data } = this.board
    root.toggleAttribute("data-member", member !== null)
    root.toggleAttribute("data-discretize", Boolean(data.view.discretize))
    return member === null ? {} : { member }
  }

  // Lets each figure say which nets it shows; `header` is that of a frame.
  say({ population, member, one }) {
    if (!population) return
    this.said = words({ ...population, member, one }, this.names, this.board.data.text)
    this.picker.mark(population)
    this.tell()
    const cells = this.card?.cells?.length
    if (cells) this.card.several(population.nets / cells, member)
  }

  // A single net: nothing is said of which.
  alone() {
    this.said = null
    this.board.network.several({})
    this.board.pictures.several({ mean: "" })
  }

  tell() {
    if (!this.said) return
    const { cards, network, pictures } = this.board
    for (const card of cards.values()) card.several(this.said)
    network.several(this.said)
    pictures.several(this.said)
  }

  retheme(theme) {
    this.card?.retheme(theme)
  }

  destroy() {
    this.card?.destroy()
  }
}

// What is said of the nets: `median` and `mean` of how many, `net` whose own curve is drawn, `one` whose
// weights. `member` is the net that is picked; `gone` has those that have diverged.
export function words({ nets, gone, best, member, one }, names, text) {
  const named = (net) => text.one_net.replace("{net}", nameOf(net, names, gone, text))
  const some = (sentence) => {
    const left = nets - gone.length
    if (!left) return text.none_left.replace("{n}", whole(nets))
    const count = gone.length ? text.nets_left.replace("{left}", whole(left)).replace("{n}", whole(nets)) : whole(nets)
    return sentence.replace("{n}", count)
  }
  const picked = Number.isInteger(member)
  const lowest = Number.isInteger(best) && gone.length < nets ? text.best_net.replace("{net}", nameOf(best, names, gone, text)) : text.best
  return {
    median: some(text.median_nets),
    mean: picked ? named(member) : some(text.mean_nets),
    net: picked ? named(member) : lowest,
    one: { at: one ?? 0, name: names[one ?? 0], nets: whole(nets) },
  }
}

function nameOf(net, names, gone, text) {
  const name = names[net] ?? String(net + 1)
  return gone.includes(net) ? text.net_gone.replace("{net}", name) : name
}
