// Which names are wanted on the map in a slice, and what is said behind them.

import { landsOf } from "../map/placing.js";
import { cappedOf, cellOf, groupText, valueText } from "./model.js";

/** @import { Group, Joined, Metric, Page, TimeLayer } from "../types.d.ts" */

/**
 * A name that is wanted on the map.
 * @typedef {object} Wanted
 * @property {string} key
 * @property {string} name
 * @property {string} text its figure in the slice shown
 * @property {(t: number) => string} every its figure in any slice
 * @property {number[]} own regions to which its lines lead
 * @property {number[]} regions
 * @property {string} [colour] of a group
 */

const MOST_LINES = 3; // from a group's name to its regions with the highest figures, from an aggregate's to its lands

/**
 * The names that a page's map wants.
 * @param {Page} page
 * @param {TimeLayer} layer
 */
export function namesOf(page, layer) {
  /** @type {Map<string, number[]>} regions of an aggregate -> the largest of each land */
  const lands = new Map();
  /** @type {WeakMap<Metric, Map<string, string>>} metric -> label -> its widest text: labels stay where they are */
  const widest = new WeakMap();

  /**
   * @param {Metric} metric
   * @param {number} t
   * @param {Joined[]} coloured
   */
  function wanted(metric, t, coloured) {
    /** @type {Wanted[]} */
    const found = [];
    const joined = [...coloured, ...cappedOf(page, metric, t)];
    page.groups.forEach((group, g) => {
      const own = group.kind !== "group" || (metric.groups[g][t] === null && !metric.groupBounds?.has(`${g} ${t}`)) ? [] : seats(page, metric, group);
      // where an aggregate speaks for the region, the aggregate's own label stands there
      if (!own.length || joined.some(({ regions }) => regions.includes(own[0]))) return;
      const regions = group.units.flatMap((u) => page.units[u].members);
      /** @param {number} s */
      const text = (s) => groupText(page, metric, g, s);
      found.push({ key: "g" + g, name: group.name, text: text(t), every: text, own, regions, colour: group.colour });
    });
    for (const { unit, regions } of joined) {
      // the figure stays on one line; what follows may take the next
      /** @param {number} s */
      const text = (s) => `${valueText(metric, cellOf(page, metric, unit, s), page.words).replace(/ /g, "\u00a0")}${page.words.comma}${page.words.notSplitShort}`;
      const key = regions.join();
      if (!lands.has(key)) lands.set(key, landsOf(layer.geometry, regions));
      const own = /** @type {number[]} */ (lands.get(key));
      found.push({ key: "u" + unit, name: page.units[unit].name, text: text(t), every: text, own: own.length > MOST_LINES ? [] : own, regions });
    }
    return found;
  }

  /**
   * @param {Metric} metric
   * @param {Wanted} label
   * @param {(text: string) => number} width
   */
  function widestOf(metric, { key, every, text }, width) {
    if (!widest.has(metric)) widest.set(metric, new Map());
    const known = /** @type {Map<string, string>} */ (widest.get(metric));
    if (!known.has(key)) known.set(key, page.slices.map((_, t) => every(t)).reduce((a, b) => (width(b) > width(a) ? b : a), text));
    return /** @type {string} */ (known.get(key));
  }

  return { wanted, widest: widestOf };
}

/**
 * The regions in which a group's name has its lines: where its units' values are highest over all slices.
 * @param {Page} page
 * @param {Metric} shown
 * @param {Group} group
 */
function seats(page, shown, group) {
  const metric = shown.base ?? shown; // of changes: where the levels are highest
  /** @param {number} u */
  const most = (u) => Math.max(...Array.from({ length: metric.slices }, (_, t) => (metric.status[u * metric.slices + t] ? metric.values[u * metric.slices + t] : -Infinity)));
  const found = group.units.filter((u) => page.units[u].kind === "region").map((u) => [most(u), page.units[u].members[0]]);
  const known = found.filter(([value]) => value > -Infinity).sort((a, b) => b[0] - a[0]);
  return known.slice(0, group.outline ? 1 : MOST_LINES).map(([, region]) => region);
}
