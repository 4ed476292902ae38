// What the board has more where several nets train: a picker of one net, and the grid of settings,
// which takes the place of the boundary until a person wants to see that.

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
    this.picker ??= new MemberPicker(text, () => board.setView(board.data.view))
    this.picker.show(members)
    if (grid && !this.card) {
      const adopt = (settings) => board.act("adopt", settings)
      this.card = new GridCard(board.area, text, adopt, () => this.turn(false))
    }
    const settings = JSON.stringify(grid)
    if (settings !== this.settings) this.turn(Boolean(grid))
    this.settings = settings
    if (grid) this.card.show(grid, board.theme)
  }

  // The part of the view that is not the page's.
  view() {
    const { member } = this.picker
    const { root, data } = this.board
    root.toggleAttribute("data-member", member !== null)
    root.toggleAttribute("data-discretize", Boolean(data.view.discretize))
    return member === null ? {} : { member }
  }

  // The boundary's card is there: it gets the picker, and the way to the grid.
  attach(boundary) {
    if (this.boundary === boundary) return
    this.boundary = boundary
    boundary.tools.append(this.picker.label)
    const { text } = this.board.data
    this.toGrid = boundary.tool(text.show_grid, text.show_grid_help, () => this.turn(true))
    this.turn(this.onGrid)
  }

  turn(onGrid) {
    this.onGrid = onGrid
    if (this.card) this.card.card.hidden = !onGrid
    if (!this.boundary) return
    this.boundary.card.hidden = onGrid
    this.toGrid.hidden = !this.board.data.grid
    if (onGrid) {
      this.card.resize()
      this.draw(this.board.store, performance.now(), true)
    } else this.boundary.resize()
  }

  draw(store, now, all) {
    if (this.onGrid) this.card.update(store, now, all)
  }

  retheme(theme) {
    this.card?.retheme(theme)
  }

  resize() {
    this.card?.resize()
  }

  destroy() {
    this.card?.destroy()
  }
}
