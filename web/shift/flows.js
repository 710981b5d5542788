// Least-movement flows between two slices: read from the page's table, drawn as arrows over the map.

import { meets } from "../map/placing.js";
import { element, svg } from "../page/elements.js";
import { SHORT, decimal, fill, written } from "../page/format.js";

/**
 * @import { Box, Scaled, Spot, TimeLayer } from "../types"
 * @import { Curve, Modes, Now, Pair, ShiftApp, ShiftPage } from "./types"
 */

/** @typedef {{ line: Curve, off: number, amount: Scaled }} Figure of an arrow: its curve, and half its width */

const WIDEST = 20; // CSS pixels of the greatest flow of all pairs, on a map 900 wide
const MOST_NUMBERS = 6; // figures written on arrows
const PLACES = [0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.9, 0.96, 0.2]; // of a figure along its arrow, best first
const STEPS = [...Array(41).keys()];
const NARROW = 480; // CSS pixels of a map with less room for words

/**
 * All pairs of slices that have flows to tell, by their keys.
 * @param {{ unsigned(): number }} read
 * @param {number} count of slices
 * @returns {Map<number, Pair>}
 */
export function readFlows(read, count) {
  const keys = [];
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) keys.push(a * count + b);
  const sizes = keys.map(() => read.unsigned());
  const empty = keys.flatMap((key, i) => (sizes[i] ? [{ key, flows: Array.from({ length: sizes[i] - 1 }, () => ({})) }] : []));
  const told = /** @type {Pair[]} */ (empty); // column by column they get what they lack
  for (const pair of told) pair.unique = Boolean(read.unsigned());
  for (const name of /** @type {const} */ (["least", "most"])) {
    for (const pair of told) pair[name] = read.unsigned();
  }
  const flows = told.flatMap((pair) => pair.flows);
  for (const name of /** @type {const} */ (["source", "target"])) {
    for (const flow of flows) flow[name] = read.unsigned() - 1;
  }
  for (const flow of flows) flow.amount = flow.low = flow.high = read.unsigned();
  for (const flow of told.flatMap((pair) => (pair.unique ? [] : pair.flows))) [flow.low, flow.high] = [read.unsigned(), read.unsigned()];
  return new Map(told.map((pair) => [pair.key, pair]));
}

/**
 * The flows from one slice to another; backwards in time every arrow turns round.
 * @param {ShiftPage} page
 * @param {number} from
 * @param {number} to
 * @returns {Pair | undefined}
 */
export function flowsBetween(page, from, to) {
  const pair = page.modes.pairs.get(Math.min(from, to) * page.slices.length + Math.max(from, to));
  if (!pair || from <= to) return pair;
  return { ...pair, flows: pair.flows.map((flow) => ({ ...flow, source: flow.target, target: flow.source })) };
}

/**
 * @param {ShiftPage} page
 * @param {number} u
 */
export function unitName(page, u) {
  return u < 0 ? page.modes.words.rest : page.units[u].name;
}

/**
 * How wide the arrow of an amount is, on a map of that width.
 * @param {ShiftPage} page
 * @param {number} width
 */
function flowScale(page, width) {
  const { modes } = page;
  const amounts = () => [...modes.pairs.values()].flatMap((pair) => pair.flows.map((flow) => flow.amount));
  const most = (modes.most ??= Math.max(1, ...amounts()));
  const widest = WIDEST * Math.min(1.2, Math.max(0.45, width / 900));
  return (/** @type {Scaled} */ amount) => Math.max(2, (amount / most) * widest);
}

/**
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {TimeLayer} layer
 * @param {Pair} pair
 * @param {Spot} size
 */
function drawFlows(root, page, layer, pair, size) {
  const width = flowScale(page, size.x);
  const rest = { x: size.x * 0.66, y: size.y - 22 };
  const spot = (/** @type {number} */ u) => {
    if (u < 0) return { ...rest, y: rest.y - 12 };
    const { kind, members } = page.units[u];
    return kind === "aggregate" ? layer.middle(members) : layer.spot(members[0]);
  };
  const drawn = pair.flows.filter((flow) => [flow.source, flow.target].every((u) => u < 0 || page.units[u].members.length));
  if (drawn.some((flow) => flow.source < 0 || flow.target < 0)) drawRest(root, page, rest);
  const numbers = /** @type {Figure[]} */ ([]);
  for (const flow of drawn) {
    const line = bent(spot(flow.source), spot(flow.target), size);
    svg("path", { d: arrow(line, width(flow.amount)), class: "gt-flow" + (flow.low < flow.high ? " gt-flow-loose" : "") }, root);
    numbers.push({ line, off: width(flow.amount) / 2, amount: flow.amount });
  }
  const taken = /** @type {Box[]} */ ([]);
  for (const number of numbers.slice(0, size.x < NARROW ? 2 : MOST_NUMBERS)) {
    const box = roomFor(number, numbers, taken);
    if (!box) continue; // the table has every figure
    taken.push(box);
    const at = { x: box.x + 14, y: box.y + 12 };
    svg("text", { ...at, class: "gt-flow-number", "text-anchor": "middle" }, root).textContent = roundedPoints(number.amount, page);
  }
}

/**
 * A place beside its own arrow, above or below, that no other arrow and no other figure crosses.
 * @param {Figure} own
 * @param {Figure[]} numbers
 * @param {Box[]} taken
 */
function roomFor(own, numbers, taken) {
  for (const t of PLACES) {
    const { x, y } = own.line(t);
    for (const side of [-1, 1]) {
      const box = { x: x - 14, y: y + side * (own.off + 9) - 8, width: 28, height: 16 };
      const crossed = (/** @type {Figure} */ { line, off }) => STEPS.some((i) => {
        const spot = line(i / 40);
        return meets(box, { x: spot.x - off, y: spot.y - off, width: 2 * off, height: 2 * off });
      });
      if (box.y > 0 && !taken.some((other) => meets(box, other)) && !numbers.some((other) => other !== own && crossed(other))) return box;
    }
  }
  return null;
}

/**
 * @param {Scaled} amount
 * @param {ShiftPage} page
 */
function roundedPoints(amount, page) {
  return written(amount, 1, { digits: page.modes.digits.flow, most: SHORT, style: page.metrics[0].style, words: page.words });
}

/**
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {Spot} spot
 */
function drawRest(root, page, { x, y }) {
  const name = page.modes.words.rest;
  const half = 3.6 * name.length + 8;
  svg("rect", { x: x - half, y: y - 11, width: 2 * half, height: 22, rx: 4, class: "gt-flow-rest" }, root);
  svg("text", { x, y: y + 4, "text-anchor": "middle", class: "gt-flow-rest-name" }, root).textContent = name;
}

/**
 * A quadratic curve that bows north, so that arrows of one line of latitude are seen apart.
 * @param {Spot} a
 * @param {Spot} b
 * @param {Spot} size
 * @returns {Curve}
 */
function bent(a, b, size, turn = 1) {
  const long = Math.hypot(b.x - a.x, b.y - a.y);
  const bow = Math.min(0.26 * long, size.y * 0.42);
  const away = { x: (b.y - a.y) / (long || 1), y: -(b.x - a.x) / (long || 1) };
  const side = (away.y > 0 ? -2 : 2) * bow * turn;
  const c = { x: (a.x + b.x) / 2 + side * away.x, y: Math.max(6, (a.y + b.y) / 2 + side * away.y) };
  return (t) => ({
    x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * c.x + t * t * b.x,
    y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * c.y + t * t * b.y,
    dx: 2 * (1 - t) * (c.x - a.x) + 2 * t * (b.x - c.x),
    dy: 2 * (1 - t) * (c.y - a.y) + 2 * t * (b.y - c.y),
    long,
  });
}

/**
 * A body that grows from half to its whole width, and a head.
 * @param {Curve} line
 * @param {number} width
 */
function arrow(line, width) {
  const long = line(0).long || 1;
  const head = Math.min(Math.max(9, width * 1.15), long * 0.6);
  const neck = Math.max(0, 1 - head / (long * 1.08));
  const left = [];
  const right = [];
  const steps = 22;
  for (let i = 0; i <= steps; i++) {
    const at = line((i / steps) * neck);
    const size = Math.hypot(at.dx, at.dy) || 1;
    const half = (width / 2) * (0.5 + 0.5 * (i / steps));
    left.push([at.x - (at.dy / size) * half, at.y + (at.dx / size) * half]);
    right.push([at.x + (at.dy / size) * half, at.y - (at.dx / size) * half]);
  }
  const at = line(neck);
  const tip = line(1);
  const size = Math.hypot(tip.x - at.x, tip.y - at.y) || 1;
  const [dx, dy] = [(tip.x - at.x) / size, (tip.y - at.y) / size];
  const wide = Math.max(4.5, width * 0.95);
  const corners = [[at.x - dy * wide, at.y + dx * wide], [tip.x, tip.y], [at.x + dy * wide, at.y - dx * wide]];
  return "M" + [...left, ...corners, ...right.reverse()].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L") + "Z";
}

/**
 * Three arrows to read the others by.
 * @param {ShiftPage} page
 * @param {HTMLElement} frame
 */
function flowKey(page, frame) {
  const width = flowScale(page, frame.clientWidth);
  const box = element("div", "gt-flow-key");
  box.append(element("span", "", page.modes.words.flowsWidth));
  for (const points of [1, 10, 30]) {
    const key = element("span");
    const wide = width(points * 10 ** page.modes.digits.flow);
    const high = Math.max(14, 2 * wide + 2);
    const picture = svg("svg", { width: 46, height: high, viewBox: `0 0 46 ${high}`, "aria-hidden": "true" }, key);
    const line = (/** @type {number} */ t) => ({ x: 2 + 42 * t, y: high / 2, dx: 42, dy: 0, long: 42 });
    svg("path", { d: arrow(line, wide), class: "gt-flow" }, picture);
    key.append(String(points));
    box.append(key);
  }
  return box;
}

/**
 * The arrows over the map, and the words that belong to them.
 * @param {ShiftApp} app
 * @param {Modes} modes
 * @param {Now} now
 * @param {() => void} changed
 */
export function drawingOf({ page, map, layer, frame, state }, modes, now, changed) {
  const { words } = modes;
  const root = svg("svg", { class: "gt-overlay", "aria-hidden": "true" });
  frame.append(root);

  let drawn = false;

  /** @param {number} t */
  function draw(t) {
    if (now.mode !== "flows" && !drawn) return;
    drawn = now.mode === "flows";
    const size = map.getSize();
    root.setAttribute("viewBox", `0 0 ${size.x} ${size.y}`);
    root.replaceChildren();
    const pair = now.mode === "flows" && layer.view && size.x && flowsBetween(page, now.from, t);
    if (pair) drawFlows(root, page, layer, pair, size);
    if (now.mode === "flows" && now.machines && layer.view && size.x) drawMoves(root, page, layer, size);
  }

  /** Widths to read the arrows by, and the switch of what was observed. */
  function key() {
    if (now.mode !== "flows") return [];
    return [flowKey(page, frame), ...(modes.moves.length ? [observed] : [])];
  }

  const observed = element("label", "gt-machines gt-screen");
  const box = element("input");
  box.type = "checkbox";
  box.addEventListener("change", () => {
    now.machines = box.checked;
    changed();
  });
  observed.append(box, element("span", "", words.showMachines));

  function about() {
    if (now.mode !== "flows") return [];
    const pair = flowsBetween(page, now.from, state.t);
    if (!pair) return [words.flowsNone];
    const open = [now.from, state.t].some((t) => modes.readings[0].open.includes(t));
    const points = (/** @type {Scaled} */ value) => decimal(value, modes.digits.flow, 1, page.metrics[0].style);
    const told = [now.machines ? fill(words.machinesWhat, { day: modes.moves[0].by }) : "", words.flowsWhat, fill(open ? words.flowsLeast : words.flowsExact, { least: points(pair.least) })];
    return [[...told, pair.unique ? words.flowsUnique : words.flowsOther].filter(Boolean).join(page.words.gap)];
  }

  return { draw, about, key };
}

/**
 * Machines that somebody reported to have moved: dotted, of one width, and bent the other way.
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {TimeLayer} layer
 * @param {Spot} size
 */
function drawMoves(root, page, layer, size) {
  const { words } = page.modes;
  const taken = /** @type {Box[]} */ ([]);
  for (const move of page.modes.moves) {
    const [a, b] = [move.source, move.target].map((u) => layer.spot(page.units[u].members[0]));
    const line = bent(a, b, size, -1);
    const steps = [...Array(25).keys()].map((i) => line(i / 24));
    const path = "M" + steps.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    svg("path", { d: path, class: "gt-move-edge" }, root);
    svg("path", { d: path, class: "gt-move" }, root);
    svg("circle", { cx: b.x, cy: b.y, r: 4.5, class: "gt-move-end" }, root);
    if (size.x < NARROW) continue; // the words are in the table
    const value = decimal(move.amount, 0, 0, page.metrics[0].style);
    const text = fill(words.machinesOf, { value: move.atLeast ? fill(words.atLeast, { value }) : value });
    const at = line(0.62);
    const tag = { x: at.x, y: at.y + 14, width: 6.4 * text.length, height: 16 };
    while (taken.some((other) => meets(tag, other))) tag.y += 17;
    taken.push(tag);
    svg("text", { x: tag.x, y: tag.y, "text-anchor": "middle", class: "gt-flow-number gt-move-number" }, root).textContent = text;
  }
}
