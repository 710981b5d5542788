// Where a name stands on a map: beside what it names, over sea or land without figures, with a line to it.
// render/picture/placing.py places the labels of pictures by the same prices.

import { scan } from "./canvas.js";

/** @import { Box, Geometry, Segment, Spot, TimeLayer, View } from "../types.d.ts" */

/** @typedef {Pick<Box, "width" | "height">} Size */
/** @typedef {Size & { cells: Int32Array, sizes: Int32Array }} Raster what lies in each cell; cells of each region */
/** @typedef {(box: Box) => number} Price */

const CELL = 4; // CSS pixels across of the raster that says what lies where
const SMALL = 60; // cells of a region that a name could hide whole
const PRICES = { land: 0.0016, figure: 0.04, small: 0.12 }; // of a cell hidden, where moving by the map's diagonal costs FAR
const FAR = 3;
const ISLE = 20; // times smaller than the largest land: no line leads to it
const CROSSED = 5; // of a line that runs behind another label

/**
 * What lies in each cell of the frame: a region + 1, or 0 for sea. A dot, or a region smaller than a cell, has cells
 * too.
 * @param {TimeLayer} layer one that has a view
 * @returns {Raster}
 */
export function rasterOf(layer) {
  const { geometry } = layer;
  const view = /** @type {View} */ (layer.view);
  const width = Math.ceil(view.width / CELL);
  const height = Math.ceil(view.height / CELL);
  const cells = new Int32Array(width * height);
  const sizes = new Int32Array(geometry.regions.length);
  const coarse = { k: view.k / CELL, x: view.x / CELL, y: view.y / CELL, dpr: 1 };
  /** @type {number[]} */
  const specks = [];
  geometry.regions.forEach((region, i) => {
    scan(region, geometry.arcs, coarse, width, height, (row, from, to) => {
      cells.fill(i + 1, row * width + from, row * width + to);
      sizes[i] += to - from;
    });
    if (!sizes[i] && layer.drawn(i)) specks.push(i);
  });
  for (const i of specks) {
    const { x, y } = layer.spot(i);
    for (const [dx, dy] of [[-2, -2], [-2, 2], [2, -2], [2, 2]]) {
      const [column, row] = [Math.floor((x + dx) / CELL), Math.floor((y + dy) / CELL)];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      cells[row * width + column] = i + 1;
      sizes[i]++;
    }
  }
  return { width, height, cells, sizes };
}

/**
 * The price of hiding each cell, summed up from the upper left corner, so that a box costs four look-ups.
 * @param {Raster} raster
 * @param {(region: number) => boolean} listed
 * @param {Set<number>} own regions of the label itself
 * @returns {Price}
 */
export function pricesOf(raster, listed, own) {
  const { width, height, cells, sizes } = raster;
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let line = 0;
    for (let x = 0; x < width; x++) {
      const i = cells[y * width + x] - 1;
      if (i >= 0) {
        const small = sizes[i] <= SMALL;
        line += own.has(i) ? PRICES.figure : listed(i) ? (small ? PRICES.small : PRICES.figure) : small ? PRICES.figure : PRICES.land;
      }
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + line;
    }
  }
  return (box) => {
    /** @type {(value: number, most: number) => number} */
    const clamp = (value, most) => Math.max(0, Math.min(most, value));
    const [left, right] = [clamp(Math.floor(box.x / CELL), width), clamp(Math.ceil((box.x + box.width) / CELL), width)];
    const [top, bottom] = [clamp(Math.floor(box.y / CELL), height), clamp(Math.ceil((box.y + box.height) / CELL), height)];
    /** @type {(x: number, y: number) => number} */
    const at = (x, y) => sums[y * (width + 1) + x];
    return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
  };
}

/**
 * The box of a label that costs least within the frame, off what is taken already.
 * anchors: the points its lines lead to; taken: boxes; lines: those of the labels placed before.
 * @param {Size} size
 * @param {Spot[]} anchors
 * @param {Price} price
 * @param {Size} room
 * @param {Box[]} taken
 * @param {Segment[]} lines
 * @returns {(Box & { cost: number }) | null}
 */
export function placed(size, anchors, price, room, taken, lines) {
  const far = Math.hypot(room.width, room.height);
  const ends = { x: Math.max(2, room.width - size.width - 2), y: Math.max(2, room.height - size.height - 2) };
  /** @type {(Box & { cost: number }) | null} */
  let best = null;
  for (let y = 2; y <= ends.y; y += Math.min(6, Math.max(1, ends.y - y || 6))) {
    for (let x = 2; x <= ends.x; x += Math.min(8, Math.max(1, ends.x - x || 8))) {
      const box = { x, y, width: size.width, height: size.height };
      const about = { x: x - CELL, y: y - CELL, width: size.width + 2 * CELL, height: size.height + 2 * CELL };
      let cost = price(about);
      if (best && cost >= best.cost) continue;
      for (const anchor of anchors) cost += (FAR * length(leader(box, anchor))) / far / anchors.length;
      if (best && cost >= best.cost) continue;
      if (taken.some((other) => meets(about, other))) continue;
      const own = anchors.map((anchor) => leader(box, anchor));
      if (own.some((line) => taken.some((other) => cuts(line, other)))) cost += CROSSED;
      if (lines.some((line) => cuts(line, about) || own.some((each) => crosses(line, each)))) cost += CROSSED;
      if (!best || cost < best.cost) best = { ...box, cost };
    }
  }
  return best;
}

/**
 * The largest region of each land that regions make up where they touch; islands beside a much larger land are left
 * out.
 * @param {Geometry} geometry
 * @param {number[]} regions
 * @returns {number[]}
 */
export function landsOf(geometry, regions) {
  /** @param {number} i */
  const size = (i) => {
    const [x0, y0, x1, y1] = geometry.regions[i].box;
    return (x1 - x0) * (y1 - y0);
  };
  /** @type {{ arcs: Set<number>, largest: number }[]} */
  let lands = [];
  for (const i of regions) {
    const arcs = new Set(geometry.regions[i].rings.flat().map((ref) => (ref < 0 ? ~ref : ref)));
    const meeting = lands.filter((land) => [...arcs].some((arc) => land.arcs.has(arc)));
    const all = [{ arcs, largest: i }, ...meeting];
    lands = lands.filter((land) => !meeting.includes(land));
    lands.push({
      arcs: new Set(all.flatMap((land) => [...land.arcs])),
      largest: all.map((land) => land.largest).reduce((a, b) => (size(b) > size(a) ? b : a)),
    });
  }
  const most = Math.max(...lands.map((land) => size(land.largest)));
  return lands.map((land) => land.largest).filter((i) => size(i) >= most / ISLE);
}

/**
 * The middle of the cell of some regions that is nearest to a box, if one of them is in view.
 * @param {number[]} regions
 * @param {Raster} raster
 * @param {Box} box
 * @returns {Spot[]}
 */
export function nearestOf(regions, { width, cells }, box) {
  const mine = new Set(regions);
  /** @type {(Spot & { far: number }) | null} */
  let best = null;
  for (let at = 0; at < cells.length; at++) {
    if (!mine.has(cells[at] - 1)) continue;
    const spot = { x: ((at % width) + 0.5) * CELL, y: (Math.floor(at / width) + 0.5) * CELL };
    const far = length(leader(box, spot));
    if (!best || far < best.far) best = { ...spot, far };
  }
  return best ? [best] : [];
}

/**
 * From the box's nearest point to the anchor.
 * @param {Box} box
 * @param {Spot} anchor
 * @returns {Segment}
 */
export function leader(box, anchor) {
  const x = Math.max(box.x, Math.min(box.x + box.width, anchor.x));
  const y = Math.max(box.y, Math.min(box.y + box.height, anchor.y));
  return { x1: x, y1: y, x2: anchor.x, y2: anchor.y };
}

/**
 * How long a line is.
 * @param {Segment} line
 * @returns {number}
 */
export function length({ x1, y1, x2, y2 }) {
  return Math.hypot(x2 - x1, y2 - y1);
}

/**
 * Whether two boxes lie over each other.
 * @param {Box} a
 * @param {Box} b
 * @returns {boolean}
 */
export function meets(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Whether a line runs through a box (Liang and Barsky, 1984).
 * @param {Segment} line
 * @param {Box} box
 */
function cuts({ x1, y1, x2, y2 }, box) {
  let from = 0;
  let to = 1;
  for (const [step, room] of [[x1 - x2, x1 - box.x], [x2 - x1, box.x + box.width - x1], [y1 - y2, y1 - box.y], [y2 - y1, box.y + box.height - y1]]) {
    if (step === 0 && room < 0) return false;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from < to;
}

/**
 * Whether two lines cross.
 * @param {Segment} a
 * @param {Segment} b
 */
function crosses(a, b) {
  /** @type {(line: Segment, x: number, y: number) => number} */
  const side = (line, x, y) => Math.sign((line.x2 - line.x1) * (y - line.y1) - (line.y2 - line.y1) * (x - line.x1));
  return side(a, b.x1, b.y1) * side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1) * side(b, a.x2, a.y2) < 0;
}
