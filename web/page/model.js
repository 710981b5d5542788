// The page's data, decoded, and what can be asked of it. One array feeds map, tooltip, table and CSV.

import { inflate, inflateJson, readValues, reader } from "../map/decode.js";
import { AT_MOST, LOWER, NUMBERS, SHORT, aside, changeUnit, changed, cut, dayOf, exact, written } from "./format.js";
import { loadModes } from "./shift.js";

/** @import { Cell, Joined, Line, Metric, Page, Part, PartBound, PartBounds, Scaled, Unit, Words } from "../types.d.ts" */
/** @import { RawPartBound, RawMetric, RawPage, RawTables, RawUnit } from "../types.d.ts" */

/** What a status is called, by its place: in the data, and in a page's words. */
export const STATUS = ["missing", "reported", "estimated", "lower bound", "derived", "upper bound"];

/**
 * A page as its data block has it -> with its tables unpacked.
 * @param {RawPage} raw
 * @returns {Promise<Page>}
 */
export async function readPage(raw) {
  /** @type {[RawTables, Uint8Array]} */
  const [names, geometry] = await Promise.all([inflateJson(raw.tables), inflate(raw.geo.data)]);
  const slices = raw.slices.map((slice) => ({ ...slice, from: dayOf(slice.start), to: dayOf(slice.end) }));
  const page = /** @type {Page} its last parts follow */ ({
    .../** @type {Omit<RawPage, "tables" | "metrics" | "modes" | "script">} */ (raw),
    ...names, // codes, regionNames
    units: names.units.map((unit) => wholeUnit(unit, names)),
    geometry,
    slices,
    events: raw.events.map((event) => ({ ...event, day: dayOf(event.date) })),
    hints: /** @type {Page["hints"]} */ ([]),
  });
  if (raw.modes) page.modes = await loadModes(raw, page);
  page.metrics = await Promise.all(raw.metrics.map((metric) => readMetric(metric, page)));
  page.unitOf = new Int32Array(page.codes.length).fill(-1);
  page.units.forEach((unit, u) => {
    if (unit.kind === "region") for (const region of unit.members) page.unitOf[region] = u; // its parts show its figure
  });
  page.aggregates = page.units.flatMap((unit, u) => (unit.kind === "aggregate" && unit.members.length ? [u] : []));
  return page;
}

/**
 * A unit with what its table leaves out: it is a region, named and coded as its boundaries are.
 * @param {RawUnit} unit
 * @param {RawTables} tables
 * @returns {Unit}
 */
function wholeUnit(unit, { codes, regionNames }) {
  const place = unit.members[0];
  const whole = { code: codes[place], name: regionNames[place], kind: /** @type {const} */ ("region"), ...unit };
  return { ...whole, label: unit.label ?? whole.name };
}

/**
 * @param {RawMetric} metric
 * @param {Page} page
 * @returns {Promise<Metric>}
 */
async function readMetric(metric, page) {
  const units = page.units.length;
  const slices = page.slices.length;
  const [values, status, origin, note] = await Promise.all([
    inflate(metric.values), inflate(metric.status),
    metric.origin ? inflate(metric.origin) : null, metric.note ? inflate(metric.note) : null,
  ]);
  /** @param {Uint8Array | null} bytes */
  const indices = (bytes) => {
    if (!bytes) return null;
    const read = reader(bytes);
    return Uint16Array.from({ length: units * slices }, () => read.unsigned());
  };
  return {
    ...metric,
    style: { ...NUMBERS, ...page.numberFormat },
    unitShown: metric.unitShown ?? metric.unit,
    values: metric.scale === 0 ? new Float64Array(values.buffer) : readValues(values, units, slices, status),
    status,
    origin: indices(origin),
    note: indices(note),
    slices,
    bounds: boundsOf(metric.bounds),
    groupBounds: boundsOf(metric.groupBounds),
  };
}

/**
 * What is known of units, or groups, that have no figure: what they are at most, at least or exactly, as follows from
 * figures of others, by their place and slice. No figure: nothing adds it up, ranks it or colours it.
 * @param {RawPartBound[]} [cells]
 * @returns {PartBounds | null}
 */
function boundsOf(cells = []) {
  return cells.length ? new Map(cells.map(([u, t, value, status = AT_MOST]) => [`${u} ${t}`, { u, t, value, status }])) : null;
}

/**
 * Whether what is known of a part speaks for its regions that have no figure: what is at least the sum of others does not.
 * @param {PartBound} [bound]
 */
const takesUp = (bound) => bound !== undefined && bound.status !== LOWER;

/**
 * The region's aggregate that is at most something, where the region has no figure; else whose figure it has.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} region
 * @param {number} u
 * @param {number} t
 * @returns {number}
 */
export function heardOf(page, metric, region, u, t) {
  const { bounds } = metric;
  if (!bounds || (u >= 0 && metric.status[u * metric.slices + t])) return u;
  return page.aggregates.find((each) => takesUp(bounds.get(`${each} ${t}`)) && page.units[each].members.includes(region)) ?? u;
}

/**
 * The aggregates that are at most something in a slice, with their regions that have no figure.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} t
 * @returns {Joined[]}
 */
export function cappedOf(page, metric, t) {
  const { bounds } = metric;
  if (!bounds) return [];
  const owners = ownersOf(page, metric, t);
  /** @param {number} region */
  const silent = (region) => owners[region] < 0 || !metric.status[owners[region] * metric.slices + t];
  return page.aggregates.flatMap((unit) => {
    const regions = takesUp(bounds.get(`${unit} ${t}`)) ? page.units[unit].members.filter(silent) : [];
    return regions.length ? [{ unit, regions }] : [];
  });
}

/**
 * The part that is all of what a slice does not state: its name, without brackets of its own; "" where none is.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} t
 */
function unstatedPart(page, metric, t) {
  const told = metric.bounds ? [...metric.bounds.values()].filter((each) => each.t === t) : [];
  const found = told.some((each) => each.status === LOWER) ? null : told.find((each) => each.status === AT_MOST);
  return found ? page.units[found.u].name.replace(/\s*[(（][^()（）]*[)）]$/, "") : "";
}

/**
 * One cell: a unit in a slice.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} u
 * @param {number} t
 * @returns {Cell}
 */
export function cellOf(page, metric, u, t) {
  const at = u * metric.slices + t;
  const status = metric.status[at];
  const beside = status ? undefined : metric.bounds?.get(`${u} ${t}`);
  const known = status || beside?.status;
  return {
    status,
    beside,
    said: known ? page.words.status[STATUS[known]] : "",
    value: status ? metric.values[at] : null,
    origin: known ? page.origins[metric.origin ? metric.origin[at] : 0] : null,
    note: known && metric.note && metric.note[at] ? page.notes[metric.note[at] - 1] : "",
  };
}

/**
 * Which unit speaks for each region in a slice: itself, or an aggregate that its source does not split.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} t
 * @returns {Int32Array} region -> unit
 */
export function ownersOf(page, metric, t) {
  const owners = Int32Array.from(page.unitOf);
  for (const u of page.aggregates) {
    if (!metric.status[u * metric.slices + t]) continue;
    for (const region of page.units[u].members) {
      const own = page.unitOf[region];
      if (own < 0 || !metric.status[own * metric.slices + t]) owners[region] = u;
    }
  }
  return owners;
}

/**
 * Class of a value: 0 is the first colour. Edges are integers like the values; the last class is closed.
 * @param {Pick<Metric, "breaks">} metric
 * @param {Scaled} value
 * @returns {number}
 */
export function classOf(metric, value) {
  const { edges, zero } = metric.breaks;
  if (zero && value === 0) return 0;
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle - 1;
  }
  return low + (zero ? 1 : 0);
}

/**
 * A metric's figures travel as whole numbers, value x 10^digits, or as they are where those would be too large.
 * @param {Pick<Metric, "scale" | "digits">} metric
 * @returns {number}
 */
export function scaleOf(metric) {
  return metric.scale ?? metric.digits;
}

/**
 * One figure less another, without what a double adds to it.
 * @param {Pick<Metric, "scale" | "digits">} metric
 * @param {Scaled} a
 * @param {Scaled} b
 * @returns {Scaled}
 */
export function less(metric, a, b) {
  if (metric.scale !== 0) return a - b;
  const [[x], [y]] = [a, b].map((value) => cut(exact(value), metric.digits, 0n));
  return Number(`${x - y}e-${metric.digits}`);
}

/**
 * @param {Metric} metric
 * @param {Scaled | null} scaled
 * @param {number} status
 * @param {Words} words
 * @param {number} [most]
 */
function figureText(metric, scaled, status, words, most) {
  return written(scaled, status, { ...metric, unit: metric.unitShown, words, most });
}

/**
 * A unit's figure, or that there is none.
 * @param {Metric} metric
 * @param {Cell} cell
 * @param {Words} words
 * @returns {string}
 */
export function valueText(metric, cell, words) {
  return metric.valueText ? metric.valueText(cell) : figureText(metric, cell.beside?.value ?? cell.value, cell.beside?.status ?? cell.status, words);
}

/**
 * A group's sum in a slice, as the chips and the labels show it; "" where there is nothing to say.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} g
 * @param {number} t
 * @returns {string}
 */
export function groupText(page, metric, g, t) {
  const { words } = page;
  if (metric.groupText) return metric.groupText(g, t);
  const value = metric.groups[g][t];
  const most = value === null && metric.groupBounds?.get(`${g} ${t}`);
  const few = metric.short ?? SHORT;
  if (most) return figureText(metric, most.value, AT_MOST, words, few);
  if (value === null) return metric.lacks ? metric.lacks[g] : words.noData;
  const part = page.groups[g].kind === "remainder" ? unstatedPart(page, metric, t) : "";
  return aside(figureText(metric, value, metric.groupStatus[g][t], words, few), part, words);
}

/**
 * Whether a figure is at least, or at most, what is said of it.
 * @param {number} status
 */
export const isBound = (status) => status === LOWER || status === AT_MOST;

/**
 * The change of a unit between two slices, as far as something is known of it in both; else null.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} u
 * @param {number} from
 * @param {number} to
 * @returns {{ value: Scaled, exact: boolean } | null}
 */
export function differenceOf(page, metric, u, from, to) {
  const ends = [to, from].map((t) => cellOf(page, metric, u, t)).map((cell) => cell.beside ?? cell);
  if (ends.some((each) => !each.status)) return null;
  const [is, was] = /** @type {Scaled[]} both are known */ (ends.map((each) => each.value));
  return { value: less(metric, is, was), exact: !ends.some((each) => isBound(each.status)) };
}

/**
 * The change of a unit between two slices in words, or why there is none.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} u
 * @param {number} from
 * @param {number} to
 * @returns {string}
 */
export function changeText(page, metric, u, from, to) {
  if (from < 0 || from === to) return "";
  const found = differenceOf(page, metric, u, from, to);
  if (!found) return page.words.notKnown;
  return found.exact ? changed(found.value, { ...metric, unit: changeUnit(metric.unitShown, metric.style) }) : page.words.notExact;
}

/**
 * The first slice in which a unit has a value.
 * @param {Metric} metric
 * @param {number} u
 * @returns {number} -1: in none
 */
export function firstOf(metric, u) {
  for (let t = 0; t < metric.slices; t++) if (metric.status[u * metric.slices + t]) return t;
  return -1;
}

/**
 * mapped + stated without a place + not stated (+ rounding) = whole, as numbers on the page; of a rate, that it has
 * no sum
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} t
 * @returns {Line[]}
 */
export function remainderLines(page, metric, t) {
  if (metric.remainderLines) return metric.remainderLines(t);
  if (metric.addsUp === false) return [[page.words.sum, page.words.noSum]];
  const mapped = metric.remainder.mapped[t];
  if (mapped === null) return [[page.words.mapped, page.words.noData]]; // nothing is said of this period
  return sumLines(page, metric, t, mapped);
}

/**
 * Whether a part of the whole is known of a slice. What has no place is, where some of it is stated; what is not stated
 * and rounding are of a whole, if the slice has one.
 * @param {Page} page
 * @param {Metric} metric
 * @param {Part} part
 * @param {number} t
 */
export function partKnown(page, metric, part, t) {
  if (metric.remainder[part][t] === null) return false;
  if (part === "mapped") return true;
  if (part === "unstated" || part === "rounding") return metric.whole !== null || Boolean(metric.totals?.[t]);
  return page.units.some((unit, u) => unit.kind !== "whole" && !unit.members.length && metric.status[u * metric.slices + t]);
}

/**
 * The parts of a slice that something is said of, and the whole.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} t
 * @param {Scaled} mapped
 * @returns {Line[]}
 */
function sumLines(page, metric, t, mapped) {
  const { remainder } = metric;
  const [stated, unstated, rounding] = [remainder.stated[t], remainder.unstated[t], remainder.rounding[t]];
  const [bounded, statedBounded] = [remainder.bounded[t], remainder.statedBounded[t]];
  /** @type {(name: string, scaled: Scaled, status?: number) => Line} */
  const line = (name, scaled, status = 1) => [page.words[name], figureText(metric, scaled, status, page.words)];
  const lines = [line("mapped", mapped, bounded ? LOWER : 1)];
  if (stated) lines.push(line("stated", stated, statedBounded ? LOWER : 1));
  if (unstated) {
    const [name, text] = line("unstated", unstated, bounded || statedBounded ? AT_MOST : 1);
    lines.push([name, aside(text, unstatedPart(page, metric, t), page.words)]);
  }
  if (rounding) lines.push(line("rounding", rounding));
  if (metric.whole === null && !metric.totals?.[t]) return lines;
  const whole = metric.whole === null ? mapped + stated + unstated + rounding : metric.whole * 10 ** scaleOf(metric);
  const any = [mapped, stated, unstated, rounding].some(Boolean); // of zeros alone, nothing is the whole
  lines.push(line("whole", any ? whole : 0));
  return lines;
}
