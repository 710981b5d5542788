// The chart under the map: one line per group over real time, in step with the slider.
// A period is drawn as wide as it is; a gap in the data is a gap in the line.

import { svg } from "./elements.js";
import { AT_MOST, DAY, LOWER, exact, numeral, withUnit } from "./format.js";
import { scaleOf } from "./model.js";
import { timeScale } from "./scale.js";

/** @import { App, Band, Group, Metric, Page, Scaled, Slice, TimeScale } from "../types.d.ts" */

/** @typedef {(value: number) => number} Height a value's place in pixels */
/** @typedef {{ top: number, bottom: number, width: number }} Plot */

const SHAPES = ["circle", "square", "triangle", "diamond"];

/**
 * Round steps 1, 2, 2.5, 5 x 10^n so that about four lines divide the axis, which goes through zero.
 * @param {number} max
 * @param {number} [min] the lowest figure, where some are below zero
 * @returns {number[]}
 */
export function ticksOf(max, min = 0) {
  if (!(max > min)) return [0, 1];
  const raw = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = /** @type {number} */ ([1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw * 0.999));
  const ticks = [];
  for (let n = Math.ceil(min / step - 0.999); n * step < max + step * 0.999; n++) ticks.push(n * step + 0);
  return ticks;
}

/**
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {Record<string, string>} attributes
 * @param {Element} parent
 */
function marker(shape, x, y, r, attributes, parent) {
  if (shape === "circle") return svg("circle", { cx: x, cy: y, r, ...attributes }, parent);
  const points = /** @type {Record<string, [number, number][]>} */ ({
    square: [[-r, -r], [r, -r], [r, r], [-r, r]],
    triangle: [[0, -r * 1.2], [r * 1.15, r], [-r * 1.15, r]],
    diamond: [[0, -r * 1.35], [r * 1.2, 0], [0, r * 1.35], [-r * 1.2, 0]],
  })[shape];
  return svg("polygon", { points: points.map(([a, b]) => `${x + a},${y + b}`).join(" "), ...attributes }, parent);
}

/**
 * @param {HTMLElement} box
 * @param {Page} page
 * @param {(x: number, scale: TimeScale) => void} seek
 */
function chartOf(box, page, seek) {
  const root = svg("svg", { class: "gt-chart", role: "img" }, box);
  /** @type {SVGGElement | undefined} */
  let cursor;
  /** @type {TimeScale} */
  let scale;
  let height = 0;

  root.addEventListener("click", (event) => seek(event.clientX - root.getBoundingClientRect().left, scale));

  /**
   * @param {Metric} metric
   * @param {number} t
   * @param {Band[]} [bands]
   */
  function draw(metric, t, bands) {
    box.hidden = !metric.groups.some((line) => line.some((value) => value !== null)); // of a rate there may be no line
    const width = Math.max(box.clientWidth, 120);
    scale = timeScale(page.slices, width);
    height = (width < 480 ? 155 : 205) + 14 * Math.max(0, ...eventRows(page, scale, width));
    root.replaceChildren();
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    root.setAttribute("width", String(width));
    root.setAttribute("height", String(height));
    root.setAttribute("aria-label", metric.chartLabel);
    const rows = eventRows(page, scale, width);
    const plot = { top: 12 + 14 * Math.max(0, ...rows.map((row) => row + 1)), bottom: height - 22, width };
    const factor = 10 ** scaleOf(metric);
    const tops = (bands || []).flatMap((band) => band.high.map((v) => (v ?? 0) * band.factor));
    const figures = metric.groups.flat().filter((v) => v !== null);
    const max = Math.max(...figures, ...tops, 0) / factor;
    const min = Math.min(...figures, 0) / factor;
    const ticks = metric.whole && max > metric.whole * 0.6 ? ticksOf(metric.whole, min) : ticksOf(max, min);
    const [bottom, top] = [ticks[0], ticks[ticks.length - 1]];
    /** @type {Height} */
    const y = (value) => plot.bottom - ((value - bottom) / (top - bottom)) * (plot.bottom - plot.top);
    drawAxes(root, page, plot, scale, ticks, y, metric);
    drawEvents(root, page, plot, scale, rows);
    bands?.forEach((band) => drawBand(root, page, band, scale, (v) => y(Math.min(v / factor, top))));
    metric.groups.forEach((values, g) => drawGroup(root, page, page.groups[g], values, metric.groupStatus[g], scale, (v) => y(v / factor), g));
    cursor = svg("g", { class: "gt-cursor" }, root);
    move(t);
  }

  /** @param {number} t */
  function move(t) {
    if (!cursor) return;
    const slice = page.slices[t];
    const from = scale(slice.from);
    const to = Math.max(scale(slice.to), from + 2);
    cursor.replaceChildren();
    svg("rect", { x: from, y: 12, width: to - from, height: height - 34, class: "gt-cursor-band" }, cursor);
    svg("line", { x1: (from + to) / 2, x2: (from + to) / 2, y1: 12, y2: height - 20, class: "gt-cursor-line" }, cursor);
  }

  return { draw, move };
}

/**
 * @param {SVGElement} root
 * @param {Page} page
 * @param {Plot} plot
 * @param {TimeScale} scale
 * @param {number[]} ticks
 * @param {Height} y
 * @param {Metric} metric
 */
function drawAxes(root, page, plot, scale, ticks, y, metric) {
  for (const tick of ticks) {
    const zero = tick === 0 && ticks[0] < 0;
    svg("line", { x1: 0, x2: plot.width, y1: y(tick), y2: y(tick), class: zero ? "gt-axis gt-zero" : "gt-grid" }, root);
    const last = tick === ticks[ticks.length - 1];
    const text = svg("text", { x: 2, y: y(tick) - 3, class: "gt-tick" }, root);
    const own = numeral(exact(Number(tick.toPrecision(12))), 0, metric.style);
    text.textContent = last ? withUnit(own, metric.unitShown, metric.style) : own;
  }
  let right = -Infinity;
  for (const { day, text } of yearTicks(page.slices, plot.width, metric.style.months)) {
    const x = scale(day);
    svg("line", { x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 5, class: "gt-axis" }, root);
    if (x + 2 < right + 6 || x > plot.width - 26) continue;
    svg("text", { x: x + 2, y: plot.bottom + 15, class: "gt-tick" }, root).textContent = text;
    right = x + 2 + 7 * text.length;
  }
  svg("line", { x1: 0, x2: plot.width, y1: plot.bottom, y2: plot.bottom, class: "gt-axis" }, root);
}

/**
 * January of each year; quarters too when the span is short and the paper wide.
 * @param {Slice[]} slices
 * @param {number} width
 * @param {string[]} names
 */
function yearTicks(slices, width, names) {
  const first = new Date(slices[0].from * DAY);
  const last = slices[slices.length - 1].to;
  const months = (last - slices[0].from) / 30.4;
  const every = months * 30 < width ? 3 : 12;
  /** @type {{ day: number, text: string }[]} */
  const ticks = [];
  for (let m = first.getUTCFullYear() * 12 + Math.ceil(first.getUTCMonth() / every) * every; ; m += every) {
    const day = Date.UTC(Math.floor(m / 12), m % 12, 1) / DAY;
    if (day > last) return ticks;
    const year = Math.floor(m / 12);
    const month = names[m % 12];
    if (day >= slices[0].from) ticks.push({ day, text: m % 12 === 0 ? String(year) : month });
  }
}

/**
 * The badges' rows: each takes the highest in which nothing is near. -1: outside the chart.
 * @param {Page} page
 * @param {TimeScale} scale
 * @param {number} width
 */
function eventRows(page, scale, width) {
  /** @type {number[]} */
  const ends = [];
  return page.events.map((event) => {
    const x = scale(event.day);
    if (x < 0 || x > width) return -1;
    let row = ends.findIndex((end) => x - end >= 14);
    if (row < 0) row = ends.length;
    ends[row] = x;
    return row;
  });
}

/**
 * @param {SVGElement} root
 * @param {Page} page
 * @param {Plot} plot
 * @param {TimeScale} scale
 * @param {number[]} rows
 */
function drawEvents(root, page, plot, scale, rows) {
  page.events.forEach((event, i) => {
    const x = scale(event.day);
    if (rows[i] < 0) return;
    const mark = svg("g", { class: "gt-event" }, root);
    svg("line", { x1: x, x2: x, y1: 14, y2: plot.bottom }, mark);
    const top = 8 + 14 * rows[i];
    svg("circle", { cx: x, cy: top, r: 6.5 }, mark);
    svg("text", { x, y: top + 3.3, "text-anchor": "middle" }, mark).textContent = String(i + 1);
    svg("title", {}, mark).textContent = event.date + page.words.colon + event.label;
  });
}

/**
 * What a line may be under an assumption: as wide as each period, behind the lines.
 * @param {SVGElement} root
 * @param {Page} page
 * @param {Band} band
 * @param {TimeScale} scale
 * @param {Height} y
 */
function drawBand(root, page, { colour, low, high, factor }, scale, y) {
  let shape = "";
  page.slices.forEach((slice, t) => {
    const [least, most] = [low[t], /** @type {Scaled} known where the other is */ (high[t])];
    if (least === null || most === least) return;
    const [x, right, top, bottom] = [scale(slice.from), scale(slice.to), y(most * factor), y(least * factor)];
    shape += `M${x.toFixed(1)} ${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}H${x.toFixed(1)}Z`;
  });
  if (shape) svg("path", { d: shape, class: "gt-band", style: `--gt-group: var(--gt-${colour})` }, root);
}

/**
 * @param {SVGElement} root
 * @param {Page} page
 * @param {Group} group
 * @param {(Scaled | null)[]} values
 * @param {number[]} status
 * @param {TimeScale} scale
 * @param {Height} y
 * @param {number} g
 */
function drawGroup(root, page, group, values, status, scale, y, g) {
  const mark = svg("g", { class: "gt-group", style: `--gt-group: var(--gt-${group.colour})` }, root);
  const shape = SHAPES[g % SHAPES.length];
  /** @param {Slice} slice */
  const mid = (slice) => scale((slice.from + slice.to) / 2);
  const dense = page.slices.length > 60;
  /** @param {number} t */
  const bounded = (t) => status[t] === LOWER || status[t] === AT_MOST; // no line leads there
  let line = "";
  let before = -1;
  page.slices.forEach((slice, t) => {
    const value = values[t];
    if (value === null) return;
    const joined = before === t - 1 && before >= 0 && page.slices[before].to === slice.from && !bounded(t) && !bounded(before);
    line += `${joined ? "L" : "M"}${mid(slice).toFixed(1)} ${y(value).toFixed(1)}`;
    before = t;
  });
  if (line) svg("path", { d: line, class: "gt-line" + (group.kind === "group" ? "" : " gt-line-rest") }, mark);
  page.slices.forEach((slice, t) => {
    const value = values[t];
    if (value === null) return;
    const from = scale(slice.from);
    const to = scale(slice.to);
    if (page.spans && to - from > 5) svg("line", { x1: from, x2: to, y1: y(value), y2: y(value), class: "gt-span" }, mark);
    if (dense && !page.spans) return;
    const size = page.spans ? 3.6 : 2.4;
    marker(shape, mid(slice), y(value), size, { class: bounded(t) ? "gt-point gt-hollow" : "gt-point" }, mark);
  });
}

/**
 * The chart of the metric that is chosen, where a page has groups and a place for it.
 * @param {App} app
 */
export function chartControl(app) {
  const { page, state, $ } = app;
  const box = $(".gt-chart-box");
  if (!page.groups.length || !box) return null;
  const chart = chartOf(box, page, app.timeline.seek);
  const draw = () => chart.draw(page.metrics[state.m], state.t, app.shift?.bands());
  return { draw, resize: draw, banded: draw, show: chart.move };
}
