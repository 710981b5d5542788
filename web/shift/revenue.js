// Revenue against hashrate: a panel for each denominator, one above the other on one time axis.

import { element, svg } from "../page/elements.js";
import { AT_MOST, LOWER, dayOf, withUnit, written } from "../page/format.js";
import { timeScale } from "../page/scale.js";

/**
 * @import { Day, TimeScale, Words } from "../types"
 * @import { Modes, ShiftPage } from "./types"
 */

/** @typedef {{ from: Day, to: Day, value: number, status: number }} Span */
/** @typedef {{ title: string, spans: Span[] }} Drawn a panel with its days as numbers */

const [TOP, BOTTOM] = [16, 94]; // of what is drawn in a panel

/**
 * @param {HTMLElement} root
 * @param {ShiftPage} page
 * @param {Modes} modes
 */
export function revenueOf(root, page, modes) {
  const { words } = modes;
  const home = root.querySelector('[data-question="revenue"] summary');
  if (!home || !modes.panels.length) return { draw() {} };
  const panels = modes.panels.map((panel) => ({ ...panel, spans: panel.spans.map(([start, end, value, status]) => ({ from: dayOf(start), to: dayOf(end), value, status })) }));
  const all = panels.flatMap((panel) => panel.spans);
  const [first, end] = [Math.min(...all.map((span) => span.from)), Math.max(...all.map((span) => span.to))];
  const axis = [{ from: first, to: first }, { from: end, to: end }];
  const box = element("div", "gt-revenue");
  const note = element("p", "gt-hint", words.revenueAxis);
  const pictures = panels.map((panel) => {
    const picture = svg("svg", { role: "img", "aria-label": panel.title });
    box.append(element("p", "gt-revenue-title", panel.title), picture);
    return picture;
  });
  home.after(note, box);
  /** @type {Element} */ (home.parentNode).addEventListener("toggle", draw);

  function draw() {
    const width = box.clientWidth;
    if (!width) return;
    const within = timeScale(axis, width - 40);
    const scale = (/** @type {Day} */ day) => 40 + within(day); // right of the axis' figures
    panels.forEach((panel, i) => {
      const last = i === panels.length - 1;
      const height = last ? 114 : 100;
      const size = { width, height, viewBox: `0 0 ${width} ${height}` };
      for (const [name, value] of Object.entries(size)) pictures[i].setAttribute(name, String(value));
      pictures[i].replaceChildren();
      drawPercents(pictures[i], page, width);
      drawYears(pictures[i], scale, { first, end, width, last });
      drawSpans(pictures[i], page, panel, scale);
    });
  }

  return { draw };
}

/**
 * Where a percentage stands.
 * @param {number} value
 */
function heightOf(value) {
  return BOTTOM - (value / 100) * (BOTTOM - TOP);
}

/**
 * @param {SVGElement} picture
 * @param {ShiftPage} page
 * @param {number} width
 */
function drawPercents(picture, page, width) {
  for (const tick of [0, 50, 100]) {
    const y = heightOf(tick);
    svg("line", { x1: 0, x2: width, y1: y, y2: y, class: tick ? "gt-grid" : "gt-axis" }, picture);
    const text = svg("text", { x: 2, y: y - 3, class: "gt-tick" }, picture);
    text.textContent = tick ? withUnit(String(tick), "%", page.metrics[0].style) : "";
  }
}

/**
 * Januaries; under the last panel with their years.
 * @param {SVGElement} picture
 * @param {TimeScale} scale
 * @param {{ first: Day, end: Day, width: number, last: boolean }} axis
 */
function drawYears(picture, scale, { first, end, width, last }) {
  for (let year = new Date(first * 864e5).getUTCFullYear() + 1; dayOf(`${year}-01-01`) < end; year++) {
    const x = scale(dayOf(`${year}-01-01`));
    svg("line", { x1: x, x2: x, y1: TOP, y2: BOTTOM + (last ? 5 : 0), class: "gt-grid" }, picture);
    if (!last || (width <= 460 && year % 2 === 0)) continue;
    svg("text", { x: x + 2, y: BOTTOM + 15, class: "gt-tick" }, picture).textContent = String(year);
  }
}

/**
 * A bar for each period, with its figure where there is room.
 * @param {SVGElement} picture
 * @param {ShiftPage} page
 * @param {Drawn} panel
 * @param {TimeScale} scale
 */
function drawSpans(picture, page, { spans }, scale) {
  const how = { digits: 9, scale: 0, least: 0, whole: 100, style: page.metrics[0].style, words: page.words };
  /** @type {Words} */
  const signs = Object.assign({}, page.words, { atLeast: "≥ {value}", atMost: "≤ {value}" });
  const brief = { ...how, most: 0, words: signs };
  const short = spans.every((span) => span.to - span.from < 40);
  for (const span of spans) {
    const [x, right, y] = [scale(span.from), scale(span.to), heightOf(span.value)];
    const open = span.status === LOWER || span.status === AT_MOST;
    const name = "gt-revenue-span" + (open ? " gt-revenue-open" : "");
    const bar = svg("line", { x1: x, x2: Math.max(right, x + 2), y1: y, y2: y, class: name }, picture);
    svg("title", {}, bar).textContent = written(span.value, span.status, { ...how, unit: "%" });
    if (short || right - x <= 16) continue;
    const at = y + (isUnder(span, spans) ? 14 : -5);
    const text = svg("text", { x: (x + right) / 2, y: at, "text-anchor": "middle", class: "gt-tick" }, picture);
    text.textContent = written(span.value, span.status, brief);
  }
}

/**
 * Whether the figure of a bar stands under it: above it there is no room, or another bar.
 * @param {Span} span
 * @param {Span[]} spans
 */
function isUnder(span, spans) {
  const over = (/** @type {Span} */ other) => other.from < span.to && span.from < other.to && other.value > span.value;
  return heightOf(span.value) < TOP + 12 || spans.some(over);
}
