// Rows that are pictures, with what the net says of them, and the first layer's weights as pictures.

const version = new URL(import.meta.url).search
const part = (name) => import(`./${name}${version}`)
const [{ element, three, write }, { table }, { typed }] = await Promise.all(
  ["dom.js", "colors.js", "stream.js"].map(part),
)

const EVERY = 200 // ms between two readings
const APART = 4 // px between pictures
const CAPTION = 15 // px under a picture
const NAME = 17 // px over the pictures of a class
const SHORT = 3 // letters of a class's name that leave room for its share
const LARGEST = 96 // px of a side
const SMALL = 127 // weights come as whole numbers up to this

export class Pictures {
  constructor(board) {
    this.board = board
  }

  update({ pictures, text }) {
    const { stage, area, theme } = this.board
    const said = JSON.stringify(pictures)
    if (said === this.said) return
    this.said = said
    if (!pictures) {
      for (const name of ["rows", "weights"]) if (stage.has(name)) stage.remove(name)
      return
    }
    this.rows ??= new RowsCard(area, text)
    this.weights ??= new WeightsCard(area, text)
    this.rows.show(pictures)
    this.weights.show(pictures, theme)
    if (stage.has("rows")) return
    stage.add("rows", this.rows, text.show_rows, text.show_rows_help)
    stage.add("weights", this.weights, text.show_weights, text.show_weights_help)
  }

  several(said) {
    this.rows?.several(said)
    this.weights?.several(said)
  }

  retheme(theme) {
    this.weights?.retheme(theme)
  }

  destroy() {
    this.rows?.card.remove()
    this.weights?.card.remove()
  }
}

function cardOf(area, name, host) {
  const title = element("h3", { id: `mlpdash-${name}-title` })
  const legend = element("div", { class: "legend" })
  const card = element(
    "section",
    { class: `card ${name}`, "data-testid": `figure-${name}`, "aria-labelledby": title.id },
    element("header", {}, title),
    host,
    legend,
  )
  card.hidden = true
  area.append(card)
  return { card, title, legend }
}

class RowsCard {
  constructor(area, text) {
    this.text = text
    this.host = element("div", { class: "pictures" })
    Object.assign(this, cardOf(area, "rows", this.host))
    this.right = element("span")
    this.of = element("span")
    this.card.querySelector("header").append(element("div", { class: "readings" }, this.of, this.right))
    this.drawnAt = 0
  }

  show(given) {
    this.given = given
    this.seen = undefined
    write(this.title, given.held_out ? this.text.rows_held_out : this.text.rows_training)
    const pixels = typed(given.pixels)
    const size = given.height * given.width
    this.tiles = given.rows.map((_, i) => this.tile(pixels.subarray(i * size, (i + 1) * size)))
    const figures = this.tiles.map(({ figure }) => figure)
    const groups = given.groups.length ? given.groups : [figures.length]
    let from = 0
    this.host.replaceChildren(
      ...groups.map((count, code) => {
        const part = element("div", { class: "pictured" }, ...figures.slice(from, from + count))
        from += count
        if (!given.groups.length) return part
        const name = element("b", {}, given.classes[code])
        return element("div", { class: "of-class" }, name, part)
      }),
    )
    const mark = element("i", { class: "framed", "aria-hidden": "true" })
    this.legend.replaceChildren(...(given.classes.length ? [element("span", {}, mark, this.text.rows_wrong)] : []))
    this.card.classList.toggle("plain", !given.classes.length)
    this.side = 0
    this.resize()
  }

  several({ mean }) {
    write(this.of, mean)
  }

  tile(pixels) {
    const { height, width } = this.given
    const canvas = element("canvas", { width, height, "aria-hidden": "true" })
    const pen = canvas.getContext("2d")
    const image = pen.createImageData(width, height)
    pixels.forEach((value, i) => (image.data[4 * i + 3] = value)) // black on nothing; CSS turns it in the dark
    pen.putImageData(image, 0, 0)
    const caption = element("figcaption", {}, "–")
    return { figure: element("figure", {}, canvas, caption), caption }
  }

  draw(store, now, all) {
    const held = store.get(this.given.classes.length ? "picture_code" : "picture_value")
    if (!held || held.version === this.seen || held.values.length !== this.tiles.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = held.version
    if (this.given.classes.length) this.classes(held.values, store.get("picture_share").values)
    else this.tiles.forEach((tile, i) => this.say(tile, i, this.text.row_value, three(held.values[i])))
    return true
  }

  classes(codes, shares) {
    const { classes, codes: actual } = this.given
    let right = 0
    this.tiles.forEach((tile, i) => {
      const share = `${Math.round(100 * shares[i])} %`
      const wrong = codes[i] !== actual[i]
      const name = classes[codes[i]]
      const brief = wrong ? name : share // the class stands over the pictures
      this.say(tile, i, this.text.row_class, name, share, this.given.groups.length && name.length > SHORT ? brief : "")
      if (!wrong) right += 1
      tile.figure.classList.toggle("wrong", wrong)
    })
    write(this.right, this.text.rows_right.replace("{right}", right).replace("{n}", codes.length))
  }

  say({ figure, caption }, i, sentence, said, share = "", brief = "") {
    const whole = share ? `${said} ${share}` : said
    if (caption.said === whole) return
    caption.said = whole
    write(caption, brief || whole)
    const { rows, actual } = this.given
    const parts = { row: rows[i], actual: actual[i], said, share }
    figure.title = sentence.replace(/{(\w+)}/g, (_, name) => parts[name])
  }

  // Square, and as large as lets all of them be seen.
  resize() {
    if (!this.given || this.card.hidden) return
    const narrow = this.card.closest('[data-layout="narrow"]') !== null
    const { clientWidth: width, clientHeight: height } = this.host
    const side = largest(this.given, width, narrow ? Infinity : height)
    if (side === this.side || side < 1) return
    this.side = side
    this.host.style.setProperty("--side", `${side}px`)
  }
}

// The largest side at which all pictures have room, class by class or in one block.
export function largest({ groups, rows }, width, height) {
  const most = groups.length ? Math.max(...groups) : rows.length
  for (let side = LARGEST; side > 8; side--) {
    const across = Math.floor((width + APART) / (side + APART))
    const line = side + CAPTION + APART
    if (groups.length) {
      const wide = most * (side + APART) + 10 // px between two classes
      const beside = Math.floor((width + 10) / wide)
      if (beside && Math.ceil(groups.length / beside) * (line + NAME) <= height) return side
    } else if (across && Math.ceil(most / across) * line <= height) return side
  }
  return 8
}

class WeightsCard {
  constructor(area, text) {
    this.text = text
    this.canvas = element("canvas", { role: "img" })
    this.host = element("div", { class: "blocks" }, this.canvas)
    Object.assign(this, cardOf(area, "weights", this.host))
    this.canvas.setAttribute("aria-labelledby", this.title.id)
    this.canvas.onmousemove = (event) => this.point(event)
    this.low = element("span")
    this.high = element("span")
    const bar = element("i", { class: "signs", "aria-hidden": "true" })
    this.legend.append(element("span", {}, this.low, bar, this.high), element("span", {}, text.weights_hint))
    this.small = document.createElement("canvas")
    this.drawnAt = 0
  }

  show(given, theme) {
    const { units, unit_count: n } = given
    this.given = given
    this.seen = this.theme = undefined
    const some = this.text.weights_some.replace("{shown}", units.length).replace("{n}", n)
    this.whole = units.length < n ? some : this.text.weights
    write(this.title, this.whole)
    this.small.width = given.width
    this.small.height = given.height
    this.retheme(theme)
  }

  // One net's weights are shown; of one net there is nothing to say.
  several({ one }) {
    const said = this.text.weights_of.replace("{title}", this.whole)
    write(this.title, one ? said.replace("{net}", one.name).replace("{n}", one.nets) : this.whole)
  }

  retheme(theme) {
    if (!this.given || theme === this.theme) return
    this.theme = theme
    this.lut = table(this.given.scales[theme])
    this.paint()
  }

  draw(store, now, all) {
    const held = store.get("unit_weights")
    if (!held || held.version === this.seen || held.shape[0] !== this.given.units.length) return false
    if (!all && now - this.drawnAt < EVERY) return false
    this.drawnAt = now
    this.seen = held.version
    this.values = held.values
    this.scale = store.get("unit_scale").values[0]
    write(this.low, three(-this.scale))
    write(this.high, three(this.scale))
    this.paint()
    return true
  }

  resize() {
    if (this.given && !this.card.hidden) this.paint()
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.host
    if (!this.values || !width || !height) return
    const ratio = window.devicePixelRatio || 1
    const { units, height: rows, width: columns } = this.given
    this.layout = blocks(units.length, width, height, rows / columns)
    const { across, side, tall } = this.layout
    const size = [Math.round(width * ratio), Math.round(height * ratio)]
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size
    const pen = this.canvas.getContext("2d")
    const small = this.small.getContext("2d")
    const image = small.createImageData(columns, rows)
    const pixels = new Uint32Array(image.data.buffer)
    pen.imageSmoothingEnabled = false
    pen.clearRect(0, 0, ...size)
    const factor = (this.lut.length - 1) / (2 * SMALL)
    for (let unit = 0; unit < units.length; unit++) {
      const from = unit * pixels.length
      for (let i = 0; i < pixels.length; i++) pixels[i] = this.lut[Math.round((this.values[from + i] + SMALL) * factor)]
      small.putImageData(image, 0, 0)
      const [x, y] = [(unit % across) * (side + APART), Math.floor(unit / across) * (tall + APART)]
      pen.drawImage(this.small, ...[x, y, side, tall].map((v) => Math.round(v * ratio)))
    }
  }

  point({ offsetX, offsetY }) {
    if (!this.layout) return
    const { across, side, tall } = this.layout
    const column = Math.floor(offsetX / (side + APART))
    const unit = column + across * Math.floor(offsetY / (tall + APART))
    const size = this.given.height * this.given.width
    const values = this.values.subarray(unit * size, (unit + 1) * size)
    if (column >= across || !values.length) return this.canvas.removeAttribute("title")
    const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => three((v / SMALL) * this.scale))
    const sentence = this.text.weights_unit.replace("{unit}", this.given.units[unit])
    this.canvas.title = sentence.replace("{low}", low).replace("{high}", high)
  }
}

// How many pictures stand side by side so that all of them are as large as can be.
export function blocks(count, width, height, shape) {
  let best = { across: 1, side: 0, tall: 0 }
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across)
    const side = Math.min((width + APART) / across - APART, ((height + APART) / down - APART) / shape, 160)
    if (side > best.side) best = { across, side, tall: side * shape }
  }
  return best
}
