// What each region looks like in the slice shown, and which regions changed since the last one.

import { LOWER } from "./format.js";
import { classOf, ownersOf } from "./model.js";

/** @import { Joined, Look, Looks, Metric, Page } from "../types.d.ts" */

/**
 * What of a page its layer draws, whatever the slice.
 * @param {Page} page
 */
export function drawnOf({ geometry, geo, groups }) {
  const { scale, translate, bounds, simple, territories } = geo;
  const outlines = groups.flatMap((group) => (group.outline ? [group.outline] : []));
  return { geometry, scale, translate, bounds, simple, disputed: territories, outlines };
}

/**
 * The looks of all regions of a page.
 * @param {Page} page
 * @param {() => boolean} isDark
 * @returns {Looks}
 */
export function looksOf(page, isDark) {
  const count = page.codes.length;
  const codes = new Int16Array(count).fill(-2); // four looks a class, or -1 for no data
  /** @type {Int32Array} */
  let owners;
  /** @type {string[]} */
  let colours = [];
  /** @type {Look[]} */
  let made = [];
  /** @type {Joined[]} */
  let joined = [];
  let within = new Uint8Array(count); // 1 where an aggregate speaks for the region
  /** @type {Look} */
  const none = { missing: true, quiet: true };
  /** @type {Look} */
  const silent = { missing: true, quiet: false };

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function update(metric, t) {
    /** @type {number[]} */
    const changed = [];
    owners = ownersOf(page, metric, t);
    colours = isDark() ? metric.dark : metric.light;
    if (!made.length) made = colours.flatMap((colour) => [false, true].flatMap((quiet) => [{ colour, quiet }, { colour, quiet, bound: true }]));
    joined = page.aggregates.length ? joinedOf(metric, t) : joined;
    for (let i = 0; i < count; i++) {
      const u = owners[i];
      const at = u * metric.slices + t;
      const status = u < 0 ? 0 : metric.status[at];
      const code = status ? 4 * classOf(metric, metric.values[at]) + 2 * within[i] + (status === LOWER ? 1 : 0) : -1;
      if (code !== codes[i]) {
        codes[i] = code;
        changed.push(i);
      }
    }
    return changed;
  }

  /** @param {number} i */
  function style(i) {
    const code = codes[i];
    if (code < 0) return page.unitOf[i] < 0 ? none : silent;
    return made[code];
  }

  /**
   * Per aggregate that speaks in this slice, the regions it speaks for; their dots are not drawn.
   * @param {Metric} metric
   * @param {number} t
   */
  function joinedOf(metric, t) {
    within = new Uint8Array(count);
    return page.aggregates.flatMap((unit) => {
      if (!metric.status[unit * metric.slices + t]) return [];
      const regions = page.units[unit].members.filter((region) => owners[region] === unit);
      for (const region of regions) within[region] = 1;
      return regions.length ? [{ unit, regions }] : [];
    });
  }

  return {
    update,
    style,
    owners: () => owners,
    joined: () => joined,
    forget() {
      codes.fill(-2);
      made = [];
    },
  };
}
