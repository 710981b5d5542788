// A few names on the map itself: the groups in front, and aggregates that their source does not split.
// Hidden from screen readers, who have the same words in the sentence, the live region and the table.

import { leader, length, nearestOf, placed, pricesOf, rasterOf } from "../map/placing.js";
import { element, svg } from "./elements.js";
import { namesOf } from "./names.js";

/** @import { App, Joined, Labels, Metric, Page, Theme, TimeLayer } from "../types.d.ts" */
/** @import { Box, Segment, Spot, View } from "../types.d.ts" */
/** @import { Price, Raster, Size } from "../map/placing.js" */
/** @import { Wanted } from "./names.js" */

/**
 * Where a name stands on the map; without a box it is out of view.
 * @typedef {object} Stand
 * @property {HTMLDivElement} node
 * @property {HTMLSpanElement} figure
 * @property {string} widest of its texts over time
 * @property {Size} room that its widest text takes
 * @property {Box | null} box
 * @property {Segment[]} lines
 */

/** @typedef {Wanted & Stand} Label */

/**
 * What the frame shows, looked at once a view.
 * @typedef {object} Seen
 * @property {string} key of the view
 * @property {Raster} raster
 * @property {Map<string, Price>} prices
 * @property {Map<string, Spot>} places
 * @property {Box[]} buttons
 */

const WIDESPREAD = 12; // regions of an aggregate whose label has no line: it would speak of one of them

/**
 * The names on the map in a frame.
 * @param {HTMLElement} frame
 * @param {Page} page
 * @param {TimeLayer} layer
 * @returns {Labels}
 */
export function labelsOf(frame, page, layer) {
  const box = element("div", "gt-labels gt-screen");
  box.setAttribute("aria-hidden", "true");
  const leaders = svg("svg", { class: "gt-leaders" });
  frame.append(box);
  const names = namesOf(page, layer);
  const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = getComputedStyle(box).font;
  const wide = (/** @type {string} */ text) => ruler.measureText(text).width;
  let measured = 0; // how wide the frame was when they were
  /** @type {Label[]} */
  let labels = [];
  /** @type {Seen} */
  let seen;
  /**
   * @param {Metric} metric
   * @param {number} t
   * @param {Joined[]} joined
   */
  function update(metric, t, joined) {
    labels = names.wanted(metric, t, joined).map((label) => {
      const node = element("div", "gt-label" + (label.colour ? "" : " gt-label-joined"));
      if (label.colour) node.style.setProperty("--gt-group", `var(--gt-${label.colour})`);
      const widest = names.widest(metric, label, wide);
      const figure = element("span", "", widest);
      node.append(element("b", "", label.name), " ", figure);
      return /** @type {Label} its place follows */ ({ ...label, node, figure, widest });
    });
    box.replaceChildren(leaders, ...labels.map((label) => label.node));
    measure();
    place();
  }

  // With their widest texts. In a frame that has no size yet, or is too narrow for them, they have other rooms than later.
  function measure() {
    for (const { node, figure, widest } of labels) {
      node.hidden = false;
      if (figure.textContent !== widest) figure.textContent = widest;
    }
    for (const label of labels) label.room = { width: label.node.offsetWidth, height: label.node.offsetHeight };
    for (const { figure, text } of labels) if (figure.textContent !== text) figure.textContent = text;
    measured = box.offsetWidth;
  }

  // Beside its regions, within the frame, off the labels placed before it and off what else lies over the map.
  function place() {
    if (!layer.view || !labels.length) return leaders.replaceChildren();
    if (!box.offsetWidth) return undefined; // not shown, as on paper: they stay where they were
    if (box.offsetWidth !== measured) measure();
    const { raster, buttons } = look();
    const taken = [...buttons];
    /** @type {Segment[]} */
    const lines = [];
    for (const label of labels) {
      const spots = anchorsOf(label, raster);
      label.node.hidden = !spots.length; // what it names is out of view
      label.box = null;
      if (!spots.length) continue;
      const key = labels.map((each) => each.key) + label.key + [label.room.width, label.room.height, taken.map((each) => [each.x, each.y]), spots.map(({ x, y }) => [x, y])];
      if (!seen.places.has(key)) seen.places.set(key, placed(label.room, spots, priceOf(label, raster), layer.view, taken, lines) ?? { x: 2, y: 2 });
      const spot = /** @type {Spot} */ (seen.places.get(key));
      const stands = { x: spot.x, y: spot.y, width: label.node.offsetWidth, height: label.node.offsetHeight };
      label.box = stands;
      taken.push({ x: spot.x, y: spot.y, ...label.room });
      const ends = label.own.length ? spots : nearest(label.regions, raster, stands);
      label.lines = ends.map((each) => leader(stands, each)).filter((line) => length(line) > 3);
      lines.push(...label.lines);
      label.node.style.transform = `translate(${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px)`;
    }
    drawLines(leaders, labels);
    return undefined;
  }

  // What the frame shows, looked at once a view.
  function look() {
    const view = /** @type {View} */ (layer.view);
    const key = [view.k, view.x, view.y, view.width, view.height].join();
    if (seen?.key !== key) {
      const edge = frame.getBoundingClientRect();
      const buttons = [...frame.querySelectorAll(".leaflet-control, .gt-frame-name")].map((node) => node.getBoundingClientRect()).filter((each) => each.width);
      seen = {
        key, raster: rasterOf(layer), prices: new Map(), places: new Map(),
        buttons: buttons.map(({ x, y, width, height }) => ({ x: x - edge.x - 2, y: y - edge.y - 2, width: width + 4, height: height + 4 })),
      };
    }
    return seen;
  }

  /**
   * @param {Label} label
   * @param {Raster} raster
   */
  function priceOf(label, raster) {
    const spoken = new Set(labels.flatMap((each) => (each.colour ? [] : each.regions))); // by their aggregates
    const key = [label.key, ...labels.flatMap((each) => (each.colour ? [] : [each.key, each.regions.length]))].join();
    /** @param {number} i */
    const listed = (i) => page.unitOf[i] >= 0 || spoken.has(i);
    if (!seen.prices.has(key)) seen.prices.set(key, pricesOf(raster, listed, new Set(label.regions)));
    return /** @type {Price} */ (seen.prices.get(key));
  }

  /**
   * The points in view that a label belongs to: its regions' own, of an aggregate the middle of them all.
   * @param {Label} label
   * @param {Raster} raster
   */
  function anchorsOf({ own, regions }, raster) {
    const view = /** @type {View} */ (layer.view);
    /** @param {Spot} spot */
    const inside = ({ x, y }) => x >= 0 && y >= 0 && x < view.width && y < view.height;
    const spots = (own.length ? own.map((i) => layer.spot(i)) : [layer.middle(regions)]).filter(inside);
    return spots.length ? spots : nearestOf(regions, raster, { x: view.width / 2, y: view.height / 2, width: 0, height: 0 });
  }

  /**
   * Of an aggregate of some regions the point of them that is nearest to its label; of many, none.
   * @param {number[]} regions
   * @param {Raster} raster
   * @param {Box} stands
   */
  function nearest(regions, raster, stands) {
    return regions.length > WIDESPREAD ? [] : nearestOf(regions, raster, stands);
  }

  return { update, place, draw: (pen, dpr, theme) => drawOn(pen, labels, dpr, theme) };
}

/**
 * @param {SVGElement} leaders
 * @param {Label[]} labels
 */
function drawLines(leaders, labels) {
  const lines = labels.flatMap((label) => (label.box ? label.lines : []));
  leaders.replaceChildren();
  for (const line of lines) svg("line", { ...line, class: "gt-leader-ground" }, leaders);
  for (const line of lines) {
    svg("line", { ...line, class: "gt-leader" }, leaders);
    svg("circle", { cx: line.x2, cy: line.y2, r: 2.2, class: "gt-leader-end" }, leaders);
  }
}

/**
 * The same labels on paper, where the frame is a picture.
 * @param {CanvasRenderingContext2D} pen
 * @param {Label[]} labels
 * @param {number} dpr
 * @param {Theme} theme
 */
function drawOn(pen, labels, dpr, theme) {
  const shown = labels.filter((label) => label.box);
  for (const [colour, width] of /** @type {const} */ ([[theme.page, 3], [theme.ink, 1]])) {
    pen.strokeStyle = colour;
    pen.lineWidth = width * dpr;
    for (const { x1, y1, x2, y2 } of shown.flatMap((label) => label.lines)) {
      pen.beginPath();
      pen.moveTo(x1 * dpr, y1 * dpr);
      pen.lineTo(x2 * dpr, y2 * dpr);
      pen.stroke();
    }
  }
  pen.textBaseline = "middle";
  for (const { box: stands, name, text } of shown) {
    const { x, y, width, height } = /** @type {Box} */ (stands);
    pen.fillStyle = theme.page;
    pen.fillRect(x * dpr, y * dpr, width * dpr, height * dpr);
    pen.fillStyle = theme.ink;
    pen.font = `${12 * dpr}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
    pen.fillText(`${name} ${text}`, (x + 5) * dpr, (y + height / 2) * dpr, (width - 8) * dpr);
  }
}

/**
 * The names on the map of the page.
 * @param {App} app
 */
export function labelControl(app) {
  const { layer } = app;
  const labels = labelsOf(app.frame, app.page, layer);
  return {
    place: labels.place,
    /** @param {number} t */
    show: (t) => labels.update(app.metric(), t, app.looks.joined()),
    /** @param {CanvasRenderingContext2D} pen */
    print: (pen) => layer.view && labels.draw(pen, layer.view.dpr, app.theme()),
  };
}
