// What the board has more where several nets train: a picker of one net, and the grid of settings,
// which stands in the boundary's place until a person wants to see that.

const version = new URL(import.meta.url).search
const [{ GridCard }, { MemberPicker }] = await Promise.all(
  ["board_grid.js", "board_members.js"].map((name) => import(`./${name}${version}`)),
)

export class Population {
  constructor(board) {
    this.board = board
  }

  update({ members, grid, text }) {
    const { board } = this
    board.controls.several(members.length)
    if (!this.picker) {
      this.picker = new MemberPicker(text, () => board.setView(board.data.view))
      board.stage.extras.append(this.picker.label)
    }
    this.picker.show(members)
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

  retheme(theme) {
    this.card?.retheme(theme)
  }

  destroy() {
    this.card?.destroy()
  }
}
