// Figures and plotly, as far as the board reads them. Nothing here runs.

/** @import {Scale} from "../types.js" */

/** @typedef {ArrayLike<number> & Iterable<number>} Numbers */

// -- a figure: what Python makes, with what frames put into it -----------------------------------

/** @typedef {{data: Trace[], layout: Layout}} Figure */
/**
 * @typedef {Record<string, unknown> & {
 *   xaxis: AxisLayout, yaxis: AxisLayout, font: {family?: string}, uirevision?: string, dragmode?: unknown,
 * }} Layout
 */
/** @typedef {Record<string, unknown> & {range: Range, type?: string}} AxisLayout */
/** @typedef {[low: number, high: number]} Range  of a log axis in powers of ten */

/**
 * @typedef {object} Trace
 * @property {Numbers | string[]} x
 * @property {Numbers} y
 * @property {number} [zmax]
 * @property {string} [mode]
 * @property {Marker} [marker]
 * @property {LineLook} [line]
 * @property {boolean} [visible]
 * @property {number} [opacity]
 * @property {string} [hovertemplate]
 * @property {string} [hoverinfo]
 * @property {TraceMeta} [meta]
 */

/**
 * @typedef {Trace & {
 *   x: Numbers, z: Numbers[], zmin: number, zmax: number, colorscale: Scale, customdata?: Numbers[], meta: TraceMeta,
 * }} FieldTrace
 */
/** @typedef {Trace & {mode: string, meta: TraceMeta}} MarkTrace */
/** @typedef {MarkTrace & {line: LineLook, customdata: Numbers}} RibbonTrace */

/**
 * @typedef {object} TraceMeta  what a trace says to the board alone
 * @property {"field" | "marks"} [canvas]  who paints it, if plotly does not
 * @property {"train" | "validation"} [split]
 * @property {string} [label]  stands at the end of the curve
 * @property {string} [net]  what hover says of the net whose curve it is
 * @property {"band" | "bars" | "levels"} [ribbon]  between `customdata` and `y`; "levels" are lines across
 * @property {boolean} [continuous]
 * @property {string[]} [names]  of the classes of a field that is code + confidence
 * @property {"customdata"} [opacity]
 * @property {string} [beside]  what hover says of `customdata`
 * @property {Contours} [contours]
 * @property {Support | null} [support]
 */
/** @typedef {{levels: number[], color: string}} Contours */
/** @typedef {{side: number, values: Numbers}} Support  how near training rows are, rows upwards */

/**
 * @typedef {object} Colored  one colour, or numbers and what they mean
 * @property {string | Numbers} [color]
 * @property {Scale} [colorscale]
 * @property {number} [cmin]
 * @property {number} [cmax]
 */
/** @typedef {Colored & {symbol?: string, size: number, line?: Colored & {width?: number}}} Marker */
/** @typedef {{color: string, width: number, dash?: string}} LineLook */

// -- what is painted over a figure ---------------------------------------------------------------

/** @typedef {{x: (v: number) => number, y: (v: number) => number, dates: FullAxis}} Axes  from values to pixels */
/** @typedef {{w: number, h: number}} Size  of the plot, in pixels of the page */
/** @typedef {{lines: {label: string, value: number}[], color: string, halo: string, font: string}} Levels */

// -- plotly --------------------------------------------------------------------------------------

/**
 * @typedef {object} PlotlyApi
 * @property {(gd: PlotElement, data: object[], layout: Layout, config: object) => void} newPlot
 * @property {(gd: PlotElement, data: object[], layout: Layout, config: object) => void} react
 * @property {(gd: PlotElement, change: Record<string, unknown>) => void} relayout
 * @property {(gd: PlotElement) => void} purge
 * @property {{resize: (gd: PlotElement) => void}} Plots
 */

/**
 * @typedef {object} PlotlyState  what plotly keeps on its element; names with `_` are not documented
 * @property {Record<string, unknown>[]} [data]
 * @property {Record<string, unknown>[]} _fullData
 * @property {FullLayout} [_fullLayout]
 * @property {boolean} [_dragging]
 * @property {Computed[][]} [calcdata]
 * @property {(event: string, act: (change?: object) => void) => void} on
 */
/** @typedef {HTMLElement & PlotlyState} PlotElement */
/** @typedef {Record<string, unknown> & {x: unknown, y: unknown, z?: Numbers[]}} Computed */
/**
 * @typedef {object} FullLayout
 * @property {FullAxis} xaxis
 * @property {FullAxis} yaxis
 * @property {{l: number, t: number, w: number, h: number}} _size
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} FullAxis
 * @property {Range} range
 * @property {string} type
 * @property {(value: number) => number} r2l  from a range's end to a number
 * @property {(value: number) => number} d2p  from a value to pixels
 * @property {(text: string) => number} d2c  from a date to plotly's number
 */

export {}
